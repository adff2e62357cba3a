# Makes of a phone's recordings of its rate of turn, one file a swing, the table that meta_train reads: unit, time, angle, rate.
# Usage: awk -f to_family.awk [-v axis=x|y|z] [-v every=N] FILE... >family.csv
# A file is as phyphox exports "Gyroscope (rotation rate)": a line of names, "Time (s)","Gyroscope x (rad/s)",…, then numbers with
# points, commas or tabs between them; the unit is the file's number. Of each N samples (5 unless given) one is kept.
#
# The angle is the integral of the rate, whose constant error (a gyroscope has one of some 0.01 rad/s) makes it drift. A pendulum swings about
# its rest: the middle between its turning points is zero, (left + 2 right + next left)/4 to second order in what friction takes.
# The straight line through these middles is taken off.

function fail(text) {
  print "to_family.awk: " text >"/dev/stderr"
  failed = 1
  exit 1
}

function finish(    k, m, last, previous, before, turns, s, st, stt, sa, sta, slope, start, size, far, middle, at) {
  if (n < 20) fail("expected a recording of 20 samples or more, got " n " in " name)
  angle[1] = 0
  for (k = 2; k <= n; ++k) angle[k] = angle[k - 1] + (rate[k] + rate[k - 1]) / 2 * (time[k] - time[k - 1])
  size = 0
  for (k = 1; k <= n; ++k) if (rate[k] * rate[k] > size) size = rate[k] * rate[k]
  far = sqrt(size) / 5  # noise crosses zero too
  turns = last = s = st = stt = sa = sta = 0
  for (k = 1; k <= n; ++k) {
    if (rate[k] > far) now = 1
    else if (rate[k] < -far) now = -1
    else continue
    if (last != 0 && now != last) {  # it turned between the last fast sample and this one: where the rate was least
      at = since
      for (m = since; m <= k; ++m) if (rate[m] * rate[m] < rate[at] * rate[at]) at = m
      turning[++turns] = at
    }
    last = now
    since = k
  }
  if (turns < 6) fail("expected a swing of six turning points or more, got " turns " in " name)
  for (k = 2; k < turns; ++k) {
    middle = (angle[turning[k - 1]] + 2 * angle[turning[k]] + angle[turning[k + 1]]) / 4
    at = time[turning[k]]
    s += 1; st += at; stt += at * at; sa += middle; sta += at * middle
  }
  slope = (s * sta - st * sa) / (s * stt - st * st)
  start = (sa - slope * st) / s
  for (k = 1; k <= n; k += every)
    printf "%d,%.6f,%.6f,%.6f\n", units, time[k] - time[1], angle[k] - start - slope * time[k], rate[k] - slope
}

BEGIN {
  FS = "[,\t]"
  if (axis == "") axis = "z"
  if (every == 0) every = 5
  print "unit,time,angle,rate"
}
FNR == 1 {
  if (units > 0) finish()
  ++units
  n = column = 0
  name = FILENAME
  for (k = 1; k <= NF; ++k) if ($k ~ "^\"?Gyroscope " axis " [(]rad/s[)]\"?\r?$") column = k
  if (column == 0 || $1 !~ /^"?Time [(]s[)]"?$/) fail("expected columns \"Time (s)\" and \"Gyroscope " axis " (rad/s)\", got " $0 " in " name)
  next
}
NF >= column && $1 ~ /^[-+0-9.]/ {
  if (n > 0 && $1 + 0 <= time[n]) next
  time[++n] = $1 + 0
  rate[n] = $column + 0
}
END {
  if (failed) exit 1
  if (units == 0) fail("expected recordings, got none")
  finish()
}

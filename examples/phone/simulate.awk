# Writes recordings as a phone would make them that swings at the end of a rod, for want of a phone: unit-K.csv, and truth-K.csv with
# the angles that it does not measure.
# Usage: awk -f simulate.awk -v units=N -v out=FOLDER
# Each rod has its own length (0.25 to 1 m) and friction (0.01 to 0.08 /s); the gyroscope has white noise of 0.01 rad/s, a constant
# error of up to 0.02 rad/s, and samples at 100 Hz, give or take a millisecond.

function uniform(from, to) {  # awk's own differs from awk to awk
  seed = (seed * 16807) % 2147483647
  return from + (to - from) * seed / 2147483647
}
function normal(    k, sum) {
  for (k = 0; k < 12; ++k) sum += uniform(0, 1)
  return sum - 6
}
function acceleration(angle, rate) { return -9.81 / length_ * sin(angle) - friction * rate }
function step(h,    k1, k2, k3, k4, l1, l2, l3, l4) {
  k1 = rate; l1 = acceleration(angle, rate)
  k2 = rate + h / 2 * l1; l2 = acceleration(angle + h / 2 * k1, k2)
  k3 = rate + h / 2 * l2; l3 = acceleration(angle + h / 2 * k2, k3)
  k4 = rate + h * l3; l4 = acceleration(angle + h * k3, k4)
  angle += h / 6 * (k1 + 2 * k2 + 2 * k3 + k4)
  rate += h / 6 * (l1 + 2 * l2 + 2 * l3 + l4)
}

BEGIN {
  seed = 20260
  for (unit = 1; unit <= units; ++unit) {
    length_ = exp(uniform(log(0.25), log(1)))
    friction = uniform(0.01, 0.08)
    bias = uniform(-0.02, 0.02)
    angle = uniform(0.7, 1.6)
    rate = time = 0
    file = out "/unit-" unit ".csv"
    truth = out "/truth-" unit ".csv"
    print "\"Time (s)\",\"Gyroscope x (rad/s)\",\"Gyroscope y (rad/s)\",\"Gyroscope z (rad/s)\",\"Absolute (rad/s)\"" >file
    print "time,angle,rate" >truth
    for (k = 0; k < 2000; ++k) {
      x = 0.01 * normal(); y = 0.01 * normal(); z = rate + bias + 0.01 * normal()
      printf "%.9E,%.9E,%.9E,%.9E,%.9E\n", time, x, y, z, sqrt(x * x + y * y + z * z) >file
      printf "%.6f,%.9f,%.9f\n", time, angle, rate >truth
      h = 0.01 + uniform(-0.001, 0.001)
      for (m = 0; m < 4; ++m) step(h / 4)
      time += h
    }
    close(file)
    close(truth)
  }
}

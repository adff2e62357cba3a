# Draws a picture of docs/structures.md: on the left a component of a motion that training never saw, as it is and as it is predicted
# with a structure and without; on the right what the structure's law is about, along the same predictions. Called by
# structure_pictures.sh, which sets with and without (files of predicted_motion.hpp; the second may be ''), left and right (components,
# of the right one or two), names (what is beside the left panel and above the others), span and laws_span (how long they show) and
# picture.
set encoding utf8
set terminal pngcairo enhanced size 880,270 font 'DejaVu Sans,10.5' linewidth 1.2
set output picture
ink = '#333333'; structured = '#0072b2'; unstructured = '#d55e00'
set border 3 linecolor rgb '#b0b0b0'
set tics nomirror out scale 0.5 textcolor rgb ink
set format '%h'
stats with using 1 name 'time' nooutput
half = (time_columns - 1)/2
was(i) = 1 + i
predicted(i) = 1 + half + i
alone = without eq ''
other = alone ? with : without
# Sets a panel (left, right, top, bottom), a scale with about four tics, fewer where many is above 1, and the time below it.
panel(l, r, t, b) = sprintf('set lmargin at screen %f; set rmargin at screen %f; set tmargin at screen %f; set bmargin at screen %f', l, r, t, b)
power(length) = 10**floor(log10(length))
tic(length) = power(length)*(length/power(length) < 2 ? 0.5 : length/power(length) < 5 ? 1 : 2)
heights(low, high, share, many) = sprintf('set yrange [%.9g:%.9g]; set ytics %.9g', low - share*(high - low), high + share*(high - low), \
                                      tic((high - low)*many))
time_below = "set format x '%h'; set xlabel 'time' textcolor rgb ink offset 0,0.6"

set multiplot
set key at screen 0.5,0.995 center top vertical maxrows 1 Left reverse textcolor rgb ink samplen 2
eval panel(0.07, 0.47, 0.83, 0.18)
eval time_below
set xrange [0:span]
stats [0:span] with using 1:was(left) name 'S' nooutput  # the truth sets the scale: what goes astray leaves the picture
eval heights(S_min_y, S_max_y, 0.15, 1)
set label 1 word(names, 1) at screen 0.015,0.505 center rotate textcolor rgb ink
dot = ceil(time_records*span/time_max/50.0)
plot other using 1:(alone ? NaN : column(predicted(left))) with lines linewidth 1 linecolor rgb unstructured \
       title (alone ? '' : 'without a structure'), \
     with using 1:predicted(left) with lines linewidth 1.3 linecolor rgb structured \
       title (alone ? 'predicted' : 'with it'), \
     with using 1:was(left) every dot with points pointtype 6 pointsize 0.6 linecolor rgb 'black' title 'true'
unset key
unset label 1
set xrange [0:laws_span]
panels = words(right)
do for [k = 1:panels] {
  i = int(word(right, k))
  gap = panels - 1
  eval panel(0.58, 0.975, k == 1 ? 0.83 : 0.44, k == panels ? 0.18 : 0.57)
  if (k == panels) { eval time_below } else { set format x ''; unset xlabel }
  set label 1 word(names, 1 + k) at graph 0.5, graph 1 center offset 0,0.7 textcolor rgb ink
  set yrange [*:*]
  stats [0:laws_span] with using 1:was(i) name 'S' nooutput
  stats [0:laws_span] with using 1:predicted(i) name 'P' nooutput
  stats [0:laws_span] other using 1:predicted(i) name 'U' nooutput
  # All of the truth and of the structure, of what has none as much as is no farther off than the truth is large.
  low = S_min_y < P_min_y ? S_min_y : P_min_y
  high = S_max_y > P_max_y ? S_max_y : P_max_y
  size = abs(S_min_y) > abs(S_max_y) ? abs(S_min_y) : abs(S_max_y)
  low = low < U_min_y ? low : U_min_y < low - size ? low - size : U_min_y
  high = high > U_max_y ? high : U_max_y > high + size ? high + size : U_max_y
  eval heights(low, high, 0.1, panels > 1 ? 1.3 : 1)
  plot other using 1:(alone ? NaN : column(predicted(i))) with lines linewidth 1 linecolor rgb unstructured, \
       with using 1:predicted(i) with lines linewidth 1.3 linecolor rgb structured, \
       with using 1:was(i) with lines linewidth 1.3 dashtype 3 linecolor rgb 'black'
}
unset multiplot

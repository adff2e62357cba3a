#pragma once

#include <string_view>

/// Holds the pictures' gnuplot scripts, but for the definitions written before them: what the data are.
namespace metriplex::driver::scripts {

// What all pictures share. The line colours are Okabe and Ito's, made for every kind of colour vision.
inline constexpr std::string_view style =
    R"gnuplot(# Loaded by each picture's script, which has set picture, header, width and height.
if (!exists('format')) format = 'svg'  # gnuplot -e "format='png'" energy.gp makes a PNG
if (format eq 'png' && !strstrt(GPVAL_TERMINALS, 'pngcairo')) exit status 0
reset
set encoding utf8
if (format eq 'png') {
  set terminal pngcairo enhanced size 2*width,2*height font 'DejaVu Sans,9.75' fontscale 2 linewidth 2 pointscale 2
} else {
  set terminal svg enhanced size width,height background 'white' font 'DejaVu Sans,Verdana,Arial,sans-serif,13'
}
set output '../'.picture.'.'.format

ink = '#333333'
array colour[7] = ['#0072b2', '#d55e00', '#009e73', '#cc79a7', '#e69f00', '#56b4e9', '#000000']
line(k) = colour[(k - 1)%7 + 1]
pale(k) = '#c0'.substr(line(k), 2, 7)
set border 3 linecolor rgb '#b0b0b0'
set tics nomirror out scale 0.5 textcolor rgb ink
set format '%h'
set key textcolor rgb ink

# Places a panel and its captions by pixels from the left and from the top, the same in every terminal.
x(pixels) = pixels/real(width)
y(pixels) = 1 - pixels/real(height)
title = ''; x_name = ''; y_name = ''; title_gap = 22; y_gap = 52
panel(l, r, t, b) = sprintf('set lmargin at screen %f; set rmargin at screen %f; ', x(l), x(r)) \
  .sprintf('set tmargin at screen %f; set bmargin at screen %f; ', y(t), y(b)) \
  .sprintf('set label 2 title at screen %f,%f center textcolor rgb ink; ', x(0.5*(l + r)), y(t - title_gap)) \
  .sprintf('set label 3 x_name at screen %f,%f center textcolor rgb ink; ', x(0.5*(l + r)), y(b + 42)) \
  .sprintf('set label 4 y_name at screen %f,%f center rotate textcolor rgb ink', x(l - y_gap), y(0.5*(t + b)))
bar(l, r, t, b) = sprintf('set colorbox vertical user origin screen %f, %f size screen %f, %f noborder', \
                          x(l), y(b), x(r) - x(l), y(t) - y(b))
set label 1 '{/*1.15 '.header.'}' at screen x(16), screen y(22) left front textcolor rgb ink
)gnuplot";

inline constexpr std::string_view map = R"gnuplot(
set contour base
unset surface
set cntrparam levels incremental level, level, highest
set table $learned
splot data.'.dat' using 1:2:3
if (truth) {
  set table $true
  splot data.'.dat' using 1:2:4
}
unset table
unset contour

set multiplot
unset key
set border 15
set xrange [q_min:q_max]
set yrange [p_min:p_max]
x_name = q_label
y_name = p_label
top = 78; bottom = height - 58
set style arrow 1 head filled size screen 4.5/width,20 linewidth 0.9 linecolor rgb '#1d2b4f'
tail(at, along) = at - 0.5*arrow*along

set palette defined (0 '#fbfdff', 0.3 '#d9e8f4', 0.65 '#9cc6e3', 1 '#4a94c8')
set cbrange [0:highest]
contours = "with lines linewidth 1 linecolor rgb '#3f7fb0'"
if (truth) {
  title = 'True '.quantity.' and field'
  eval panel(68, 374, top, bottom)
  unset colorbox
  plot data.'.dat' using 1:2:4 with image, $true using 1:2 @contours, \
       data.'_field.dat' using (tail($1, $5)):(tail($2, $6)):(arrow*$5):(arrow*$6) with vectors arrowstyle 1
  unset label 1
  set format y ''
  y_name = ''
}
left = truth ? 394 : 68; right = truth ? 700 : 464
title = shots > 0 ? sprintf('Learned from %d measurement%s (dots)', shots, shots > 1 ? 's' : '') \
                  : 'Learned '.quantity.' and field'
eval panel(left, right, top, bottom)
eval bar(right + 12, right + 24, top, bottom)
set label 5 value at screen x(right + 18), screen y(top - 16) center textcolor rgb ink
plot data.'.dat' using 1:2:3 with image, $learned using 1:2 @contours, \
     data.'_field.dat' using (tail($1, $3)):(tail($2, $4)):(arrow*$3):(arrow*$4) with vectors arrowstyle 1, \
     'shots.dat' using 1:2 with points pointtype 7 pointsize 0.6 linecolor rgb '#ffffff', \
     '' using 1:2 with points pointtype 7 pointsize 0.42 linecolor rgb line(2)
unset label 1
unset label 5

if (truth) {
  set palette defined (-1 '#7b4fa3', -0.5 '#c3b1d9', 0 '#fafafa', 0.5 '#f6c089', 1 '#d9761a')
  set cbrange [-difference_max:difference_max]
  title = 'Learned − true '.quantity
  eval panel(808, 1114, top, bottom)
  eval bar(1126, 1138, top, bottom)
  plot data.'.dat' using 1:2:5 with image, \
       'shots.dat' using 1:2 with points pointtype 7 pointsize 0.3 linecolor rgb '#555555'
}
unset multiplot
)gnuplot";

inline constexpr std::string_view entropy_over_time = R"gnuplot(
unset key
y_gap = 64
title = 'Entropy gained: measured (dots) and predicted (lines)'
x_name = 'time'
y_name = '{/:Italic S}({/:Italic t}) − {/:Italic S}(0)'
eval panel(84, width - 24, 78, height - 58)
set xrange [begin:end]
plot for [k = 1:trajectories] 'entropy_over_time.dat' index 2*k - 1 using 1:2 \
       with lines linewidth 1.7 linecolor rgb line(k), \
     for [k = 1:trajectories] '' index 2*k - 2 using 1:2 \
       with points pointtype 6 pointsize 0.5 linewidth 1 linecolor rgb line(k)
)gnuplot";

inline constexpr std::string_view trajectories = R"gnuplot(
set multiplot
unset key
top = 78; bottom = height - 58
dots = "with points pointtype 6 pointsize 0.5 linewidth 1 linecolor rgb line(k)"
curve = "with lines linewidth 1.7 linecolor rgb line(k)"

title = 'Phase plane: measured (dots) and predicted (lines)'
x_name = symbols[q]
y_name = symbols[p]
set xrange [lowest[q]:highest[q]]
set yrange [lowest[p]:highest[p]]
eval panel(68, 464, top, bottom)
plot for [k = 1:trajectories] 'trajectories.dat' index 2*k - 1 using q + 1:p + 1 @curve, \
     for [k = 1:trajectories] '' index 2*k - 2 using q + 1:p + 1 @dots
unset label 1

title = 'State over time'.(banded ? ', with two standard deviations (pale)' : '')
x_name = ''
set xrange [begin:end]
set format x ''
gap = 16
tall = (bottom - top + gap)/real(rows) - gap
do for [row = 1:rows] {
  above = top + (row - 1)*(tall + gap)
  y_name = symbols[row]
  if (row == rows) { x_name = 'time'; set format x '%h' }
  eval panel(560, width - 24, above, above + tall)
  set yrange [lowest[row]:highest[row]]
  set ytics steps[row]
  low(k) = column(row + 1) - 2*column(row + 1 + rows)
  high(k) = column(row + 1) + 2*column(row + 1 + rows)
  if (banded) {
    plot for [k = 1:trajectories] 'trajectories.dat' index 2*k - 1 using 1:(low(k)):(high(k)) \
           with filledcurves fillcolor rgb pale(k), \
         for [k = 1:trajectories] '' index 2*k - 1 using 1:row + 1 @curve, \
         for [k = 1:trajectories] '' index 2*k - 2 using 1:row + 1 @dots
  } else {
    plot for [k = 1:trajectories] 'trajectories.dat' index 2*k - 1 using 1:row + 1 @curve, \
         for [k = 1:trajectories] '' index 2*k - 2 using 1:row + 1 @dots
  }
  title = ''
}
unset multiplot
)gnuplot";

inline constexpr std::string_view energy_over_time = R"gnuplot(
title_gap = 46
y_gap = 64
x_name = 'time'
set key at screen x(76), screen y(84) left top horizontal Left reverse samplen 1.5 width 2
set xrange [begin:end]
if (log_scale) {
  title = 'Energy drift of the learned motion, the largest so far'
  y_name = '|{/:Italic H}({/:Italic t}) − {/:Italic H}(0)| / scale'
  eval panel(84, width - 24, 106, height - 58)
  set logscale y
  set format y '10^{%T}'
  plot for [k = 1:series] 'energy_over_time.dat' index k - 1 using 1:($5 > 0 ? $5 : NaN) \
         with lines linewidth 2 linecolor rgb line(k) title names[k]
} else {
  title = 'Energy drift of the learned motion'.(banded ? ': its range (pale) and its mean' : '')
  y_name = sprintf('({/:Italic H}({/:Italic t}) − {/:Italic H}(0)) / scale,  10^{%d}', exponent)
  eval panel(84, width - 24, 106, height - 58)
  scaled(value) = value/10.0**exponent
  plot for [k = 1:series] 'energy_over_time.dat' index k - 1 using 1:(scaled($2)):(scaled($3)) \
         with filledcurves fillcolor rgb pale(k) notitle, \
       for [k = 1:series] '' index k - 1 using 1:(scaled($4)) \
         with lines linewidth (banded ? 2 : 1.3) linecolor rgb line(k) title names[k]
}
)gnuplot";

inline constexpr std::string_view loss = R"gnuplot(
unset key
y_gap = 64
title = 'Training loss'.(banded ? ': its range (pale) and its mean' : '')
x_name = 'step'
y_name = 'loss'
eval panel(84, width - 24, 78, height - 58)
if (begin < end) { set xrange [begin:end] }
set logscale y
set format y '10^{%T}'
plot 'loss.dat' using 1:2:3 with filledcurves fillcolor rgb pale(1), \
     '' using 1:4 with lines linewidth (banded ? 2 : 1.1) linecolor rgb line(1)
)gnuplot";

}  // namespace metriplex::driver::scripts

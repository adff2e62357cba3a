# Draws what robot_arm wrote. Usage: gnuplot -e "curves='arm.txt'; picture='robot_arm.png'" examples/robot_arm.gp
set encoding utf8
set terminal pngcairo enhanced size 960,520 font 'DejaVu Sans,11' linewidth 1.3
set output picture
ink = '#333333'; learned = '#0072b2'; frictionless = '#d55e00'
set border 3 linecolor rgb '#b0b0b0'
set tics nomirror out scale 0.5 textcolor rgb ink
array joint[2] = ['shoulder', 'elbow']
# Places a panel by columns and rows of the picture.
panel(column, row) = sprintf('set lmargin at screen %f; set rmargin at screen %f; set tmargin at screen %f; set bmargin at screen %f', \
                             0.07 + 0.5*column, 0.48 + 0.5*column, 0.90 - 0.46*row, 0.57 - 0.46*row)
set multiplot
do for [row = 0:1] {
  name = joint[row + 1]
  stats curves index 0 using row + 2 name 'angle' nooutput
  set xrange [0:5]
  set yrange [angle_min - 1:angle_max + 1]
  eval panel(0, row)
  set ylabel name.', rad' textcolor rgb ink offset 1
  set xlabel row == 1 ? 'time, s' : '' textcolor rgb ink
  set key at screen 0.29,0.985 center top vertical maxrows 1 Left reverse textcolor rgb ink samplen 1.5
  if (row == 1) { unset key }
  plot curves index 1 using 1:row + 4 with lines dashtype 2 linecolor rgb frictionless title 'no friction', \
       '' index 1 using 1:row + 2 with lines linewidth 1.3 linecolor rgb learned title 'friction learned', \
       '' index 0 using 1:row + 2 with points pointtype 6 pointsize 0.7 linecolor rgb 'black' title 'true'
  set xrange [*:*]
  set yrange [*:*]
  eval panel(1, row)
  set ylabel 'friction, N m' textcolor rgb ink offset 1
  set xlabel row == 1 ? 'speed of the joint, rad/s' : '' textcolor rgb ink
  set key at screen 0.77,0.985 center top vertical maxrows 1 Left reverse textcolor rgb ink samplen 1.5
  if (row == 1) { unset key }
  plot curves index 2 using row + 1:row + 3 with points pointtype 6 pointsize 0.7 linecolor rgb 'black' title 'true', \
       '' index 2 using row + 1:row + 5 with points pointtype 7 pointsize 0.4 linecolor rgb learned title 'learned'
}
unset multiplot

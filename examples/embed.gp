# Draws what embed traced. Usage: gnuplot -e "trace='embed.csv'; picture='embed.png'" examples/embed.gp
set encoding utf8
set terminal pngcairo enhanced size 1500,1100 font 'DejaVu Sans,16' linewidth 1.6
set output picture
set datafile separator ','
set key autotitle columnhead
ink = '#333333'
set border 3 linecolor rgb '#b0b0b0'
set tics nomirror out scale 0.5 textcolor rgb ink
set xrange [0:90]
set lmargin 12
set rmargin 3
set tmargin 2
set arrow 1 from 30, graph 0 to 30, graph 1 nohead dashtype 2 linecolor rgb '#999999'
set arrow 2 from 60, graph 0 to 60, graph 1 nohead dashtype 2 linecolor rgb '#999999'
# Where the flag is up the ground is pale red.
flag(value, height) = value > 0 ? height : NaN
set multiplot layout 3,1
unset key
set label 1 'the load doubles' at 30.4, graph 1.06 textcolor rgb ink
set label 2 'a strand of the spring breaks' at 60.4, graph 1.06 textcolor rgb ink
set ylabel 'position' textcolor rgb ink
set yrange [-1.5:3]
set key at graph 0.01, 0.98 left top horizontal textcolor rgb ink samplen 1.5
plot trace using 1:(flag($6, 3)) with filledcurves y1=-1.5 fillcolor rgb '#fbe3da' title 'out of family', \
     '' using 1:2 with lines linewidth 1.4 linecolor rgb '#000000' title 'cart', \
     '' using 1:3 with lines linewidth 1.2 linecolor rgb '#0072b2' title 'predicted a second before'
unset label
unset key
set ylabel 'error of that prediction' textcolor rgb ink
set logscale y
set format y '10^{%T}'
set yrange [1e-4:10]
plot trace using 1:($4 > 0 ? $4 : NaN) with lines linecolor rgb '#d55e00'
set ylabel 'plausibility' textcolor rgb ink
set xlabel 'time, s' textcolor rgb ink
set yrange [1e-30:10]
plot trace using 1:($5 > 1e-30 ? $5 : 1e-30) with lines linecolor rgb '#009e73', 1e-6 with lines dashtype 3 linecolor rgb '#999999'
unset multiplot

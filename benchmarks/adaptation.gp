# Draws field errors over the number of measurements, a panel a family; called by adaptation.sh with data, picture and runs set.
set encoding utf8
set terminal pngcairo enhanced size 1800,1060 font 'DejaVu Sans,15' linewidth 1.6
set output picture
ink = '#333333'
array colour[6] = ['#0072b2', '#d55e00', '#009e73', '#cc79a7', '#e69f00', '#56b4e9']
modulations = 'svd mr fw ro film shift'
index_of(name) = sum [k = 1:words(modulations)] (word(modulations, k) eq name ? k : 0)
family(run) = substr(run, 1, strstrt(run, '-') - 1)
modulation(run) = substr(run, strstrt(run, '-') + 1, strlen(run))
set border 3 linecolor rgb '#b0b0b0'
set tics nomirror out scale 0.5 textcolor rgb ink
set logscale xy
set xrange [0.85:60]
set yrange [0.2:30]
set xtics (1, 2, 3, 5, 10, 50)
set ytics (0.2, 0.5, 1, 2, 5, 10, 20)
set xlabel 'measurements' textcolor rgb ink
set ylabel 'e_{field}, hundredths' textcolor rgb ink
set multiplot layout 2,3 title 'Adaptation to unseen members: least squares (solid) and 500 steps of Adam (dashed)' textcolor rgb ink
unset key
do for [name in 'pendulum mass_spring duffing dno tgc'] {
  set title name noenhanced textcolor rgb ink
  first = words(runs); last = 1  # runs of a family stand together
  do for [r = 1:words(runs)] {
    if (family(word(runs, r)) eq name) { first = r < first ? r : first; last = r }
  }
  plot for [r = first:last] data index r - 1 using 1:2 \
         with linespoints pointtype 7 pointsize 0.7 linecolor rgb colour[index_of(modulation(word(runs, r)))], \
       for [r = first:last] '' index r - 1 using 1:3 \
         with lines dashtype 2 linecolor rgb colour[index_of(modulation(word(runs, r)))]
}
# The last panel is the key.
unset border
unset tics
unset title
unset xlabel
unset ylabel
set key center center spacing 1.4 textcolor rgb ink
plot for [k = 1:6] 1/0 with linespoints pointtype 7 pointsize 0.7 linecolor rgb colour[k] title word(modulations, k)
unset multiplot

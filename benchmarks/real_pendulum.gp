# Draws angle and energy over the last fifth of the recording, measured and predicted; by integrals; called by real_pendulum.sh with out set.
set encoding utf8
set terminal pngcairo enhanced size 1500,700 font 'DejaVu Sans,15' linewidth 1.6
set output out.'/real_pendulum.png'
ink = '#333333'
set border 3 linecolor rgb '#b0b0b0'
set tics nomirror out scale 0.5 textcolor rgb ink
set multiplot layout 2,1
set key top right horizontal textcolor rgb ink
set lmargin 10
set xrange [*:*] noextend
set ylabel 'angle' textcolor rgb ink
set yrange [-1.1:1.4]
plot out.'/port_hamiltonian-integral.txt' using 1:2 with points pt 7 ps 0.7 lc rgb ink title 'measured', \
     '' using 1:4 with lines lc rgb '#0072b2' title 'with friction', \
     out.'/hamiltonian-integral.txt' using 1:4 with lines lc rgb '#d55e00' title 'without'
set ylabel 'energy' textcolor rgb ink
set xlabel 'seconds' textcolor rgb ink
set yrange [0.3:0.55]
unset key
plot out.'/port_hamiltonian-integral.txt' using 1:3 with points pt 7 ps 0.7 lc rgb ink, \
     '' using 1:5 with lines lc rgb '#0072b2', \
     out.'/hamiltonian-integral.txt' using 1:5 with lines lc rgb '#d55e00'

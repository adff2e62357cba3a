#pragma once

#include <string>

/// Holds what the pictures' gnuplot scripts share; definitions come before it, and a plot command after each panel.
namespace metriplex::show::scripts {

// The colours are Okabe and Ito's, made for every kind of colour vision; after seven of them lines are dashed.
inline const std::string style = R"gnuplot(if (!strstrt(GPVAL_TERMINALS, 'pngcairo')) exit status 0
set encoding utf8
width = 1360; height = 890
set terminal pngcairo enhanced size width,height font 'DejaVu Sans,10'
set output '../'.picture.'.png'
array colour[7] = ['#d55e00', '#0072b2', '#009e73', '#cc79a7', '#e69f00', '#56b4e9', '#000000']
array mark[7] = [7, 5, 9, 11, 13, 6, 4]
line(k) = colour[(k - 1)%7 + 1]
kind(k) = mark[(k - 1)%7 + 1]
do for [k = 1:14] { set linetype k linecolor rgb line(k) linewidth 1.8 pointtype kind(k) pointsize 0.8 dashtype 1 }
do for [k = 8:14] { set linetype k dashtype 2 }
set linetype 15 linecolor rgb '#e2e2e2' linewidth 1 dashtype 1  # of the other panels' curves
set border 3 linecolor rgb '#a0a0a0'
set tics nomirror out scale 0.5 textcolor rgb '#333333'
set grid linecolor rgb '#f0f0f0' linetype 1 dashtype 1 linewidth 0.5
set logscale xy
set format '10^{%T}'
set label 1 '{/*1.2 '.header.'}' at screen 16.0/width, screen 1 - 22.0/height left textcolor rgb '#333333'
set multiplot
)gnuplot";

// Panels stand in two columns, each with its key at its right.
inline const std::string panel = R"gnuplot(
left = 80.0 + 660*(panel%2); right = left + 360
above = 80.0 + 420*(panel/2); below = above + 320
set lmargin at screen left/width; set rmargin at screen right/width
set tmargin at screen 1 - above/height; set bmargin at screen 1 - below/height
set key noenhanced at screen (right + 14)/width, screen 1 - above/height left top Left reverse samplen 2 spacing 1.25
set title title offset 0,-0.5 textcolor rgb '#333333'
set xlabel x_label textcolor rgb '#333333'
set ylabel (panel%2 == 0 ? y_label : '') textcolor rgb '#333333'
if (panel > 0) { unset label 1 }
)gnuplot";

}  // namespace metriplex::show::scripts

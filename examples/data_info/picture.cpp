#include "picture.hpp"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <limits>
#include <system_error>

#include "../meta_train/picture_scripts.hpp"
#include "../meta_train/picture_text.hpp"
#include "metriplex/core/error.hpp"
#include "metriplex/core/file.hpp"

namespace metriplex::data_info {
namespace {

namespace fs = std::filesystem;
using namespace driver;

constexpr std::string_view script = R"gnuplot(
set multiplot
unset key
y_gap = 64
x_name = ''
title = ''
set xrange [begin:end]
set offsets 0, 0, graph 0.05, graph 0.05
do for [i = 1:rows] {
  if (i == rows) { x_name = 'time' } else { set format x '' }
  if (i == rows) { set format x '%h' }
  y_name = symbols[i]
  set ytics steps[i]
  eval panel(84, width - 24, 50 + 110*(i - 1), 50 + 110*i - 16)
  plot for [k = 1:motions] 'data.dat' index (i - 1)*motions + k - 1 using 1:2 \
       with linespoints pointtype 7 pointsize 0.25 linewidth 0.8 linecolor rgb line(k)
  unset label 1
}
unset multiplot
)gnuplot";

/// A distance between marks on an axis of some length: 1, 2 or 5 times a power of ten.
double mark_distance(double length) {
  const double rough = length > 0 ? length / 2 : 1, power = std::pow(10.0, std::floor(std::log10(rough)));
  return power * (rough >= 5 * power ? 5 : rough >= 2 * power ? 2 : 1);
}

/// The motions that are drawn: the first of each of the first members.
std::vector<const Motion<1>*> shown_motions(const Recordings<1>& component) {
  constexpr std::size_t most = 6;
  std::vector<const Motion<1>*> shown;
  for (const Member<1>& member : component.members)
    if (shown.size() < most && !member.motions.empty()) shown.push_back(&member.motions.front());
  return shown;
}

}  // namespace

std::string draw_data(const fs::path& directory, const std::string& title,
                      const std::vector<Recordings<1>>& components, const std::vector<std::string>& names) {
  constexpr std::size_t most_components = 12;
  constexpr Index most_points = 2000;
  const std::size_t rows = std::min(components.size(), most_components);
  std::string table;
  double begin = std::numeric_limits<double>::infinity(), end = -begin;
  std::vector<std::string> symbols;
  std::vector<double> steps;
  for (std::size_t i = 0; i < rows; ++i) {
    symbols.push_back(symbol(names[i]));
    double low = std::numeric_limits<double>::infinity(), high = -low;
    for (const Motion<1>* motion : shown_motions(components[i])) {
      table += "# " + names[i] + ": time, state\n";
      const Index points = std::min(motion->samples(), most_points);  // a longer one shows its beginning
      for (Index k = 0; k < points; ++k) {
        const double state =
            motion->weight(0, k) > 0 ? motion->states(0, k) : std::numeric_limits<double>::quiet_NaN();
        low = std::fmin(low, state);
        high = std::fmax(high, state);
        add_row(table, {motion->times[k], state});
      }
      table += "\n\n";
      if (points == 0) continue;
      begin = std::min(begin, motion->times[0]);
      end = std::max(end, motion->times[points - 1]);
    }
    steps.push_back(mark_distance(high - low));
  }
  std::string definitions;
  define(definitions, "picture", std::string("data"));
  define(definitions, "header", plain(title));
  define(definitions, "width", 900);
  define(definitions, "height", 110 + 110 * rows);
  define(definitions, "rows", rows);
  define(definitions, "motions", shown_motions(components[0]).size());
  define(definitions, "symbols", symbols);
  define(definitions, "steps", steps);
  define(definitions, "begin", begin);
  define(definitions, "end", end > begin ? end : begin + 1);

  const fs::path plots = directory / "plots";
  std::error_code error;
  fs::create_directories(plots, error);
  require(!error,
          [&] { return "expected to write " + plots.string() + ", got \"" + error.message() + "\""; });
  write_atomically(plots / "data.dat", table);
  write_atomically(plots / "data.gp", definitions + "load 'style.inc'\n" + std::string(script));
  write_atomically(plots / "style.inc", scripts::style);
  const auto succeeds = [](const std::string& command) {
    return std::system((command + " >/dev/null 2>&1").c_str()) == 0;
  };
  const std::string draw = "cd " + shell_word(plots.string()) + " && gnuplot -d data.gp";
  if (!succeeds("gnuplot --version"))
    return "no picture: gnuplot is not installed (on Debian: apt install gnuplot-nox); then: " + draw;
  if (!succeeds(draw)) return "no picture: gnuplot failed; to see why: " + draw;
  return "picture: " + (directory / "data.svg").string();
}

}  // namespace metriplex::data_info

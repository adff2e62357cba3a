#include "pictures.hpp"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <numbers>

#include "../meta_train/picture_text.hpp"
#include "metriplex/core/error.hpp"
#include "metriplex/core/file.hpp"
#include "picture_scripts.hpp"

namespace metriplex::show {
namespace {

namespace fs = std::filesystem;

/// One scheme's line in a picture.
struct Curve {
  Traits scheme;
  std::vector<std::array<double, 2>> points;
};

/// A picture of four panels, one a family, each with the other families' curves in grey behind its own.
struct Picture {
  std::string name, title, x_label, y_label, y_range, style;
  std::vector<Curve> curves;
};

/// The lines of one panel: all curves in grey, then the family's own in colours.
std::string plot_of(const Picture& picture, Family family) {
  std::string plot = "plot ";
  const std::string data = driver::gnuplot_string(picture.name + ".dat");
  const auto add = [&](std::size_t index, const std::string& style) {
    plot += (plot.size() > 5 ? ", \\\n     " : "") + data + " index " + std::to_string(index) +
            " using 1:2 " + style;
  };
  for (std::size_t i = 0; i < picture.curves.size(); ++i)
    if (picture.curves[i].scheme.family != family) add(i, "with lines linetype 15 notitle");
  int k = 0;
  for (std::size_t i = 0; i < picture.curves.size(); ++i) {
    if (picture.curves[i].scheme.family != family) continue;
    ++k;
    add(i, "with " + picture.style + " linetype " + std::to_string(k) + " title \"" +
               picture.curves[i].scheme.name + "\"");
  }
  return plot + "\n";
}

std::string script_of(const Picture& picture) {
  std::string script;
  driver::define(script, "picture", picture.name);
  driver::define(script, "header", picture.title);
  driver::define(script, "x_label", picture.x_label);
  driver::define(script, "y_label", picture.y_label);
  script += scripts::style;
  script += "set yrange " + picture.y_range + "\n";
  for (std::size_t panel = 0; panel < family_titles.size(); ++panel) {
    driver::define(script, "panel", panel);
    driver::define(script, "title", std::string(family_titles[panel]));
    script += scripts::panel + plot_of(picture, static_cast<Family>(panel));
  }
  return script + "unset multiplot\n";
}

std::string table_of(const Picture& picture) {
  std::string table;
  for (const Curve& curve : picture.curves) {
    table += "# " + curve.scheme.name + "\n";
    for (const auto& [x, y] : curve.points)
      if (y > 0) driver::add_row(table, {x, y});
    table += "\n\n";
  }
  return table;
}

std::vector<Curve> curves_of(const std::vector<LongRun>& runs, std::size_t error, double unit) {
  std::vector<Curve> curves;
  for (const LongRun& run : runs) {
    curves.push_back({run.scheme, run.errors[error].curve()});
    for (auto& point : curves.back().points) point[0] /= unit;
  }
  return curves;
}

std::vector<Curve> curves_of(const std::vector<Work>& works) {
  std::vector<Curve> curves;
  for (const Work& work : works) {
    curves.push_back({work.scheme, {}});
    for (const WorkPoint& point : work.points)
      curves.back().points.push_back({point.evaluations, point.error});
  }
  return curves;
}

std::string rounded(double value) {
  char text[32];
  std::snprintf(text, sizeof text, "%g", value);
  return text;
}

std::vector<Picture> pictures_of(const Report& report) {
  const Request& request = report.request;
  const std::string energy = "|{/:Italic H}({/:Italic t}) − {/:Italic H}(0)| / ",
                    evaluations = "evaluations of the field";
  const std::string orbit =
      "Two bodies, eccentricity 0.6, " + std::to_string(request.steps_per_period) + " steps a period: ";
  return {
      {"integrators_pendulum",
       "Learned pendulum, steps of " + rounded(request.dt) + ": error of the energy, the largest so far",
       "time", energy + "energy of the swing", "[1e-17:10]", "lines", curves_of(report.pendulum, 0, 1)},
      {"integrators_two_bodies", orbit + "error of the energy, the largest so far", "periods",
       energy + "|{/:Italic H}(0)|", "[1e-17:10]", "lines",
       curves_of(report.kepler, 0, 2 * std::numbers::pi)},
      {"integrators_momentum", orbit + "error of the angular momentum, the largest so far", "periods",
       "|{/:Italic L}({/:Italic t}) − {/:Italic L}(0)| / {/:Italic L}(0)", "[1e-17:10]", "lines",
       curves_of(report.kepler, 1, 2 * std::numbers::pi)},
      {"integrators_work_pendulum", "Learned pendulum: error after 20 time units against work", evaluations,
       "|{/:Italic x} − {/:Italic x}_{reference}|", "[1e-14:10]", "linespoints",
       curves_of(report.pendulum_work)},
      {"integrators_work_two_bodies", "Two bodies, eccentricity 0.6: error after 20 time units against work",
       evaluations, "|{/:Italic x} − {/:Italic x}_{exact}|", "[1e-13:10]", "linespoints",
       curves_of(report.kepler_work)}};
}

bool succeeds(const std::string& command) {
  return std::system((command + " >/dev/null 2>&1").c_str()) == 0;
}

}  // namespace

std::vector<fs::path> draw_pictures(const fs::path& directory, const Report& report) {
  const fs::path plots = fs::absolute(directory) / "plots";
  std::error_code error;
  fs::create_directories(plots, error);
  require(!error,
          [&] { return "expected to write " + plots.string() + ", got \"" + error.message() + "\""; });
  const bool can_draw = succeeds("gnuplot --version");
  if (!can_draw)
    std::fprintf(stderr, "no pictures: gnuplot is not installed (on Debian: apt install gnuplot-nox)\n");
  std::vector<fs::path> drawn;
  for (const Picture& picture : pictures_of(report)) {
    write_atomically(plots / (picture.name + ".dat"), table_of(picture));
    write_atomically(plots / (picture.name + ".gp"), script_of(picture));
    const fs::path file = directory / (picture.name + ".png");
    fs::remove(file, error);  // what an earlier run left must not pass for this one's
    const std::string draw =
        "cd " + driver::shell_word(plots.string()) + " && gnuplot -d " + picture.name + ".gp";
    if (!can_draw) continue;
    if (succeeds(draw) && fs::exists(file, error))
      drawn.push_back(file);
    else
      std::fprintf(stderr, "no %s: gnuplot failed; to see why: %s\n", file.filename().c_str(), draw.c_str());
  }
  return drawn;
}

}  // namespace metriplex::show

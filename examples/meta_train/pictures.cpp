#include "pictures.hpp"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <initializer_list>
#include <iostream>
#include <limits>
#include <string_view>
#include <system_error>
#include <utility>

#include "metriplex/core/error.hpp"
#include "metriplex/core/file.hpp"
#include "metriplex/core/text.hpp"
#include "metriplex/core/types.hpp"
#include "picture_scripts.hpp"
#include "picture_text.hpp"

namespace metriplex::driver {
namespace {

namespace fs = std::filesystem;
using Eigen::MatrixXd;
using Eigen::VectorXd;
constexpr double missing = std::numeric_limits<double>::quiet_NaN();

/// Holds a picture: its script, the definitions that come first in it, and its data files by name.
struct Picture {
  std::string name;
  std::string_view script;
  std::string definitions;
  std::vector<std::pair<std::string, std::string>> tables;
};

/// Rounds down to 1, 2 or 5 times a power of ten.
double round_number(double value) {
  const double power = std::pow(10.0, std::floor(std::log10(value)));
  return power * (value >= 5 * power ? 5 : value >= 2 * power ? 2 : 1);
}

double largest(const MatrixXd& values) {
  return values.size() > 0 ? values.cwiseAbs().maxCoeff() : 0;
}

/// Gives an axis a length: what is nothing or not a number becomes 1.
double length_or_one(double value) {
  return std::isfinite(value) && value > 0 ? value : 1;
}

/// Averages over `most` neighbours on either side, fewer near the ends, where a slope is kept so.
VectorXd smooth(const VectorXd& values, Index most) {
  VectorXd smoothed(values.size());
  for (Index i = 0; i < values.size(); ++i) {
    const Index reach = std::min({most, i, values.size() - 1 - i});
    smoothed(i) = values.segment(i - reach, 2 * reach + 1).mean();
  }
  return smoothed;
}

/// Says whether a curve has too many points to draw each of them.
bool is_long(const VectorXd& curve) {
  return curve.size() > 1600;
}

/// Sums up a long curve as a band: x, lowest, highest, mean (smoothed) and largest magnitude so far, one row
/// for each stretch of it. A short curve stays as it is, a stretch for each point.
MatrixXd band(const VectorXd& x, const VectorXd& y) {
  const Index stretches = is_long(y) ? 200 : y.size();
  MatrixXd rows(stretches, 5);
  double worst = 0;
  for (Index k = 0; k < stretches; ++k) {
    const Index begin = y.size() * k / stretches, size = y.size() * (k + 1) / stretches - begin;
    const auto part = y.segment(begin, size);
    worst = std::fmax(worst, part.cwiseAbs().maxCoeff());
    rows.row(k) << x.segment(begin, size).mean(), part.minCoeff(), part.maxCoeff(), part.mean(), worst;
  }
  rows.col(3) = smooth(rows.col(3), is_long(y) ? 4 : 0);
  return rows;
}

void add_rows(std::string& table, const MatrixXd& rows) {
  for (Index i = 0; i < rows.rows(); ++i) add_row(table, VectorXd(rows.row(i)));
}

std::string header(std::initializer_list<std::string> parts) {
  std::string text;
  for (const std::string& part : parts)
    if (!part.empty()) text += (text.empty() ? "" : "  ·  ") + plain(part);
  return text;
}

Picture begin_picture(std::string name, std::string_view script, const std::string& title, int width,
                      int height) {
  Picture picture{std::move(name), script, "", {}};
  define(picture.definitions, "picture", picture.name);
  define(picture.definitions, "header", title);
  define(picture.definitions, "width", width);
  define(picture.definitions, "height", height);
  return picture;
}

/// Writes the field, and returns the scale at which no arrow reaches beyond its cell.
double add_field(std::string& table, const PictureData& data) {
  const Index rows = data.field_q.size(), cols = data.field_p.size();
  if (rows < 2 || cols < 2 || data.dq_learned.size() == 0) return 1;
  const bool truth = data.dq_true.size() > 0;
  for (Index i = 0; i < rows; ++i)
    for (Index j = 0; j < cols; ++j)
      add_row(table, {data.field_q(i), data.field_p(j), data.dq_learned(i, j), data.dp_learned(i, j),
                      truth ? data.dq_true(i, j) : missing, truth ? data.dp_true(i, j) : missing});
  const double fastest_q = std::max(largest(data.dq_learned), largest(data.dq_true));
  const double fastest_p = std::max(largest(data.dp_learned), largest(data.dp_true));
  return std::min((data.field_q(1) - data.field_q(0)) / length_or_one(fastest_q),
                  (data.field_p(1) - data.field_p(0)) / length_or_one(fastest_p));
}

/// What a picture over the phase plane shows.
struct MapText {
  std::string name, quantity, symbol;
};

/// Draws a quantity over the phase plane, true and learned, with the field.
Picture map_picture(const PictureData& data, const MapText& text, MatrixXd learned, MatrixXd exact) {
  const bool truth = exact.size() > 0;
  if (!truth) exact = MatrixXd::Constant(learned.rows(), learned.cols(), missing);
  const MatrixXd difference = learned - exact;

  std::string grid = "# q p learned true difference\n",
              field = "# q p dq_learned dp_learned dq_true dp_true\n";
  for (Index i = 0; i < learned.rows(); ++i, grid += "\n")
    for (Index j = 0; j < learned.cols(); ++j)
      add_row(grid, {data.grid_q(i), data.grid_p(j), learned(i, j), exact(i, j), difference(i, j)});
  std::string shots = "# q p\n";
  for (Index i = 0; i < data.shots.cols(); ++i)
    add_row(shots, {data.shots(data.position_row, i), data.shots(data.momentum_row, i)});

  Picture picture = begin_picture(
      text.name, scripts::map, header({data.system, data.modulation, data.member}), truth ? 1200 : 540, 420);
  std::string& script = picture.definitions;
  const double highest = length_or_one(std::max(learned.maxCoeff(), truth ? exact.maxCoeff() : 0));
  define(script, "data", text.name);
  define(script, "quantity", text.quantity);
  define(script, "value", text.symbol);
  define(script, "truth", truth);
  define(script, "q_label", symbol(data.state_names[static_cast<std::size_t>(data.position_row)]));
  define(script, "p_label", symbol(data.state_names[static_cast<std::size_t>(data.momentum_row)]));
  define(script, "q_min", data.grid_q(0));
  define(script, "q_max", data.grid_q(data.grid_q.size() - 1));
  define(script, "p_min", data.grid_p(0));
  define(script, "p_max", data.grid_p(data.grid_p.size() - 1));
  define(script, "highest", highest);
  define(script, "level", round_number(highest / 8));
  define(script, "difference_max", truth ? length_or_one(largest(difference)) : 1);
  define(script, "arrow", add_field(field, data));
  define(script, "shots", data.shots.cols());
  picture.tables = {{text.name, grid}, {text.name + "_field", field}, {"shots", shots}};
  return picture;
}

Picture energy_picture(const PictureData& data) {
  // The energy is known up to a constant: the truth's minimum is 0, and the learned energy has the same mean.
  MatrixXd learned = data.energy_learned.array() - data.energy_learned.minCoeff(), exact = data.energy_true;
  if (exact.size() > 0) {
    exact.array() -= exact.minCoeff();
    learned.array() += exact.mean() - learned.mean();
  }
  return map_picture(data, {"energy", "energy", "{/:Italic H}"}, learned, exact);
}

/// Defines when the first of the motions begins and the last ends.
void define_times(std::string& script, const PictureData& data) {
  double begin = std::numeric_limits<double>::infinity(), end = -begin;
  for (const auto* curves : {&data.measured, &data.predicted})
    for (const Curve& curve : *curves) {
      begin = std::min(begin, curve.times.minCoeff());
      end = std::max(end, curve.times.maxCoeff());
    }
  define(script, "begin", begin);
  define(script, "end", end);
}

Picture entropy_picture(const PictureData& data) {
  std::string table;
  const auto add = [&](const Curve& curve, const char* name) {
    table += std::string("# ") + name + ": time, gain of entropy\n";
    for (Index i = 0; i < curve.times.size(); ++i)
      add_row(table, {curve.times(i), curve.entropy(i) - curve.entropy(0)});
    table += "\n\n";
  };
  for (std::size_t k = 0; k < data.measured.size(); ++k) {
    add(data.measured[k], "measured");
    add(data.predicted[k], "predicted");
  }
  Picture picture = begin_picture("entropy_over_time", scripts::entropy_over_time,
                                  header({data.system, data.modulation, data.member}), 900, 400);
  define(picture.definitions, "trajectories", data.measured.size());
  define_times(picture.definitions, data);
  picture.tables = {{"entropy_over_time", table}};
  return picture;
}

void add_trajectory(std::string& table, const Curve& curve, const std::string& name) {
  table += "# " + name + ": time, state\n";
  for (Index i = 0; i < curve.states.cols(); ++i) {
    std::vector<double> row{curve.times(i)};
    row.insert(row.end(), curve.states.col(i).begin(), curve.states.col(i).end());
    if (curve.deviation.cols() > 0)
      row.insert(row.end(), curve.deviation.col(i).begin(), curve.deviation.col(i).end());
    add_row(table, row);
  }
  table += "\n\n";
}

Picture trajectories_picture(const PictureData& data) {
  std::string table;
  for (std::size_t k = 0; k < data.measured.size(); ++k) {
    add_trajectory(table, data.measured[k], "measured");
    add_trajectory(table, data.predicted[k], "predicted");
  }
  const auto rows = static_cast<int>(data.state_names.size());
  std::vector<std::string> symbols;
  std::vector<double> lowest, highest, steps;
  for (int row = 0; row < rows; ++row) {
    // The truth sets the scale: a prediction that goes astray leaves the picture.
    double low = std::numeric_limits<double>::infinity(), high = -low;
    for (const Curve& curve : data.measured) {
      low = std::min(low, curve.states.row(row).minCoeff());
      high = std::max(high, curve.states.row(row).maxCoeff());
    }
    const double length = length_or_one(high - low), margin = 0.1 * length;
    lowest.push_back(low - margin);
    highest.push_back(high + margin);
    steps.push_back(round_number(length / 2));
    symbols.push_back(symbol(data.state_names[static_cast<std::size_t>(row)]));
  }
  Picture picture = begin_picture("trajectories", scripts::trajectories,
                                  header({data.system, data.modulation, data.member}), 1200,
                                  std::max(420, 130 + 110 * rows));
  std::string& script = picture.definitions;
  define(script, "trajectories", data.measured.size());
  define(script, "q", data.position_row + 1);
  define(script, "p", data.momentum_row + 1);
  define_times(script, data);
  define(script, "banded", data.predicted[0].deviation.cols() > 0);
  define(script, "rows", rows);
  define(script, "symbols", symbols);
  define(script, "lowest", lowest);
  define(script, "highest", highest);
  define(script, "steps", steps);
  picture.tables = {{"trajectories", table}};
  return picture;
}

Picture energy_over_time_picture(const PictureData& data) {
  std::string table;
  double least = std::numeric_limits<double>::infinity(), most = 0;
  std::vector<std::string> names;
  for (Index k = 0; k < data.long_energy.rows(); ++k) {
    const MatrixXd rows = band(data.long_times, data.long_energy.row(k));
    least = std::min(least, rows(rows.rows() - 1, 4));
    most = std::max(most, rows(rows.rows() - 1, 4));
    names.push_back(plain(data.long_labels[static_cast<std::size_t>(k)]));
    table += "# " + names.back() + ": time, lowest, highest, mean, largest so far\n";
    add_rows(table, rows);
    table += "\n\n";
  }
  Picture picture = begin_picture("energy_over_time", scripts::energy_over_time,
                                  header({data.system, data.modulation, data.member}), 900, 400);
  std::string& script = picture.definitions;
  define(script, "series", names.size());
  define(script, "names", names);
  define(script, "begin", data.long_times(0));
  define(script, "end", data.long_times(data.long_times.size() - 1));
  define(script, "banded", is_long(data.long_times));
  define(script, "log_scale", most > 10 * least);  // on a linear one the best series would be a flat line
  define(script, "exponent", std::floor(std::log10(length_or_one(most))));
  picture.tables = {{"energy_over_time", table}};
  return picture;
}

Picture loss_picture(const PictureData& data) {
  std::vector<Index> shown;  // those that a logarithmic scale can show
  for (Index i = 0; i < data.loss.size(); ++i)
    if (std::isfinite(data.loss(i)) && data.loss(i) > 0) shown.push_back(i);
  const VectorXd steps = data.loss_steps(shown);
  MatrixXd rows = band(steps, data.loss(shown).array().log());
  rows.middleCols(1, 3) = rows.middleCols(1, 3).array().exp();
  std::string table = "# step lowest highest mean\n";
  add_rows(table, rows.leftCols(4));
  Picture picture = begin_picture("loss", scripts::loss, header({data.system, data.modulation}), 900, 400);
  define(picture.definitions, "begin", steps(0));
  define(picture.definitions, "end", steps(steps.size() - 1));
  define(picture.definitions, "banded", is_long(steps));
  picture.tables = {{"loss", table}};
  return picture;
}

void require_shape(const char* name, const MatrixXd& values, Index rows, Index cols) {
  require(values.rows() == rows && values.cols() == cols, [&] {
    return "expected " + shape_text({rows, cols}) + ", got " + shape_text({values.rows(), values.cols()}) +
           " in the picture data's " + name;
  });
}

/// Checks what would else be read out of bounds.
void check_sizes(const PictureData& data) {
  const auto dim = static_cast<Index>(data.state_names.size());
  require(std::min(data.position_row, data.momentum_row) >= 0 &&
              std::max(data.position_row, data.momentum_row) < dim,
          "expected position_row and momentum_row to name rows of the state, got others in the picture data");
  const auto require_grid = [](const char* name, const MatrixXd& values, const VectorXd& q,
                               const VectorXd& p) {
    if (values.size() > 0) require_shape(name, values, q.size(), p.size());
  };
  require_grid("energy_true", data.energy_true, data.grid_q, data.grid_p);
  require_grid("energy_learned", data.energy_learned, data.grid_q, data.grid_p);
  require_grid("production_true", data.production_true, data.grid_q, data.grid_p);
  require_grid("production_learned", data.production_learned, data.grid_q, data.grid_p);
  require_grid("dq_learned", data.dq_learned, data.field_q, data.field_p);
  require_shape("dp_learned", data.dp_learned, data.dq_learned.rows(), data.dq_learned.cols());
  require_grid("dq_true", data.dq_true, data.field_q, data.field_p);
  require_shape("dp_true", data.dp_true, data.dq_true.rows(), data.dq_true.cols());
  if (data.shots.size() > 0) require_shape("shots", data.shots, dim, data.shots.cols());
  require(data.measured.size() == data.predicted.size(),
          "expected as many measured as predicted trajectories, got two numbers in the picture data");
  for (const auto* curves : {&data.measured, &data.predicted})
    for (const Curve& curve : *curves) {
      require_shape("curves", curve.states, dim, curve.times.size());
      if (curve.entropy.size() > 0) require_shape("entropies", curve.entropy, curve.times.size(), 1);
      if (curve.deviation.size() > 0) require_shape("deviations", curve.deviation, dim, curve.times.size());
    }
  if (data.long_energy.size() > 0)
    require_shape("long_energy", data.long_energy, static_cast<Index>(data.long_labels.size()),
                  data.long_times.size());
  require_shape("loss", data.loss, data.loss_steps.size(), 1);
}

std::vector<Picture> pictures_of(const PictureData& data) {
  std::vector<Picture> pictures;
  if (data.energy_learned.rows() > 1 && data.energy_learned.cols() > 1)
    pictures.push_back(energy_picture(data));
  if (data.production_learned.size() > 0)
    pictures.push_back(map_picture(data, {"production", "entropy production", "{/:Italic dS}/{/:Italic dt}"},
                                   data.production_learned, data.production_true));
  if (!data.measured.empty()) pictures.push_back(trajectories_picture(data));
  if (!data.measured.empty() && data.measured[0].entropy.size() > 0)
    pictures.push_back(entropy_picture(data));
  if (data.long_energy.size() > 0) pictures.push_back(energy_over_time_picture(data));
  if ((data.loss.array().isFinite() && data.loss.array() > 0).any()) pictures.push_back(loss_picture(data));
  return pictures;
}

bool succeeds(const std::string& command) {
  return std::system((command + " >/dev/null 2>&1").c_str()) == 0;
}

void write_plots(const fs::path& plots, const std::vector<Picture>& pictures) {
  std::error_code error;
  fs::create_directories(plots, error);
  require(!error,
          [&] { return "expected to write " + plots.string() + ", got \"" + error.message() + "\""; });
  write_atomically(plots / "style.inc", scripts::style);
  for (const Picture& picture : pictures) {
    for (const auto& [name, table] : picture.tables) write_atomically(plots / (name + ".dat"), table);
    write_atomically(plots / (picture.name + ".gp"),
                     picture.definitions + "load 'style.inc'\n" + std::string(picture.script));
  }
}

}  // namespace

std::vector<fs::path> draw_pictures(const fs::path& directory, const PictureData& data) {
  check_sizes(data);
  const std::vector<Picture> pictures = pictures_of(data);
  const fs::path plots = fs::absolute(directory) / "plots";
  write_plots(plots, pictures);
  const std::string enter = "cd " + shell_word(plots.string());
  const bool can_draw = succeeds("gnuplot --version");
  if (!can_draw)
    std::cerr << "no pictures: gnuplot is not installed (on Debian: apt install gnuplot-nox); then: " << enter
              << " && gnuplot *.gp\n";

  std::vector<fs::path> drawn;
  for (const Picture& picture : pictures) {
    for (const std::string format : {"svg", "png"}) {
      const fs::path file = directory / (picture.name + "." + format);
      std::error_code error;
      fs::remove(file, error);  // what an earlier run left must not pass for this one's
      if (!can_draw) continue;
      const std::string draw =
          enter + " && gnuplot -d -e \"format='" + format + "'\" " + picture.name + ".gp";
      if (!succeeds(draw)) {
        fs::remove(file, error);
        std::cerr << "no " << file.filename().string() << ": gnuplot failed; to see why: " << draw << "\n";
      } else if (fs::exists(file, error)) {
        drawn.push_back(file);
      }
    }
  }
  return drawn;
}

}  // namespace metriplex::driver

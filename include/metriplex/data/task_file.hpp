#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "metriplex/core/file.hpp"
#include "metriplex/core/tensor.hpp"
#include "metriplex/core/text.hpp"
#include "metriplex/data/npy.hpp"
#include "metriplex/data/npz.hpp"
#include "metriplex/data/task_set.hpp"
#include "metriplex/data/zip_archive.hpp"

namespace metriplex {
namespace detail {

/// Finds the arrays of a family's file, t, X and dX among them; if one is missing, says which there are.
inline std::map<std::string, std::string_view> family_arrays(std::string_view bytes,
                                                             const std::string& where) {
  auto members = unzip_stored(bytes, where, ".npy");
  const auto missing = [&](const char* name) { return !members.contains(name + std::string(".npy")); };
  require(!missing("t") && !missing("X") && !missing("dX"), [&] {
    std::string got;
    for (const auto& [member, data] : members)
      got += (got.empty() ? "" : ", ") + quote(std::string_view(member).substr(0, member.size() - 4));
    return std::string("expected arrays 't', 'X' and 'dX'") +
           (missing("t") || missing("X") ? "" : " (numpy.gradient(X, t, axis=2) estimates dX)") + ", got " +
           (got.empty() ? "none" : got.substr(0, 200)) + " in " + where;
  });
  return members;
}

/// Takes the state dimension from the shape of X.
inline Index dimension_of(const std::vector<Index>& shape, const std::string& where) {
  require(shape.size() == 4, [&] {
    return "expected X of shape [members, trajectories, samples, dim], got " + shape_text(shape) + " in " +
           where;
  });
  return shape.back();
}

}  // namespace detail

/// Reads the state dimension of a family's file, so that a caller can choose the `Dim` of `load_task_set`.
///
/// Errors: a file that is no .npz, lacks t, X or dX, or has an X that is not of rank 4.
inline Index state_dimension(const std::filesystem::path& path) {
  const std::string bytes = read_file(path), where = path.string();
  const NpyView x = parse_npy(detail::family_arrays(bytes, where).at("X.npy"), "array 'X' of " + where);
  return detail::dimension_of(x.shape, where);
}

/// Reads a family from an .npz of `t` [n], `X` and `dX` [members, trajectories, n, dim], and, where known,
/// `mu` [members, k], of any real numbers (files/read_recordings.hpp reads other shapes and formats too).
///
/// Other arrays do not matter (`npz_names` lists them).
/// Errors: as `unzip_stored`, `decode_npy` and `require_valid`; missing arrays; shapes that do not fit each other or `Dim`.
template <int Dim>
TaskSet<Dim> load_task_set(const std::filesystem::path& path) {
  static_assert(Dim > 0, "load_task_set<Dim> needs a fixed state dimension: state_dimension(path) reads it");
  const std::string where = path.string();
  const std::string bytes = read_file(path);
  Tensors arrays;
  for (const auto& [member, data] : detail::family_arrays(bytes, where)) {
    const std::string name = member.substr(0, member.size() - 4);
    if (name == "t" || name == "X" || name == "dX" || name == "mu")
      arrays.emplace(name, decode_npy(data, "array " + quote(name) + " of " + where));
  }
  const auto require_shape = [&](const char* name, bool fits, const std::string& expected) {
    require(fits, [&] {
      return std::string("expected ") + name + " of shape " + expected + ", got " +
             shape_text(arrays.at(name).shape) + " in " + where;
    });
  };
  const Tensor& t = arrays.at("t");
  const Tensor& x = arrays.at("X");
  const Tensor& dx = arrays.at("dX");
  require_shape("t", t.shape.size() == 1, "[samples]");
  const Index samples = t.shape[0];
  const Index dim = detail::dimension_of(x.shape, where);
  require_shape("X", dim == Dim && x.shape[2] == samples,
                "[members, trajectories, " + std::to_string(samples) + ", " + std::to_string(Dim) + "]");
  require_shape("dX", dx.shape == x.shape, shape_text(x.shape));
  const Index members = x.shape[0];
  Index parameters = 0;
  if (arrays.contains("mu")) {
    const std::vector<Index>& shape = arrays.at("mu").shape;
    require_shape("mu", shape.size() == 2 && shape[0] == members, "[" + std::to_string(members) + ", k]");
    parameters = shape[1];
  }

  TaskSet<Dim> set{Vector<double>::Map(t.values.data(), samples), x.shape[1], {}};
  const Index points = x.values.empty() ? 0 : set.trajectories * samples;
  for (Index member = 0; member < (points > 0 ? members : 0); ++member) {
    using Points = Matrix<double, Dim, Eigen::Dynamic>;
    Task<Dim>& task = set.tasks.emplace_back();
    task.x = Points::Map(x.values.data() + member * points * Dim, Dim, points);
    task.dx = Points::Map(dx.values.data() + member * points * Dim, Dim, points);
    if (parameters > 0)
      task.mu = Vector<double>::Map(arrays.at("mu").values.data() + member * parameters, parameters);
  }
  require_valid(set, where);
  return set;
}

/// Writes a family as the .npz that `load_task_set` and numpy read; without `mu` where it is not known.
///
/// Errors: as `require_valid` and `write_npz`; the old file stays.
template <int Dim>
void save_task_set(const std::filesystem::path& path, const TaskSet<Dim>& set, Dtype dtype = Dtype::float64) {
  require_valid(set, path.string());
  const auto members = static_cast<Index>(set.tasks.size());
  Tensor x{{members, set.trajectories, set.samples(), Dim}, {}, dtype};
  Tensor dx = x;
  Tensor mu{{members, set.tasks.front().mu.size()}, {}, dtype};
  const auto append = [](Tensor& tensor, const auto& values) {
    tensor.values.insert(tensor.values.end(), values.data(), values.data() + values.size());
  };
  for (const Task<Dim>& task : set.tasks) {
    append(x, task.x);
    append(dx, task.dx);
    append(mu, task.mu);
  }
  Tensor t{{set.samples()}, {}, dtype};
  append(t, set.times);
  Tensors arrays{{"t", std::move(t)}, {"X", std::move(x)}, {"dX", std::move(dx)}};
  if (!mu.values.empty()) arrays.emplace("mu", std::move(mu));
  write_npz(path, arrays);
}

}  // namespace metriplex

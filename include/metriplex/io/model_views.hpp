#pragma once

#include <algorithm>
#include <cmath>
#include <string>
#include <utility>
#include <vector>

#include "metriplex/core/error.hpp"
#include "metriplex/core/tensor.hpp"
#include "metriplex/core/text.hpp"
#include "metriplex/model/model.hpp"

namespace metriplex {

namespace detail {

/// A matrix inside a model, under its name in a file.
template <class Scalar>
struct NamedView {
  std::string name;
  Scalar* data;
  Index rows, columns, leading;
};

/// Lists everything that a model's file holds, in order; the one place that knows the names.
template <class Model, class Scalar = typename Model::Scalar>
std::vector<NamedView<Scalar>> named_views(Model& model) {
  std::vector<NamedView<Scalar>> views;
  for (const ParameterMatrix& m : model.matrices()) {
    const std::string part =
        m.network < 0 ? "hyper."
                      : std::string(Model::Structure::networks[static_cast<std::size_t>(m.network)].name) +
                            "." + std::to_string(m.layer) + ".";
    views.push_back(
        {part + std::string(m.name), model.parameters().data() + m.offset, m.rows, m.columns, m.leading});
  }
  auto& scaling = model.scaling();
  views.push_back({"scaling.mean", scaling.mean.data(), Model::dimension, 1, Model::dimension});
  views.push_back(
      {"scaling.inverse_scale", scaling.inverse_scale.data(), Model::dimension, 1, Model::dimension});
  views.push_back({"scaling.energy", &scaling.energy, 1, 1, 1});
  if constexpr (has_operators<typename Model::Structure>) {
    views.push_back({"scaling.entropy", &scaling.entropy, 1, 1, 1});
    views.push_back({"scaling.friction", &scaling.friction, 1, 1, 1});
    views.push_back({"scaling.bracket", &scaling.bracket, 1, 1, 1});
  }
  views.push_back({"scaling.rate_scale", scaling.rate_scale.data(), Model::dimension, 1, Model::dimension});
  views.push_back({"scaling.rate_error", scaling.rate_error.data(), Model::dimension, 1, Model::dimension});
  auto& z = model.latents();
  views.push_back({"latents", z.data(), z.rows(), z.cols(), z.rows()});
  return views;
}

/// How a file stores numbers.
template <class Scalar>
inline constexpr Dtype dtype_of = sizeof(Scalar) == 8 ? Dtype::float64 : Dtype::float32;

/// Larger than any number that was ever trained, so small that the product of three is finite.
inline constexpr double largest_number = 1e100;

/// Whether a file may hold a number.
///
/// Errors: NaN, Inf and absurd numbers, by the array's name.
inline void require_number(double value, const std::string& name, const std::string& where) {
  require(std::abs(value) <= largest_number, {"expected numbers of magnitude ", largest_number,
                                              " at most, got ", value, " in '", name, "'", where});
}

/// Copies views into the arrays of a file, row by row.
///
/// Errors: as `require_number`.
template <class Scalar>
void write_views(const std::vector<NamedView<Scalar>>& views, Tensors& tensors, const std::string& where) {
  for (const auto& view : views) {
    Tensor tensor{{view.rows, view.columns}, {}, dtype_of<Scalar>};
    for (Index i = 0; i < view.rows; ++i)
      for (Index j = 0; j < view.columns; ++j) {
        const Scalar value = view.data[i + j * view.leading];
        require_number(static_cast<double>(value), view.name, where);
        tensor.values.push_back(static_cast<double>(value));
      }
    require(tensors.emplace(view.name, std::move(tensor)).second,
            {"expected a name of its own for every array of a model, got '", view.name, "' twice"});
  }
}

/// Fills views from the arrays of a file, which must be the same.
///
/// Errors: arrays that are missing, unknown, of another shape or type; as `require_number`.
template <class Scalar>
void read_views(const Tensors& tensors, const std::vector<NamedView<Scalar>>& views,
                const std::string& where) {
  for (const auto& view : views) {
    const auto found = tensors.find(view.name);
    require(found != tensors.end(), {"expected an array '", view.name, "', got none", where});
    const Tensor& tensor = found->second;
    const std::vector<Index> shape{view.rows, view.columns};
    require(tensor.shape == shape, {"expected '", view.name, "' of shape ", shape_text(shape), ", got ",
                                    shape_text(tensor.shape), where});
    require(tensor.dtype == dtype_of<Scalar>,
            {"expected '", view.name, "' as ", name(dtype_of<Scalar>), ", got ", name(tensor.dtype), where});
    std::size_t next = 0;
    for (Index i = 0; i < view.rows; ++i)
      for (Index j = 0; j < view.columns; ++j) {
        const double value = tensor.values[next++];
        require_number(value, view.name, where);
        view.data[i + j * view.leading] = static_cast<Scalar>(value);
      }
  }
  for (const auto& tensor : tensors) {
    const std::string& name = tensor.first;
    require(std::any_of(views.begin(), views.end(), [&](const auto& view) { return view.name == name; }),
            [&] { return "expected no further arrays, got " + quote(name) + where; });
  }
}

}  // namespace detail

}  // namespace metriplex

#pragma once

#include <algorithm>
#include <charconv>
#include <cmath>
#include <filesystem>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "metriplex/io/safetensors.hpp"
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
  Model::for_each_layer([&](int network, const LayerShape& shape, typename Model::Offsets at) {
    const std::string layer =
        std::string(Model::Structure::networks[static_cast<std::size_t>(network)].name) + "." +
        std::to_string(shape.index) + ".";
    auto view = Model::layer_at(model.parameters().data(), at, shape);
    views.push_back({layer + "W", view.weight.data(), shape.out, shape.in, view.weight.outerStride()});
    views.push_back({layer + "b", view.bias.data(), shape.out, 1, shape.out});
    Scalar* basis = model.basis() + at.basis;
    for (const Block& block : Model::Modulation::basis(shape)) {
      views.push_back({layer + std::string(block.name), basis, block.rows, block.columns, block.rows});
      basis += block.size();
    }
  });
  for (const NamedMatrix& m : Model::Hypernetwork::matrices(model.latent(), Model::code_size))
    views.push_back({"hyper." + std::string(m.name), model.hyper() + m.offset, m.rows, m.columns, m.rows});
  auto& scaling = model.scaling();
  views.push_back({"scaling.mean", scaling.mean.data(), Model::dimension, 1, Model::dimension});
  views.push_back(
      {"scaling.inverse_scale", scaling.inverse_scale.data(), Model::dimension, 1, Model::dimension});
  views.push_back({"scaling.energy", &scaling.energy, 1, 1, 1});
  if constexpr (DissipativeStructure<typename Model::Structure>) {
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

using Architecture = std::vector<std::pair<std::string, std::string>>;

/// Describes every network of a model; once, where all are the same.
template <class Model, class Describe>
std::string for_all_networks(Describe describe) {
  std::string text, first;
  bool same = true;
  unroll<network_count<typename Model::Structure>>([&](auto k) {
    const std::string one =
        describe.template operator()<NetworkOf<typename Model::Structure, typename Model::Network, k()>>();
    if (k() == 0) first = one;
    same = same && one == first;
    text += (k() == 0 ? "" : " ") + one;
  });
  return same ? first : text;
}

/// Lists what a file must agree on with the program that reads it, what explains most first.
template <class Model>
Architecture architecture() {
  const std::string sizes = for_all_networks<Model>([]<class Net>() {
    std::string text;
    for (const int size : Net::sizes) text += (text.empty() ? "" : "-") + std::to_string(size);
    return text;
  });
  const std::string activations = for_all_networks<Model>([]<class Net>() {
    if constexpr (requires { Net::Activation::name; })
      return std::string(Net::Activation::name);
    else
      return std::string("-");
  });
  std::string codes, bases;  // names and sizes of every block tell modulation, rank and excluded layers
  Model::for_each_layer([&](int, const LayerShape& shape, typename Model::Offsets) {
    const auto list = [](std::string& text, const Blocks& blocks) {
      text += text.empty() ? "" : " ";
      for (const Block& b : blocks)
        text += std::string(b.name) + std::to_string(b.rows) + "x" + std::to_string(b.columns);
      if (blocks.count == 0) text += "-";
    };
    list(codes, Model::Modulation::code(shape));
    list(bases, Model::Modulation::basis(shape));
  });
  return {{"format", "metriplex-model-2"},
          {"structure", std::string(Model::Structure::name)},
          {"dim", std::to_string(Model::dimension)},
          {"sizes", sizes},
          {"activation", activations},
          {"modulation", std::string(Model::Modulation::name)},
          {"codes", codes},
          {"bases", bases},
          {"hypernetwork", std::string(Model::Hypernetwork::name)},
          {"scalar", sizeof(typename Model::Scalar) == 8 ? "f64" : "f32"}};
}

/// Copies views into the arrays of a file, row by row.
template <class Scalar>
void write_views(const std::vector<NamedView<Scalar>>& views, Tensors& tensors) {
  for (const auto& view : views) {
    Tensor tensor{{view.rows, view.columns}, {}, dtype_of<Scalar>};
    for (Index i = 0; i < view.rows; ++i)
      for (Index j = 0; j < view.columns; ++j)
        tensor.values.push_back(static_cast<double>(view.data[i + j * view.leading]));
    require(tensors.emplace(view.name, std::move(tensor)).second, [&] {
      return "expected a name of its own for every array of a model, got " + quote(view.name) + " twice";
    });
  }
}

/// Fills views from the arrays of a file, which must be the same.
template <class Scalar>
void read_views(const Tensors& tensors, const std::vector<NamedView<Scalar>>& views,
                const std::string& where) {
  for (const auto& view : views) {
    const auto found = tensors.find(view.name);
    require(found != tensors.end(),
            [&] { return "expected an array " + quote(view.name) + ", got none" + where; });
    const Tensor& tensor = found->second;
    const std::vector<Index> shape{view.rows, view.columns};
    require(tensor.shape == shape, [&] {
      return "expected " + quote(view.name) + " of shape " + shape_text(shape) + ", got " +
             shape_text(tensor.shape) + where;
    });
    require(tensor.dtype == dtype_of<Scalar>, [&] {
      return "expected " + quote(view.name) + " as " + name(dtype_of<Scalar>) + ", got " +
             name(tensor.dtype) + where;
    });
    std::size_t next = 0;
    for (Index i = 0; i < view.rows; ++i)
      for (Index j = 0; j < view.columns; ++j) {
        const double value = tensor.values[next++];
        require(std::isfinite(value),
                [&] { return "expected finite numbers, got another in " + quote(view.name) + where; });
        view.data[i + j * view.leading] = static_cast<Scalar>(value);
      }
  }
  for (const auto& tensor : tensors) {
    const std::string& name = tensor.first;
    require(std::any_of(views.begin(), views.end(), [&](const auto& view) { return view.name == name; }),
            [&] { return "expected no further arrays, got " + quote(name) + where; });
  }
}

/// Reads one entry of the metadata.
inline const std::string& metadata(const TensorFile& file, const std::string& key, const std::string& where) {
  const auto found = file.metadata.find(key);
  require(found != file.metadata.end(),
          [&] { return "expected metadata " + quote(key) + ", got none" + where; });
  return found->second;
}

/// Checks that a file holds a model of the expected make, and tells its number of latents.
inline Index read_latent(const TensorFile& file, const Architecture& expected, const std::string& where) {
  for (const auto& entry : expected) {
    const std::string& got = metadata(file, entry.first, where);
    require(got == entry.second, [&] {
      return "expected a model of " + entry.first + " " + quote(entry.second) + ", got " + quote(got) + where;
    });
  }
  const std::string& text = metadata(file, "latent", where);
  Index latent = -1;
  const auto parsed = std::from_chars(text.data(), text.data() + text.size(), latent);
  // No model worth loading has more; a hostile number must not allocate.
  require(
      parsed.ec == std::errc() && parsed.ptr == text.data() + text.size() && latent >= 0 && latent <= 4096,
      [&] { return "expected a latent dimension of 0 to 4096, got " + quote(text) + where; });
  return latent;
}

/// Turns a file of format 1 (2026-11 and before) into one of today where that means the same: without friction, whose
/// units were others, and with the sizes of the rates that the energy tells.
template <class Model>
void upgrade(TensorFile& file) {
  constexpr Index dim = Model::dimension;
  if constexpr (!DissipativeStructure<typename Model::Structure>) {
    const auto format = file.metadata.find("format");
    const auto energy = file.tensors.find("scaling.energy"),
               inverse = file.tensors.find("scaling.inverse_scale");
    if (format == file.metadata.end() || format->second != "metriplex-model-1" ||
        energy == file.tensors.end() || energy->second.values.size() != 1 || inverse == file.tensors.end() ||
        inverse->second.values.size() != dim)
      return;
    format->second = "metriplex-model-2";
    Tensor scale{{dim, 1}, {}, energy->second.dtype}, error = scale;
    error.values.assign(dim, 0.0);
    for (Index i = 0; i < dim; ++i)
      scale.values.push_back(energy->second.values[0] *
                             inverse->second.values[static_cast<std::size_t>((i + dim / 2) % dim)]);
    file.tensors.emplace("scaling.rate_scale", std::move(scale));
    file.tensors.emplace("scaling.rate_error", std::move(error));  // unless it is there
  }
}

/// Tells how many systems a model of so many latents was trained on.
inline Index read_systems(const TensorFile& file, Index latent, const std::string& where) {
  const auto latents = file.tensors.find("latents");
  require(latents != file.tensors.end(), [&] { return "expected an array 'latents', got none" + where; });
  const std::vector<Index>& shape = latents->second.shape;
  require(shape.size() == 2 && shape[0] == latent, [&] {
    return "expected 'latents' of shape [" + std::to_string(latent) + ", systems], got " + shape_text(shape) +
           where;
  });
  return shape[1];
}

}  // namespace detail

/// Saves a model as a safetensors file that numpy and Python's safetensors open too: weights, bases,
/// hypernetwork, scaling and training latents by name, sizes and names of its parts as metadata.
///
/// Shapes: "H.0.W" [out, in], "H.0.b" [out, 1], "hyper.A" [codes, latent], "latents" [latent, systems], ….
/// `notes` are kept as metadata under their own keys.
/// Errors: as `write_safetensors`; the old file stays.
template <class Model>
void save_model(const std::filesystem::path& path, const Model& model,
                const std::map<std::string, std::string>& notes = {}) {
  TensorFile file;
  file.metadata = notes;
  for (const auto& [key, value] : detail::architecture<Model>()) file.metadata[key] = value;
  file.metadata["latent"] = std::to_string(model.latent());
  Model copy = model;  // views are of what can be written to
  detail::write_views(detail::named_views(copy), file.tensors);
  write_safetensors(path, file);
}

/// Loads a model that `save_model` wrote, to the bit.
///
/// Errors: as `read_safetensors`; a structure, network, modulation, hypernetwork or scalar other than
/// `Model`'s, a missing, unknown or wrongly shaped array, NaN or Inf: the message names both sides.
template <class Model>
Model load_model(const std::filesystem::path& path) {
  TensorFile file = read_safetensors(path);
  detail::upgrade<Model>(file);
  const std::string where = " in " + path.string();
  Model model(detail::read_latent(file, detail::architecture<Model>(), where));
  model.latents().setZero(model.latent(), detail::read_systems(file, model.latent(), where));
  detail::read_views(file.tensors, detail::named_views(model), where);
  return model;
}

}  // namespace metriplex

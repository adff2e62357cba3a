#pragma once

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "metriplex/io/model_checksum.hpp"
#include "metriplex/io/model_views.hpp"
#include "metriplex/io/safetensors.hpp"
#include "metriplex/model/model.hpp"
#include "metriplex/version.hpp"

namespace metriplex {

namespace detail {

/// No model worth loading has more latent dimensions; a hostile number must not allocate.
inline constexpr Index most_latents = 4096;
/// Nor was it trained on more systems, of which those without latents take no bytes in a file.
inline constexpr Index most_systems = Index{1} << 24;

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

/// Sums up what the networks of groups see in one number (FNV-1a), which is another for other groups.
template <std::size_t Inputs, std::size_t Count>
constexpr std::uint32_t fingerprint(const GroupList<Inputs, Count>& groups) {
  std::uint32_t hash = 2166136261u;
  for (const auto& group : groups)
    for (const Difference& seen : group)
      for (const int row : {seen.to, seen.from}) hash = (hash ^ static_cast<std::uint32_t>(row)) * 16777619u;
  return hash;
}

/// Lists what a file must agree on with the program that reads it, what explains most first.
template <class Model>
Architecture architecture() {
  const std::string sizes = for_all_networks<Model>([]<class Net>() {
    std::string text;
    for_each_term<Net>([&]<class Term>() {
      if (!text.empty()) text += "+";
      for (std::size_t i = 0; i < Term::sizes.size(); ++i)
        text += (i == 0 ? "" : "-") + std::to_string(Term::sizes[i]);
    });
    return text;
  });
  const std::string activations = for_all_networks<Model>([]<class Net>() {
    std::string text;
    for_each_term<Net>([&]<class Term>() {
      if (!text.empty()) text += "+";
      if constexpr (requires { Term::Activation::name; })
        text += Term::Activation::name;
      else
        text += "-";
      if constexpr (IsShared<Term>)
        text += "@" + std::string(Term::Group::name) + std::to_string(Term::inputs) + "#" +
                std::to_string(fingerprint(Term::Group::groups));
    });
    if constexpr (HasAngles<Net>)
      for (std::size_t i = 0; i < Net::angles.size(); ++i)
        if (Net::angles[i]) text += "~" + std::to_string(i);
    if constexpr (requires { Net::Known::name; }) text += "+" + std::string(Net::Known::name);
    return text;
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
  return {{"format", model_format},
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

/// Checks that a file holds a model of the expected make.
inline void require_architecture(const TensorFile& file, const Architecture& expected,
                                 const std::string& where) {
  for (const auto& entry : expected) {
    const std::string& got = metadata(file, entry.first, where);
    require(got == entry.second,
            {"expected a model of ", entry.first, " ", quote(entry.second), ", got ", quote(got), where});
  }
}

/// Checks the same, and tells its number of latents.
inline Index read_latent(const TensorFile& file, const Architecture& expected, const std::string& where) {
  require_architecture(file, expected, where);
  const std::string& text = metadata(file, "latent", where);
  Index latent = -1;
  const auto parsed = std::from_chars(text.data(), text.data() + text.size(), latent);
  const bool number = parsed.ec == std::errc() && parsed.ptr == text.data() + text.size();
  require(number && latent >= 0 && latent <= most_latents,
          {"expected a latent dimension of 0 to ", most_latents, ", got ", quote(text), where});
  return latent;
}

/// Turns a file of format 1 (no checksum, no rates' sizes) into one of today where that means the same: without friction, whose
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
    format->second = model_format;
    Tensor scale{{dim, 1}, {}, energy->second.dtype}, error = scale;
    error.values.assign(dim, 0.0);
    for (Index i = 0; i < dim; ++i)
      scale.values.push_back(energy->second.values[0] *
                             inverse->second.values[static_cast<std::size_t>((i + dim / 2) % dim)]);
    file.tensors.emplace("scaling.rate_scale", std::move(scale));
    file.tensors.emplace("scaling.rate_error", std::move(error));  // unless it is there
  }
}

/// Checks that a file could hold as many numbers as a hypernetwork of so many latents has, before these are allocated.
template <class Model>
void require_size(const TensorFile& file, Index latent, const std::string& where) {
  require(latent > 0 || Model::code_size == 0, {"expected a latent dimension of 1 or more, got 0", where});
  const Index needed = hypernetwork_size<typename Model::Hypernetwork>(latent, Model::code_size);
  std::size_t numbers = 0;
  for (const auto& tensor : file.tensors) numbers += tensor.second.values.size();
  require(static_cast<std::size_t>(needed) <= numbers,
          {"expected ", needed, " numbers for a hypernetwork of ", latent, " latent dimensions, got ",
           numbers, " in all", where});
}

/// Tells how many systems a model of so many latents was trained on.
inline Index read_systems(const TensorFile& file, Index latent, const std::string& where) {
  const auto latents = file.tensors.find("latents");
  require(latents != file.tensors.end(), {"expected an array 'latents', got none", where});
  const std::vector<Index>& shape = latents->second.shape;
  require(shape.size() == 2 && shape[0] == latent && shape[1] <= most_systems,
          {"expected 'latents' of shape [", latent, ", systems], got ", shape_text(shape), where});
  return shape[1];
}

}  // namespace detail

/// Saves a model as a safetensors file that numpy and Python's safetensors open too: weights, bases,
/// hypernetwork, scaling and training latents by name, sizes and names of its parts as metadata.
///
/// Shapes: "H.0.W" [out, in], "H.0.b" [out, 1], "hyper.A" [codes, latent], "latents" [latent, systems], ….
/// `notes` are kept as metadata under their own keys, beside the library's version and a checksum of everything else.
/// Errors: whatever `load_model` would refuse (NaN, Inf, numbers beyond 1e100, more than 4096 latent dimensions); a note under a key that the
/// file needs itself; as `write_safetensors`; the old file stays.
template <class Model>
void save_model(const std::filesystem::path& path, const Model& model,
                const std::map<std::string, std::string>& notes = {}) {
  const std::string where = " for " + path.string();
  require(model.latent() <= detail::most_latents && model.latents().rows() == model.latent(),
          {"expected at most ", detail::most_latents, " latent dimensions, as many in every latent, got ",
           model.latent(), " and latents of ", model.latents().rows(), where});
  TensorFile file;
  file.metadata["latent"] = std::to_string(model.latent());
  file.metadata["version"] = METRIPLEX_VERSION;
  file.metadata["checksum"];  // comes last; until then a key of its own
  for (const auto& [key, value] : detail::architecture<Model>()) file.metadata[key] = value;
  for (const auto& note : notes)
    require(file.metadata.insert(note).second, {"expected notes under keys of their own, got '", note.first,
                                                "', which a model's file needs", where});
  Model copy = model;  // views are of what can be written to
  detail::write_views(detail::named_views(copy), file.tensors, where);
  detail::write_with_checksum(path, file);
}

namespace detail {

/// Makes a model of what was read of its file.
template <class Model>
Model decode_model(TensorFile file, const std::string& where) {
  upgrade<Model>(file);
  const Index latent = read_latent(file, architecture<Model>(), where);
  const Index systems = read_systems(file, latent, where);
  require_size<Model>(file, latent, where);
  Model model(latent);
  model.latents().setZero(latent, systems);
  read_views(file.tensors, named_views(model), where);
  return model;
}

}  // namespace detail

/// Makes a model of what `read_model_file` read of the file at `path`, for who looked into it first.
///
/// Errors: as `load_model(path)` from there on.
template <class Model>
Model load_model(TensorFile file, const std::filesystem::path& path) {
  return detail::decode_model<Model>(std::move(file), " in " + path.string());
}

/// Loads a model that `save_model` wrote, to the bit.
///
/// Errors: as `read_model_file`; a structure, network, modulation, hypernetwork or scalar other than
/// `Model`'s, a missing, unknown or wrongly shaped array, NaN, Inf or a number beyond 1e100: the message names both sides.
template <class Model>
Model load_model(const std::filesystem::path& path) {
  return load_model<Model>(read_model_file(path), path);
}

}  // namespace metriplex

#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <utility>
#include <variant>

#include "metriplex/io/model_file.hpp"

namespace metriplex {

/// Tells whether a file holds a model of this make; format 1, which `upgrade` knows, counts as today's.
template <class Model>
bool is_of_make(const TensorFile& file) {
  for (const auto& [key, value] : detail::architecture<Model>()) {
    if (key == "format") continue;  // which decode_model refuses by name
    const auto found = file.metadata.find(key);
    if (found == file.metadata.end() || found->second != value) return false;
  }
  return true;
}

/// Says in a few words what a model is of, from the metadata of its file.
inline std::string make_text(const std::map<std::string, std::string>& metadata) {
  std::string text;
  for (const char* key : {"structure", "sizes", "activation", "modulation", "scalar"}) {
    const auto found = metadata.find(key);
    text += (text.empty() ? "" : " ") + (found == metadata.end() ? "?" : quote(found->second));
  }
  return text;
}

/// Loads a model of whichever of these makes its file is of, for programs that do not know in advance; `std::visit` works with it.
///
/// Errors: as `read_model_file` and `load_model`; a model of another make: the message tells which and the makes that are known.
template <class... Models>
std::variant<Models...> load_any(const std::filesystem::path& path) {
  TensorFile file = read_model_file(path);
  std::optional<std::variant<Models...>> model;
  ((!model && is_of_make<Models>(file) ? void(model.emplace(load_model<Models>(std::move(file), path)))
                                       : void()),
   ...);
  require(model.has_value(), [&] {
    std::string known;
    const auto add = [&](const detail::Architecture& make) {
      known += (known.empty() ? "" : ", ") + make_text({make.begin(), make.end()});
    };
    (add(detail::architecture<Models>()), ...);
    return "expected a model of a make that is known here (" + known + "), got " + make_text(file.metadata) +
           " in " + path.string();
  });
  return *std::move(model);
}

}  // namespace metriplex

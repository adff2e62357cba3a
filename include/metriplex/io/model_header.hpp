#pragma once

#include <algorithm>
#include <cctype>
#include <cmath>
#include <filesystem>
#include <string>
#include <string_view>
#include <utility>

#include "metriplex/core/file.hpp"
#include "metriplex/model/model.hpp"

/// Outside of the library's namespace, whose name GCC would leave out in there.
namespace metriplex_type_name {
template <class T>
constexpr std::string_view signature() {
#if defined(_MSC_VER) && !defined(__clang__)
  return __FUNCSIG__;  // "... signature<int>(void)"
#else
  return __PRETTY_FUNCTION__;  // "... signature() [with T = int; ...]", "... signature() [T = int]"
#endif
}
}  // namespace metriplex_type_name

namespace metriplex {

/// Returns how C++ spells a type.
///
/// Errors: a type that has no name outside of its translation unit.
template <class T>
std::string type_name() {
  std::string_view text = metriplex_type_name::signature<T>();
#if defined(_MSC_VER) && !defined(__clang__)
  text.remove_prefix(text.find("signature<") + 10);
  text = text.substr(0, text.rfind(">(void)"));
#else
  text.remove_prefix(text.find("T = ") + 4);
  const std::size_t more = text.find("; ");
  text = text.substr(0, more != std::string_view::npos ? more : text.rfind(']'));
#endif
  require(text.find_first_of("{(") == std::string_view::npos,
          [&] { return "expected a type with a name that a header can spell, got " + std::string(text); });
  return std::string(text);
}

/// Whether a program may take a name as an identifier of its own: no keyword, none that C++ reserves, not `std` nor
/// `metriplex`.
inline bool is_identifier(std::string_view name) {
  constexpr std::string_view taken =
      " alignas alignof and and_eq asm auto bitand bitor bool break case catch char char16_t char32_t "
      "char8_t class co_await co_return co_yield compl concept const const_cast consteval constexpr "
      "constinit continue decltype default delete do double dynamic_cast else enum explicit export extern "
      "false float for friend goto if inline int long metriplex mutable namespace new noexcept not not_eq "
      "nullptr operator or or_eq private protected public register reinterpret_cast requires return short "
      "signed sizeof static static_assert static_cast std struct switch template this thread_local throw "
      "true try typedef typeid typename union unsigned using virtual void volatile wchar_t while xor "
      "xor_eq ";
  const auto fits = [](char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_'; };
  return !name.empty() && std::isdigit(static_cast<unsigned char>(name[0])) == 0 && name[0] != '_' &&
         std::all_of(name.begin(), name.end(), fits) && name.find("__") == std::string_view::npos &&
         taken.find(" " + std::string(name) + " ") == std::string_view::npos;
}

namespace detail {

/// Writes numbers as C++ literals.
template <class Scalar>
std::string literals(const Scalar* values, Index count) {
  if (count == 0) return "0";  // an array has at least one element
  std::string text;
  for (Index i = 0; i < count; ++i) {
    require(std::isfinite(values[i]), "a header needs finite numbers; got a NaN or Inf in the model");
    if (i > 0) text += i % 8 == 0 ? ",\n      " : ", ";
    text += hexadecimal_text(values[i]);
    if (sizeof(Scalar) == 4) text += 'f';
  }
  return text;
}

}  // namespace detail

/// Writes a trained model as a header of constants, the same to the bit: `name::Model` is a `ConstantModel`, which needs no file
/// and no heap.
///
/// Errors: a name that is no identifier; NaN or Inf; types of one's own without a name, whose header the program must include
/// itself; as `write_atomically`.
template <class Model>
void model_to_header(const std::filesystem::path& path, const Model& model, const std::string& name) {
  require(is_identifier(name), [&] {
    return "expected an identifier that is no keyword as the name of a header's namespace, got " +
           quote(name);
  });
  using Scalar = typename Model::Scalar;
  const std::string scalar = sizeof(Scalar) == 8 ? "double" : "float";
  const auto maps = type_name<ModelMaps<typename Model::Structure, typename Model::Network,
                                        typename Model::Modulation, Scalar, typename Model::Hypernetwork>>();
  std::string text =
      "// A trained family, written by Metriplex's model_to_header.\n#pragma once\n\n#include "
      "\"metriplex/inference.hpp\"\n\nnamespace " +
      name + " {\n\nstruct Numbers {\n  using Maps = " + maps +
      ";\n  static constexpr int latent = " + std::to_string(model.latent()) +
      ", systems = " + std::to_string(model.latents().cols()) + ";\n";
  const auto array = [&](const char* what, const Scalar* values, Index count) {
    text += "  alignas(64) static constexpr " + scalar + " " + what + "[] = {" +
            detail::literals(values, count) + "};\n";
  };
  const auto& scaling = model.scaling();
  array("mean", scaling.mean.data(), Model::dimension);
  array("inverse_scale", scaling.inverse_scale.data(), Model::dimension);
  array("rate_scale", scaling.rate_scale.data(), Model::dimension);
  array("rate_error", scaling.rate_error.data(), Model::dimension);
  for (const auto& [what, value] :
       {std::pair{"energy", scaling.energy}, std::pair{"entropy", scaling.entropy},
        std::pair{"friction", scaling.friction}, std::pair{"bracket", scaling.bracket}})
    text += "  static constexpr " + scalar + " " + what + " = " + detail::literals(&value, 1) + ";\n";
  array("latents", model.latents().data(), model.latents().size());
  array("parameters", model.parameters().data(), model.parameters().size());
  text += "};\n\nusing Model = metriplex::ConstantModel<Numbers>;\n\n}  // namespace " + name + "\n";
  write_atomically(path, text);
}

}  // namespace metriplex

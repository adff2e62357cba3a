// Uses trained models without a line of C++: tells what one is, adapts it to new recordings, simulates. What depends on the
// model's types is compiled when a model of its kind is first used, and kept (use.cpp).

#include <regex.h>

#include <cstdio>
#include <string>

#include "combination_program.hpp"
#include "metriplex/io/model_checksum.hpp"
#include "use_options.hpp"

using namespace metriplex;
using namespace metriplex::driver;

namespace {

/// Text out of a file, in a line and without what a terminal would obey.
std::string bare(const std::string& text) {
  const std::string quoted = quote(text, 400);
  return quoted.substr(1, quoted.size() - 2);
}

/// Whether CMake knows what a combination stands for: a name that it does not know would spoil the build folder.
bool names_combination(const std::string& name) {
  constexpr const char* form =
      "^[a-z-]{1,40}-[0-9]{1,3}([.][0-9]{1,3})?(a[0-9]{1,3})*-[a-z]{1,20}[0-9]{0,3}-f(32|64)-[0-9]{1,4}x[0-9]"
      "{1,2}"
      "(-integral|-rollout)?$";
  regex_t compiled;  // C's, which compiles in a fraction of C++'s time
  require(regcomp(&compiled, form, REG_EXTENDED | REG_NOSUB) == 0,
          "expected a regular expression, got another");
  const bool fits =
      name.find('\0') == std::string::npos && regexec(&compiled, name.c_str(), 0, nullptr, 0) == 0;
  regfree(&compiled);
  return name.size() < 200 && fits;
}

/// Prints what a model's file says of it, and whether it is as it was written.
void print_info(const TensorFile& file, Intact state) {
  for (const auto& [key, value] : file.metadata) {
    std::printf("%-14s %s", bare(key).c_str(), bare(value).c_str());
    if (key == "checksum")
      std::printf(state == Intact::yes ? " (holds)" : " (does NOT hold: the file is damaged or was changed)");
    std::printf("\n");
  }
  if (state == Intact::untold) std::printf("%-14s none: damage would not be noticed\n", "checksum");
  const auto numbers = [&](const char* name, const char* meaning, bool invert = false) {
    const auto found = file.tensors.find(name);
    if (found == file.tensors.end()) return;
    std::printf("%-14s", meaning);
    for (const double value : found->second.values) std::printf(" %.4g", invert ? 1 / value : value);
    std::printf("\n");
  };
  const auto latents = file.tensors.find("latents");
  if (latents != file.tensors.end() && latents->second.shape.size() == 2)
    std::printf("%-14s %td\n", "trained on", latents->second.shape[1]);
  numbers("scaling.mean", "states about");
  numbers("scaling.inverse_scale", "by", true);
  numbers("scaling.rate_scale", "rates of");
  numbers("scaling.rate_error", "known to");
}

}  // namespace

int main(int argc, char** argv) {
  return run_use(argc, argv, [&](const Use& use) -> int {
    if (use.command == "info") {  // which tells of damage, and what is left
      const TensorFile file = read_safetensors(use.model);
      const Intact state = intact(file);
      print_info(file, state);
      if (state == Intact::no || use.out.empty()) return state == Intact::no ? 1 : 0;
    }
    const TensorFile file = read_model_file(use.model);
    const auto combination = file.metadata.find("combination");
    require(combination != file.metadata.end(), [&] {
      return "expected a model that says which combination it is of, as meta_train saves it, got none in " +
             use.model;
    });
    require(names_combination(combination->second), [&] {
      return "expected a combination such as hamiltonian-2-svd5-f64-64x3, got " + quote(combination->second) +
             " in " + use.model;
    });
    run_combination_program("use-" + combination->second, argv);
  });
}

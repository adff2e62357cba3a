// Uses trained models without a line of C++: tells what one is, adapts it to new recordings, simulates. What depends on the
// model's types is compiled when a model of its kind is first used, and kept (use.cpp).

#include <cstdio>

#include "combination_program.hpp"
#include "metriplex/io/safetensors.hpp"
#include "use_options.hpp"

using namespace metriplex;
using namespace metriplex::driver;

namespace {

/// Prints what a model's file says of it.
void print_info(const TensorFile& file) {
  for (const auto& [key, value] : file.metadata) std::printf("%-14s %s\n", key.c_str(), value.c_str());
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
    const TensorFile file = read_safetensors(use.model);
    if (use.command == "info") {
      print_info(file);
      return 0;
    }
    const auto combination = file.metadata.find("combination");
    require(combination != file.metadata.end(), [&] {
      return "expected a model that says which combination it is of, as meta_train saves it, got none in " +
             use.model;
    });
    run_combination_program("use-" + combination->second, argv);
  });
}

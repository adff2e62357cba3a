#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <utility>

#include "metriplex/core/types.hpp"

namespace metriplex::driver {

/// The widths of the networks that the driver was built with; METRIPLEX_WIDTHS lists them.
using Widths = std::integer_sequence<int, METRIPLEX_WIDTHS>;

/// The dimensions of the states (q, p) that it was built with; METRIPLEX_DIMS lists them.
using Dims = std::integer_sequence<int, METRIPLEX_DIMS>;

/// What the command line asks for.
struct Request {
  std::string system, data, modulation = "svd", scalar = "f64";
  Index latent = 4, steps = 5000, batch = 64, shots = 50;
  int width = 64;
  double rate = 2e-3, latent_rate = 1e-2;
  std::uint64_t seed = 0;
  std::filesystem::path out;
};

}  // namespace metriplex::driver

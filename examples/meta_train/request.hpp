#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <type_traits>
#include <utility>

#include "metriplex/core/types.hpp"

namespace metriplex::driver {

/// The widths of the networks that the driver was built with; METRIPLEX_WIDTHS lists them.
using Widths = std::integer_sequence<int, METRIPLEX_WIDTHS>;

/// What a state is made of: positions and momenta, and, at its end, entropies, if the system has friction.
template <int Dim, int Entropies>
struct Make {
  static constexpr int dim = Dim, entropies = Entropies;
};
template <class... Makes>
struct MakeList {};

/// Tells whether a make is in a list.
template <class M, class... All>
constexpr bool contains(MakeList<All...>) {
  return (std::is_same_v<M, All> || ...);
}

/// The makes of states that it was built with; METRIPLEX_STATES lists them.
using Makes = MakeList<METRIPLEX_MAKES>;

/// What the command line asks for; together with the data's checksum all that a run depends on.
struct Request {
  std::string system, data, modulation = "svd", scalar = "f64", adapt = "lm", header;
  Index latent = 4, steps = 5000, batch = 64, shots = 50, long_run = 0;
  int width = 64, entropies = 0;
  bool sweep = false;
  double rate = 2e-3, latent_rate = 1e-2;
  std::uint64_t seed = 0;
  std::filesystem::path out;
};

}  // namespace metriplex::driver

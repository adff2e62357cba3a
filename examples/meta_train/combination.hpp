#pragma once

#include <string>

#include "metriplex/files/read_recordings.hpp"
#include "request.hpp"

namespace metriplex::driver {

/// What of a request is compiled in: each combination is a program of its own.
struct Combination {
  std::string structure, modulation, scalar, loss;
  int dim, tail, rank, width, depth;  ///< rank: 0 where the modulation has none
  std::vector<int> angles{};          ///< which components, rising

  /// Names the program, as METRIPLEX_COMBINATIONS does: `generic-3.1-svd5-f64-64x3` is structure, components and how many
  /// of the last are entropies or given (the tail; a1 behind it: the first component is an angle), modulation and rank, scalar, units x layers; one that trains on states alone ends in -integral or -rollout.
  std::string name() const;
};

/// Names the components of a state: positions, momenta (velocities), entropies; those that are no pairs beside entropies, by their
/// number or by the structure, are x1, x2, …
std::vector<std::string> state_names(int dim, int entropies, Given given, int tail,
                                     const std::string& structure);

/// Tells what the structure that is asked for is given beside the states.
Given given_in(const Request& request);

/// Finds out which combination a request needs: from the system, or from the header of the data.
///
/// Errors: neither system nor data, an unknown system, a file that is no family, states that the structure does not take.
Combination combination_of(const Request& request);

}  // namespace metriplex::driver

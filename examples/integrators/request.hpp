#pragma once

#include <cstdint>
#include <filesystem>

#include "metriplex/core/types.hpp"

namespace metriplex::show {

/// What the command line asks for.
struct Request {
  Index steps = 1'000'000;       ///< of each long run of the learned pendulum, and of each top
  double dt = 0.1;               ///< of those steps
  Index periods = 10'000;        ///< of each long run of the two bodies
  Index steps_per_period = 200;  ///< of those runs
  Index training_steps = 10'000;
  double coupling = 1;          ///< of Tao's copies of the learned pendulum
  double kepler_coupling = 20;  ///< and of the two bodies
  double most_evaluations =
      4e5;                 ///< of the field, when error is compared with work; ten times that for two bodies
  std::uint64_t seed = 0;  ///< of the pendulum, the first weights and the batches
  std::filesystem::path out = "integrators", page;
};

}  // namespace metriplex::show

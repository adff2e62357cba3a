#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "metriplex/core/types.hpp"
#include "metriplex/files/array_plan.hpp"

namespace metriplex::driver {

/// How a run tells how it goes: a line for people and tables, JSON on standard output, or nothing but warnings and errors.
enum class Voice { progress, json_lines, quiet };

/// What the command line asks for; together with the data's checksum all that a run depends on.
struct Request {
  std::string system, data, structure, modulation = "svd", scalar = "f64", optimizer = "soap", loss = "auto",
                                       rollout_scheme = "rk4", adapt = "lm", header;
  ArrayNames names;                 ///< of the arrays in the data
  std::vector<std::string> angles;  ///< components of the states, by name
  std::vector<double> noise;        ///< of each component of the states; empty: estimated
  Index latent = 4, steps = 2000, batch = 32, shots = 50, long_run = 0;
  int entropies = 0, rank = 5, width = 64, depth = 3;
  int rollout_steps = 0;  ///< of the scheme from sample to sample; 0: chosen by the data
  bool sweep = false, resume = false, overwrite = false;
  Index checkpoint = 500;  ///< steps from one to the next
  Voice voice = Voice::progress;
  std::optional<double> rate;  ///< none: the optimiser's own
  double latent_rate = 1e-2;
  std::uint64_t seed = 0;
  std::filesystem::path out, resume_from;
  std::vector<std::string> arguments;  ///< the command line
};

}  // namespace metriplex::driver

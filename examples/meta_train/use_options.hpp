#pragma once

#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "metriplex/core/types.hpp"
#include "metriplex/files/array_plan.hpp"

namespace metriplex::driver {

/// What a command line asks of a trained model.
struct Use {
  std::string command;  ///< info, adapt or simulate
  std::string model, data;
  ArrayNames names{.inputs = ""};
  std::vector<double> noise, latent, start;
  std::optional<Index> member;   ///< whose latent is taken
  std::optional<double> until;   ///< that motions are predicted
  Index samples = 200;           ///< of a simulated motion
  std::string between = "held";  ///< what inputs do between samples: held or linear
  std::filesystem::path out;
};

/// Reads the command line and does the work; whatever goes wrong is one line on stderr. Returns the exit status.
int run_use(int argc, char** argv, const std::function<int(Use&)>& work);

}  // namespace metriplex::driver

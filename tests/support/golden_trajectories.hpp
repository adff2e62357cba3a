#pragma once

#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "metriplex/core/types.hpp"

/// Is a trajectory that SciPy's DOP853 integrated with tolerance 1e-13.
struct GoldenTrajectory {
  metriplex::Vector<double> mu, times;
  metriplex::Matrix<double> states;      ///< [dim x times]
  metriplex::Vector<double> first_rate;  ///< dx/dt at the first state
};

/// Reads the golden trajectories of a system.
inline std::vector<GoldenTrajectory> golden_trajectories(std::string_view system) {
  std::ifstream file(std::filesystem::path(METRIPLEX_TEST_DIR) / "golden" / "trajectories.json");
  const auto vector = [](const nlohmann::json& numbers) {
    const auto values = numbers.get<std::vector<double>>();
    return metriplex::Vector<double>::Map(values.data(), static_cast<metriplex::Index>(values.size())).eval();
  };
  std::vector<GoldenTrajectory> found;
  for (const auto& entry : nlohmann::json::parse(file)) {
    if (entry.at("system").get<std::string>() != system) continue;
    GoldenTrajectory golden{vector(entry.at("mu")), vector(entry.at("t")), {}, vector(entry.at("dx0"))};
    golden.states.resize(golden.first_rate.size(), golden.times.size());
    for (metriplex::Index k = 0; k < golden.times.size(); ++k)
      golden.states.col(k) = vector(entry.at("x").at(static_cast<std::size_t>(k)));
    found.push_back(std::move(golden));
  }
  return found;
}

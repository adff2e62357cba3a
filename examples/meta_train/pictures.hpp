#pragma once

#include <Eigen/Core>
#include <filesystem>
#include <string>
#include <vector>

namespace metriplex::driver {

/// A motion, measured or predicted.
///
/// Shapes: times [samples], states [dim x samples], entropy [samples] or empty; deviation [dim x samples], of a prediction whose band of two
/// deviations to either side is shown, or empty.
struct Curve {
  Eigen::VectorXd times;
  Eigen::MatrixXd states;
  Eigen::VectorXd entropy;
  Eigen::MatrixXd deviation;
};

/// Holds what the driver's pictures show; whatever is left empty is left out of them.
///
/// Shapes: a grid is [q x p]: row i lies at grid_q(i), column j at grid_p(j). States are columns.
struct PictureData {
  std::string system, modulation;
  std::string member;                               ///< such as "unseen member 71: m = 0.83, l = 1.10"
  std::vector<std::string> state_names;             ///< such as {"q", "p"}; digits at the end become an index
  Eigen::Index position_row = 0, momentum_row = 1;  ///< the state's rows that span the phase plane

  Eigen::VectorXd grid_q, grid_p;                       ///< rising, evenly spaced
  Eigen::MatrixXd energy_true, energy_learned;          ///< each up to a constant
  Eigen::MatrixXd production_true, production_learned;  ///< the rate at which entropy is made
  Eigen::VectorXd field_q, field_p;                     ///< a coarser grid, one arrow a point
  Eigen::MatrixXd dq_true, dp_true, dq_learned, dp_learned;
  Eigen::MatrixXd shots;  ///< [dim x shots] the measurements adapted to

  std::vector<Curve> measured, predicted;  ///< in the same order, each at times of its own

  Eigen::VectorXd long_times;
  Eigen::MatrixXd long_energy;           ///< [series x times] (H(t) - H(0)) / scale
  std::vector<std::string> long_labels;  ///< one a series

  Eigen::VectorXd loss_steps, loss;
};

/// Draws energy, trajectories, energy_over_time and loss, with friction also production and entropy, each as SVG and PNG, into `directory` by gnuplot.
///
/// The scripts and their data stay in `directory`/plots, where `gnuplot energy.gp` draws a picture again. A
/// picture without data is not drawn. Without gnuplot there are scripts but no pictures: one line on stderr
/// names the package.
/// Returns the pictures drawn.
/// Errors: sizes that do not fit each other, a directory that cannot be written.
std::vector<std::filesystem::path> draw_pictures(const std::filesystem::path& directory,
                                                 const PictureData& data);

}  // namespace metriplex::driver

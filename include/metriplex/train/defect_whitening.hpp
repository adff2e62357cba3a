#pragma once

#include <array>
#include <cassert>
#include <cmath>
#include <vector>

#include "metriplex/core/linear_algebra.hpp"
#include "metriplex/core/types.hpp"

namespace metriplex {

/// Weighs what shooting from each measured state of a window misses the next by, so that errors of the states it starts from cost as
/// little as they must.
///
/// Math: d_k = Φ(y_k) − y_{k+1} of intervals k with the transition J_k = ∂Φ/∂y_k. Noise σ of the states leaves J_k n_k − n_{k+1}, and
/// rates that are off by τ leave τ h_k: the covariance of all d, C = B Σ Bᵀ + τ²h², B = [J −1], Σ = σ², is a band of blocks, and
/// dᵀC⁻¹d is the least that Gauss-Newton steps of all true states and of the rates leave. Without τ it is the misfit of a rollout over the whole window,
/// its initial state eliminated (multiple shooting: Bock 1983; transitions held fixed as in variable projection: Kaufman 1975).
/// Shapes: defects [Dim x intervals], transitions [Dim·Dim x intervals], column-major.
template <int Dim>
class DefectWhitening {
 public:
  /// Sets the deviation of the noise and of the rates, [Dim], positive.
  void start(const Vector<double, Dim>& noise, const Vector<double, Dim>& tolerance) {
    for (int i = 0; i < Dim; ++i) unit_[i] = tolerance[i], noise_[i] = std::pow(noise[i] / tolerance[i], 2);
  }

  /// Where a whitening works.
  struct Work {
    struct Node {
      double root[Dim * Dim], coupling[Dim * Dim], moved[Dim * Dim];
    };
    std::vector<Node> nodes;
  };

  /// Returns dᵀC⁻¹d; d becomes C⁻¹d.
  template <class Scalar>
  double operator()(Work& work, Index intervals, const Scalar* lengths, const Scalar* transitions,
                    double* d) const {
    work.nodes.resize(static_cast<std::size_t>(intervals));
    double square = 0;
    for (Index k = 0; k < intervals; ++k) {  // d_k becomes L⁻¹d
      auto& node = work.nodes[static_cast<std::size_t>(k)];
      double* const here = d + k * Dim;
      for (int j = 0; j < Dim; ++j)
        for (int i = 0; i < Dim; ++i)
          node.moved[i + j * Dim] =
              static_cast<double>(transitions[k * Dim * Dim + i + j * Dim]) * unit_[j] / unit_[i];
      const auto length = static_cast<double>(lengths[k]);
      for (int i = 0; i < Dim; ++i) {
        here[i] /= unit_[i];
        for (int j = 0; j <= i; ++j) {
          double sum = i == j ? noise_[i] + length * length : 0;
          for (int l = 0; l < Dim; ++l) sum += node.moved[i + l * Dim] * noise_[l] * node.moved[j + l * Dim];
          node.root[i + j * Dim] = sum;
        }
      }
      if (k > 0) {  // the block left of the diagonal: −J Σ L⁻ᵀ of the interval before
        const auto& before = work.nodes[static_cast<std::size_t>(k - 1)];
        for (int i = 0; i < Dim; ++i)
          for (int j = 0; j < Dim; ++j) {
            double sum = -node.moved[i + j * Dim] * noise_[j];
            for (int l = 0; l < j; ++l) sum -= node.coupling[i + l * Dim] * before.root[j + l * Dim];
            node.coupling[i + j * Dim] = sum / before.root[j + j * Dim];
          }
        for (int i = 0; i < Dim; ++i)
          for (int l = 0; l < Dim; ++l) {
            here[i] -= node.coupling[i + l * Dim] * here[l - Dim];
            for (int j = 0; j <= i; ++j)
              node.root[i + j * Dim] -= node.coupling[i + l * Dim] * node.coupling[j + l * Dim];
          }
      }
      [[maybe_unused]] const bool positive = factor_cholesky(Index{Dim}, node.root);
      assert(positive && "lengths and tolerances are positive");
      for (int i = 0; i < Dim; ++i) {
        for (int l = 0; l < i; ++l) here[i] -= node.root[i + l * Dim] * here[l];
        here[i] /= node.root[i + i * Dim];
        square += here[i] * here[i];
      }
    }
    for (Index k = intervals; k-- > 0;) {  // and L⁻ᵀ of that
      const auto& node = work.nodes[static_cast<std::size_t>(k)];
      double* const here = d + k * Dim;
      if (k + 1 < intervals) {
        const auto& after = work.nodes[static_cast<std::size_t>(k + 1)];
        for (int i = 0; i < Dim; ++i)
          for (int l = 0; l < Dim; ++l) here[l] -= after.coupling[i + l * Dim] * here[Dim + i] * unit_[i];
      }
      solve_transposed(Index{Dim}, node.root, here);
      for (int i = 0; i < Dim; ++i) here[i] /= unit_[i];
    }
    return square;
  }

 private:
  std::array<double, Dim> unit_{}, noise_{};
};

}  // namespace metriplex

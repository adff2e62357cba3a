#pragma once

#include <algorithm>
#include <memory>
#include <vector>

#include "metriplex/core/types.hpp"
#include "metriplex/nn/scaling.hpp"

namespace metriplex {

/// Integrates a field over networks from a tile of states on, each over an interval of its own, by steps of the classical
/// Runge-Kutta method, and pulls cotangents of where they arrive back to the weights and the states, through exactly these steps.
///
/// Math: discretise, then optimise: of x⁺ = x + h/6 (k₁ + 2k₂ + 2k₃ + k₄), kₛ = f(Xₛ), the transposed linearisation, from the last
/// stage to the first (Hager 2000, "Runge-Kutta methods in optimal control"). States of stages are kept, what the networks
/// computed there is computed again.
/// Shapes: tiles are points first, [Points x dim]; intervals [Points].
/// Cost: a step: four fields on the way, four and four pullbacks back, but for a field that is still there. Memory: 4 dim numbers a
/// point and step.
template <class Bound, int Points>
class RungeKuttaSweep {
  using Scalar = typename Bound::Scalar;
  static constexpr int dim = Bound::dimension, size = Points * dim, stages = 4;
  using Field = typename Bound::template Sweep<Points>;

 public:
  static constexpr int points = Points;

  /// Sets the steps in an interval.
  void steps(int count) { states_.resize(static_cast<std::size_t>(count) * stages); }

  /// Integrates; `end` becomes where the states arrive.
  void forward(const Scalar* weights, const Scaling<Scalar, dim>& scaling, const Scalar* start,
               const Scalar* interval, Scalar* end) {
    set_lengths(interval);
    const Scalar* from = start;
    for (std::size_t at = 0; at < states_.size(); at += stages) {
      std::copy_n(from, size, states_[at].x);
      std::copy_n(from, size, end);
      for (std::size_t s = 0; s < stages; ++s) {
        if (at + s + 1 == states_.size())
          field_->template forward<true>(weights, scaling, states_[at + s].x, slope_);
        else
          field_->template forward<false>(weights, scaling, states_[at + s].x, slope_);
        for (int k = 0; k < size; ++k) end[k] += share[s] * length_[k % Points] * slope_[k];
        if (s + 1 < stages)
          for (int k = 0; k < size; ++k)
            states_[at + s + 1].x[k] = states_[at].x[k] + ahead[s] * length_[k % Points] * slope_[k];
      }
      from = end;
    }
  }

  /// Pulls `cotangent` of where the states arrived back, which becomes that of the states if `to_states`, else is spoilt; follows a
  /// `forward`. `d_weights` as of `FieldSweep::pullback`, or null.
  void pullback(const Scalar* weights, const Scaling<Scalar, dim>& scaling, Scalar* cotangent,
                Scalar* d_weights, bool to_states, bool overwrite) {
    for (std::size_t at = states_.size(); at > 0; at -= stages) {
      std::copy_n(cotangent, size, arrived_);
      std::fill_n(d_x_, size, Scalar(0));
      for (std::size_t s = stages; s-- > 0;) {
        const Scalar* x = states_[at - stages + s].x;
        if (at < states_.size() || s + 1 < stages)
          field_->template forward<true>(weights, scaling, x, slope_);
        for (int k = 0; k < size; ++k)
          slope_[k] = length_[k % Points] *
                      (share[s] * arrived_[k] + (s + 1 < stages ? ahead[s] * d_x_[k] : Scalar(0)));
        const bool last = !to_states && at == stages && s == 0;
        field_->pullback(weights, scaling, nullptr, slope_, d_weights, last ? nullptr : d_x_, overwrite);
        overwrite = false;
        for (int k = 0; k < size; ++k) cotangent[k] += d_x_[k];
      }
    }
  }

 private:
  struct Stage {
    alignas(64) Scalar x[size];
  };
  static constexpr Scalar share[stages] = {Scalar(1) / 6, Scalar(1) / 3, Scalar(1) / 3, Scalar(1) / 6};
  static constexpr Scalar ahead[stages - 1] = {Scalar(1) / 2, Scalar(1) / 2,
                                               Scalar(1)};  // of each stage after the first

  void set_lengths(const Scalar* interval) {
    const auto count = static_cast<Scalar>(states_.size() / stages);
    for (int p = 0; p < Points; ++p) length_[p] = interval[p] / count;
  }

  std::unique_ptr<Field> field_ = std::make_unique<Field>();
  std::vector<Stage> states_ = std::vector<Stage>(stages);  // of all stages of all steps
  alignas(64) Scalar slope_[size];                          // of a stage, then its cotangent
  alignas(64) Scalar arrived_[size];                        // the cotangent of where a step arrives
  alignas(64) Scalar d_x_[size];
  alignas(64) Scalar length_[Points];
};

}  // namespace metriplex

#pragma once

#include <variant>

#include "metriplex/train/gauss_legendre_sweep.hpp"
#include "metriplex/train/rollout_scheme.hpp"
#include "metriplex/train/runge_kutta_sweep.hpp"

namespace metriplex {

/// Integrates a tile of states by the scheme that is chosen while the program runs, and pulls cotangents back through it.
///
/// Shapes, Cost: as of `RungeKuttaSweep` and `GaussLegendreSweep`.
template <class Bound, int Points>
class RolloutSweep {
  using Scalar = typename Bound::Scalar;
  using Scale = Scaling<Scalar, Bound::dimension>;
  using Explicit = RungeKuttaSweep<Bound, Points>;
  using Implicit = GaussLegendreSweep<Bound, Points>;

 public:
  static constexpr int points = Points;

  /// Sets the scheme and its steps in an interval; allocates where either changes.
  void choose(RolloutScheme scheme, int steps) {
    const int stages = traits_of(scheme).gauss_stages;
    if (stages == 0) {
      if (!std::holds_alternative<Explicit>(sweep_)) sweep_.template emplace<Explicit>();
      std::get<Explicit>(sweep_).steps(steps);
    } else {
      if (!std::holds_alternative<Implicit>(sweep_)) sweep_.template emplace<Implicit>();
      std::get<Implicit>(sweep_).steps(GaussCoefficients::of(stages), steps);
    }
  }

  /// As of `RungeKuttaSweep`.
  void forward(const Scalar* weights, const Scale& scaling, const Scalar* start, const Scalar* interval,
               Scalar* end) {
    std::visit([&](auto& sweep) { sweep.forward(weights, scaling, start, interval, end); }, sweep_);
  }

  /// As of `RungeKuttaSweep`.
  void pullback(const Scalar* weights, const Scale& scaling, Scalar* cotangent, Scalar* d_weights,
                bool to_states, bool overwrite) {
    std::visit(
        [&](auto& sweep) { sweep.pullback(weights, scaling, cotangent, d_weights, to_states, overwrite); },
        sweep_);
  }

 private:
  std::variant<Explicit, Implicit> sweep_;
};

}  // namespace metriplex

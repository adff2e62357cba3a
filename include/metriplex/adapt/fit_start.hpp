#pragma once

#include <algorithm>
#include <cmath>

#include "metriplex/core/linear_algebra.hpp"
#include "metriplex/data/motion.hpp"
#include "metriplex/integrate/rollout.hpp"
#include "metriplex/integrate/runge_kutta.hpp"

namespace metriplex {

/// Finds the state from which a field follows the first samples of a motion best, when its first measurement is known to its
/// noise alone.
///
/// Math: least squares over the initial state but what is given, Gauss and Newton's method with differences of rollouts (RK4), errors in units of
/// `spread`; a step that does not help is halved. Between samples inputs are what `Given` makes of them. Without a rollout that gets through, the first measurement.
/// Shapes: motion, its first sample complete; spread [Dim], positive.
template <class Given = GivenAtSamples, VectorField Field, int Dim>
Vector<double, Dim> fit_start(const Field& f, const Motion<Dim>& motion, const Vector<double, Dim>& spread,
                              Index samples = 8, int substeps = 4) {
  using State = Vector<double, Dim>;
  const Index n = std::min(samples, motion.samples());
  const Vector<double> times = motion.times.head(n);
  const Index learned = Dim - given_of(f);
  const Matrix<double> given = motion.states.bottomRows(given_of(f)).leftCols(n);
  constexpr double difference = 1e-6;  // of the spread
  Matrix<double, Dim> path(Dim, n), beside(Dim, n);
  const auto follow = [&](const State& start, Matrix<double, Dim>& errors) {
    const typename Field::State from = start.template cast<ScalarOf<Field>>();
    const auto found = rollout(f, Rk4{}, from, times, substeps, Given(given));
    if (found.completed < n) return false;
    for (Index k = 0; k < n; ++k)
      for (int i = 0; i < Dim; ++i)
        errors(i, k) = motion.weight(i, k) > 0
                           ? (static_cast<double>(found.states(i, k)) - motion.states(i, k)) / spread[i]
                           : 0;  // not measured
    return true;
  };
  State start = motion.states.col(0);
  if (n < 2 || !follow(start, path)) return start;
  for (int iteration = 0; iteration < 5; ++iteration) {
    Matrix<double> slopes(Dim * n, learned);
    for (Index j = 0; j < learned; ++j) {
      State moved = start;
      moved[j] += difference * spread[j];
      if (!follow(moved, beside)) return start;
      slopes.col(j) = (beside - path).reshaped() / difference;
    }
    Matrix<double> normal = slopes.transpose() * slopes;
    Vector<double> step = -(slopes.transpose() * path.reshaped());
    if (!factor_cholesky(learned, normal.data())) return start;
    solve_cholesky(learned, normal.data(), step.data());
    double factor = 1;
    const double before = path.squaredNorm();
    State next;
    for (; factor > 1e-3; factor /= 2) {
      next = start;
      next.head(learned) += factor * step.cwiseProduct(spread.head(learned));
      if (follow(next, beside) && beside.squaredNorm() <= before) break;
    }
    if (factor <= 1e-3) return start;
    start = next;
    path = beside;
    if (step.norm() < 1e-6) return start;
  }
  return start;
}

/// Says where a prediction of a motion sets out: from its first measurement, or, where noise of this deviation can be seen, from `fit_start`.
///
/// Shapes: as `fit_start`; noise [Dim].
template <class Given = GivenAtSamples, VectorField Field, int Dim>
Vector<double, Dim> start_of(const Field& f, const Motion<Dim>& motion, const Vector<double, Dim>& noise,
                             const Vector<double, Dim>& spread) {
  constexpr double seen = 1e-3;  // of the spread
  if ((noise.array() <= seen * spread.array()).all()) return motion.states.col(0);
  return fit_start<Given>(f, motion, spread);
}

}  // namespace metriplex

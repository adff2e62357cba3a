#pragma once

#include <cmath>

#include "metriplex/data/task_set.hpp"

namespace metriplex::bench {

/// The k-th number in [0, 1) of a sequence that fills the interval evenly: peers in other languages make the
/// same data in one line.
inline double spread(Index k, double step) {
  const double at = static_cast<double>(k) * step;
  return at - std::floor(at);
}

/// Makes a family of pendulums (Dim / 2 of them side by side, for more dimensions) and exact measurements of
/// each; no trajectories, since time does not depend on where the points lie.
template <int Dim>
TaskSet<Dim> pendulums(Index systems, Index points) {
  TaskSet<Dim> family{Vector<double>::LinSpaced(points, 0.0, static_cast<double>(points - 1)), 1, {}};
  for (Index j = 0; j < systems; ++j) {
    const double m = 0.5 + spread(j, 0.6180339887), l = 0.7 + 0.6 * spread(j, 0.4142135623);
    Task<Dim> task;
    task.x.resize(Dim, points);
    task.dx.resize(Dim, points);
    for (Index k = 0; k < points; ++k)
      for (Index i = 0; i < Dim / 2; ++i) {
        const Index n = (j * points + k) * (Dim / 2) + i;
        const double q = -2.2 + 4.4 * spread(n, 0.7548776662), p = -1.5 + 3.0 * spread(n, 0.5698402910);
        task.x(i, k) = q;
        task.x(Dim / 2 + i, k) = p;
        task.dx(i, k) = p / (m * l * l);
        task.dx(Dim / 2 + i, k) = -3.0 * m * l * std::sin(q);
      }
    family.tasks.push_back(std::move(task));
  }
  return family;
}

}  // namespace metriplex::bench

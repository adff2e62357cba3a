#pragma once

#include "metriplex/core/random.hpp"
#include "metriplex/data/task_set.hpp"

namespace metriplex::test {

/// Makes a family of harmonic oscillators, q̇ = p, ṗ = −k q, with k from 0.5 to 2, measured at random states.
inline TaskSet<2> oscillator_family(Index members, Index points, std::uint64_t seed = 1) {
  Random random(seed);
  TaskSet<2> family{Vector<double>::LinSpaced(points, 0, 1), 1, {}};
  for (Index j = 0; j < members; ++j) {
    Task<2> task;
    task.mu = Vector<double>::Constant(1, random.uniform(0.5, 2));
    task.x.resize(2, points);
    for (double& value : task.x.reshaped()) value = random.uniform(-1, 1);
    task.dx.resize(2, points);
    task.dx.row(0) = task.x.row(1);
    task.dx.row(1) = -task.mu(0) * task.x.row(0);
    family.tasks.push_back(std::move(task));
  }
  return family;
}

}  // namespace metriplex::test

#pragma once

#include <algorithm>
#include <cmath>

#include "metriplex/integrate/integrator.hpp"
#include "support/catch.hpp"

/// Returns the largest change of a field's energy over `steps` steps.
template <class Integrator, class Field>
double energy_drift(const Integrator& integrator, const Field& field, typename Field::State x, double dt,
                    int steps) {
  const double start = field.energy(x);
  double drift = 0;
  for (int i = 0; i < steps; ++i) {
    REQUIRE(integrator.step(field, x, dt) == metriplex::StepStatus::ok);
    drift = std::max(drift, std::abs(field.energy(x) - start));
  }
  return drift;
}

#pragma once

#include <cmath>
#include <limits>
#include <numbers>

#include "metriplex/core/error.hpp"
#include "metriplex/data/recordings.hpp"

namespace metriplex {

/// Lets an angle of a motion count turns where it was recorded as going around: a jump of a turn between two samples is none.
///
/// Math: y_k ← y_k − 2π round((y_k − y_(k−1))/2π), which is right where an angle moves by less than half a turn from sample to
/// sample; samples that were not measured are passed over. Networks that see the angle as such (`Periodic`) do not care which turn
/// it is; losses and measures, which compare states, do.
/// Units: radians.
/// Errors: no such component.
template <int Dim>
void unwrap(Motion<Dim>& motion, int component) {
  require(component >= 0 && component < Dim,
          {"an angle to unwrap is one of ", Dim, " components, counted from 0; got ", component});
  const double turn = 2 * std::numbers::pi;
  double last = std::numeric_limits<double>::quiet_NaN();
  for (Index k = 0; k < motion.samples(); ++k) {
    double& angle = motion.states(component, k);
    if (!std::isfinite(angle) || motion.weight(component, k) == 0) continue;
    if (!std::isnan(last)) angle -= turn * std::round((angle - last) / turn);
    last = angle;
  }
}

/// Does so in all motions of a family.
template <int Dim>
void unwrap(Recordings<Dim>& family, int component) {
  for (auto& member : family.members)
    for (auto& motion : member.motions) unwrap(motion, component);
}

}  // namespace metriplex

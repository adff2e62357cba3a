#pragma once

#include <optional>
#include <utility>
#include <vector>

#include "family.hpp"
#include "metriplex/train/metrics.hpp"
#include "report.hpp"

// Compiled once for each Dim.
namespace metriplex::driver {

/// A member that training has not seen: what adaptation may look at, and motions to measure it by.
template <int Dim>
struct Unseen {
  Motion<Dim> seen;
  std::vector<Motion<Dim>> held_out;
  Vector<double> mu;
};

/// Parts a member's motions: the first is for adaptation; of a single one its first half.
///
/// Errors: a single motion of less than four samples.
template <int Dim>
Unseen<Dim> part(const Member<Dim>& member);

/// Collects the complete samples of motions that have rates: states and rates, [Dim x samples] each.
template <int Dim>
std::pair<Matrix<double, Dim>, Matrix<double, Dim>> points_of(const std::vector<Motion<Dim>>& motions);

/// Measures the field of an adapted model of an unseen member: by the exact field where it is known, else by measured
/// rates that adaptation has not seen; nothing where there are none.
template <int Dim>
std::optional<RelativeErrors<Dim>> measure_field(const Family<Dim>& family, const Unseen<Dim>& unseen,
                                                 const AnyField<Dim>& learned);

/// Measures an adapted model of an unseen member: its field, its motions, its laws along predictions.
template <int Dim>
void measure(const Family<Dim>& family, const Unseen<Dim>& unseen, const AnyField<Dim>& learned,
             MemberResult& result);

/// Integrates an unseen member for many steps of four samples each: by a scheme that keeps the model's laws, and
/// by RK4; not from a motion of one sample.
template <int Dim>
std::vector<LongRun> long_runs(const Unseen<Dim>& unseen, const AnyField<Dim>& learned, Index steps);

/// Collects what the pictures show of an unseen member.
template <int Dim>
PictureData picture_data(const Family<Dim>& family, const Unseen<Dim>& unseen, const AnyField<Dim>& learned,
                         const Matrix<double, Dim>& shots);

}  // namespace metriplex::driver

#pragma once

#include "family.hpp"
#include "metriplex/train/metrics.hpp"
#include "report.hpp"

// Compiled once for each Dim.
namespace metriplex::driver {

/// Measures the field of an adapted model of unseen member `index`: by the exact field where it is known, else by the
/// measured rates that adaptation has not seen.
template <int Dim>
RelativeErrors<Dim> measure_field(const Family<Dim>& family, const TaskSet<Dim>& unseen, std::size_t index,
                                  const AnyField<Dim>& learned);

/// Measures an adapted model of unseen member `index`: its field, its trajectories, its laws along predictions.
template <int Dim>
void measure(const Family<Dim>& family, const TaskSet<Dim>& unseen, std::size_t index,
             const AnyField<Dim>& learned, MemberResult& result);

/// Integrates the first unseen member for many steps of four samples each: by a scheme that keeps the model's laws, and
/// by RK4; not from a trajectory of one sample.
template <int Dim>
std::vector<LongRun> long_runs(const TaskSet<Dim>& unseen, const AnyField<Dim>& learned, Index steps);

/// Collects what the pictures show of the first unseen member.
template <int Dim>
PictureData picture_data(const Family<Dim>& family, const TaskSet<Dim>& unseen, const AnyField<Dim>& learned,
                         const Matrix<double, Dim>& shots);

}  // namespace metriplex::driver

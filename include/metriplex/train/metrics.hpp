#pragma once

#include <algorithm>
#include <cmath>
#include <limits>

#include "metriplex/data/task_set.hpp"
#include "metriplex/integrate/rollout.hpp"
#include "metriplex/integrate/runge_kutta.hpp"
#include "metriplex/systems/exact_field.hpp"

namespace metriplex {

/// Lays a uniform grid over a box, its faces included: 40 points a side in 2 dimensions, 16 in 3, 9 in 4.
///
/// Shapes: result [Dim x side^Dim], the last coordinate fastest.
template <int Dim>
Matrix<double, Dim> grid_over(const Box<Dim>& box, int side = Dim <= 2   ? 40
                                                              : Dim == 3 ? 16
                                                                         : 9) {
  Index count = 1;
  for (int i = 0; i < Dim; ++i) count *= side;
  Matrix<double, Dim> grid(Dim, count);
  for (Index point = 0; point < count; ++point) {
    Index rest = point;
    for (int i = Dim - 1; i >= 0; --i, rest /= side) {
      const auto k = static_cast<std::size_t>(i);
      grid(i, point) = box.lo[k] + (box.hi[k] - box.lo[k]) * static_cast<double>(rest % side) / (side - 1);
    }
  }
  return grid;
}

/// Measures how far a field is from given rates at given states.
///
/// Math: ‖f(x) − ẋ‖₂/‖ẋ‖₂ over all points.
/// Shapes: x, dx [dim x points].
/// Errors: different shapes, no points.
template <VectorField Field, class X, class DX>
double field_error(const Field& f, const Eigen::MatrixBase<X>& x, const Eigen::MatrixBase<DX>& dx) {
  require(x.cols() >= 1 && x.cols() == dx.cols() && x.rows() == f.dim() && dx.rows() == f.dim(),
          "field_error needs states and rates [dim x points] of the same shape, and at least one point");
  double error = 0.0, size = 0.0;
  for (Index p = 0; p < x.cols(); ++p) {
    typename Field::State state, rate;
    for (Index i = 0; i < state.size(); ++i) state[i] = static_cast<ScalarOf<Field>>(x(i, p));
    f(state, rate);
    for (Index i = 0; i < state.size(); ++i) {
      const auto expected = static_cast<double>(dx(i, p)), off = static_cast<double>(rate[i]) - expected;
      error += off * off;
      size += expected * expected;
    }
  }
  return std::sqrt(error / size);
}

/// Measures a field against the exact one of member `mu` of a system, on the grid over its initial box.
template <System S, VectorField Field>
double e_field(const Field& f, const Vector<double, S::parameters>& mu) {
  const auto exact = exact_field<S>(mu);
  const Matrix<double, S::dim> grid = grid_over<S::dim>(S::initial_box);
  Matrix<double, S::dim> rates(S::dim, grid.cols());
  for (Index p = 0; p < grid.cols(); ++p) {
    Vector<double, S::dim> state, rate;
    std::copy_n(column(grid, p), S::dim, state.data());
    exact(state, rate);
    std::copy_n(rate.data(), S::dim, column(rates, p));
  }
  return field_error(f, grid, rates);
}

/// Measures rolled-out trajectories of a member against its measured ones, from their initial states; the
/// first `skip` trajectories, which adaptation has seen, are left out.
///
/// Math: ‖X̂ − X‖₂/‖X‖₂ over all samples; RK4 with `substeps` steps a sample. Infinite if a rollout fails.
/// Errors: nothing left to measure.
template <VectorField Field, int Dim>
double e_traj(const Field& f, const TaskSet<Dim>& set, std::size_t member, Index skip = 1, int substeps = 4) {
  require(member < set.tasks.size() && set.trajectories > skip,
          {"e_traj needs a member with more than ", skip, " trajectories; got ", set.trajectories,
           " of member ", member});
  double error = 0.0, size = 0.0;
  for (Index k = skip; k < set.trajectories; ++k) {
    const Matrix<double, Dim> truth = set.states(member, k);
    const typename Field::State start = truth.col(0).template cast<ScalarOf<Field>>();
    const auto predicted = rollout(f, Rk4{}, start, set.times, substeps);
    if (predicted.completed < set.samples()) return std::numeric_limits<double>::infinity();
    error += (predicted.states.template cast<double>() - truth).squaredNorm();
    size += truth.squaredNorm();
  }
  return std::sqrt(error / size);
}

}  // namespace metriplex

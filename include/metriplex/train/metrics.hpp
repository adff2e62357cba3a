#pragma once

#include <algorithm>
#include <cmath>
#include <limits>
#include <span>
#include <vector>

#include "metriplex/data/motion.hpp"
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

/// How far something is from the truth, which may have other units in each component.
template <int Dim>
struct RelativeErrors {
  /// Root mean square of the errors relative to that of the rates, or to the spread of the states; NaN for a component that
  /// does not move: there is nothing to be relative to.
  Vector<double, Dim> component;
  /// Norm of all errors relative to that of the truth, whatever the units: comparable with literature on data of order 1.
  double pooled;

  /// Root mean square of the components' errors, those that apply; NaN where nothing moves.
  double together() const {
    double square = 0.0;
    int count = 0;
    for (int i = 0; i < Dim; ++i)
      if (!std::isnan(component[i])) {
        square += component[i] * component[i];
        ++count;
      }
    return std::sqrt(square / count);
  }
};

namespace detail {

/// Sums up errors component by component.
template <int Dim>
class ErrorSums {
 public:
  /// Adds truth and error of one sample.
  template <class Truth, class Error>
  void add(const Truth& truth, const Error& error) {
    ++count_;
    for (int i = 0; i < Dim; ++i) {
      const auto value = static_cast<double>(truth[i]), off = static_cast<double>(error[i]);
      if (count_ == 1) first_[i] = value;
      const double away = value - first_[i], before = mean_[i];
      mean_[i] += (away - before) / count_;  // Welford 1962
      spread_[i] += (away - before) * (away - mean_[i]);
      error_[i] += off * off;
      size_[i] += value * value;
    }
  }
  /// Returns errors relative to the size of the truth, or to its deviation from its mean.
  RelativeErrors<Dim> errors(bool about_mean) const {
    constexpr double rounding = 8 * std::numeric_limits<double>::epsilon();
    RelativeErrors<Dim> errors;
    for (int i = 0; i < Dim; ++i) {
      const double whole = about_mean ? spread_[i] : size_[i];
      errors.component[i] = whole > rounding * rounding * size_[i] ? std::sqrt(error_[i] / whole)
                                                                   : std::numeric_limits<double>::quiet_NaN();
    }
    errors.pooled = std::sqrt(error_.sum() / size_.sum());
    return errors;
  }

 private:
  double count_ = 0;
  Vector<double, Dim> first_ = Vector<double, Dim>::Zero(), mean_ = first_, spread_ = first_, error_ = first_,
                      size_ = first_;
};

}  // namespace detail

/// Measures how far a field is from given rates at given states.
///
/// Math: √Σ(f(x) − ẋ)²/Σẋ² by components, sums over points; what is given does not count.
/// Shapes: x, dx [dim x points].
/// Errors: different shapes, no points.
template <VectorField Field, class X, class DX>
RelativeErrors<Field::State::RowsAtCompileTime> field_errors(const Field& f, const Eigen::MatrixBase<X>& x,
                                                             const Eigen::MatrixBase<DX>& dx) {
  require(x.cols() >= 1 && x.cols() == dx.cols() && x.rows() == f.dim() && dx.rows() == f.dim(),
          "field_errors needs states and rates [dim x points] of the same shape, and at least one point");
  constexpr int dim = Field::State::RowsAtCompileTime;
  detail::ErrorSums<dim> sums;
  for (Index p = 0; p < x.cols(); ++p) {
    typename Field::State state, rate;
    Vector<double, dim> truth, off;
    for (int i = 0; i < dim; ++i) state[i] = static_cast<ScalarOf<Field>>(x(i, p));
    f(state, rate);
    for (int i = 0; i < dim; ++i) {
      truth[i] = static_cast<double>(dx(i, p));
      off[i] = static_cast<double>(rate[i]) - truth[i];
    }
    truth.tail(given_of(f)).setZero();
    off.tail(given_of(f)).setZero();
    sums.add(truth, off);
  }
  return sums.errors(false);
}

/// Measures a field likewise, all components together.
template <VectorField Field, class X, class DX>
double field_error(const Field& f, const Eigen::MatrixBase<X>& x, const Eigen::MatrixBase<DX>& dx) {
  return field_errors(f, x, dx).together();
}

/// Measures a field against the exact one of member `mu` of a system, on the grid over its initial box.
template <System S, VectorField Field>
RelativeErrors<S::dim> field_errors(const Field& f, const Vector<double, S::parameters>& mu) {
  const auto exact = exact_field<S>(mu);
  const Matrix<double, S::dim> grid = grid_over<S::dim>(S::initial_box);
  Matrix<double, S::dim> rates(S::dim, grid.cols());
  for (Index p = 0; p < grid.cols(); ++p) {
    Vector<double, S::dim> state, rate;
    std::copy_n(column(grid, p), S::dim, state.data());
    exact(state, rate);
    std::copy_n(rate.data(), S::dim, column(rates, p));
  }
  return field_errors(f, grid, rates);
}

/// Measures a field likewise, all components together.
template <System S, VectorField Field>
double e_field(const Field& f, const Vector<double, S::parameters>& mu) {
  return field_errors<S>(f, mu).together();
}

/// Measures rolled-out motions against measured ones, each from start(motion), [dim]; incomplete samples do not count.
///
/// Math: √Σ(x̂ − x)²/Σ(x − mean x)² by components, sums over samples; RK4 with `substeps` steps a sample, what is
/// given as measured, and not counted. Infinite if a rollout fails.
/// Errors: no motion.
template <VectorField Field, int Dim, class Start>
RelativeErrors<Dim> motion_errors(const Field& f, std::span<const Motion<Dim>> motions, Start&& start,
                                  int substeps = 4) {
  require(!motions.empty(), "motion_errors needs at least one motion, got none");
  detail::ErrorSums<Dim> sums;
  for (const Motion<Dim>& motion : motions) {
    const Vector<double, Dim> from = start(motion);
    const typename Field::State state = from.template cast<ScalarOf<Field>>();
    const Matrix<double> given = motion.states.bottomRows(given_of(f));
    const auto predicted = rollout(f, Rk4{}, state, motion.times, substeps, GivenAtSamples(given));
    if (predicted.completed < motion.samples()) {
      constexpr double infinite = std::numeric_limits<double>::infinity();
      return {Vector<double, Dim>::Constant(infinite), infinite};
    }
    for (Index p = 0; p < motion.samples(); ++p)
      if (motion.complete(p)) {
        Vector<double, Dim> truth = motion.states.col(p);
        truth.tail(given.rows()).setZero();
        Vector<double, Dim> off = predicted.states.col(p).template cast<double>() - truth;
        off.tail(given.rows()).setZero();
        sums.add(truth, off);
      }
  }
  return sums.errors(true);
}

/// Measures rolled-out trajectories of a member against its measured ones, from their initial states; the
/// first `skip` trajectories, which adaptation has seen, are left out.
///
/// Math: as `motion_errors`.
/// Errors: nothing left to measure.
template <VectorField Field, int Dim>
RelativeErrors<Dim> trajectory_errors(const Field& f, const TaskSet<Dim>& set, std::size_t member,
                                      Index skip = 1, int substeps = 4) {
  require(member < set.tasks.size() && set.trajectories > skip,
          {"e_traj needs a member with more than ", skip, " trajectories; got ", set.trajectories,
           " of member ", member});
  std::vector<Motion<Dim>> motions;
  for (Index k = skip; k < set.trajectories; ++k) motions.push_back({set.times, set.states(member, k)});
  return motion_errors(
      f, std::span<const Motion<Dim>>(motions),
      [](const Motion<Dim>& motion) { return motion.states.col(0); }, substeps);
}

/// Measures trajectories likewise, all components together.
template <VectorField Field, int Dim>
double e_traj(const Field& f, const TaskSet<Dim>& set, std::size_t member, Index skip = 1, int substeps = 4) {
  return trajectory_errors(f, set, member, skip, substeps).together();
}

}  // namespace metriplex

#pragma once

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <memory>
#include <string>

#include "metriplex/metriplex.hpp"

namespace metriplex {

/// Tells the power that comes into a member from outside, of systems that are pushed.
inline double power(CartPole, const Vector<double, 5>& x, const Vector<double, 3>&) {
  return x[4] * x[2];
}
inline double power(ForcedDuffing, const Vector<double, 3>& x, const Vector<double, 4>& mu) {
  return mu[2] * std::cos(mu[3] * x[2]) * x[1];
}
inline double power(ParametricPendulum, const Vector<double, 3>& x, const Vector<double, 3>& mu) {
  return 3 * mu[0] * mu[1] * mu[2] * std::sin(mu[2] * x[2]) * std::cos(x[0]);  // ∂H/∂t
}
template <class S>
concept Pushed = requires(const Vector<double, S::dim>& x, const Vector<double, S::parameters>& mu) {
  power(S{}, x, mu);
};

/// Computes what a law is about along a motion: the exact energy, less the work done so far on a system that is pushed, then the
/// entropy, then the Casimirs.
///
/// Shapes: result [laws x times].
template <class S>
Matrix<double> laws_along(const Matrix<double, S::dim>& states, const Vector<double>& times,
                          const Vector<double, S::parameters>& mu) {
  Matrix<double> laws(3, states.cols());
  Index rows = 0;
  double work = 0;
  for (Index k = 0; k < states.cols(); ++k) {
    const Vector<double, S::dim> x = states.col(k);
    rows = 0;
    if constexpr (HasSystemEnergy<S>) laws(rows++, k) = S::energy(x, mu) - work;
    if constexpr (requires { S::entropies; }) laws(rows++, k) = x.template tail<S::entropies>().sum();
    if constexpr (requires { S::casimirs(x); })
      for (const double casimir : S::casimirs(x)) laws(rows++, k) = casimir;
    if constexpr (Pushed<S>)
      if (k + 1 < states.cols()) {
        Vector<double, S::dim> next = states.col(k + 1);
        next.template tail<held_inputs<S>>() = x.template tail<held_inputs<S>>();
        work += (power(S{}, x, mu) + power(S{}, next, mu)) / 2 * (times[k + 1] - times[k]);
      }
  }
  return laws.topRows(rows);
}

/// Writes a motion of a member and what a field makes of its first state, ten times as long as was recorded unless it is pushed:
/// the time, state and laws of the motion, state and laws of the prediction.
///
/// Errors: a motion that there is not, a file that cannot be written.
template <class S, class Learned>
void write_predicted_motion(const std::string& path, const TaskSet<S::dim>& set, std::size_t member,
                            Index motion, const Learned& learned) {
  require(motion >= 0 && motion < set.trajectories,
          {"expected a motion from 0 to ", set.trajectories - 1, ", got ", motion});
  constexpr Index between = 20;
  const Vector<double, S::parameters> mu = set.tasks[member].mu;
  const Matrix<double, S::dim> recorded = set.states(member, motion);
  const Index intervals = (set.samples() - 1) * (Pushed<S> ? 1 : 10);
  const double step = (set.times[1] - set.times[0]) / static_cast<double>(between);
  const Vector<double> times =
      Vector<double>::LinSpaced(intervals * between + 1, 0, step * static_cast<double>(intervals * between));
  Matrix<double> inputs = Matrix<double>::Constant(held_inputs<S>, times.size(), NAN);
  for (Index k = 0; k < set.samples() && Pushed<S>; ++k)
    inputs.col(between * k) = recorded.col(k).tail(held_inputs<S>);

  int substeps = 2;
  if constexpr (requires { S::max_step; })
    substeps = std::max(substeps, static_cast<int>(std::ceil(step / S::max_step)));
  const auto along = [&](const auto& field, const auto& scheme) {
    const Matrix<double, S::dim> states = rollout(field, scheme, Vector<double, S::dim>(recorded.col(0)),
                                                  times, substeps, GivenAtSamples(inputs))
                                              .states;
    const Matrix<double> laws = laws_along<S>(states, times, mu);
    Matrix<double> both(S::dim + laws.rows(), states.cols());
    both.topRows(S::dim) = states;
    both.bottomRows(laws.rows()) = laws;
    return both;
  };
  const Matrix<double> truth = along(exact_field<S>(mu), CooperVerner8{}), predicted = along(learned, Rk4{});
  const std::unique_ptr<std::FILE, int (*)(std::FILE*)> file(std::fopen(path.c_str(), "w"), std::fclose);
  require(file != nullptr, {"expected a file that can be written, got ", path});
  for (Index k = 0; k < times.size(); ++k) {
    std::fprintf(file.get(), "%.6g", times[k]);
    for (const auto* rows : {&truth, &predicted})
      for (Index i = 0; i < rows->rows(); ++i) std::fprintf(file.get(), " %.9g", (*rows)(i, k));
    std::fputc('\n', file.get());
  }
}

}  // namespace metriplex

#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <concepts>
#include <cstddef>
#include <limits>
#include <utility>

#include "metriplex/core/arrays.hpp"
#include "metriplex/core/error.hpp"
#include "metriplex/integrate/integrator.hpp"
#include "metriplex/integrate/stages.hpp"
#include "metriplex/integrate/step_size_control.hpp"

namespace metriplex {

/// Requires a tableau to hold `error`: what the weights `b` have beyond those of a method of order `order` − 1.
template <class Tableau>
concept EmbeddedTableau = requires {
  { Tableau::error[0] } -> std::convertible_to<double>;
};

/// Is an adaptive integration on its way: a state at a time, and the step size found so far.
///
/// Math: `StepSizeControl`; the first step from two derivatives, after Hairer, Nørsett & Wanner 1993, "Solving Ordinary
/// Differential Equations I", II.4, in the state's own units of time.
/// Cost: an attempt is as many evaluations of the field as the tableau has stages, one less where the last stage is
/// the first of the next step, or after a refusal; allocates nothing.
template <EmbeddedTableau Tableau, VectorField F>
class AdaptiveRun {
 public:
  using State = typename F::State;
  using Scalar = ScalarOf<F>;

  /// Starts at the state x and the time t; the field must outlive it.
  ///
  /// Errors: `Error` if an option is out of range, or the time not finite.
  AdaptiveRun(const F& f, const AdaptiveOptions& options, const State& x, double t)
      : f_(&f), options_(options), x_(x), t_(t) {
    require_adaptive_options(options);
    require(std::isfinite(t), {"expected a finite time to start at, got ", t, " in AdaptiveRun"});
  }

  /// Integrates to the time `end`, forwards or backwards; after anything but `ok`, state and time are the last that
  /// were reached.
  ///
  /// Errors: `Error` if the time is not finite.
  [[nodiscard]] StepStatus advance_to(double end) {
    require(std::isfinite(end), {"expected a finite time to integrate to, got ", end, " in AdaptiveRun"});
    for (Index attempt = 0, refusals = 0; t_ != end; ++attempt) {
      if (attempt == options_.max_steps) return StepStatus::too_many_steps;
      if (!rate_known_ && !find_rate()) return StepStatus::non_finite;
      if (std::abs(end - t_) <= smallest()) return take_splinter(end);
      if (control_.size() == 0)
        control_.start(options_.initial_step > 0 ? options_.initial_step : first_size(end - t_));
      const double size = control_.size();
      if (size <= smallest()) return finite_ ? StepStatus::step_underflow : StepStatus::non_finite;

      // The end is met exactly. A step longer by a tenth would as a rule be taken as well (its error grows to
      // 0.99^order of what is allowed), and two equal steps serve better than a whole one and a splinter.
      const double left = std::abs(end - t_);
      const bool last = left <= 1.1 * size, cut = left < 2 * size;
      const double h = last ? left : cut ? left / 2 : size, signed_h = std::copysign(h, end - t_);
      const double square = attempt_step(static_cast<Scalar>(signed_h));
      finite_ = std::isfinite(square) && all_finite(next_);
      if (control_.judge(h, finite_ ? square : std::numeric_limits<double>::infinity(), cut)) {
        take(last ? end : t_ + signed_h);
        refusals = 0;
      } else if (++refusals > 1) {
        widen_sizes(h);
      }
    }
    return StepStatus::ok;
  }

  /// Sets the state, at the time that was reached; the field may have become another, too.
  void go_on_from(const State& x) {
    x_ = x;
    rate_known_ = false;
  }

  const State& state() const { return x_; }
  double time() const { return t_; }

  Index accepted() const { return control_.accepted() + splinters_; }  ///< steps taken
  Index rejected() const { return control_.rejected(); }               ///< attempts with too large an error
  Index evaluations() const { return evaluations_; }                   ///< of the field

 private:
  static constexpr std::size_t stages = Tableau::stages;
  static constexpr int dim = State::RowsAtCompileTime;

  // Whether the last stage is evaluated where the step ends.
  static constexpr bool first_same_as_last = [] {
    for (std::size_t j = 0; j < stages; ++j)
      if (Tableau::a[stages - 1][j] != Tableau::b[j]) return false;
    return true;
  }();

  // Steps that are no longer are rounding beside the time.
  double smallest() const {
    return 16 * std::max(std::numeric_limits<double>::epsilon() * std::abs(t_),
                         static_cast<double>(std::numeric_limits<Scalar>::min()));
  }

  void evaluate(const State& x, State& rate) {
    (*f_)(x, rate);
    ++evaluations_;
  }

  bool find_rate() {
    if (!all_finite(x_)) return false;
    evaluate(x_, rate_);
    return rate_known_ = all_finite(rate_);
  }

  // An interval of a few roundings of the time, as between 0.3 and 0.1 + 0.1 + 0.1, says nothing about sizes of steps.
  StepStatus take_splinter(double end) {
    attempt_step(static_cast<Scalar>(end - t_));
    if (!all_finite(next_)) return StepStatus::non_finite;
    take(end);
    ++splinters_;
    return StepStatus::ok;
  }

  // A component's size is the largest it had, fading by a tenth a step, that zeros on the way do not count.
  State sizes_with(const State& next) const {
    State sizes;
    for (int i = 0; i < dim; ++i)
      sizes[i] = std::max({std::abs(x_[i]), std::abs(next[i]), static_cast<Scalar>(0.9) * sizes_[i]});
    return sizes;
  }

  // A component at rest between others, whose rate is no more than their rounding, has no size by which that could be
  // judged: attempts go on being refused. It gets the one that it would have in a step if they did not cancel.
  void widen_sizes(double h) {
    const Scalar part = std::sqrt(std::numeric_limits<Scalar>::epsilon()) / dim;
    State beside, rate;
    for (int i = 0; i < dim; ++i) beside[i] = x_[i] * (1 + part * static_cast<Scalar>(i + 1));
    evaluate(beside, rate);
    for (int i = 0; i < dim && all_finite(rate); ++i)
      sizes_[i] = std::max(sizes_[i], static_cast<Scalar>(h) * std::abs(rate[i] - rate_[i]) / part);
  }

  // Guesses the step whose error is 1/100 from the time in which the rate's change would move a component by as much as
  // the component is, or as its rate moves it: one that begins near zero has no time scale of its own.
  double first_size(double left) {
    const double allowed = relative_tolerance<Scalar>(options_), beside = options_.absolute / allowed;
    double time = std::abs(left);
    State change;
    for (int look = 0; look < 4; ++look) {
      const double h = time / 100;
      const Scalar dt = static_cast<Scalar>(std::copysign(h, left));
      for (int i = 0; i < dim; ++i) next_[i] = x_[i] + dt * rate_[i];
      evaluate(next_, change);
      double shortest = all_finite(change) ? std::numeric_limits<double>::infinity() : 0;
      for (int i = 0; i < dim && shortest > 0; ++i) {
        const double bend = static_cast<double>(std::abs(change[i] - rate_[i])) / h;
        const double size = static_cast<double>(std::abs(x_[i])) + beside,
                     rate = static_cast<double>(std::abs(rate_[i]));
        if (bend > 0) shortest = std::min(shortest, std::max(std::sqrt(size / bend), rate / bend));
      }
      const bool seen = shortest >= 10 * h;  // by a step much shorter than what it shows
      if (std::isfinite(shortest)) time = seen ? shortest : std::max(shortest, h);
      if (seen) break;
    }
    return time * std::pow(0.01 * allowed, 1.0 / Tableau::order);
  }

  // Computes next_ and, where it is at hand, the rate there; returns the mean square of the error.
  double attempt_step(Scalar dt) {
    std::array<State, stages> k;  // on the stack, whence the compiler may keep it in registers
    const State x = x_;
    State next, error;
    k[0] = rate_;
    [&]<std::size_t... i>(std::index_sequence<i...>) {
      ((move_along<StageWeights<Tableau, i + 1>, i + 1>(k, x, dt, next), (*f_)(next, k[i + 1])), ...);
    }
    (std::make_index_sequence<stages - 1>{});
    evaluations_ += stages - 1;
    if constexpr (!first_same_as_last) move_along<StepWeights<Tableau>, stages>(k, x, dt, next);
    sum_stages<ErrorWeights<Tableau>, stages>(k, dt, error);
    next_ = next;
    if constexpr (first_same_as_last) next_rate_ = k[stages - 1];
    return mean_square(options_, error, sizes_with(next));
  }

  void take(double t) {
    t_ = t;
    sizes_ = sizes_with(next_);
    x_ = next_;
    if constexpr (first_same_as_last) rate_ = next_rate_;
    rate_known_ = first_same_as_last;
  }

  const F* f_;
  AdaptiveOptions options_;
  StepSizeControl control_{Tableau::order};
  State x_, rate_, next_, next_rate_, sizes_ = State::Zero();
  double t_;
  bool rate_known_ = false, finite_ = true;
  Index evaluations_ = 0, splinters_ = 0;
};

}  // namespace metriplex

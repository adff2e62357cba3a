#pragma once

#include <algorithm>
#include <cmath>
#include <limits>

#include "metriplex/adapt/latent_filter.hpp"
#include "metriplex/adapt/latent_prior.hpp"
#include "metriplex/adapt/surprise.hpp"
#include "metriplex/adapt/window_fit.hpp"
#include "metriplex/model/latent_jacobian.hpp"

namespace metriplex {

/// Sets what a `LatentEstimator` remembers and when it doubts.
struct LatentEstimatorOptions {
  double memory = 1;   ///< what earlier measurements count after one more; below 1 for systems that change
  int iterations = 3;  ///< linearisations a measurement, at most
  double model_error = 4;  ///< how much worse the model knows unseen members than those it was trained on
  double surprise_memory = 0.9;  ///< what earlier surprises count
  int patience = 50;  ///< measurements within which a system that was started anew may not surprise again
  double false_alarms = 1e-6;  ///< probability at a measurement that a member of the family raises the flag
};

/// Says what a `LatentEstimator` makes of its stream.
enum class StreamStatus {
  learning,   ///< a member of the family, known from no more measurements than `patience`
  following,  ///< a member of the family
  reconsidering,  ///< it surprises soon after the start: what is known is provisional, a fit of the last measurements goes on
  out_of_family  ///< none of the systems that the model was trained on, as it seems
};

/// Follows the latent of a system from one measurement (x, dx/dt) after another, starts anew where the system has changed, and
/// tells when it is none of the family.
///
/// Math: `LatentFilter` on the whitened latent u, z = z₀ + L u, with residuals (f(x; z) − ẋ)/σ. Measurements whose innovations are
/// outliers are weighed down; innovations that go on to surprise (`Surprise`) are none. Then all that was measured is forgotten: a
/// member with another load may explain what follows. Where that surprises again within `patience`, all since then (up
/// to 16) is fitted at once (`WindowFit`), since linearising one by one may have gone astray; if no member explains it,
/// the flag is raised, until nothing has surprised for as many measurements.
/// Cost: an update takes up to `iterations` + 1 evaluations of the field and its derivative, and while it reconsiders, for up to 18
/// measurements, 16 more. One takes as long as 22 fields a latent dimension. After the construction nothing is
/// allocated, and with a `ConstantModel` nothing at all.
template <class ModelType>
class LatentEstimator {
  using Scalar = typename ModelType::Scalar;
  static constexpr int dim = ModelType::dimension, size = ModelType::latent_at_compile_time;

 public:
  using Model = ModelType;
  using Options = LatentEstimatorOptions;
  using State = Vector<Scalar, dim>;
  using Latent = typename Model::Latent;
  using Covariance = Matrix<double, size, size>;

  /// Prepares for a model that outlives it, and measured rates whose errors have deviations `noise`, to which the model's own
  /// is added (`Scaling::rate_error`, of which unseen members have more; root of the sum of squares).
  ///
  /// Units: noise as dx/dt, a component each; one that is infinite is never measured.
  /// Errors: deviations that are not positive, that cannot be squared, or all infinite; options out of range.
  LatentEstimator(const Model& model, const State& noise, const Options& options = {})
      : options_(options),
        prior_(model),
        field_(model),
        filter_(model.latent(), dim, {.memory = options.memory, .iterations = options.iterations}),
        surprise_({.memory = options.surprise_memory, .false_alarms = options.false_alarms}),
        window_(model.latent()),
        z_(model.mean_latent()) {
    require(options.model_error >= 0 && std::isfinite(options.model_error) && options.patience >= 1,
            "LatentEstimator needs a finite model_error >= 0 and a patience >= 1");
    for (int i = 0; i < dim; ++i) {
      const auto given = static_cast<double>(noise[i]);
      require(given > 0, {"LatentEstimator needs positive deviations of measured rates; got ", given,
                          " of component ", i});
      noise_[i] = std::hypot(given, options.model_error * static_cast<double>(model.scaling().rate_error[i]));
      require(std::isinf(given) || (std::isnormal(given * given) && std::isnormal(noise_[i] * noise_[i])),
              {"LatentEstimator needs deviations whose squares are numbers, or infinite ones; got ", given,
               " of component ", i, ", with the model's error ", noise_[i]});
    }
    require(noise_.minCoeff() < std::numeric_limits<double>::infinity(),
            "LatentEstimator needs a component that is measured; got infinite deviations of all");
    by_latent_.setZero(dim, model.latent());
    row_.setZero(model.latent());
    at_.setZero(model.latent());
    reset();
  }

  /// Forgets all that was measured, and takes the model as it is now.
  void reset() {
    at_.fill(std::numeric_limits<double>::quiet_NaN());  // nowhere
    start_anew();
    changes_ = 0;
    status_ = StreamStatus::learning;
    move_to(filter_.u());
  }

  /// Takes a measurement; components of dx that are NaN are missing, and one whose state is not finite is refused.
  ///
  /// Returns its innovation.
  Innovation update(const State& x, const State& dx) {
    evaluations_ = 0;
    Index rows = 0;
    for (int i = 0; i < dim && all_finite(x); ++i) rows += is_seen(dx, i);
    if (rows > 0) window_.keep(x, dx);
    const Innovation innovation = filter_.update(
        rows,
        [&](const auto& u, auto& residual, auto& jacobian) {
          move_to(u);
          Index r = 0;
          errors(x, dx, [&](double error, const double* row) {
            residual[r] = error;
            for (Index k = 0; k < row_.size(); ++k) jacobian(r, k) = row[k];
            ++r;
          });
        },
        surprise_.bound(rows));
    if (innovation.terms > 0) judge(innovation);
    move_to(filter_.u());
    return innovation;
  }

  /// The most probable latent.
  const Latent& z() const { return z_; }
  /// The system identified so far, as a vector field.
  const typename Model::Bound& member() const { return field_.member(); }
  /// Writes the covariance of z.
  void covariance(Covariance& covariance) const {
    filter_.covariance(covariance);
    prior_.spread_covariance(covariance);
  }

  /// Returns how probable it is that a member of the family surprises more than this system has of late.
  double plausibility() const { return surprise_.plausibility(); }
  /// What the stream seems to be.
  StreamStatus status() const { return status_; }
  /// Whether this system seems to be none of those that the model was trained on.
  bool out_of_family() const { return status_ == StreamStatus::out_of_family; }
  /// Counts how often the system became another member of the family.
  Index changes() const { return changes_; }
  /// Counts the evaluations of the field and its derivative that the last update took.
  Index evaluations() const { return evaluations_; }

 private:
  /// Moves to the member of u, unless it is there: an update begins where the last one ended, and the derivatives of the
  /// weights are most of what an evaluation costs.
  template <class U>
  void move_to(const U& u) {
    bool there = true;
    for (Index k = 0; k < at_.size(); ++k) there = there && at_[k] == u[k];
    if (there) return;
    for (Index k = 0; k < at_.size(); ++k) at_[k] = u[k];
    prior_.latent_of(u.data(), z_);
    field_.move_to(z_);
  }

  bool is_seen(const State& dx, int i) const { return std::isfinite(dx[i]) && std::isfinite(noise_[i]); }

  /// Calls add(error, row) for what was measured of a rate, in deviations, with its derivative by u.
  template <class Add>
  void errors(const State& x, const State& dx, Add&& add) {
    constexpr double absurd = 1e100;  // as far off as can still be squared and summed
    field_(x, 0, 1, rate_.data(), by_latent_.data(), dim);
    ++evaluations_;
    for (int i = 0; i < dim; ++i) {
      if (!is_seen(dx, i)) continue;
      for (Index k = 0; k < row_.size(); ++k) row_[k] = static_cast<double>(by_latent_(i, k)) / noise_[i];
      prior_.pull_back(row_.data());
      const double error = (static_cast<double>(rate_[i]) - static_cast<double>(dx[i])) / noise_[i];
      add(std::clamp(error, -absurd, absurd), row_.data());
    }
  }

  void start_anew() {
    filter_.reset();
    surprise_.reset();
    window_.clear();
    since_ = calm_ = 0;
  }

  /// Moves to the next status.
  void judge(const Innovation& innovation) {
    surprise_.add(innovation);
    const bool surprised = surprise_.surprised(), young = since_ < options_.patience;
    since_ += young;
    calm_ = surprised ? 0 : std::min(calm_ + 1, options_.patience);
    switch (status_) {
      case StreamStatus::learning:
        if (surprised) {
          window_.begin(filter_.u());
          status_ = StreamStatus::reconsidering;
        } else if (!young) {
          status_ = StreamStatus::following;
        }
        break;
      case StreamStatus::following:
        if (surprised) {
          ++changes_;
          start_anew();
          status_ = StreamStatus::learning;
        }
        break;
      case StreamStatus::reconsidering:
        break;
      case StreamStatus::out_of_family:
        if (calm_ == options_.patience)
          status_ = StreamStatus::following;
        else if (surprised && !young)
          start_anew();
    }
    if (status_ == StreamStatus::reconsidering) reconsider();
  }

  /// Goes on with the fit of the window; if a member explains it, starts again from there.
  void reconsider() {
    if (window_.advance(
            surprise_, [&](const auto& u) { move_to(u); },
            [&](const auto& x, const auto& dx, auto&& add) { errors(x, dx, add); }))
      return;
    status_ = StreamStatus::out_of_family;
    if (!window_.explains()) return;
    status_ = StreamStatus::learning;
    filter_.restart(window_.best(), window_.factor());
    surprise_.reset();
  }

  Options options_;
  State rate_;
  Vector<double, dim> noise_;
  LatentPrior<Model> prior_;
  LatentJacobian<Model, 1> field_;
  LatentFilter<size, dim> filter_;
  Surprise<dim> surprise_;
  WindowFit<size, dim, Scalar> window_;
  Latent z_;
  Matrix<Scalar, dim, size> by_latent_;
  Vector<double, size> row_, at_;  // a row of the derivative; the u moved to last
  Index changes_ = 0, evaluations_ = 0;
  int since_ = 0,
      calm_ = 0;  // measurements since the last start and since the last surprise, up to `patience`
  StreamStatus status_ = StreamStatus::learning;
};

}  // namespace metriplex

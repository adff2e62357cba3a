#pragma once

#include <algorithm>
#include <cmath>
#include <limits>

#include "metriplex/adapt/chi_square.hpp"
#include "metriplex/adapt/latent_filter.hpp"
#include "metriplex/adapt/latent_prior.hpp"
#include "metriplex/adapt/least_squares.hpp"
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

/// Follows the latent of a system from one measurement (x, dx/dt) after another, starts anew where the system has changed, and
/// tells when it is none of the family.
///
/// Math: `LatentFilter` on the whitened latent u, z = z₀ + L u, with residuals (f(x; z) − ẋ)/σ. What comes surprises where the innovations
/// ν, Σₛ λᵗ⁻ˢ νₛ with λ = `surprise_memory`, exceed the quantile of the chi-square distribution of as large a mean and
/// variance (Satterthwaite 1946; Bar-Shalom, Li & Kirubarajan 2001, "Estimation with applications to tracking and
/// navigation", 5.4). Then all that was measured is forgotten: a member with another load may
/// explain what follows. Where that surprises again within `patience`, all since then (up to `window`) is fitted at once, since
/// linearising one by one may have gone astray; if no member explains it, the flag is raised.
/// Cost: an iteration costs about 22 evaluations of the field for four latent dimensions. After the construction nothing
/// is allocated, and with a `ConstantModel` nothing at all. A surprise costs up to 16 iterations for each measurement in the window.
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
  static constexpr Index window =
      16;  ///< measurements that are kept, to be fitted at once where they surprise

  /// Prepares for a model that outlives it, and measured rates whose errors have deviations `noise`, to which the model's own
  /// is added (`Scaling::rate_error`, of which unseen members have more; root of the sum of squares).
  ///
  /// Units: noise as dx/dt, a component each; one that is infinite is never measured.
  /// Errors: deviations that are not positive; options out of range.
  LatentEstimator(const Model& model, const State& noise, const Options& options = {})
      : options_(options),
        noise_(noise),
        prior_(model),
        field_(model),
        filter_(model.latent(), dim, {.memory = options.memory, .iterations = options.iterations}),
        z_(model.mean_latent()),
        search_({.iterations = 8, .tolerance = 1e-1}) {
    require(options.surprise_memory >= 0 && options.surprise_memory < 1 && options.model_error >= 0 &&
                options.patience >= 1 && options.false_alarms > 0 && options.false_alarms < 1,
            "LatentEstimator needs a surprise_memory from 0 to below 1, a model_error >= 0, a patience >= 1 "
            "and false_alarms between 0 and 1");
    for (int i = 0; i < dim; ++i)
      require(noise[i] > 0, {"LatentEstimator needs positive deviations of measured rates; got ",
                             static_cast<double>(noise[i]), " of component ", i});
    for (int i = 0; i < dim; ++i)
      noise_[i] =
          std::hypot(noise[i], static_cast<Scalar>(options.model_error) * model.scaling().rate_error[i]);
    by_latent_.setZero(dim, model.latent());
    for (auto* v : {&row_, &u_, &best_}) v->setZero(model.latent());
    // Makes room once and for all.
    search_.search(u_, [](const auto& u, auto& sums) { sums.start(u, u.size()); });
    factor_.setIdentity(model.latent(), model.latent());
    reset();
  }

  /// Forgets all that was measured.
  void reset() {
    start_anew();
    changes_ = 0;
    flagged_ = false;
    finish();
  }

  /// Takes a measurement; components of dx that are NaN are missing, and one whose state is not finite is refused.
  ///
  /// Returns its innovation.
  Innovation update(const State& x, const State& dx) {
    Index rows = 0;
    for (int i = 0; i < dim && all_finite(x); ++i) rows += is_seen(dx, i);
    if (rows > 0) {
      last_ = (last_ + 1) % window;
      x_.col(last_) = x;
      dx_.col(last_) = dx;
      kept_ = std::min(kept_ + 1, window);
    }
    const Innovation innovation = filter_.update(rows, [&](const auto& u, auto& residual, auto& jacobian) {
      move_to(u);
      Index r = 0;
      errors(x, dx, [&](double error, const double* row) {
        residual[r] = error;
        for (Index k = 0; k < row_.size(); ++k) jacobian(r, k) = row[k];
        ++r;
      });
    });
    if (innovation.terms > 0) judge(innovation);
    finish();
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
  double plausibility() const {
    if (variance_ == 0) return 1;
    const double scale = variance_ / (2 * mean_);
    return chi_square_split(surprise_ / scale, mean_ / scale).above;
  }
  /// Whether this system seems to be none of those that the model was trained on.
  bool out_of_family() const { return flagged_; }
  /// Counts how often the system became another member of the family.
  int changes() const { return changes_; }

 private:
  template <class U>
  void move_to(const U& u) {
    prior_.latent_of(u.data(), z_);
    field_.move_to(z_);
  }
  void finish() { move_to(filter_.u()); }

  bool is_seen(const State& dx, int i) const { return std::isfinite(dx[i]) && std::isfinite(noise_[i]); }

  /// Calls add(error, row) for what was measured of a rate, in deviations, with its derivative by u.
  template <class Add>
  void errors(const State& x, const State& dx, Add&& add) {
    field_(x, 0, 1, rate_.data(), by_latent_.data(), dim);
    for (int i = 0; i < dim; ++i) {
      if (!is_seen(dx, i)) continue;
      for (Index k = 0; k < row_.size(); ++k) row_[k] = static_cast<double>(by_latent_(i, k) / noise_[i]);
      prior_.pull_back(row_.data());
      add(static_cast<double>((rate_[i] - dx[i]) / noise_[i]), row_.data());
    }
  }

  void start_anew() {
    filter_.reset();
    surprise_ = mean_ = variance_ = 0;
    since_ = 0;
    kept_ = 0;
  }

  /// Fits the measurements in the window at once, from here and from the mean; returns whether a member explains them.
  bool reconsider() {
    double least = std::numeric_limits<double>::infinity();
    Index terms = 0;
    for (const bool here : {true, false}) {
      if (here)
        u_ = filter_.u();
      else
        u_.setZero();
      search_.search(u_, [&](const auto& u, auto& sums) {
        move_to(u);
        sums.start(u, u.size());
        terms = 0;
        for (Index k = 0; k < kept_; ++k) {
          const Index at = (last_ - k + window) % window;
          errors(x_.col(at), dx_.col(at), [&](double error, double* row) {
            sums.add(error, row, 0);
            ++terms;
          });
        }
      });
      if (!(search_.best().objective < least)) continue;
      least = search_.best().objective;
      best_ = u_;
      factor_ = search_.best().normal;
    }
    if (!std::isfinite(least) || !factor_cholesky(best_.size(), factor_.data())) return false;
    if (chi_square_split(least, static_cast<double>(terms)).above < options_.false_alarms) return false;
    filter_.restart(best_, factor_);
    surprise_ = mean_ = variance_ = 0;
    return true;
  }

  void judge(const Innovation& innovation) {
    const double keep = options_.surprise_memory;
    surprise_ = keep * surprise_ + innovation.square;
    mean_ = keep * mean_ + static_cast<double>(innovation.terms);
    variance_ = keep * keep * variance_ + 2.0 * static_cast<double>(innovation.terms);
    const bool surprised = plausibility() < options_.false_alarms;
    if (++since_ <= options_.patience) {
      if (surprised && !flagged_) flagged_ = !reconsider();
    } else if (surprised) {
      changes_ += !flagged_;
      start_anew();
    } else {
      flagged_ = false;
    }
  }

  Options options_;
  State noise_, rate_;
  LatentPrior<Model> prior_;
  LatentJacobian<Model, 1> field_;
  LatentFilter<size, dim> filter_;
  Latent z_;
  Matrix<Scalar, dim, size> by_latent_;
  Vector<double, size> row_, u_, best_;
  Matrix<double, size, size> factor_;
  LevenbergMarquardt<size> search_;
  Matrix<Scalar, dim, window> x_, dx_;  // measured last, a ring
  Index last_ = 0, kept_ = 0;
  double surprise_ = 0, mean_ = 0, variance_ = 0;  // the sum of innovations, and what is expected of it
  int since_ = 0, changes_ = 0;                    // measurements since the last start
  bool flagged_ = false;
};

}  // namespace metriplex

#pragma once

#include <cmath>
#include <limits>
#include <memory>

#include "metriplex/adapt/chi_square.hpp"
#include "metriplex/adapt/latent_prior.hpp"
#include "metriplex/adapt/sensitivity.hpp"
#include "metriplex/core/random.hpp"
#include "metriplex/integrate/rollout.hpp"
#include "metriplex/integrate/runge_kutta.hpp"

namespace metriplex {

/// States along a motion, and the standard deviation of each component.
template <class Scalar, int Dim>
struct MotionBand {
  Matrix<Scalar, Dim> mean;
  Matrix<double, Dim> deviation;
};

/// Tells what an uncertain latent leaves uncertain of the field, the energy and a motion.
///
/// Math: linearised, cov f = F C Fᵀ + diag(ε²), F = ∂f/∂z, C the covariance of z, ε the model's own error (`Scaling::rate_error`);
/// var(E(x) − E(r)) = g C gᵀ, g = ∂(E(x) − E(r))/∂z; cov x(t) = X_z C X_zᵀ + X_0 P X_0ᵀ through the integrator. By samples:
/// z ~ N(z, C).
template <class ModelType>
class Uncertainty {
  using Scalar = typename ModelType::Scalar;
  static constexpr int dim = ModelType::dimension;

 public:
  using Model = ModelType;
  using State = Vector<Scalar, dim>;
  using StateCovariance = Matrix<double, dim, dim>;
  using Latent = typename Model::Latent;
  using Band = MotionBand<Scalar, dim>;

  /// Prepares for a model that outlives it; `condition` says what is known.
  explicit Uncertainty(const Model& model)
      : model_(model), motion_(model), weights_(model), d_weights_(Vector<Scalar>::Zero(Model::base_size)) {
    condition(model.mean_latent(), Matrix<double>::Zero(model.latent(), model.latent()));
  }

  /// Takes what adaptation found.
  ///
  /// Shapes: z [latent]; covariance [latent x latent].
  /// Errors: another shape, NaN or Inf.
  template <class C>
  void condition(const Latent& z, const C& covariance) {
    require(covariance.rows() == model_.latent() && covariance.cols() == model_.latent(),
            {"uncertainty needs a covariance [", model_.latent(), " x ", model_.latent(), "]; got [",
             covariance.rows(), " x ", covariance.cols(), "]"});
    z_ = z;
    covariance_ = covariance;
    require(all_finite(z_) && all_finite(covariance_),
            "uncertainty needs a finite latent and covariance; got a NaN or Inf");
    motion_.move_to(z);
    weights_.move_to(z);
  }

  /// Evaluates the field and its covariance.
  State field(const State& x, StateCovariance& covariance) {
    State f;
    const auto& by_latent = motion_.field(x, f);
    spread(by_latent, 0, covariance);
    for (int i = 0; i < dim; ++i)
      covariance(i, i) += std::pow(static_cast<double>(model_.scaling().rate_error[i]), 2);
    return f;
  }

  /// Tells whether a value of the field lies in the region around the expected one that holds it with a probability.
  bool covers(const State& x, const State& value, double probability) {
    StateCovariance c;
    const State f = field(x, c);
    double off[dim], solved[dim], square = 0;
    constexpr double rounding = 64 * static_cast<double>(std::numeric_limits<Scalar>::epsilon());
    for (int i = 0; i < dim; ++i) {  // directions that are certain, each component in its own unit
      c(i, i) += 1e-12 * c(i, i) + std::pow(rounding * static_cast<double>(f[i]), 2) + 1e-300;
      off[i] = solved[i] = static_cast<double>(value[i]) - static_cast<double>(f[i]);
    }
    if (!factor_cholesky(dim, c.data())) return false;
    solve_cholesky(dim, c.data(), solved);
    for (int i = 0; i < dim; ++i) square += off[i] * solved[i];
    return square <= chi_square_quantile(probability, dim);
  }

  /// Returns the standard deviation of E(x) − E(reference): the energy itself is known up to a constant only.
  double energy_deviation(const State& x, const State& reference) {
    alignas(64) Scalar tile[points * dim], rate[points * dim], d_rate[points * dim] = {};
    alignas(64) Scalar d_energy[points] = {Scalar(1), Scalar(-1)};
    for (int p = 0; p < points; ++p)
      for (int i = 0; i < dim; ++i) tile[i * points + p] = p == 0 ? x[i] : reference[i];
    const Scalar* weights = weights_.member().weights().data();
    sweep_->template forward<true>(weights, model_.scaling(), tile, rate);
    sweep_->pullback(weights, model_.scaling(), d_energy, d_rate, d_weights_.data(), nullptr, true);
    Vector<double> slope(model_.latent());
    for (Index k = 0; k < slope.size(); ++k) {
      slope[k] = 0;
      const Scalar* tangent = column(weights_.weight_tangents(), k);
      for (Index w = 0; w < Model::base_size; ++w)
        slope[k] += static_cast<double>(tangent[w]) * static_cast<double>(d_weights_[w]);
    }
    double variance = 0;
    for (Index k = 0; k < slope.size(); ++k)
      for (Index l = 0; l < slope.size(); ++l) variance += slope[k] * covariance_(k, l) * slope[l];
    return std::sqrt(std::max(variance, 0.0));
  }

  /// Rolls out a motion with its linearised deviations, from an initial state with a covariance of its own; at_step(k, x) may set
  /// what is given, at_step(k, x, rate) also how it changes in the step to come.
  ///
  /// Shapes: mean, deviation of the result [dim x steps + 1].
  /// Errors: fewer than 0 steps.
  template <class AtStep = LeaveState>
  Band rollout(const State& x0, Scalar h, Index steps,
               const StateCovariance& initial = StateCovariance::Zero(), AtStep&& at_step = {}) {
    require(steps >= 0, {"a band needs steps >= 0; got ", steps});
    Band band{Matrix<Scalar, dim>(dim, steps + 1), Matrix<double, dim>(dim, steps + 1)};
    State x = x0;
    typename Sensitivity<Model>::Derivatives s(dim, dim + model_.latent());
    motion_.start(s);
    constexpr bool ramps = requires {
      at_step(steps, x, x);
    };
    State rate = State::Constant(std::numeric_limits<Scalar>::quiet_NaN());
    for (Index k = 0; k <= steps; ++k) {
      if (k > 0) motion_.step(x, s, h, ramps ? &rate : nullptr);
      if constexpr (ramps)
        at_step(k, x, rate);
      else
        at_step(k, x);
      StateCovariance c;
      spread(s, dim, c);
      for (int i = 0; i < dim; ++i) {
        double own = 0;
        for (int a = 0; a < dim; ++a)
          for (int b = 0; b < dim; ++b)
            own += static_cast<double>(s(i, a)) * initial(a, b) * static_cast<double>(s(i, b));
        band.mean(i, k) = x[i];
        band.deviation(i, k) = std::sqrt(std::max(c(i, i) + own, 0.0));
      }
    }
    return band;
  }

  /// Draws a latent.
  Latent sample(Random& random) const {
    const Index n = model_.latent();
    Matrix<double> factor = covariance_;
    for (Index i = 0; i < n; ++i) factor(i, i) += 1e-12 * factor(i, i) + 1e-300;
    require(factor_cholesky(n, factor.data()), "uncertainty needs a covariance that is positive definite");
    Latent z = z_;
    for (Index j = 0; j < n; ++j) {
      const double u = random.normal();
      for (Index i = j; i < n; ++i) z[i] += static_cast<Scalar>(factor(i, j) * u);
    }
    return z;
  }

  /// Rolls out motions of `count` drawn latents by any integrator, and sums up those that stay finite.
  ///
  /// Shapes: mean, deviation of the result [dim x steps + 1].
  /// Errors: fewer than 0 steps, or than two motions that stay finite.
  template <class Integrator = Rk4>
  Band sample_rollout(const State& x0, Scalar h, Index steps, int count, Random& random,
                      const Integrator& integrator = {}) const {
    require(steps >= 0, {"a band needs steps >= 0; got ", steps});
    Matrix<double, dim> sum = Matrix<double, dim>::Zero(dim, steps + 1), square = sum, path = sum;
    int finite = 0;
    for (int s = 0; s < count; ++s) {
      const auto member = model_.bind(sample(random));
      State x = x0;
      bool ok = true;
      for (Index k = 0; k <= steps && ok; ++k) {
        if (k > 0) ok = integrator.step(member, x, h) == StepStatus::ok;
        // Deviations from the initial state, so that squares do not cancel.
        for (int i = 0; i < dim; ++i) path(i, k) = static_cast<double>(x[i]) - static_cast<double>(x0[i]);
      }
      if (!ok) continue;
      ++finite;
      for (Index k = 0; k < path.size(); ++k) {
        sum.data()[k] += path.data()[k];
        square.data()[k] += path.data()[k] * path.data()[k];
      }
    }
    require(finite >= 2, {"sampling motions needs at least 2 that stay finite; got ", finite, " of ", count});
    Band band{Matrix<Scalar, dim>(dim, steps + 1), Matrix<double, dim>(dim, steps + 1)};
    for (Index k = 0; k <= steps; ++k)
      for (int i = 0; i < dim; ++i) {
        const double mean = sum(i, k) / finite;
        band.mean(i, k) = static_cast<Scalar>(static_cast<double>(x0[i]) + mean);
        band.deviation(i, k) = std::sqrt(std::max(0.0, (square(i, k) - finite * mean * mean) / (finite - 1)));
      }
    return band;
  }

 private:
  static constexpr int points = lanes<Scalar> > 1 ? lanes<Scalar> : 2;
  using Sweep = typename Model::Bound::template Sweep<points>;

  /// Writes D C Dᵀ for the derivatives by the latent in the columns of `d` from `first` on.
  template <class D>
  void spread(const D& d, int first, StateCovariance& c) const {
    const Index n = model_.latent();
    for (int a = 0; a < dim; ++a)
      for (int b = 0; b < dim; ++b) {
        double sum = 0;
        for (Index k = 0; k < n; ++k)
          for (Index l = 0; l < n; ++l)
            sum += static_cast<double>(d(a, first + k)) * covariance_(k, l) *
                   static_cast<double>(d(b, first + l));
        c(a, b) = sum;
      }
  }

  const Model& model_;
  Sensitivity<Model> motion_;
  LatentJacobian<Model, 1> weights_;
  Vector<Scalar> d_weights_;
  std::unique_ptr<Sweep> sweep_ = std::make_unique<Sweep>();
  Latent z_;
  Matrix<double> covariance_;
};

}  // namespace metriplex

#pragma once

#include <algorithm>
#include <cmath>

#include "metriplex/model/latent_jacobian.hpp"

namespace metriplex {

/// Steps a state of one member of a family together with its derivatives by the initial state and by the latent.
///
/// Math: Runge and Kutta's scheme of order 4 for ẋ = f(x; z), Ṡ = ∂f/∂x S + (0 | ∂f/∂z), S(0) = (I | 0): exactly the derivative of
/// that scheme for x alone, since the scheme of a derivative is the derivative of the scheme (Hairer, Nørsett & Wanner 1993, I.14).
/// Cost: four times a field and two more for each component of x and z. After the construction nothing is allocated.
template <class ModelType>
class Sensitivity {
  using Scalar = typename ModelType::Scalar;
  static constexpr int dim = ModelType::dimension, latent = ModelType::latent_at_compile_time;
  static_assert(Eigen::Dynamic < 0);

 public:
  using State = Vector<Scalar, dim>;
  /// [dim x dim + latent]
  using Derivatives = Matrix < Scalar, dim, latent<0 ? Eigen::Dynamic : dim + latent>;
  /// [dim x latent]
  using LatentDerivatives = Matrix<Scalar, dim, latent>;

  explicit Sensitivity(const ModelType& model) : Sensitivity(model, model.scaling()) {}

  /// With a scaling of its own, as `LatentJacobian`.
  Sensitivity(const ModelType& model, const typename ModelType::Scale& scaling) : field_(model, scaling) {
    f_z_.resize(dim, model.latent());
    for (Derivatives* s : {&stage_, &rate_, &sum_}) s->setZero(dim, dim + model.latent());
  }

  /// Moves to the member of latent z.
  void move_to(const typename ModelType::Latent& z) { field_.move_to(z); }
  const typename ModelType::Bound& member() const { return field_.member(); }

  /// Starts a motion at a state that is known by itself.
  static void start(Derivatives& s) {
    s.setZero();
    for (int i = 0; i < dim; ++i) s(i, i) = Scalar(1);
  }

  /// Evaluates the field, and its derivative by the latent.
  ///
  /// Shapes: f [dim]; returns [dim x latent].
  const LatentDerivatives& field(const State& x, State& f) {
    field_(x, 0, 1, f.data(), f_z_.data(), dim);
    return f_z_;
  }

  /// Steps x, and its derivatives s [dim x dim + latent], by h; what is given changes at the rate in its place of `given_rate`, unless
  /// that is null or not finite.
  void step(State& x, Derivatives& s, Scalar h, const State* given_rate = nullptr) {
    constexpr Scalar nodes[] = {Scalar(0), Scalar(0.5), Scalar(0.5), Scalar(1)};
    constexpr Scalar weights[] = {Scalar(1) / 6, Scalar(1) / 3, Scalar(1) / 3, Scalar(1) / 6};
    const State x0 = x;
    State f = State::Zero();
    rate_.setZero();
    sum_ = s;
    for (int i = 0; i < 4; ++i) {
      State at;
      for (int r = 0; r < dim; ++r) at[r] = x0[r] + h * nodes[i] * f[r];
      for (Index k = 0; k < s.size(); ++k) stage_.data()[k] = s.data()[k] + h * nodes[i] * rate_.data()[k];
      differentiate(at, f);
      for (int r = dim - given_count<typename ModelType::Structure>; given_rate && r < dim; ++r)
        if (std::isfinite((*given_rate)[r])) f[r] = (*given_rate)[r];
      for (int r = 0; r < dim; ++r) x[r] += h * weights[i] * f[r];
      for (Index k = 0; k < s.size(); ++k) sum_.data()[k] += h * weights[i] * rate_.data()[k];
    }
    s = sum_;
  }

 private:
  /// Writes the rates of the state and, into rate_, of the derivatives in stage_.
  void differentiate(const State& x, State& f) {
    typename ModelType::Bound::Jacobian a;
    field(x, f);
    field_.by_state(a);
    for (Index k = 0; k < stage_.cols(); ++k)
      for (int i = 0; i < dim; ++i) {
        Scalar sum = k < dim ? Scalar(0) : f_z_(i, k - dim);
        for (int j = 0; j < dim; ++j) sum += a(i, j) * stage_(j, k);
        rate_(i, k) = sum;
      }
  }

  LatentJacobian<ModelType, 1> field_;
  LatentDerivatives f_z_;
  Derivatives stage_, rate_, sum_;
};

}  // namespace metriplex

#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <optional>

#include "metriplex/autodiff/dual.hpp"
#include "metriplex/core/linear_algebra.hpp"
#include "metriplex/core/magnitude.hpp"
#include "metriplex/model/certificate.hpp"
#include "metriplex/model/model.hpp"
#include "metriplex/model/supply.hpp"
#include "metriplex/systems/sample_system.hpp"

namespace metriplex {

/// Sets how hard `certify` looks.
struct CertifyOptions {
  Index states = 1000;  ///< of each latent
  std::uint64_t seed = 0;
};

namespace detail {

/// Looks at one state of a model with friction: its two operators and what they do to the gradients.
template <class Bound>
void certify_friction(const Bound& model, const typename Bound::State& x, Certificate& found) {
  using Structure = typename Bound::Structure;
  using Scalar = typename Bound::Scalar;
  using Number = Magnitude<Scalar>;
  constexpr int dim = Bound::dimension;
  const auto outputs = model.outputs(x);
  Number in[output_columns<Structure>], e[dim], s[dim], f[dim], L[dim][dim], M[dim][dim];  // columns first
  std::copy_n(outputs.data(), outputs.size(), in);
  typename Bound::State energy_gradient, entropy_gradient;
  model.gradients(x, energy_gradient, entropy_gradient);
  std::copy_n(energy_gradient.data(), dim, e);
  std::copy_n(entropy_gradient.data(), dim, s);
  Structure::field(in, f);
  // Components have units of their own: each number is judged by its own size, matrices in units of the states' spread.
  const auto relative = [](const Number& number) {
    return MagnitudeNorm<Scalar>{0, number.size}.quotient(number.value);
  };
  const auto zero = [&](std::optional<double>& so_far, const Number& number) {
    Certificate::worst(so_far, std::abs(relative(number)));
  };
  const auto& inverse_scale = model.scaling().inverse_scale;
  MagnitudeNorm<Scalar> size_m;
  for (int j = 0; j < dim; ++j) {
    Number unit[dim];
    unit[j] = Scalar(1);
    Structure::poisson(in, unit, L[j]);
    Structure::friction(in, unit, M[j]);
  }
  Number energy_rate, entropy_rate, product[dim];
  Matrix<double, dim, dim> symmetric;
  for (int i = 0; i < dim; ++i) {
    for (int j = 0; j < dim; ++j) {
      zero(found.skew, L[i][j] + L[j][i]);
      zero(found.symmetry, M[i][j] - M[j][i]);
      const Number scaled = M[i][j] * Number(inverse_scale[i]) * Number(inverse_scale[j]);
      size_m.add(scaled);
      symmetric(i, j) = static_cast<double>(scaled.value);
    }
    energy_rate += e[i] * f[i];
    entropy_rate += s[i] * f[i];
  }
  Structure::poisson(in, s, product);
  for (const Number& number : product) zero(found.poisson_entropy, number);
  Structure::friction(in, e, product);
  for (const Number& number : product) zero(found.friction_energy, number);
  zero(found.energy_rate, energy_rate);
  Certificate::least(found.entropy_rate, relative(entropy_rate));
  Certificate::least(found.production, static_cast<double>(model.entropy_production(x)));
  Vector<double, dim> eigenvalues;
  symmetric_eigenvalues(dim, symmetric.data(), eigenvalues.data());
  Certificate::least(found.eigenvalue,
                     size_m.quotient(*std::min_element(eigenvalues.data(), eigenvalues.data() + dim)));
}

/// Looks at one state of a model whose structure says what becomes of its energy: kept, or taken by friction; and at the
/// Casimirs of a bracket.
template <class Bound>
void certify_energy(const Bound& model, const typename Bound::State& x, Certificate& found) {
  using Structure = typename Bound::Structure;
  using Scalar = typename Bound::Scalar;
  constexpr int dim = Bound::dimension;
  typename Bound::State slope, f;
  model.energy_gradient(x, slope);
  model(x, f);
  const auto along_motion = [&](auto&& component) {
    Magnitude<Scalar> sum;
    for (int i = 0; i < dim; ++i) sum += Magnitude<Scalar>(component(i)) * Magnitude<Scalar>(f[i]);
    return MagnitudeNorm<Scalar>{0, sum.size}.quotient(static_cast<double>(sum.value));
  };
  const double rate = along_motion([&](int i) { return slope[i]; });
  if (Structure::conserves)
    Certificate::worst(found.energy_rate, std::abs(rate));
  else
    Certificate::worst(found.energy_gain, rate);
  if constexpr (requires { Structure::casimirs; }) {
    using T = Dual<Scalar, dim>;
    T at[dim], values[std::max(Structure::casimirs, 1)];
    for (int i = 0; i < dim; ++i) {
      at[i] = x[i];
      at[i].tangent[i] = Scalar(1);
    }
    Structure::casimir(at, values);
    for (int c = 0; c < Structure::casimirs; ++c)
      Certificate::worst(found.casimir_rate,
                         std::abs(along_motion([&](int i) { return values[c].tangent[i]; })));
  }
}

/// Looks at one state of a driven model: its energy gains no more than what is supplied (passivity).
template <class Bound>
void certify_supply(const Bound& model, const typename Bound::State& x, Certificate& found) {
  using Number = Magnitude<typename Bound::Scalar>;
  typename Bound::State slope, f;
  model.energy_gradient(x, slope);
  model(x, f);
  Number gain = -Number(supplied_power(model, x));
  for (int i = 0; i < Bound::dimension; ++i) gain += Number(slope[i]) * Number(f[i]);
  Certificate::worst(found.unsupplied, MagnitudeNorm<typename Bound::Scalar>{0, gain.size}.quotient(
                                           static_cast<double>(gain.value)));
}

/// Looks at one state of a model that moves canonically: its energy and volume, and the areas that a step keeps.
template <class Bound>
void certify_motion(const Bound& model, const typename Bound::State& x, Certificate& found) {
  using Scalar = typename Bound::Scalar;
  using Number = Magnitude<Scalar>;
  constexpr int dim = Bound::dimension;
  typename Bound::State slope, f;
  typename Bound::Jacobian jacobian;
  Number rate, trace;
  model(x, f);
  model.energy_gradient(x, slope);
  model.jacobian(x, jacobian);
  const auto& inverse_scale = model.scaling().inverse_scale;
  for (int i = 0; i < dim; ++i)  // in units of the states' spread
    for (int j = 0; j < dim; ++j) jacobian(i, j) *= inverse_scale[i] / inverse_scale[j];
  MagnitudeNorm<Scalar> size;
  for (int i = 0; i < dim; ++i) {
    rate += Number(slope[i]) * Number(f[i]);
    trace += jacobian(i, i);
    for (int j = 0; j < dim; ++j) size.add(jacobian(i, j));
  }
  Certificate::worst(found.energy_rate,
                     MagnitudeNorm<Scalar>{0, rate.size}.quotient(std::abs(static_cast<double>(rate.value))));
  Certificate::worst(found.divergence, size.quotient(std::abs(static_cast<double>(trace.value))));

  // A step of the implicit midpoint rule maps by A = (I − h/2 J)⁻¹(I + h/2 J), J at the middle: any x is one.
  const double half = size.quotient(0.25);
  Matrix<double, dim, dim> left, step;
  std::array<Index, dim> pivots;
  for (int j = 0; j < dim; ++j)
    for (int i = 0; i < dim; ++i) {
      const double entry = half * static_cast<double>(jacobian(i, j));
      left(i, j) = (i == j ? 1.0 : 0.0) - entry;
      step(i, j) = (i == j ? 1.0 : 0.0) + entry;
    }
  if (!factor_lu(dim, left.data(), pivots.data()))
    return Certificate::worst(found.symplecticity, std::nan(""));
  for (int j = 0; j < dim; ++j) solve_lu(dim, left.data(), pivots.data(), step.data() + j * dim);
  MagnitudeNorm<double> defect;
  double unit[dim / 2];  // a pair's area, of the largest
  for (int k = 0; k < dim / 2; ++k)
    unit[k] = 1 / (static_cast<double>(inverse_scale[k]) * static_cast<double>(inverse_scale[dim / 2 + k]));
  const double largest = *std::max_element(unit, unit + dim / 2);
  for (double& area : unit) area /= largest;
  for (int i = 0; i < dim; ++i)
    for (int j = 0; j < dim; ++j) {
      Magnitude<double> area = j == i + dim / 2 ? -unit[i] : i == j + dim / 2 ? unit[j] : 0.0;
      for (int k = 0; k < dim / 2; ++k)
        area += Magnitude<double>(unit[k] * step(k, i) * step(dim / 2 + k, j)) -
                Magnitude<double>(unit[k] * step(dim / 2 + k, i) * step(k, j));
      defect.add(area);
    }
  Certificate::worst(found.symplecticity, defect.relative());
}

}  // namespace detail

/// Looks for breaches of a model's laws at random states of a box: what holds by construction, shown on this model.
///
/// Example: `REQUIRE(certify(model, z, box).holds());` in a test of one's own.
/// Errors: no states.
template <class Structure, class Nets, RealScalar Scalar>
Certificate certify(const BoundModel<Structure, Nets, Scalar>& model, const Box<Structure::dim>& box,
                    const CertifyOptions& options = {}) {
  require(options.states >= 1, {"certify needs at least one state; got ", options.states});
  Random random(options.seed);
  Certificate found;
  for (; found.states < options.states; ++found.states) {
    const Vector<double, Structure::dim> point = sample_box(box, random);
    const Vector<Scalar, Structure::dim> x = point.template cast<Scalar>();
    if constexpr (DissipativeStructure<Structure>)
      detail::certify_friction(model, x, found);
    else if constexpr (Structure::canonical)
      detail::certify_motion(model, x, found);
    else if constexpr (HasSupply<Structure>)
      detail::certify_supply(model, x, found);
    else if constexpr (HasEnergyLaw<Structure>)
      detail::certify_energy(model, x, found);
  }
  return found;
}

/// Looks likewise at the members of latents z, one a column, and keeps the worst.
///
/// Shapes: z [latent x members].
/// Errors: as `Model::bind`.
template <class Model, class Z>
  requires requires {
    typename Model::Bound;
  }
Certificate certify(const Model& model, const Eigen::MatrixBase<Z>& z, const Box<Model::dimension>& box,
                    const CertifyOptions& options = {}) {
  require(z.cols() >= 1, "certify needs at least one latent");
  Certificate found;
  for (Index j = 0; j < z.cols(); ++j) {
    const Certificate one =
        certify(model.bind(z.col(j)), box, {options.states, options.seed + static_cast<std::uint64_t>(j)});
    found.merge(one);
  }
  return found;
}

}  // namespace metriplex

#pragma once

#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>
#include <string_view>
#include <vector>

#include "metriplex/core/linear_algebra.hpp"
#include "metriplex/core/magnitude.hpp"
#include "metriplex/model/model.hpp"
#include "metriplex/systems/sample_system.hpp"

namespace metriplex {

/// What was found of a model's laws at many states: the worst of each defect, relative to the size of what it is made
/// of (`Magnitude`), so that rounding is the unit. What does not apply to a structure is empty.
struct Certificate {
  long long states = 0;                   ///< looked at
  std::optional<double> energy_rate;      ///< |dE/dt| = |∇E·f|
  std::optional<double> skew;             ///< ‖L + Lᵀ‖
  std::optional<double> symmetry;         ///< ‖M − Mᵀ‖
  std::optional<double> eigenvalue;       ///< smallest eigenvalue of M; never much below zero
  std::optional<double> poisson_entropy;  ///< ‖L∇S‖
  std::optional<double> friction_energy;  ///< ‖M∇E‖
  std::optional<double> entropy_rate;     ///< least dS/dt = ∇S·f; never much below zero
  std::optional<double> production;  ///< least ∇S·M∇S, a sum of squares, in its own unit; never below zero
  std::optional<double> divergence;     ///< |tr ∂f/∂x|, relative to ‖∂f/∂x‖
  std::optional<double> symplecticity;  ///< ‖AᵀΩA − Ω‖ of a step of the implicit midpoint rule

  /// One line of a table: what it is, what it should be, what it came to.
  struct Entry {
    std::string_view name, meaning;
    double value;
  };
  /// Lists what applies, for tables and files.
  std::vector<Entry> entries() const {
    std::vector<Entry> list;
    const auto add = [&](std::string_view name, std::string_view meaning,
                         const std::optional<double>& value) {
      if (value) list.push_back({name, meaning, *value});
    };
    add("energy_rate", "dE/dt = 0", energy_rate);
    add("skew", "L = -L^T", skew);
    add("symmetry", "M = M^T", symmetry);
    add("eigenvalue", "M >= 0, smallest eigenvalue", eigenvalue);
    add("poisson_entropy", "L grad S = 0", poisson_entropy);
    add("friction_energy", "M grad E = 0", friction_energy);
    add("entropy_rate", "dS/dt >= 0, least", entropy_rate);
    add("production", "grad S . M grad S >= 0, least", production);
    add("divergence", "div f = 0", divergence);
    add("symplecticity", "A^T J A = J of a step", symplecticity);
    return list;
  }

  /// Tells whether all laws hold to `tolerance`.
  bool holds(double tolerance = 1e-9) const {
    const auto below = [&](const std::optional<double>& value) { return !value || *value <= tolerance; };
    const auto above = [&](const std::optional<double>& value) { return !value || *value >= -tolerance; };
    return below(energy_rate) && below(skew) && below(symmetry) && above(eigenvalue) &&
           below(poisson_entropy) && below(friction_energy) && above(entropy_rate) &&
           (!production || *production >= 0) && below(divergence) && below(symplecticity);
  }
};

/// Sets how hard `certify` looks.
struct CertifyOptions {
  Index states = 1000;  ///< of each latent
  std::uint64_t seed = 0;
};

namespace detail {

// NaN is the worst of all, and stays.
inline void worst(std::optional<double>& so_far, double value) {
  if (!so_far || !(value <= *so_far)) so_far = value;
}
inline void least(std::optional<double>& so_far, double value) {
  if (!so_far || !(value >= *so_far)) so_far = value;
}

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
    worst(so_far, std::abs(relative(number)));
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
  least(found.entropy_rate, relative(entropy_rate));
  least(found.production, static_cast<double>(model.entropy_production(x)));
  Vector<double, dim> eigenvalues;
  symmetric_eigenvalues(dim, symmetric.data(), eigenvalues.data());
  least(found.eigenvalue, size_m.quotient(*std::min_element(eigenvalues.data(), eigenvalues.data() + dim)));
}

/// Looks at one state of a model without friction: its energy and volume, and the areas that a step keeps.
template <class Bound>
void certify_motion(const Bound& model, const typename Bound::State& x, Certificate& found) {
  using Structure = typename Bound::Structure;
  using Scalar = typename Bound::Scalar;
  using Number = Magnitude<Scalar>;
  constexpr int dim = Bound::dimension;
  const auto outputs = model.outputs(x);
  Number in[output_columns<Structure>], f[dim], rate, trace;
  std::copy_n(outputs.data(), outputs.size(), in);
  Structure::field(in, f);
  typename Bound::State slope;
  typename Bound::Jacobian jacobian;
  model.energy_gradient(x, slope);
  model.jacobian(x, jacobian);
  const auto& inverse_scale = model.scaling().inverse_scale;
  for (int i = 0; i < dim; ++i)  // in units of the states' spread
    for (int j = 0; j < dim; ++j) jacobian(i, j) *= inverse_scale[i] / inverse_scale[j];
  MagnitudeNorm<Scalar> size;
  for (int i = 0; i < dim; ++i) {
    rate += Number(slope[i]) * f[i];
    trace += jacobian(i, i);
    for (int j = 0; j < dim; ++j) size.add(jacobian(i, j));
  }
  worst(found.energy_rate,
        MagnitudeNorm<Scalar>{0, rate.size}.quotient(std::abs(static_cast<double>(rate.value))));
  worst(found.divergence, size.quotient(std::abs(static_cast<double>(trace.value))));

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
  if (!factor_lu(dim, left.data(), pivots.data())) return worst(found.symplecticity, std::nan(""));
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
  worst(found.symplecticity, defect.relative());
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
    else
      detail::certify_motion(model, x, found);
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
    found.states += one.states;
    for (const auto defect : {&Certificate::energy_rate, &Certificate::skew, &Certificate::symmetry,
                              &Certificate::poisson_entropy, &Certificate::friction_energy,
                              &Certificate::divergence, &Certificate::symplecticity})
      if (one.*defect) detail::worst(found.*defect, *(one.*defect));
    for (const auto gain : {&Certificate::eigenvalue, &Certificate::entropy_rate, &Certificate::production})
      if (one.*gain) detail::least(found.*gain, *(one.*gain));
  }
  return found;
}

}  // namespace metriplex

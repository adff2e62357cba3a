#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

#include "metriplex/core/error.hpp"
#include "metriplex/core/types.hpp"

namespace metriplex {

/// Scales states and energy *inside* the potential, so that the structure stays exact whatever the scaling.
///
/// Math: H(x) = c · N((x − m) ⊘ s), ∇H = c · (∇N) ⊘ s for a network N. Each component has a unit of its own: other
/// units of the states, of time or of both change m, s, c and what follows from them, and nothing that is a pure number.
/// Units: m and s are those of x, c that of an energy; the network sees pure numbers.
template <RealScalar Scalar, int Dim>
struct Scaling {
  Vector<Scalar, Dim> mean = Vector<Scalar, Dim>::Zero();           ///< m
  Vector<Scalar, Dim> inverse_scale = Vector<Scalar, Dim>::Ones();  ///< 1/s
  Vector<Scalar, Dim> origin = Vector<Scalar, Dim>::Zero();  ///< what states were measured from; not saved
  Scalar energy = Scalar(1);                                 ///< c
  Scalar entropy = Scalar(1);                                ///< c of a learned entropy
  Scalar friction =
      Scalar(1);  ///< of what enters friction squared, beside the units of the components that it joins
  Scalar bracket = Scalar(1);  ///< of learned coefficients of a Poisson operator, likewise
  /// What an error of each component of the rate is divided by, in losses and in adaptation; it changes no field.
  Vector<Scalar, Dim> rate_scale = Vector<Scalar, Dim>::Ones();
  /// Root mean square error of the trained field at the measurements it was trained on; 0 where that is not known.
  Vector<Scalar, Dim> rate_error = Vector<Scalar, Dim>::Zero();

  /// The same for states that come relative to the mean: what a float cannot hold of an offset is subtracted before.
  Scaling centred() const {
    Scaling scaling = *this;
    scaling.origin = origin + mean;
    scaling.mean.setZero();
    return scaling;
  }

  /// The same in another scalar.
  template <RealScalar To>
  Scaling<To, Dim> cast() const {
    return {mean.template cast<To>(), inverse_scale.template cast<To>(), origin.template cast<To>(),
            static_cast<To>(energy),  static_cast<To>(entropy),          static_cast<To>(friction),
            static_cast<To>(bracket), rate_scale.template cast<To>(),    rate_error.template cast<To>()};
  }

  /// Fits m and s to the mean and deviation of the states, c to what its canonical pairs say, and the scales of the rates
  /// to their sizes; where the field has learned `operators`, friction to a tenth of it, for which nothing speaks, and rates to its size.
  ///
  /// Math: q̇ = ∂H/∂p, so each component of `pairs` pairs (q, p) says c ~ rms(ẋᵢ) sⱼ with j its partner: their root mean square.
  /// Without pairs nothing ties the unit of energy to those of the states, and it is 1.
  /// Shapes: x, dx [Dim x points].
  /// Errors: fewer than two points, a different number of dx; numbers beyond what Scalar holds.
  template <class Derived, class OtherDerived>
  static Scaling fit(const Eigen::MatrixBase<Derived>& x, const Eigen::MatrixBase<OtherDerived>& dx,
                     int pairs, bool operators = false) {
    constexpr double damped_part = 0.1;
    Scaling scaling;
    const Sizes sizes = scaling.fit_states(x, dx, pairs, 1.0);
    if (operators) {
      scaling.friction = static_cast<Scalar>(std::sqrt(damped_part * sizes.rate / sizes.energy));
      scaling.bracket = static_cast<Scalar>(sizes.rate);
    }
    scaling.require_held(sizes);
    return scaling;
  }

  /// Fits likewise for a field with friction, which explains the production of entropy that was measured.
  ///
  /// Math: friction is uuᵀ∇S with uᵢ ~ friction · sᵢ c, so the production (∇S·ẋ) ~ (friction · s c)² with s of the entropies; where ∇S is
  /// not known, friction is taken for a tenth of the field. Rates do not show the temperatures ∂E/∂S, which add to what
  /// the energy varies by: c is `energy_gain` as large.
  /// Shapes: x, dx [Dim x points]; entropy_slope, the known part of ∇S.
  /// Errors: as `fit`.
  template <class Derived, class OtherDerived>
  static Scaling fit_dissipative(const Eigen::MatrixBase<Derived>& x,
                                 const Eigen::MatrixBase<OtherDerived>& dx, int pairs,
                                 const std::array<double, Dim>& entropy_slope) {
    constexpr double energy_gain = 4.0, learned_part = 0.1, least_part = 1e-3;
    Scaling scaling;
    const Sizes sizes = scaling.fit_states(x, dx, pairs, energy_gain);
    double production = 0.0, spread = 0.0;  // of the entropies
    for (int i = 0; i < Dim; ++i) {
      const double slope = entropy_slope[static_cast<std::size_t>(i)];
      production += slope * dx.row(i).template cast<double>().mean();
      spread = std::hypot(spread, slope * sizes.scale[i]);
    }
    scaling.friction = static_cast<Scalar>(
        spread > 0 ? std::sqrt(std::max(production, least_part * spread * sizes.rate) / Dim) /
                         (spread * sizes.energy / energy_gain)
                   : std::sqrt(learned_part * sizes.rate));
    scaling.bracket = static_cast<Scalar>(sizes.rate);
    scaling.require_held(sizes);
    return scaling;
  }

 private:
  /// What was measured, in double.
  struct Sizes {
    double scale[Dim], speed[Dim];  // deviations of the states, root mean squares of the rates
    double energy = 1, rate = 1;    // of all components together: how often they go through their spread
  };

  /// Fits what every field needs.
  template <class Derived, class OtherDerived>
  Sizes fit_states(const Eigen::MatrixBase<Derived>& x, const Eigen::MatrixBase<OtherDerived>& dx, int pairs,
                   double energy_gain) {
    require(x.cols() >= 2 && x.cols() == dx.cols() && x.rows() == Dim && dx.rows() == Dim,
            {"fitting a scaling needs states and derivatives [", Dim, " x n] of the same n >= 2; got [",
             x.rows(), " x ", x.cols(), "] and [", dx.rows(), " x ", dx.cols(), "]"});
    Sizes sizes;
    double rate_size = 0.0, energy_size = 0.0;
    for (int i = 0; i < Dim; ++i) {
      const auto first = static_cast<double>(x(i, 0));
      double sum = 0.0;  // of what the first is not, so that an offset costs no digits
      for (Index p = 0; p < x.cols(); ++p) sum += static_cast<double>(x(i, p)) - first;
      const double average = first + sum / static_cast<double>(x.cols());
      const double deviation = root_mean_square(x.row(i), average);
      // A component that never moves has the size that it has; the rounding of its mean is not motion.
      const double rounding = 8 * std::numeric_limits<double>::epsilon() * std::abs(average);
      sizes.scale[i] = deviation > rounding ? deviation : average != 0 ? std::abs(average) : 1.0;
      sizes.speed[i] = root_mean_square(dx.row(i), 0.0);
      rate_size = std::hypot(rate_size, sizes.speed[i] / sizes.scale[i] / std::sqrt(Dim));
      mean[i] = static_cast<Scalar>(average);
      inverse_scale[i] = static_cast<Scalar>(1.0 / sizes.scale[i]);
    }
    for (int i = 0; i < 2 * pairs; ++i) {
      const int partner = i < pairs ? i + pairs : i - pairs;
      energy_size = std::hypot(energy_size, sizes.speed[i] * sizes.scale[partner] / std::sqrt(2 * pairs));
    }
    if (rate_size > 0) sizes.rate = rate_size;
    sizes.energy = energy_gain * (energy_size > 0 ? energy_size : 1.0);
    energy = static_cast<Scalar>(sizes.energy);
    for (int i = 0; i < Dim; ++i)  // a component that hardly moves does not count without bound
      rate_scale[i] = static_cast<Scalar>(std::max(sizes.speed[i], 1e-4 * sizes.rate * sizes.scale[i]));
    return sizes;
  }

  template <class Row>
  static double root_mean_square(const Row& row, double around) {
    double most = 0.0, sum = 0.0;  // squares are taken of numbers up to 1: any unit will do
    for (Index p = 0; p < row.size(); ++p)
      most = std::max(most, std::abs(static_cast<double>(row[p]) - around));
    for (Index p = 0; most > 0 && p < row.size(); ++p)
      sum += std::pow((static_cast<double>(row[p]) - around) / most, 2);
    return most * std::sqrt(sum / static_cast<double>(row.size()));
  }

  /// Refuses units that Scalar cannot compute in, by name.
  void require_held(const Sizes& sizes) const {
    const auto held = [](Scalar number) {
      return std::isfinite(number) && std::abs(number) >= std::numeric_limits<Scalar>::min();
    };
    for (int i = 0; i < Dim; ++i)
      require(std::isfinite(mean[i]) && held(inverse_scale[i]) && held(rate_scale[i]) && held(energy) &&
                  held(friction) && held(bracket) && held(energy * inverse_scale[i]),
              {"training expects data in units that ", sizeof(Scalar) == 4 ? "float" : "double",
               " can compute in; got states that spread by ", sizes.scale[i], " and rates of ",
               sizes.speed[i], " in component ", i, ", energies of ", sizes.energy});
  }
};

}  // namespace metriplex

#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <string>
#include <vector>

#include "metriplex/adapt/measurements.hpp"
#include "metriplex/core/arrays.hpp"
#include "metriplex/data/recordings.hpp"
#include "metriplex/train/field_loss.hpp"
#include "metriplex/train/training_options.hpp"

namespace metriplex {

/// What a field is fitted to at first sight, from which the units of a model are taken.
template <int Dim>
struct FirstSight {
  Matrix<double, Dim> states, rates;  ///< [Dim x samples of all motions]
};

/// Compares the field with measured rates; a term is a point.
///
/// Math: Σ over points of |(f − ẋ) ⊘ r|², r the scale of the rates.
template <class Bound>
class RateLoss {
  using Scalar = typename Bound::Scalar;
  static constexpr int dim = Bound::dimension;

 public:
  using Options = NoLossOptions;

  explicit RateLoss(const Options& = {}) {}

  /// Checks a family's motions and returns their samples.
  ///
  /// Errors: as `require_valid`; motions without rates.
  FirstSight<dim> look(const Recordings<dim>& family) {
    require_valid(family, "training");
    require(
        family.have_rates(),
        "training on rates needs measured rates of all motions; got some without: from states alone train "
        "with IntegralLoss");
    FirstSight<dim> seen;
    Index count = 0;
    for_each_sample(family, [&](const Motion<dim>&, Index) { ++count; });
    seen.states.resize(dim, count);
    seen.rates.resize(dim, count);
    count = 0;
    for_each_sample(family, [&](const Motion<dim>& motion, Index k) {
      std::copy_n(column(motion.states, k), dim, column(seen.states, count));
      std::copy_n(column(motion.rates, k), dim, column(seen.rates, count++));
    });
    return seen;
  }

  /// Takes what was measured, in the units of a scaling.
  void prepare(const Recordings<dim>& family, const Scaling<Scalar, dim>& scaling,
               const FirstSight<dim>& seen) {
    systems_.clear();
    Index at = 0;
    for (const auto& member : family.members) {
      Index count = 0;
      for (const auto& motion : member.motions) count += static_cast<Index>(motion.complete_samples().size());
      add(scaling, seen.states.middleCols(at, count), seen.rates.middleCols(at, count));
      at += count;
    }
    mean_square_ = reference_square(scaling, seen.rates);
  }

  /// Adds a system's measurements, [dim x points].
  template <class X, class DX>
  void add(const Scaling<Scalar, dim>& scaling, const X& x, const DX& dx) {
    systems_.push_back({centred_states(scaling, x), dx.template cast<Scalar>()});
  }

  Index systems() const { return static_cast<Index>(systems_.size()); }
  Index terms(Index system) const { return systems_[static_cast<std::size_t>(system)].x.cols(); }
  /// Counts the points of a term, and its residuals.
  Index points() const { return 1; }
  Index residuals() const { return dim; }
  /// Mean square of a residual of a field that is zero, by which losses are divided.
  double mean_square() const { return mean_square_; }

  /// Evaluates terms tile by tile.
  using Sweep = FieldLoss<Bound>;

  /// Returns weight · Σ residual² over the terms `columns` (null: all) from `first` on, and writes its gradient to
  /// `d_weights`: all but the padding.
  double operator()(Sweep& sweep, const Scalar* weights, const Scaling<Scalar, dim>& scaling, Index system,
                    const std::uint32_t* columns, Index first, Index count, Scalar weight,
                    Scalar* d_weights) const {
    const System& measured = systems_[static_cast<std::size_t>(system)];
    return sweep(weights, scaling, measured.x, measured.dx, columns, first, count, weight, d_weights);
  }

  /// Returns the root mean square error of the field at all measurements, [dim]; field(system, x, f) evaluates it at states
  /// relative to the scaling's mean.
  template <class Field>
  Vector<double, dim> rate_error(const Scaling<Scalar, dim>& scaling, Field&& field) const {
    Vector<double, dim> square = Vector<double, dim>::Zero();
    Index count = 0;
    Matrix<Scalar, dim> f;
    for (Index j = 0; j < systems(); ++j) {
      const System& system = systems_[static_cast<std::size_t>(j)];
      f.resize(dim, system.x.cols());
      field(j, system.x, f);
      for (Index p = 0; p < f.cols(); ++p)
        for (int i = 0; i < dim; ++i)
          square[i] += std::pow(static_cast<double>((f(i, p) - system.dx(i, p)) / scaling.rate_scale[i]), 2);
      count += f.cols();
    }
    for (int i = 0; i < dim; ++i)
      square[i] =
          std::sqrt(square[i] / static_cast<double>(count)) * static_cast<double>(scaling.rate_scale[i]);
    return square;
  }

 private:
  /// What was measured of one system, [dim x points]; states relative to the scaling's mean.
  struct System {
    Matrix<Scalar, dim> x, dx;
  };
  std::vector<System> systems_;
  double mean_square_ = 1;
};

}  // namespace metriplex

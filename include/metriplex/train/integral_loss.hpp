#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <memory>
#include <utility>
#include <vector>

#include "metriplex/adapt/measurements.hpp"
#include "metriplex/core/arrays.hpp"
#include "metriplex/data/complete_pieces.hpp"
#include "metriplex/data/local_polynomial.hpp"
#include "metriplex/data/noise_level.hpp"
#include "metriplex/data/recordings.hpp"
#include "metriplex/data/roughness.hpp"
#include "metriplex/model/bound_model.hpp"
#include "metriplex/train/integral_error.hpp"
#include "metriplex/train/integral_options.hpp"
#include "metriplex/train/integral_whitening.hpp"
#include "metriplex/train/rate_loss.hpp"

namespace metriplex {

/// Compares the field with motions of which the states alone were measured, at any times and with noise: integrated from
/// sample to sample along the measured states, it must lead from each to the next. A term is a window of samples.
///
/// Math: y the samples of a window, f the field at them, F f its integrals over the intervals (`IntervalIntegral`), D first
/// differences: r = L⁻¹(F f − D y) with L Lᵀ = σ²DDᵀ + τ²FFᵀ, σ the noise, τ the rate's error that is allowed for (`IntegralWhitening`). It needs no
/// derivative of measurements and no initial state, and is linear in f.
/// Samples of which a component is missing are left out, and motions cut at gaps of `longest_gap` usual intervals (`complete_pieces`).
template <class Bound>
class IntegralLoss {
  using Scalar = typename Bound::Scalar;
  static constexpr int dim = Bound::dimension;

 public:
  using Options = IntegralOptions;
  static constexpr double longest_gap = 4;
  static constexpr double least_noise = 1e-4;  ///< of a component's deviation: interpolation has errors too

  explicit IntegralLoss(const Options& options = {}) : options_(options) {}

  /// Takes a family's motions in pieces without gaps, and returns their states with estimates of their rates, to choose units.
  /// Errors: as `require_valid`; a member without two samples in a row; noise of another dimension.
  FirstSight<dim> look(const Recordings<dim>& family) {
    require_valid(family, "training on states");
    systems_.clear();
    Index count = 0;
    for (std::size_t m = 0; m < family.members.size(); ++m) {
      System& system = systems_.emplace_back();
      for (const auto& motion : family.members[m].motions)
        for (auto& piece : complete_pieces(motion, longest_gap)) system.pieces.push_back(std::move(piece));
      require(!system.pieces.empty(),
              {"training on states needs two samples in a row of each member; got none of member ", m});
      for (const auto& piece : system.pieces) count += piece.samples();
    }
    require(options_.noise.size() == 0 || options_.noise.size() == dim,
            {"training on states needs a noise of each of ", dim, " components or none; got ",
             options_.noise.size()});
    noise_ = options_.noise.size() == dim ? Vector<double, dim>(options_.noise) : noise_deviation(family);
    FirstSight<dim> seen{Matrix<double, dim>(dim, count), Matrix<double, dim>(dim, count)};
    count = 0;
    for (const System& system : systems_)
      for (const auto& piece : system.pieces) {
        seen.states.middleCols(count, piece.samples()) = piece.states;
        seen.rates.middleCols(count, piece.samples()) = estimate_rates(piece);
        count += piece.samples();
      }
    return seen;
  }

  /// Makes the windows, in the units of a scaling.
  void prepare(const Recordings<dim>&, const Scaling<Scalar, dim>& scaling, const FirstSight<dim>& seen) {
    Vector<double, dim> deviation, tolerance;
    for (int i = 0; i < dim; ++i) {
      deviation[i] = std::max(noise_[i], least_noise / static_cast<double>(scaling.inverse_scale[i]));
      tolerance[i] = options_.model_error * static_cast<double>(scaling.rate_scale[i]);
    }
    Roughness<dim> roughness;
    for (const System& system : systems_)
      for (const auto& piece : system.pieces) roughness.add(piece);
    whitening_.start(options_.window, deviation, tolerance, roughness.fifth_derivative(noise_));
    Index at = 0;
    double square = 0, count = 0;
    for (System& system : systems_) {
      Index samples = 0;
      for (const auto& piece : system.pieces) samples += piece.samples();
      system.x = centred_states(scaling, seen.states.middleCols(at, samples));
      at += samples;
      system.terms.clear();
      samples = 0;
      for (const auto& piece : system.pieces) {
        add_windows(piece, samples, system.terms);
        samples += piece.samples();
      }
      for (const Term& term : system.terms) {
        const auto& whitening = whitening_[term.whitening];
        Matrix<Scalar, dim> y(dim, options_.window);
        gather(system.x, term, y.data(), 1, dim);
        for (int i = 0; i < dim; ++i)
          square += static_cast<double>(whitening.difference[static_cast<std::size_t>(i)]
                                            .lazyProduct(y.row(i).transpose())
                                            .squaredNorm());
        count += static_cast<double>(residuals());
      }
    }
    mean_square_ = square / count;
  }

  Index systems() const { return static_cast<Index>(systems_.size()); }
  Index terms(Index system) const {
    return static_cast<Index>(systems_[static_cast<std::size_t>(system)].terms.size());
  }
  Index points() const { return options_.window; }  ///< of a term, as residuals
  Index residuals() const { return dim * (options_.window - 1); }
  double mean_square() const { return mean_square_; }  ///< of a residual of a field that is zero
  /// Deviation of each component's noise, given or estimated.
  const Vector<double, dim>& noise() const { return noise_; }

  /// Evaluates windows tile by tile.
  class Sweep {
    friend class IntegralLoss;
    static constexpr int points = tile_points<Scalar>;
    static_assert(points >= IntegralOptions::most_samples);
    std::unique_ptr<typename Bound::template Sweep<points>> sweep_ =
        std::make_unique<typename Bound::template Sweep<points>>();
    // Points first, [points x dim]: the states, and the field there, which its cotangent replaces.
    alignas(64) Scalar x_[points * dim];
    alignas(64) Scalar f_[points * dim];
    Vector<Scalar> residual_;
  };

  /// Returns weight · Σ residual² over the terms `columns` (null: all) from `first` on, and writes its gradient to
  /// `d_weights`: all but the padding.
  double operator()(Sweep& sweep, const Scalar* weights, const Scaling<Scalar, dim>& scaling, Index number,
                    const std::uint32_t* columns, Index first, Index count, Scalar weight,
                    Scalar* d_weights) const;

  /// Returns the root mean square error of the field, [dim], as far as `IntegralError` tells it from noise; field(system, x, f) evaluates it.
  template <class Field>
  Vector<double, dim> rate_error(const Scaling<Scalar, dim>&, Field&& field) const {
    IntegralError<dim> error;
    Matrix<Scalar, dim> f;
    for (Index j = 0; j < systems(); ++j) {
      const System& system = systems_[static_cast<std::size_t>(j)];
      f.resize(dim, system.x.cols());
      field(j, system.x, f);
      Index at = 0;
      for (const auto& piece : system.pieces) {
        error.add(piece, f.middleCols(at, piece.samples()).template cast<double>());
        at += piece.samples();
      }
    }
    return error.of_rates(noise_);
  }

 private:
  using Whitening = IntegralWhitening<Scalar, dim>;

  struct Term {
    std::uint32_t first, samples, whitening;
  };

  struct System {
    std::vector<Motion<dim>> pieces;
    Matrix<Scalar, dim> x;  // relative to the scaling's mean, of all pieces
    std::vector<Term> terms;
  };

  /// Adds the windows of a piece whose first sample is sample `at` of its system. Where windows share their whitening there is one from every
  /// sample on, else from every fourth part of a window on. Those at the ends count as often as windows that reach beyond would:
  /// a motion's first samples would be seen least, and are all that is known of some states.
  void add_windows(const Motion<dim>& piece, Index at, std::vector<Term>& terms) {
    const Index n = std::min(options_.window, piece.samples()), last = piece.samples() - n;
    const Index beyond = last > 0 ? n : 0;
    const double* times = piece.times.data();
    const Index step = last == 0 || Whitening::alike(times, times + 1, n) ? 1 : std::max<Index>(1, n / 4);
    for (Index start = -beyond; start <= last + beyond; start += step) {
      const Index k = std::clamp(start, Index{0}, last);
      terms.push_back(
          {static_cast<std::uint32_t>(at + k), static_cast<std::uint32_t>(n), whitening_.of(times + k, n)});
    }
  }

  /// Copies a window's samples, component i of sample k to to[i · row + k · step]; the last is repeated up to the window's length.
  void gather(const Matrix<Scalar, dim>& x, const Term& term, Scalar* to, Index row, Index step) const {
    for (Index k = 0; k < options_.window; ++k) {
      const Index from = term.first + std::min<Index>(k, term.samples - 1);
      for (int i = 0; i < dim; ++i) to[i * row + k * step] = x(i, from);
    }
  }

  Options options_;
  Vector<double, dim> noise_ = Vector<double, dim>::Zero();
  std::vector<System> systems_;
  Whitening whitening_;
  double mean_square_ = 1;
};

// Outside the class, so that `extern template class IntegralLoss<...>` keeps the kernels out of a translation unit.
template <class Bound>
double IntegralLoss<Bound>::operator()(Sweep& sweep, const Scalar* weights,
                                       const Scaling<Scalar, dim>& scaling, Index number,
                                       const std::uint32_t* columns, Index first, Index count, Scalar weight,
                                       Scalar* d_weights) const {
  constexpr Index points = Sweep::points;
  const System& system = systems_[static_cast<std::size_t>(number)];
  const Scaling<Scalar, dim> centred = scaling.centred();
  const Index n = options_.window, rows = n - 1, windows = points / n;
  sweep.residual_.resize(rows);
  double total = 0;
  for (Index start = 0; start < count; start += windows) {
    const Index used = std::min(windows, count - start);
    const auto term_of = [&](Index w) -> const Term& {
      const Index place = first + start + std::min(w, used - 1);
      return system.terms[columns != nullptr ? columns[place] : static_cast<std::uint32_t>(place)];
    };
    for (Index w = 0; w < windows; ++w) gather(system.x, term_of(w), sweep.x_ + w * n, points, 1);
    for (Index p = windows * n; p < points; ++p)  // no whole window: repeats a point
      for (int i = 0; i < dim; ++i) sweep.x_[i * points + p] = sweep.x_[i * points];
    sweep.sweep_->template forward<true>(weights, centred, sweep.x_, sweep.f_);
    double square = 0;
    for (int i = 0; i < dim; ++i) {
      for (Index w = 0; w < used; ++w) {
        const auto& whitening = whitening_[term_of(w).whitening];
        const auto c = static_cast<std::size_t>(i);
        Scalar *f = sweep.f_ + i * points + w * n, *r = sweep.residual_.data();
        const Scalar *x = sweep.x_ + i * points + w * n, *q = whitening.integral[c].data(),
                     *d = whitening.difference[c].data();
        std::fill_n(r, rows, Scalar(0));
        for (Index k = 0; k < n; ++k)
          for (Index j = 0; j < rows; ++j) r[j] += q[k * rows + j] * f[k] - d[k * rows + j] * x[k];
        for (Index j = 0; j < rows; ++j) square += static_cast<double>(r[j]) * static_cast<double>(r[j]);
        for (Index k = 0; k < n; ++k) {
          Scalar sum = 0;
          for (Index j = 0; j < rows; ++j) sum += q[k * rows + j] * r[j];
          f[k] = Scalar(2) * weight * sum;
        }
      }
      std::fill_n(sweep.f_ + i * points + used * n, points - used * n, Scalar(0));
    }
    total += static_cast<double>(weight) * square;
    if (d_weights != nullptr)
      sweep.sweep_->pullback(weights, centred, nullptr, sweep.f_, d_weights, nullptr, start == 0);
  }
  return total;
}

}  // namespace metriplex

#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <memory>
#include <utility>
#include <vector>

#include "metriplex/core/arrays.hpp"
#include "metriplex/data/recordings.hpp"
#include "metriplex/model/bound_model.hpp"
#include "metriplex/train/integral_error.hpp"
#include "metriplex/train/integral_options.hpp"
#include "metriplex/train/integral_whitening.hpp"
#include "metriplex/train/state_windows.hpp"

namespace metriplex {

/// Compares the field with motions of which the states alone were measured, at any times and with noise: integrated from
/// sample to sample along the measured states, it must lead from each to the next. A term is a window of samples.
///
/// Math: y the samples of a window, f the field at them, F f its integrals over the intervals (`IntervalIntegral`), D first
/// differences: r = L⁻¹(F f − D y) with L Lᵀ = σ²DDᵀ + τ²FFᵀ, σ the noise, τ the rate's error that is allowed for (`IntegralWhitening`). It needs no
/// derivative of measurements and no initial state, and is linear in f.
/// What is missing: as `StateWindows`.
template <class Bound>
class IntegralLoss {
  using Scalar = typename Bound::Scalar;
  static constexpr int dim = Bound::dimension, learned = dim - Bound::given();

 public:
  using Options = IntegralOptions;
  static constexpr double least_noise = 1e-4;  ///< of a component's deviation: interpolation has errors too

  explicit IntegralLoss(const Options& options = {}) : options_(options) {}

  /// Takes a family's motions, and returns their states with estimates of their rates, to choose units.
  /// Errors: as `StateWindows::look`.
  FirstSight<dim> look(const Recordings<dim>& family) {
    return states_.look(family, options_.noise, Bound::given());
  }

  /// Makes the windows, in the units of a scaling.
  void prepare(const Recordings<dim>&, const Scaling<Scalar, dim>& scaling, const FirstSight<dim>& seen) {
    const Vector<double, dim> tolerance = options_.model_error * scaling.rate_scale.template cast<double>();
    whitening_.start(options_.window, states_.deviation(scaling, least_noise), tolerance,
                     states_.fifth_derivative());
    // Windows that share their whitening start at every sample, others at every fourth part of a window.
    states_.cut(
        scaling, seen, options_.window,
        [](const double* times, Index n) {
          return Whitening::alike(times, times + 1, n) ? 1 : std::max<Index>(1, n / 4);
        },
        [&](const double* times, Index n) { return whitening_.of(times, n); });
    double square = 0, count = 0;
    for (Index j = 0; j < systems(); ++j)
      for (const Window& window : states_[j].windows) {
        const auto& whitening = whitening_[window.kind];
        Matrix<Scalar, dim> y(dim, options_.window);
        gather(states_[j].x, window, y.data(), 1, dim);
        for (int i = 0; i < learned; ++i)
          square += static_cast<double>(whitening.difference[static_cast<std::size_t>(i)]
                                            .lazyProduct(y.row(i).transpose())
                                            .squaredNorm());
        count += static_cast<double>(residuals());
      }
    mean_square_ = square / count;
  }

  Index systems() const { return states_.systems(); }
  Index terms(Index system) const { return states_.windows(system); }
  Index points() const { return options_.window; }  ///< of a term, as residuals
  Index residuals() const { return learned * (options_.window - 1); }
  double mean_square() const { return mean_square_; }  ///< of a residual of a field that is zero
  /// Deviation of each component's noise, given or estimated.
  const Vector<double, dim>& noise() const { return states_.noise(); }

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
      const auto& system = states_[j];
      f.resize(dim, system.x.cols());
      field(j, system.x, f);
      Index at = 0;
      for (const auto& piece : system.pieces) {
        error.add(piece, f.middleCols(at, piece.samples()).template cast<double>());
        at += piece.samples();
      }
    }
    return error.of_rates(noise(), Bound::given());
  }

 private:
  using Whitening = IntegralWhitening<Scalar, dim>;

  using States = StateWindows<Scalar, dim>;
  using Window = typename States::Window;

  /// Copies a window's samples, component i of sample k to to[i · row + k · step]; the last is repeated up to the window's length.
  void gather(const Matrix<Scalar, dim>& x, const Window& window, Scalar* to, Index row, Index step) const {
    for (Index k = 0; k < options_.window; ++k) {
      const Index from = window.first + std::min<Index>(k, window.samples - 1);
      for (int i = 0; i < dim; ++i) to[i * row + k * step] = x(i, from);
    }
  }

  Options options_;
  States states_;
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
  const auto& system = states_[number];
  const Scaling<Scalar, dim> centred = scaling.centred();
  const Index n = options_.window, rows = n - 1, windows = points / n;
  sweep.residual_.resize(rows);
  double total = 0;
  for (Index start = 0; start < count; start += windows) {
    const Index used = std::min(windows, count - start);
    const auto window_of = [&](Index w) -> const Window& {
      const Index place = first + start + std::min(w, used - 1);
      return system.windows[columns != nullptr ? columns[place] : static_cast<std::uint32_t>(place)];
    };
    for (Index w = 0; w < windows; ++w) gather(system.x, window_of(w), sweep.x_ + w * n, points, 1);
    for (Index p = windows * n; p < points; ++p)  // no whole window: repeats a point
      for (int i = 0; i < dim; ++i) sweep.x_[i * points + p] = sweep.x_[i * points];
    sweep.sweep_->template forward<true>(weights, centred, sweep.x_, sweep.f_);
    double square = 0;
    std::fill_n(sweep.f_ + learned * points, (dim - learned) * points,
                Scalar(0));  // what is given leads itself
    for (int i = 0; i < learned; ++i) {
      for (Index w = 0; w < used; ++w) {
        const auto& whitening = whitening_[window_of(w).kind];
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

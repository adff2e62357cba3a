#pragma once

#include <algorithm>
#include <cstdint>
#include <vector>

#include "metriplex/core/arrays.hpp"
#include "metriplex/data/coarseness.hpp"
#include "metriplex/data/recordings.hpp"
#include "metriplex/model/bound_model.hpp"
#include "metriplex/train/defect_whitening.hpp"
#include "metriplex/train/rollout_error.hpp"
#include "metriplex/train/rollout_options.hpp"
#include "metriplex/train/rollout_sweep.hpp"
#include "metriplex/train/state_windows.hpp"

namespace metriplex {

/// Compares the field with motions of which the states alone were measured by integrating it: from each sample, it must lead to
/// the next. A term is a window of intervals. Nothing is interpolated, so samples may be as coarse as the field can be told by.
///
/// Math: multiple shooting with a node at every sample: d_k = Φ(y_k) − y_{k+1}, Φ some steps of the `RolloutScheme` and their exact
/// discrete derivative (`RolloutSweep`), weighed over a window so that errors of the nodes are eliminated (`DefectWhitening`). Their transitions ∂Φ/∂y are held fixed between calls of `linearise`; before the first they are one.
/// Cost: of a term's points, a step of RK4 takes four fields and pullbacks and three fields again.
/// Memory: a state and its transition, Dim · (Dim + 1) numbers a sample; of a step a tile, whatever the window and the motions.
template <class Bound>
class RolloutLoss {
  using Scalar = typename Bound::Scalar;
  static constexpr int dim = Bound::dimension, learned = dim - Bound::given();

 public:
  using Options = RolloutOptions;
  static constexpr double least_noise = 1e-4;       ///< of a component's deviation
  static constexpr double truncation = 5e-4;        ///< relative error of rates that the integrator may make
  static constexpr Index first_linearisation = 64;  ///< after so many steps of training, and twice as many, …

  explicit RolloutLoss(const Options& options = {}) : options_(options) {}

  /// Takes a family's motions, and returns their states with estimates of their rates, to choose units.
  /// Errors: as `StateWindows::look`.
  FirstSight<dim> look(const Recordings<dim>& family) {
    return states_.look(family, options_.noise, Bound::given());
  }

  /// Makes the windows, in the units of a scaling.
  void prepare(const Recordings<dim>&, const Scaling<Scalar, dim>& scaling, const FirstSight<dim>& seen) {
    const Vector<double, dim> rate = scaling.rate_scale.template cast<double>();
    whitening_.start(states_.deviation(scaling, least_noise), options_.model_error * rate);
    states_.cut(
        scaling, seen, options_.intervals + 1, [](const double*, Index) { return 1; },
        [](const double*, Index) { return 0u; });
    nodes_.assign(static_cast<std::size_t>(systems()), {});
    double lengths = 0, count = longest_ = 0;
    for (Index j = 0; j < systems(); ++j) {
      Nodes& nodes = nodes_[static_cast<std::size_t>(j)];
      nodes.lengths = states_[j].intervals();
      nodes.transitions.setZero(dim * dim, nodes.lengths.size());
      for (int i = 0; i < dim; ++i) nodes.transitions.row(i * (dim + 1)).setOnes();
      lengths += static_cast<double>(nodes.lengths.sum());
      count += static_cast<double>((nodes.lengths.array() > 0).count());
      longest_ = std::max(longest_, static_cast<double>(nodes.lengths.maxCoeff()));
    }
    const Vector<double, dim> fifth = states_.fifth_derivative();
    coarseness_ = 0;
    for (int i = 0; i < dim; ++i) coarseness_ = std::max(coarseness_, coarseness(fifth[i], rate[i], 1));
    substeps_ = steps_in(lengths / count);
    find_mean_square();
  }

  Index systems() const { return states_.systems(); }
  Index terms(Index system) const { return states_.windows(system); }
  Index points() const { return options_.intervals; }  ///< of a term, as residuals
  Index residuals() const { return learned * options_.intervals; }
  double mean_square() const { return mean_square_; }  ///< of a residual of a field that is zero
  const Vector<double, dim>& noise() const { return states_.noise(); }  ///< as of `StateWindows`
  int substeps() const {
    return substeps_;
  }  ///< of the integrator in an interval of mean length, given or chosen
  /// Bounds the gradient where equations of steps may become singular, as `Lagrangian` does; 0: it need not be.
  double largest_gradient() const { return options_.scheme == RolloutScheme::rk4 ? 0 : 0.1; }

  /// Evaluates windows tile by tile.
  class Sweep {
    friend class RolloutLoss;
    static constexpr int points = tile_points<Scalar>;
    static_assert(points >= RolloutOptions::most_intervals);
    RolloutSweep<Bound, points> flow_;
    // Points first, [points x dim]: the nodes, and where they lead, which its cotangent replaces.
    alignas(64) Scalar x_[points * dim];
    alignas(64) Scalar end_[points * dim];
    alignas(64) Scalar length_[points];
    double defect_[points * dim];
    typename DefectWhitening<dim>::Work work_;
  };

  /// Returns weight · Σ residual² over the terms `columns` (null: all) from `first` on, and writes its gradient to
  /// `d_weights`: all but the padding.
  double operator()(Sweep& sweep, const Scalar* weights, const Scaling<Scalar, dim>& scaling, Index number,
                    const std::uint32_t* columns, Index first, Index count, Scalar weight,
                    Scalar* d_weights) const;

  /// Finds the transitions of a system's samples by its field, with which they are weighed from then on.
  void linearise(Sweep& sweep, const Scalar* weights, const Scaling<Scalar, dim>& scaling, Index system);

  void linearised() { find_mean_square(); }  ///< follows linearisations of all systems

  /// Lists what was linearised, for `StateArchive`.
  template <class Archive>
  void serialize(Archive& archive) {
    for (Nodes& nodes : nodes_) archive(nodes.transitions);
    find_mean_square();
  }

  /// Returns the root mean square error of the field, [dim], as far as `IntegralError` tells it from noise: over a few intervals,
  /// integrated with field(system, x, f), which evaluates it, by Runge-Kutta: where that is not the scheme, in steps that stiff motions stand.
  template <class Field>
  Vector<double, dim> rate_error(const Scaling<Scalar, dim>&, Field&& field) const {
    IntegralError<dim> error;
    const int steps = options_.scheme == RolloutScheme::rk4 ? steps_in(longest_) : Options::most_substeps;
    for (Index j = 0; j < systems(); ++j)
      add_rollouts(error, states_[j].pieces, states_[j].x, steps,
                   [&](const Matrix<Scalar, dim>& x, Matrix<Scalar, dim>& f) { field(j, x, f); });
    return error.of_rates(noise(), Bound::given());
  }

 private:
  /// What belongs to each sample of a system: the time to the next and the transition that it is weighed with, [dim·dim x samples].
  struct Nodes {
    Vector<Scalar> lengths;
    Matrix<Scalar> transitions;
  };

  /// Steps in an interval that keep what the scheme loses small beside the rates.
  int steps_in(double length) const {
    return options_.substeps > 0 ? options_.substeps
                                 : traits_of(options_.scheme).steps(coarseness_ * length, truncation);
  }

  /// Fills a tile with a system's samples at(p), and chooses the steps that the longest of their intervals needs.
  template <class At>
  void gather(Sweep& sweep, Index system, const At& at) const {
    Scalar longest = 0;
    for (Index p = 0; p < Sweep::points; ++p) {
      const Index k = at(p);
      longest = std::max(longest, sweep.length_[p] = nodes_[static_cast<std::size_t>(system)].lengths[k]);
      for (int i = 0; i < dim; ++i) sweep.x_[i * Sweep::points + p] = states_[system].x(i, k);
    }
    sweep.flow_.choose(options_.scheme, steps_in(static_cast<double>(longest)));
  }

  void find_mean_square() {
    double square = 0, count = 0;
    for (Index j = 0; j < systems(); ++j)
      for (const auto& window : states_[j].windows) {
        defect_.setZero(options_.intervals * dim);
        const Scalar* x = column(states_[j].x, window.first);
        for (Index k = 0; k + 1 < window.samples; ++k, x += dim)
          for (int i = 0; i < learned; ++i) defect_[k * dim + i] = static_cast<double>(x[i] - x[dim + i]);
        square += whiten(work_, j, window, defect_.data());
        count += static_cast<double>(residuals());
      }
    mean_square_ = square / count;
  }

  template <class Window>
  double whiten(typename DefectWhitening<dim>::Work& work, Index system, const Window& window,
                double* defect) const {
    const Nodes& nodes = nodes_[static_cast<std::size_t>(system)];
    return whitening_(work, static_cast<Index>(window.samples) - 1, nodes.lengths.data() + window.first,
                      column(nodes.transitions, window.first), defect);
  }

  Options options_;
  StateWindows<Scalar, dim> states_;
  std::vector<Nodes> nodes_;  // one a system
  DefectWhitening<dim> whitening_;
  typename DefectWhitening<dim>::Work work_;
  Vector<double> defect_;
  double coarseness_ = 0, longest_ = 0;  // of an interval of length 1; the longest interval
  int substeps_ = 1;
  double mean_square_ = 1;
};

// Outside the class, so that `extern template class RolloutLoss<...>` keeps the kernels out of a translation unit.
template <class Bound>
double RolloutLoss<Bound>::operator()(Sweep& sweep, const Scalar* weights,
                                      const Scaling<Scalar, dim>& scaling, Index number,
                                      const std::uint32_t* columns, Index first, Index count, Scalar weight,
                                      Scalar* d_weights) const {
  constexpr Index points = Sweep::points;
  const auto& system = states_[number];
  const Scaling<Scalar, dim> centred = scaling.centred();
  const Index n = options_.intervals, windows = points / n;
  double total = 0;
  for (Index start = 0; start < count; start += windows) {
    const Index used = std::min(windows, count - start);
    const auto window_of = [&](Index w) -> const auto& {
      const Index place = first + start + std::min(w, used - 1);
      return system.windows[columns != nullptr ? columns[place] : static_cast<std::uint32_t>(place)];
    };
    gather(sweep, number, [&](Index p) {  // what is no node of a window repeats one, and weighs nothing
      const auto& window = window_of(p / n);
      return window.first + std::min<Index>(p % n, window.samples - 2);
    });
    sweep.flow_.forward(weights, centred, sweep.x_, sweep.length_, sweep.end_);
    double square = 0;
    for (Index w = 0; w < used; ++w) {
      const auto& window = window_of(w);
      double* const defect = sweep.defect_ + w * n * dim;
      std::fill_n(defect, n * dim, 0.0);
      for (Index k = 0; k + 1 < window.samples; ++k)
        for (int i = 0; i < learned; ++i)
          defect[k * dim + i] = static_cast<double>(sweep.end_[i * points + w * n + k]) -
                                static_cast<double>(system.x(i, window.first + k + 1));
      square += whiten(sweep.work_, number, window, defect);
    }
    total += static_cast<double>(weight) * square;
    if (d_weights == nullptr) continue;
    for (Index p = 0; p < points; ++p)
      for (int i = 0; i < dim; ++i)
        sweep.end_[i * points + p] =
            p < used * n ? static_cast<Scalar>(2 * static_cast<double>(weight) * sweep.defect_[p * dim + i])
                         : Scalar(0);
    sweep.flow_.pullback(weights, centred, sweep.end_, d_weights, false, start == 0);
  }
  return total;
}

template <class Bound>
void RolloutLoss<Bound>::linearise(Sweep& sweep, const Scalar* weights, const Scaling<Scalar, dim>& scaling,
                                   Index number) {
  constexpr Index points = Sweep::points;
  const auto& x = states_[number].x;
  Nodes& nodes = nodes_[static_cast<std::size_t>(number)];
  const Scaling<Scalar, dim> centred = scaling.centred();
  for (Index start = 0; start < x.cols(); start += points) {
    const Index used = std::min(points, x.cols() - start);
    gather(sweep, number, [&](Index p) { return start + std::min(p, used - 1); });
    for (int row = 0; row < dim; ++row) {
      sweep.flow_.forward(weights, centred, sweep.x_, sweep.length_, sweep.end_);
      for (int i = 0; i < dim; ++i) std::fill_n(sweep.end_ + i * points, points, Scalar(i == row));
      sweep.flow_.pullback(weights, centred, sweep.end_, nullptr, true, true);
      for (Index p = 0; p < used; ++p)
        for (int i = 0; i < dim; ++i)
          nodes.transitions(row + i * dim, start + p) = sweep.end_[i * points + p];
    }
  }
}

}  // namespace metriplex

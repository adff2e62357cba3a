#pragma once

#include <algorithm>
#include <cmath>

#include "metriplex/nn/gradient_sweep.hpp"
#include "metriplex/nn/periodic_sweep.hpp"
#include "metriplex/nn/scaling.hpp"
#include "metriplex/nn/shared.hpp"

namespace metriplex {

/// Sweeps one shared network over all its groups, at a tile of points or at one: a group's points, or the groups of one point, are
/// the columns of a small tile, so both run at the batched kernel's speed.
///
/// What groups treat alike has one unit: input f of the network is (x_to − x_from − m_f)/s_f with m_f the mean over groups of
/// the differences of the components' means, s_f² that of the sums of their squared units. So a shift of all components changes nothing that is seen
/// of differences, and a wall stays at the data's 0.
/// Math: ∇V = Fᵀ(∇φ of each group), F the sparse matrix of the differences over s; pulled back by F, and F d again into each group.
/// Cost: of the network for each group; `pullback` and `tangent` evaluate a group again that is not the last in memory, which then does not
/// grow with the groups.
template <class Term, RealScalar Scalar, int Points>
class TermSweep {
  using Net = typename Term::Inner;
  static constexpr const auto& groups = Term::Group::groups;
  static constexpr int inputs = Net::inputs, rows = Term::inputs, count = static_cast<int>(groups.size());
  // The groups of a point in as few, and as equal, batches as two registers each allow.
  static constexpr int most = 2 * lanes<Scalar>, least = (count + most - 1) / most;
  static constexpr int batch = Points > 1 ? 1 : round_up((count + least - 1) / least, lanes<Scalar>);
  static constexpr int batches = (count + batch - 1) / batch, columns = batch * Points;

  alignas(64) Scalar seen_[columns * inputs], made_[columns * inputs];
  Scalar mean_[inputs], factor_[inputs], origin_[rows];
  GradientSweep<Net, Scalar, columns> sweep_;

 public:
  /// Takes units from those of the components, of which the first has row `first`.
  template <int Dim>
  void prepare(const Scaling<Scalar, Dim>& scale, int first) {
    const auto of = [first](const auto& values, int row) {
      return row < 0 ? Scalar(0) : values[first + row];
    };
    for (int i = 0; i < rows; ++i) origin_[i] = scale.origin[first + i];
    for (int f = 0; f < inputs; ++f) {
      Scalar mean = 0, square = 0;
      for (const auto& group : groups) {
        const Difference d = group[static_cast<std::size_t>(f)];
        mean += (of(scale.mean, d.to) - of(scale.mean, d.from)) +
                (of(scale.origin, d.to) - of(scale.origin, d.from));
        for (const int row : {d.to, d.from})
          if (row >= 0) square += 1 / (scale.inverse_scale[first + row] * scale.inverse_scale[first + row]);
      }
      mean_[f] = mean / count;
      factor_[f] = square > 0 ? std::sqrt(count / square) : Scalar(1);
    }
  }

  /// Adds value, unless null, and gradient; x as they were measured.
  template <bool keep>
  void add(const Scalar* weights, const Scalar* x, Scalar* value, Scalar* gradient) {
    for (int b = 0; b < batches; ++b) {
      alignas(64) Scalar values[columns];
      look(b, x);
      sweep_.template forward<keep && batches == 1>(weights, seen_, value != nullptr ? values : nullptr,
                                                    made_);
      scatter(b, made_, gradient);
      if (value == nullptr) continue;
      for (int j = 0; j < batch && b * batch + j < count; ++j)
        for (int p = 0; p < Points; ++p) value[p] += values[j * Points + p];
    }
  }

  /// Adds how the gradient at x changes as the weights change along a direction.
  void add_tangent(const Scalar* weights, const Scalar* x, const Scalar* along, Scalar* tangent) {
    for (int b = 0; b < batches; ++b) {
      again(b, weights, x);
      sweep_.tangent(weights, along, made_);
      scatter(b, made_, tangent);
    }
  }

  /// Pulls cotangents back to the weights, unless null, and adds to those of x.
  void pullback(const Scalar* weights, const Scalar* x, const Scalar* d_value, const Scalar* d_gradient,
                Scalar* d_weights, Scalar* d_x, bool overwrite) {
    alignas(64) Scalar d_values[columns];
    for (int j = 0; d_value != nullptr && j < columns; ++j) d_values[j] = d_value[j % Points];
    for (int b = 0; b < batches; ++b) {
      again(b, weights, x);
      gather(b, d_gradient, [](int, const Difference&) { return Scalar(0); });
      sweep_.pullback(weights, d_value != nullptr ? d_values : nullptr, seen_, d_weights,
                      d_x != nullptr ? made_ : nullptr, overwrite && b == 0);
      if (d_x != nullptr) scatter(b, made_, d_x);
    }
  }

 private:
  void look(int b, const Scalar* x) {
    gather(b, x, [this](int f, const Difference& d) {
      return (d.to < 0 ? Scalar(0) : origin_[d.to]) - (d.from < 0 ? Scalar(0) : origin_[d.from]) - mean_[f];
    });
  }

  /// Has batch b in memory as `forward<true>` leaves it.
  void again(int b, const Scalar* weights, const Scalar* x) {
    if constexpr (batches == 1) return;
    look(b, x);
    sweep_.template forward<true>(weights, seen_, nullptr, made_);
  }

  /// Fills `seen_` with F applied to rows of a tile, of each difference with what shift(f, difference) adds to it.
  template <class Shift>
  void gather(int b, const Scalar* tile, const Shift& shift) {
    for (int f = 0; f < inputs; ++f)
      for (int j = 0; j < batch; ++j) {
        Scalar* to = seen_ + f * columns + j * Points;
        if (b * batch + j >= count) {
          std::fill_n(to, Points, Scalar(0));
          continue;
        }
        const Difference d = groups[static_cast<std::size_t>(b * batch + j)][static_cast<std::size_t>(f)];
        const Scalar *plus = d.to < 0 ? wall : tile + d.to * Points,
                     *minus = d.from < 0 ? wall : tile + d.from * Points;
        const Scalar more = shift(f, d);
        for (int p = 0; p < Points; ++p) to[p] = factor_[f] * ((plus[p] - minus[p]) + more);
      }
  }

  /// Adds Fᵀ applied to what is made of a batch to the rows of a tile.
  void scatter(int b, const Scalar* made, Scalar* tile) const {
    for (int f = 0; f < inputs; ++f)
      for (int j = 0; j < batch && b * batch + j < count; ++j) {
        const Scalar* from = made + f * columns + j * Points;
        const Difference d = groups[static_cast<std::size_t>(b * batch + j)][static_cast<std::size_t>(f)];
        for (int p = 0; d.to >= 0 && p < Points; ++p) tile[d.to * Points + p] += factor_[f] * from[p];
        for (int p = 0; d.from >= 0 && p < Points; ++p) tile[d.from * Points + p] -= factor_[f] * from[p];
      }
  }

  static constexpr Scalar wall[Points] = {};
};

/// Sweeps a sum of shared networks; as `GradientSweep`, or `PointSweep` for one point, but that x is as it was measured, and slopes are by that.
///
/// Shapes: weights, one `MlpLayout` a term, one after the other; x, gradient [Points x components]. The value has the units of the network.
template <class Net, RealScalar Scalar, int Points>
class SharedSweep {
  static constexpr int rows = Net::inputs;

  // Bases, not a tuple: that would fill them with zeros whenever one is made.
  template <int k, class Term>
  struct Part {
    TermSweep<Term, Scalar, Points> sweep;
  };
  template <class, class>
  struct Parts;
  template <class... Terms, int... k>
  struct Parts<TermList<Terms...>, std::integer_sequence<int, k...>> : Part<k, Terms>... {
    /// Calls body(sweep, where its weights begin, whether it is the first) for each term.
    template <class Body>
    void for_each(Body&& body) {
      int weights = 0;
      ((body(static_cast<Part<k, Terms>&>(*this).sweep, weights),
        weights += MlpLayout<Terms, Scalar>::size()),
       ...);
    }
  };
  template <class... Terms>
  static Parts<TermList<Terms...>, std::make_integer_sequence<int, sizeof...(Terms)>> parts_of(
      TermList<Terms...>);

  decltype(parts_of(typename Net::Terms{})) parts_;
  alignas(64) Scalar x_[Points * rows];  // of the last `forward<true>`

 public:
  static constexpr int points = Points;

  /// Takes units from those of the state, whose row `first` is the first that the potential sees.
  template <int Dim>
  void prepare(const Scaling<Scalar, Dim>& scale, int first) {
    parts_.for_each([&](auto& sweep, int) { sweep.prepare(scale, first); });
  }

  template <bool keep>
  void forward(const Scalar* weights, const Scalar* x, Scalar* value, Scalar* gradient) {
    if constexpr (keep) std::copy_n(x, Points * rows, x_);
    if (value != nullptr) std::fill_n(value, Points, Scalar(0));
    std::fill_n(gradient, Points * rows, Scalar(0));
    parts_.for_each([&](auto& sweep, int at) { sweep.template add<keep>(weights + at, x, value, gradient); });
  }

  void tangent(const Scalar* weights, const Scalar* along, Scalar* tangent) {
    std::fill_n(tangent, Points * rows, Scalar(0));
    parts_.for_each([&](auto& sweep, int at) { sweep.add_tangent(weights + at, x_, along + at, tangent); });
  }

  // Of a tile: to weights and points; of a point: to the point.
  void pullback(const Scalar* weights, const Scalar* d_value, const Scalar* d_gradient, Scalar* d_weights,
                Scalar* d_x, bool overwrite = false) {
    if (d_x != nullptr) std::fill_n(d_x, Points * rows, Scalar(0));
    parts_.for_each([&](auto& sweep, int at) {
      sweep.pullback(weights + at, x_, d_value, d_gradient, d_weights != nullptr ? d_weights + at : nullptr,
                     d_x, overwrite);
    });
  }
  void pullback(const Scalar* weights, const Scalar* d_value, const Scalar* d_gradient,
                Scalar* d_x) requires(Points == 1) {
    pullback(weights, d_value, d_gradient, nullptr, d_x);
  }
};

template <IsShared Net, class Inner, RealScalar Scalar, bool Potential, bool slopes>
struct SweepFor<Net, Inner, Scalar, Potential, slopes> {
  using type = SharedSweep<Net, Scalar, Inner::points>;
};

}  // namespace metriplex

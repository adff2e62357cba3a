#pragma once

#include <algorithm>
#include <cmath>

#include "metriplex/core/types.hpp"
#include "metriplex/nn/periodic.hpp"

namespace metriplex {

/// Sweeps a periodic network at a tile of points, or one: turns angles into cosines and sines for the sweep inside, and slopes by
/// these into slopes by the angles. `Potential` tells a sweep of value and gradient from one of values, with `slopes` or without. A
/// Lagrangian, one value with slopes, also has a direction of the positions, which turns into one of cosines and sines, and second derivatives by
/// what are no angles, which stay.
///
/// Math: ∂_θ = −sin θ ∂_c + cos θ ∂_s; of a cotangent d of it, d_c = −sin θ d, d_s = cos θ d, d_θ = −d (cos θ ∂_c + sin θ ∂_s), to
/// which the inputs' own are added, −sin θ d_c + cos θ d_s. A direction w of θ is −sin θ w, cos θ w.
/// Shapes: as of the sweep inside, with the rows of the state in the place of its inputs.
template <class Net, class Inner, RealScalar Scalar, bool Potential, bool slopes>
class PeriodicSweep {
  static constexpr int Points = Inner::points, rows = Net::inputs, features = Net::Inner::inputs;
  // What has slopes: a potential once, without its value among them; a network's outputs, each behind its value.
  static constexpr int groups = Potential ? 1 : Net::outputs, lead = Potential ? 0 : 1;
  static constexpr int group = lead + (Potential || slopes ? features : 0);
  static constexpr int outer = lead + (Potential || slopes ? rows : 0);

  // Of a Lagrangian: how many features the direction has, of how many rows, and how many second derivatives there are.
  static constexpr bool motion = requires { Inner::curvatures; };
  static constexpr auto motion_size = [] {
    struct Size {
      int features = 0, rows = 0, curvatures = 0;
    } size;
    if constexpr (motion) size = {Inner::places, rows - (features - Inner::places), Inner::curvatures};
    return size;
  }();

  Inner sweep_;
  alignas(64) Scalar x_[Points * (features + motion_size.features)],
      d_x_[Points * (features + motion_size.features)];
  alignas(64) Scalar made_[Points * (groups * group + motion_size.curvatures)],
      d_made_[Points * (groups * group + motion_size.curvatures)];

 public:
  static constexpr int points = Points;

  template <bool keep>
  void forward(const Scalar* weights, const Scalar* x, Scalar* value, Scalar* gradient) requires Potential {
    turn(x);
    sweep_.template forward<keep>(weights, x_, value, made_);
    fold(made_, gradient);
  }
  void forward(const Scalar* weights, const Scalar* x, Scalar* y) requires(!Potential) {
    turn(x);
    sweep_.forward(weights, x_, made_);
    fold(made_, y);
  }

  void tangent(const Scalar* weights, const Scalar* along, Scalar* tangent) {
    sweep_.tangent(weights, along, d_made_);
    fold(d_made_, tangent);
  }

  // Of a tile: to weights and points; of a point: to the point.
  void pullback(const Scalar* weights, const Scalar* d_value, const Scalar* d_gradient, Scalar* d_weights,
                Scalar* d_x, bool overwrite = false) requires(Potential&& Points > 1) {
    unfold(d_gradient);
    sweep_.pullback(weights, d_value, d_made_, d_weights, d_x != nullptr ? d_x_ : nullptr, overwrite);
    turn_back(d_gradient, d_x);
  }
  void pullback(const Scalar* weights, const Scalar* d_value, const Scalar* d_gradient,
                Scalar* d_x) requires(Potential&& Points == 1) {
    unfold(d_gradient);
    sweep_.pullback(weights, d_value, d_made_, d_x_);
    turn_back(d_gradient, d_x);
  }
  void pullback(const Scalar* weights, const Scalar* d_y, Scalar* d_weights, Scalar* d_x,
                bool overwrite = false) requires(!Potential && Points > 1) {
    unfold(d_y);
    sweep_.pullback(weights, d_made_, d_weights, d_x != nullptr ? d_x_ : nullptr, overwrite);
    turn_back(d_y, d_x);
  }
  void pullback(const Scalar* weights, const Scalar* d_y, Scalar* d_x) requires(!Potential && Points == 1) {
    unfold(d_y);
    sweep_.pullback(weights, d_made_, d_x_);
    turn_back(d_y, d_x);
  }

 private:
  /// Calls body(row, feature, is an angle) for the rows of the state; the sine of an angle is the feature after.
  template <class Body>
  static void for_each_row(Body&& body) {
    int feature = 0;
    for (int row = 0; row < rows; ++row) {
      const bool angle = Net::angles[static_cast<std::size_t>(row)];
      body(row, feature, angle);
      feature += angle ? 2 : 1;
    }
  }
  const Scalar& cosine(int feature, int p) const { return x_[feature * Points + p]; }
  const Scalar& sine(int feature, int p) const { return x_[(feature + 1) * Points + p]; }

  void turn(const Scalar* x) {
    for_each_row([&](int row, int feature, bool angle) {
      for (int p = 0; p < Points; ++p) {
        const Scalar value = x[row * Points + p];
        x_[feature * Points + p] = angle ? std::cos(value) : value;
        if (angle) x_[(feature + 1) * Points + p] = std::sin(value);
      }
      if (row >= motion_size.rows) return;
      Scalar* to = x_ + (features + feature) * Points;
      for (int p = 0; p < Points; ++p) {
        const Scalar along = x[(rows + row) * Points + p];
        to[p] = angle ? -sine(feature, p) * along : along;
        if (angle) to[Points + p] = cosine(feature, p) * along;
      }
    });
  }

  /// Slopes by features to slopes by rows.
  void fold(const Scalar* made, Scalar* to) const {
    for (int g = 0; g < groups; ++g, made += group * Points, to += outer * Points) {
      if constexpr (lead == 1) std::copy_n(made, Points, to);
      if constexpr (group > lead)
        for_each_row([&](int row, int feature, bool angle) {
          const Scalar *slope = made + (lead + feature) * Points, *next = slope + Points;
          for (int p = 0; p < Points; ++p)
            to[(lead + row) * Points + p] =
                angle ? cosine(feature, p) * next[p] - sine(feature, p) * slope[p] : slope[p];
        });
    }
    std::copy_n(made, motion_size.curvatures * Points, to);
  }

  /// Cotangents of slopes by rows to those of slopes by features.
  void unfold(const Scalar* d) {
    Scalar* to = d_made_;
    for (int g = 0; g < groups; ++g, d += outer * Points, to += group * Points) {
      if constexpr (lead == 1) std::copy_n(d, Points, to);
      if constexpr (group > lead)
        for_each_row([&](int row, int feature, bool angle) {
          Scalar *slope = to + (lead + feature) * Points, *next = slope + Points;
          for (int p = 0; p < Points; ++p) {
            const Scalar by = d[(lead + row) * Points + p];
            slope[p] = angle ? -sine(feature, p) * by : by;
            if (angle) next[p] = cosine(feature, p) * by;
          }
        });
    }
    std::copy_n(d, motion_size.curvatures * Points, to);
  }

  /// What the rows get, through the features and since slopes by an angle depend on it.
  void turn_back(const Scalar* d, Scalar* d_x) const {
    if (d_x == nullptr) return;
    for_each_row([&](int row, int feature, bool angle) {
      for (int p = 0; p < Points; ++p) {
        const Scalar by = d_x_[feature * Points + p];
        Scalar& to = d_x[row * Points + p];
        to = angle ? cosine(feature, p) * d_x_[(feature + 1) * Points + p] - sine(feature, p) * by : by;
        if (!angle || group == lead) continue;
        for (int g = 0; g < groups; ++g) {
          const Scalar* slope = made_ + (g * group + lead + feature) * Points;
          to -= d[(g * outer + lead + row) * Points + p] *
                (cosine(feature, p) * slope[p] + sine(feature, p) * slope[Points + p]);
        }
      }
      if (row >= motion_size.rows) return;
      const Scalar *along = x_ + (features + feature) * Points,
                   *d_along = d_x_ + (features + feature) * Points;
      for (int p = 0; p < Points; ++p) {
        Scalar& to = d_x[(rows + row) * Points + p];
        to = angle ? cosine(feature, p) * d_along[Points + p] - sine(feature, p) * d_along[p] : d_along[p];
        if (angle) d_x[row * Points + p] += along[p] * d_along[Points + p] - along[Points + p] * d_along[p];
      }
    });
  }
};

template <class Net, class Inner, RealScalar Scalar, bool Potential, bool slopes>
struct SweepFor {
  using type = Inner;
};
template <HasAngles Net, class Inner, RealScalar Scalar, bool Potential, bool slopes>
struct SweepFor<Net, Inner, Scalar, Potential, slopes> {
  using type = PeriodicSweep<Net, Inner, Scalar, Potential, slopes>;
};
/// Names the sweep of a network, given that of the one inside it.
template <class Net, class Inner, RealScalar Scalar, bool Potential, bool slopes>
using SweepOf = typename SweepFor<Net, Inner, Scalar, Potential, slopes>::type;

}  // namespace metriplex

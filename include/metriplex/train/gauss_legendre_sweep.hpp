#pragma once

#include <algorithm>
#include <cmath>
#include <limits>
#include <memory>
#include <vector>

#include "metriplex/core/linear_algebra.hpp"
#include "metriplex/core/types.hpp"
#include "metriplex/integrate/gauss_legendre.hpp"
#include "metriplex/nn/scaling.hpp"

namespace metriplex {

/// Holds a `GaussTableau` of as many stages as are asked for while the program runs.
struct GaussCoefficients {
  int stages = 0;
  double a[3][3] = {}, d[3] = {};

  template <int Stages>
  static GaussCoefficients of() {
    GaussCoefficients made{Stages};
    for (int i = 0; i < Stages; ++i) {
      made.d[i] = GaussTableau<Stages>::d[i];
      for (int j = 0; j < Stages; ++j) made.a[i][j] = GaussTableau<Stages>::a[i][j];
    }
    return made;
  }

  /// Finds the coefficients of 1, 2 or 3 stages.
  static GaussCoefficients of(int stages) { return stages == 1 ? of<1>() : stages == 2 ? of<2>() : of<3>(); }
};

/// Integrates a field over networks from a tile of states on, each over an interval of its own, by steps of a method of Gauss and
/// Legendre, and pulls cotangents of where they arrive back to the weights and the states, through exactly these steps.
///
/// Math: z = h A f(x + z), x⁺ = x + d z, by Newton's method; Jacobians are those at x, after one correction, and again where corrections
/// do not shrink to a tenth. The derivative of a solved step is that of its equation: Mᵀμ = dᵀx̄⁺ with M = 1 − h A f′(x + z), φ = h Aᵀμ
/// is the cotangent of the rates at the stages, and x̄ = x̄⁺ + Σ (μ − d x̄⁺) (implicit functions: Griewank & Walther 2008, "Evaluating
/// derivatives", 15). It is exact to rounding however z was found, of which nothing is kept; so many sweeps, differentiated one by one,
/// would make an explicit method, which is not symplectic, and converge for short steps only.
/// Shapes: tiles are points first, [Points x dim]; intervals [Points].
/// Cost: a Jacobian is dim fields and pullbacks. A step of s stages takes s + 1 Jacobians and some 4 s fields, and back s Jacobians and s
/// fields and pullbacks. Memory: s · dim numbers a point and step, and (s · dim)² a point.
/// Not: refused where the equation has no solution, as it may of a field that is not trained yet: after `most_iterations` the last z
/// stands, and the derivative is that of the equation there.
template <class Bound, int Points>
class GaussLegendreSweep {
  using Scalar = typename Bound::Scalar;
  static constexpr int dim = Bound::dimension, size = Points * dim;
  using Field = typename Bound::template Sweep<Points>;

 public:
  static constexpr int points = Points, most_iterations = 30;

  /// Sets the method and the steps in an interval.
  void steps(const GaussCoefficients& method, int count) {
    method_ = method;
    const auto stages = static_cast<std::size_t>(method.stages), unknowns = stages * dim;
    starts_.resize(static_cast<std::size_t>(count));
    stages_.resize(starts_.size() * stages);
    jacobian_.resize(unknowns);
    factors_.resize(unknowns * unknowns * Points);
    pivots_.resize(unknowns * Points);
    right_.resize(unknowns * Points);
  }

  /// Integrates; `end` becomes where the states arrive.
  void forward(const Scalar* weights, const Scaling<Scalar, dim>& scaling, const Scalar* start,
               const Scalar* interval, Scalar* end) {
    for (int p = 0; p < Points; ++p) length_[p] = interval[p] / static_cast<Scalar>(starts_.size());
    std::copy_n(start, size, end);
    for (std::size_t step = 0; step < starts_.size(); ++step) {
      std::copy_n(end, size, starts_[step].x);
      Tile* const z = increments(step);
      solve(weights, scaling, starts_[step].x, z);
      for (int j = 0; j < method_.stages; ++j)
        for (int k = 0; k < size; ++k) end[k] += static_cast<Scalar>(method_.d[j]) * z[j].x[k];
    }
  }

  /// Pulls `cotangent` of where the states arrived back, which becomes that of the states, asked for or not; follows a `forward`, any
  /// number of times. `d_weights` as of `FieldSweep::pullback`, or null.
  void pullback(const Scalar* weights, const Scaling<Scalar, dim>& scaling, Scalar* cotangent,
                Scalar* d_weights, bool /*to_states*/, bool overwrite) {
    const int stages = method_.stages, unknowns = stages * dim;
    for (std::size_t step = starts_.size(); step-- > 0;) {
      const Tile* const z = increments(step);
      for (int j = 0; j < stages; ++j) {
        move(starts_[step].x, z[j].x);
        find_jacobian(weights, scaling, j);
      }
      factor<true>(stages);
      for (int p = 0; p < Points; ++p)
        for (int n = 0; n < unknowns; ++n)
          right(p)[n] = static_cast<Scalar>(method_.d[n / dim]) * cotangent[n % dim * Points + p];
      solve_factored();
      for (int j = 0; j < stages && d_weights != nullptr; ++j) {
        for (int i = 0; i < dim; ++i)
          for (int p = 0; p < Points; ++p) {
            Scalar sum = 0;
            for (int s = 0; s < stages; ++s) sum += a(s, j) * right(p)[s * dim + i];
            rate_[i * Points + p] = length_[p] * sum;
          }
        move(starts_[step].x, z[j].x);
        evaluate(weights, scaling, slope_);
        pull(weights, scaling, rate_, d_weights, nullptr, overwrite);
        overwrite = false;
      }
      Scalar kept = 1;
      for (int j = 0; j < stages; ++j) kept -= static_cast<Scalar>(method_.d[j]);
      for (int i = 0; i < dim; ++i)
        for (int p = 0; p < Points; ++p) {
          Scalar& to = cotangent[i * Points + p];
          to *= kept;
          for (int j = 0; j < stages; ++j) to += right(p)[j * dim + i];
        }
    }
  }

 private:
  struct Tile {
    alignas(64) Scalar x[size];
  };

  Tile* increments(std::size_t step) {
    return stages_.data() + step * static_cast<std::size_t>(method_.stages);
  }
  Scalar* right(int p) { return right_.data() + p * method_.stages * dim; }
  Scalar a(int i, int j) const { return static_cast<Scalar>(method_.a[i][j]); }

  // Each once: whole networks are compiled into them.
  [[gnu::noinline]] void evaluate(const Scalar* weights, const Scaling<Scalar, dim>& scaling, Scalar* rate) {
    field_->template forward<true>(weights, scaling, stage_, rate);
  }
  [[gnu::noinline]] void pull(const Scalar* weights, const Scaling<Scalar, dim>& scaling,
                              const Scalar* d_rate, Scalar* d_weights, Scalar* d_x, bool overwrite) {
    field_->pullback(weights, scaling, nullptr, d_rate, d_weights, d_x, overwrite);
  }

  void move(const Scalar* x, const Scalar* by) {
    for (int k = 0; k < size; ++k) stage_[k] = x[k] + by[k];
  }

  /// Solves z = h A f(x + z).
  void solve(const Scalar* weights, const Scaling<Scalar, dim>& scaling, const Scalar* x, Tile* z) {
    constexpr auto rounding = static_cast<double>(std::numeric_limits<Scalar>::epsilon());
    const int stages = method_.stages, unknowns = stages * dim;
    double last = 0, shrunk = 1;
    for (int iteration = 0; iteration < most_iterations; ++iteration) {
      const bool first = iteration == 0, renew = iteration < 2 || shrunk > 0.1;
      for (int p = 0; p < Points; ++p)
        for (int n = 0; n < unknowns; ++n)
          right(p)[n] = first ? Scalar(0) : -z[n / dim].x[n % dim * Points + p];
      for (int j = 0; j < stages; ++j) {
        if (first)
          std::copy_n(x, size, stage_);  // and all stages there
        else
          move(x, z[j].x);
        if (renew && !(first && j > 0))
          find_jacobian(weights, scaling, j);
        else if (!first)
          evaluate(weights, scaling, rate_);
        for (int p = 0; p < Points; ++p)
          for (int n = 0; n < unknowns; ++n)
            right(p)[n] += length_[p] * a(n / dim, j) * rate_[n % dim * Points + p];
      }
      if (renew) factor<false>(first ? 1 : stages);
      solve_factored();
      double moved = 0;
      for (int j = 0; j < stages; ++j)
        for (int i = 0; i < dim; ++i) {
          const auto unit = static_cast<double>(scaling.inverse_scale[i]);
          for (int p = 0; p < Points; ++p) {
            const Scalar by = right(p)[j * dim + i];
            Scalar& to = z[j].x[i * Points + p];
            to = first ? by : to + by;
            moved = std::max(moved, std::abs(static_cast<double>(by)) * unit);
          }
        }
      shrunk = first ? 1 : moved / last;
      last = moved;
      // What the next correction would be; or there is none, but rounding.
      if (moved * shrunk <= 8 * rounding || (shrunk >= 0.5 && moved <= std::sqrt(rounding))) return;
    }
  }

  /// Finds the rates of the stage and their Jacobian.
  void find_jacobian(const Scalar* weights, const Scaling<Scalar, dim>& scaling, int stage) {
    for (int row = 0; row < dim; ++row) {
      evaluate(weights, scaling, rate_);
      for (int i = 0; i < dim; ++i) std::fill_n(slope_ + i * Points, Points, Scalar(i == row));
      pull(weights, scaling, slope_, nullptr, jacobian_[static_cast<std::size_t>(stage * dim + row)].x, true);
    }
  }

  /// Factors M, or its transpose, of each point, with the Jacobians of so many stages; of one, it is that of all.
  template <bool transposed>
  void factor(int known) {
    const int stages = method_.stages, unknowns = stages * dim;
    for (int p = 0; p < Points; ++p) {
      Scalar* const m = factors_.data() + p * unknowns * unknowns;
      for (int j = 0; j < stages; ++j)
        for (int s = 0; s < stages; ++s)
          for (int row = 0; row < dim; ++row)
            for (int k = 0; k < dim; ++k) {
              const int from = s * dim + row, to = j * dim + k;
              const Scalar slope =
                  jacobian_[static_cast<std::size_t>((known == 1 ? 0 : j) * dim + row)].x[k * Points + p];
              m[transposed ? to + from * unknowns : from + to * unknowns] =
                  Scalar(from == to) - length_[p] * a(s, j) * slope;
            }
      if (!factor_lu(Index{unknowns}, m, pivots_.data() + p * unknowns))
        std::fill_n(m, unknowns * unknowns, std::numeric_limits<Scalar>::quiet_NaN());
    }
  }

  void solve_factored() {
    const int unknowns = method_.stages * dim;
    for (int p = 0; p < Points; ++p)
      solve_lu(Index{unknowns}, factors_.data() + p * unknowns * unknowns, pivots_.data() + p * unknowns,
               right(p));
  }

  GaussCoefficients method_;
  std::unique_ptr<Field> field_ = std::make_unique<Field>();
  std::vector<Tile> starts_, stages_;    // where steps start; the increments z of all stages of all steps
  std::vector<Tile> jacobian_;           // a tile a row, of all stages
  std::vector<Scalar> factors_, right_;  // of each point, M and what it is solved for
  std::vector<Index> pivots_;
  alignas(64) Scalar stage_[size];
  alignas(64) Scalar rate_[size];
  alignas(64) Scalar slope_[size];
  alignas(64) Scalar length_[Points];
};

}  // namespace metriplex

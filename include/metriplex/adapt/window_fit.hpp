#pragma once

#include <algorithm>
#include <cmath>
#include <utility>

#include "metriplex/adapt/least_squares.hpp"
#include "metriplex/adapt/surprise.hpp"

namespace metriplex {

/// Keeps the last measurements of a stream, and fits them all at once in shares of bounded work.
///
/// Math: min over u of Σ ρ(r(u)) + ‖u‖², ρ Huber's function, by `LevenbergMarquardt`, from where the stream's filter has got to or, if
/// what that finds does not explain the measurements, from 0. It does unless Σ ‖r‖² + ‖u‖² is improbable, in which the worst
/// measurement counts up to its bound in `Surprise`: an outlier is no reason to doubt.
/// Cost: up to 18 evaluations of each measurement, `window` of them a share. Allocates when built, and nothing where the compiler
/// knows the size.
template <int Size, int Dim, RealScalar Scalar>
class WindowFit {
 public:
  using Unknown = Vector<double, Size>;
  using Square = Matrix<double, Size, Size>;
  using State = Vector<Scalar, Dim>;
  static constexpr Index window = 16;  ///< measurements that are fitted, at most

  /// Prepares for u [size].
  explicit WindowFit(Index size) : search_({.iterations = 8, .tolerance = 1e-1}) {
    u_.setOnes(size);
    factor_.setIdentity(size, size);
    // A step towards the prior makes room once and for all.
    search_.search(u_, [](const Unknown& u, auto& sums) { sums.start(u); });
  }

  /// Forgets all measurements, and ends a fit.
  void clear() {
    next_ = kept_ = 0;
    stage_ = Stage::idle;
  }

  /// Keeps a measurement; while a fit goes on, beside those that it is of.
  void keep(const State& x, const State& dx) {
    const bool fitting = stage_ != Stage::idle;
    if (fitting && since_ == window) return;  // there is no more room
    since_ += fitting;
    x_.col(next_) = x;
    dx_.col(next_) = dx;
    next_ = (next_ + 1) % room;
    kept_ = std::min(kept_ + 1, window);
  }

  /// Begins to fit the last measurements, one at least.
  void begin(const Unknown& here) {
    u_ = here;
    from_here_ = true;
    explains_ = false;
    count_ = kept_;
    first_ = (next_ + room - count_) % room;
    since_ = 0;
    stage_ = Stage::start;
  }

  /// Does a share of the fit; returns whether it goes on.
  ///
  /// move_to(u) is called before errors(x, dx, add), which calls add(error, row) for each number that was measured of a rate, with
  /// the error in deviations and its derivative by u.
  template <class MoveTo, class Errors>
  bool advance(const Surprise<Dim>& surprise, MoveTo&& move_to, Errors&& errors) {
    Index spent = 0;
    const auto evaluate = [&](const Unknown& u, LeastSquares<Size>& sums) {
      sums.start(u);
      move_to(u);
      double worst = 0, others = squared_norm(u);
      terms_ = 0;
      for (Index k = 0; k < count_; ++k) {
        double square = 0;
        errors(x_.col((first_ + k) % room), dx_.col((first_ + k) % room), [&](double error, double* row) {
          sums.add(error, row, std::sqrt(surprise.bound(1)));
          square += error * error;
          ++terms_;
        });
        if (square > worst) std::swap(square, worst);
        others += square;
      }
      sums.square = others + std::min(worst, surprise.bound(Dim));
      spent += count_;
    };
    while (stage_ != Stage::idle && spent + count_ <= window) {
      if (stage_ == Stage::start) {
        search_.start(u_, evaluate);
        stage_ = Stage::search;
      } else if (!search_.step(u_, evaluate)) {
        end_search(surprise);
      }
    }
    return stage_ != Stage::idle;
  }

  /// Whether the last fit explains what it was made of.
  bool explains() const { return explains_; }
  /// The best u, if it does.
  const Unknown& best() const { return u_; }
  /// The factor of the information there, the prior's with it.
  const Square& factor() const { return factor_; }

 private:
  enum class Stage { idle, start, search };
  static constexpr Index room = 2 * window;

  /// Judges what a search found, and goes on with the other one if that is nothing.
  void end_search(const Surprise<Dim>& surprise) {
    factor_ = search_.best().normal;
    explains_ = std::isfinite(search_.best().objective) && factor_cholesky(u_.size(), factor_.data()) &&
                !surprise.improbable(search_.best().square, terms_);
    stage_ = explains_ || !from_here_ ? Stage::idle : Stage::start;
    if (explains_) return;
    from_here_ = false;
    u_.setZero();
  }

  LevenbergMarquardt<Size> search_;
  Matrix<Scalar, Dim, room> x_, dx_;  // the measurements, a ring
  Unknown u_;
  Square factor_;
  Index next_ = 0, kept_ = 0;    // of the ring
  Index first_ = 0, count_ = 0;  // of what is fitted
  Index since_ = 0;              // kept since the fit began
  Index terms_ = 0;              // numbers measured of what is fitted
  Stage stage_ = Stage::idle;
  bool from_here_ = false, explains_ = false;
};

}  // namespace metriplex

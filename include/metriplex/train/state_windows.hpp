#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

#include "metriplex/adapt/measurements.hpp"
#include "metriplex/data/complete_pieces.hpp"
#include "metriplex/data/local_polynomial.hpp"
#include "metriplex/data/noise_level.hpp"
#include "metriplex/data/recordings.hpp"
#include "metriplex/data/roughness.hpp"
#include "metriplex/train/rate_loss.hpp"

namespace metriplex {

/// Holds a family's motions, of which the states alone were measured, as losses compare them with a field: in pieces without
/// gaps, and in windows of samples, the terms.
///
/// Samples of which a component is missing are left out, and motions cut at gaps of `longest_gap` usual intervals (`complete_pieces`).
template <RealScalar Scalar, int Dim>
class StateWindows {
 public:
  static constexpr double longest_gap = 4;

  struct Window {
    std::uint32_t first, samples, kind;  ///< kind: what a loss knows it by
  };

  struct System {
    std::vector<Motion<Dim>> pieces;
    Matrix<Scalar, Dim> x;  ///< relative to the scaling's mean, of all pieces

    /// Lists the time from each sample to the next, 0 at the end of a piece.
    Vector<Scalar> intervals() const {
      Vector<Scalar> lengths = Vector<Scalar>::Zero(samples());
      Index at = 0;
      for (const auto& piece : pieces) {
        for (Index k = 0; k + 1 < piece.samples(); ++k)
          lengths[at + k] = static_cast<Scalar>(piece.times[k + 1] - piece.times[k]);
        at += piece.samples();
      }
      return lengths;
    }
    std::vector<Window> windows;

    Index samples() const {
      Index count = 0;
      for (const auto& piece : pieces) count += piece.samples();
      return count;
    }
  };

  /// Takes a family's motions, the deviation of each component's noise (empty: estimates it), and returns their states with
  /// estimates of their rates, to choose units. The last `given` components have no noise, and no rate that counts.
  /// Errors: as `require_valid`; a member without two samples in a row; noise of another dimension.
  FirstSight<Dim> look(const Recordings<Dim>& family, const Vector<double>& noise, Index given = 0) {
    require_valid(family, "training on states");
    systems_.clear();
    Index count = 0;
    for (std::size_t m = 0; m < family.members.size(); ++m) {
      System& system = systems_.emplace_back();
      for (const auto& motion : family.members[m].motions)
        for (auto& piece : complete_pieces(motion, longest_gap)) system.pieces.push_back(std::move(piece));
      require(!system.pieces.empty(),
              {"training on states needs two samples in a row of each member; got none of member ", m});
      count += system.samples();
    }
    require(noise.size() == 0 || noise.size() == Dim,
            {"training on states needs a noise of each of ", Dim, " components or none; got ", noise.size()});
    noise_ = noise.size() == Dim ? Vector<double, Dim>(noise) : noise_deviation(family);
    noise_.tail(given).setZero();
    FirstSight<Dim> seen{Matrix<double, Dim>(Dim, count), Matrix<double, Dim>(Dim, count)};
    count = 0;
    for (const System& system : systems_)
      for (const auto& piece : system.pieces) {
        seen.states.middleCols(count, piece.samples()) = piece.states;
        seen.rates.middleCols(count, piece.samples()) = estimate_rates(piece);
        count += piece.samples();
      }
    seen.rates.bottomRows(given).setZero();
    return seen;
  }

  /// Makes the windows of `length` samples or, of shorter pieces, of all: one from every step(times, samples)-th sample on, of
  /// the kind that kind(times, samples) says. Those at the ends count as often as windows that reach beyond would: a motion's
  /// first samples would be seen least, and are all that is known of some states.
  template <class Step, class Kind>
  void cut(const Scaling<Scalar, Dim>& scaling, const FirstSight<Dim>& seen, Index length, Step&& step,
           Kind&& kind) {
    Index at = 0;
    for (System& system : systems_) {
      system.x = centred_states(scaling, seen.states.middleCols(at, system.samples()));
      at += system.samples();
      system.windows.clear();
      Index before = 0;
      for (const auto& piece : system.pieces) {
        const Index n = std::min(length, piece.samples()), last = piece.samples() - n;
        const Index beyond = last > 0 ? n : 0;
        const double* times = piece.times.data();
        const Index apart = last == 0 ? 1 : step(times, n);
        for (Index start = -beyond; start <= last + beyond; start += apart) {
          const Index k = std::clamp(start, Index{0}, last);
          system.windows.push_back(
              {static_cast<std::uint32_t>(before + k), static_cast<std::uint32_t>(n), kind(times + k, n)});
        }
        before += piece.samples();
      }
    }
  }

  Index systems() const { return static_cast<Index>(systems_.size()); }
  const System& operator[](Index system) const { return systems_[static_cast<std::size_t>(system)]; }
  Index windows(Index system) const { return static_cast<Index>((*this)[system].windows.size()); }

  /// Deviation of each component's noise, given or estimated.
  const Vector<double, Dim>& noise() const { return noise_; }

  /// Size of the fifth derivative of each component.
  Vector<double, Dim> fifth_derivative() const {
    Roughness<Dim> roughness;
    for (const System& system : systems_)
      for (const auto& piece : system.pieces) roughness.add(piece);
    return roughness.fifth_derivative(noise_);
  }

  /// Deviations that comparing allows for: of the noise, at least `least` of the states' own.
  Vector<double, Dim> deviation(const Scaling<Scalar, Dim>& scaling, double least) const {
    Vector<double, Dim> found;
    for (int i = 0; i < Dim; ++i)
      found[i] = std::max(noise_[i], least / static_cast<double>(scaling.inverse_scale[i]));
    return found;
  }

 private:
  Vector<double, Dim> noise_ = Vector<double, Dim>::Zero();
  std::vector<System> systems_;
};

}  // namespace metriplex

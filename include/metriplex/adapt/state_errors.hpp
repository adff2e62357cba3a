#pragma once

#include <algorithm>
#include <cmath>
#include <limits>
#include <span>
#include <vector>

#include "metriplex/adapt/sensitivity.hpp"
#include "metriplex/adapt/trajectory.hpp"
#include "metriplex/integrate/runge_kutta.hpp"

namespace metriplex {

/// Errors of a member's motion at measured states, relative to the spread of the states in training.
///
/// Math: e = √w (x(t; x₀, z) − y)/s by components, through the integrator, with exact derivatives. The initial states are
/// unknown too, one a piece: a long motion is cut into pieces (multiple shooting; Bock 1983), since errors would grow in it.
/// Steps are so short that h ‖∂f/∂x‖ stays below 0.3, which leaves fewer than 1e-4 of the change in a step.
template <class ModelType>
class StateErrors {
  using Scalar = typename ModelType::Scalar;
  static constexpr int dim = ModelType::dimension;

 public:
  using State = Vector<Scalar, dim>;
  static constexpr double reach = 0.3;  ///< of a step, in times of the field

  explicit StateErrors(const ModelType& model)
      : model_(model),
        motion_(model, model.scaling().centred()),
        row_(Vector<double>::Zero(model.latent())) {}

  /// Takes motions, cut into pieces of up to `longest` samples; `most_steps` of the integrator may lead from one sample to the
  /// next.
  ///
  /// Errors: as `Trajectory::check`; no motion; a gap that takes more steps for the member in the middle of the family.
  void measure(std::span<const Trajectory<dim>> motions, Index longest, Index most_steps) {
    require(!motions.empty(), "adaptation needs at least one motion, got none");
    for (const auto& motion : motions) motion.check("adaptation");
    motions_ = motions;
    most_steps_ = most_steps;
    pieces_.clear();
    terms_ = 0;
    for (std::size_t m = 0; m < motions.size(); ++m) {
      const Index samples = motions[m].samples(), count = 1 + (samples - 1) / longest;
      for (Index k = 0; k < count; ++k)
        pieces_.push_back({m, samples * k / count, samples * (k + 1) / count});
      for (Index k = 0; k < samples; ++k)
        for (int i = 0; i < dim; ++i) terms_ += motions[m].weight(i, k) > 0;
    }
    require(terms_ > 0, "adaptation needs at least one measured number; all have a weight of 0");
    derivatives_.resize(dim, dim + model_.latent());
    row_.setZero(model_.latent() + extras());
    motion_.move_to(model_.mean_latent());
    fastest_ = speed();
    for (const Piece& piece : pieces_)
      for (Index k = piece.begin + 1; k < piece.end; ++k) {
        const double needed = steps_for(gap(piece, k));
        require(needed <= static_cast<double>(most_steps),
                {"adaptation needs at most ", most_steps, " steps of ", reach / fastest_,
                 " between two samples; got a gap of ", needed, " before sample ", k, " of motion ",
                 piece.motion, ": are times in the model's unit?"});
      }
    fastest_ = 0;
  }

  /// A motion is not cut short: all of it is used always.
  void use_few(bool) {}

  /// Unknowns beside the latent: the initial state of every piece, in units of the states' spread.
  Index extras() const { return dim * static_cast<Index>(pieces_.size()); }
  Index terms() const { return terms_; }

  /// Writes where the initial states start: as measured; what is missing as it was next, or as in training.
  void start(double* extra) const {
    for (const Piece& piece : pieces_)
      for (int i = 0; i < dim; ++i) {
        const auto& motion = motions_[piece.motion];
        double value = mean(i);
        for (Index k = piece.begin; k < piece.end; ++k)
          if (motion.weight(i, k) > 0) {
            value = motion.states(i, k);
            break;
          }
        *extra++ = (value - mean(i)) * inverse_scale(i);
      }
  }

  /// Writes states and rates half way between neighbouring samples; returns whether there are any of which all was measured.
  ///
  /// Shapes: x, dx are resized to [dim x pairs].
  bool differences(Matrix<double, dim>& x, Matrix<double, dim>& dx) const {
    const auto for_each = [&](auto&& body) {
      for (const auto& motion : motions_)
        for (Index k = 1; k < motion.samples(); ++k)
          if (motion.complete(k - 1) && motion.complete(k)) body(motion, k);
    };
    Index count = 0;
    for_each([&](const auto&, Index) { ++count; });
    x.resize(dim, count);
    dx.resize(dim, count);
    Index at = 0;
    for_each([&](const auto& motion, Index k) {
      for (int i = 0; i < dim; ++i) {
        const double before = motion.states(i, k - 1), after = motion.states(i, k);
        x(i, at) = (before + after) / 2;
        dx(i, at) = (after - before) / (motion.times[k] - motion.times[k - 1]);
      }
      ++at;
    });
    return count > 0;
  }

  /// Calls add(error, row) for each number measured, row [latent + extras] its derivative, which `add` may spoil, or null
  /// without `derivative`.
  template <class Add>
  void operator()(const typename ModelType::Latent& z, const double* extra, bool derivative, Add&& add) {
    motion_.move_to(z);
    if (fastest_ == 0) fastest_ = speed();
    const Index n = model_.latent();
    for (std::size_t p = 0; p < pieces_.size(); ++p) {
      const Piece& piece = pieces_[p];
      const auto& motion = motions_[piece.motion];
      const Index at = dim * static_cast<Index>(p);
      State x;
      for (int i = 0; i < dim; ++i) x[i] = static_cast<Scalar>(extra[at + i] / inverse_scale(i));
      motion_.start(derivatives_);
      for (Index k = piece.begin; k < piece.end; ++k) {
        if (k > piece.begin) advance(x, gap(piece, k), derivative);
        for (int i = 0; i < dim; ++i) {
          const double weight = motion.weight(i, k) * inverse_scale(i) * inverse_scale(i);
          if (weight == 0) continue;
          const double root = std::sqrt(weight);
          row_.setZero();
          for (Index j = 0; j < n; ++j) row_[j] = root * static_cast<double>(derivatives_(i, dim + j));
          for (int j = 0; j < dim; ++j)
            row_[n + at + j] = root * static_cast<double>(derivatives_(i, j)) / inverse_scale(j);
          add(root * (static_cast<double>(x[i]) - (motion.states(i, k) - mean(i))),
              derivative ? row_.data() : nullptr);
        }
      }
    }
  }

 private:
  struct Piece {
    std::size_t motion;
    Index begin, end;
  };

  double mean(int i) const { return static_cast<double>(model_.scaling().mean[i]); }
  double inverse_scale(int i) const { return static_cast<double>(model_.scaling().inverse_scale[i]); }

  double gap(const Piece& piece, Index k) const {
    const auto& times = motions_[piece.motion].times;
    return times[k] - times[k - 1];
  }
  double steps_for(double dt) const { return std::max(std::ceil(dt * fastest_ / reach), 1.0); }

  void advance(State& x, double dt, bool derivative) {
    const double steps = std::min(steps_for(dt), 10.0 * static_cast<double>(most_steps_));
    const auto h = static_cast<Scalar>(dt / steps);
    for (int s = 0; s < static_cast<int>(steps); ++s)
      if (derivative)
        motion_.step(x, derivatives_, h);
      else if (Rk4{}.step(motion_.member(), x, h) != StepStatus::ok)
        x.setConstant(std::numeric_limits<Scalar>::quiet_NaN());
  }

  /// Returns the largest norm of the field's Jacobian at measured states, all components in units of their spread.
  double speed() const {
    double most = 0;
    const auto look_at = [&](const State& x) {
      typename ModelType::Bound::Jacobian a;
      motion_.member().jacobian(x, a);
      double square = 0;
      for (int i = 0; i < dim; ++i)
        for (int j = 0; j < dim; ++j)
          square += std::pow(static_cast<double>(a(i, j)) * inverse_scale(i) / inverse_scale(j), 2);
      most = std::max(most, std::sqrt(square));
    };
    for (const auto& motion : motions_)
      for (Index k = 0; k < motion.samples(); ++k)
        if (motion.complete(k)) {
          State x;
          for (int i = 0; i < dim; ++i) x[i] = static_cast<Scalar>(motion.states(i, k) - mean(i));
          look_at(x);
        }
    if (most == 0) look_at(State::Zero());  // nothing is complete
    return most;
  }

  const ModelType& model_;
  Sensitivity<ModelType> motion_;
  std::span<const Trajectory<dim>> motions_;
  std::vector<Piece> pieces_;
  typename Sensitivity<ModelType>::Derivatives derivatives_;
  Vector<double> row_;
  Index terms_ = 0, most_steps_ = 1;
  double fastest_ = 0;
};

}  // namespace metriplex

#pragma once

#include <algorithm>
#include <cmath>
#include <span>
#include <vector>

#include "metriplex/adapt/sensitivity.hpp"
#include "metriplex/adapt/trajectory.hpp"

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

  explicit StateErrors(const ModelType& model)
      : model_(model),
        motion_(model, model.scaling().centred()),
        row_(Vector<double>::Zero(model.latent())) {}

  /// Takes motions, cut into pieces of up to `longest` samples.
  ///
  /// Errors: as `Trajectory::check`; no motion.
  void measure(std::span<const Trajectory<dim>> motions, Index longest) {
    require(!motions.empty(), "adaptation needs at least one motion, got none");
    for (const auto& motion : motions) motion.check("adaptation");
    motions_ = motions;
    pieces_.clear();
    terms_ = 0;
    for (std::size_t m = 0; m < motions.size(); ++m) {
      const Index samples = motions[m].samples(), count = (samples + longest - 1) / longest;
      for (Index k = 0; k < count; ++k)
        pieces_.push_back({m, samples * k / count, samples * (k + 1) / count});
      for (Index k = 0; k < samples; ++k)
        for (int i = 0; i < dim; ++i) terms_ += motions[m].weight(i, k) > 0;
    }
    require(terms_ > 0, "adaptation needs at least one measured number; all have a weight of 0");
    derivatives_.resize(dim, dim + model_.latent());
    row_.setZero(model_.latent() + extras());
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
        if (k > piece.begin) advance(x, motion.times[k] - motion.times[k - 1]);
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

  void advance(State& x, double dt) {
    constexpr double reach = 0.3, most = 1000;
    const double steps = std::clamp(std::ceil(dt * fastest_ / reach), 1.0, most);
    for (int s = 0; s < static_cast<int>(steps); ++s)
      motion_.step(x, derivatives_, static_cast<Scalar>(dt / steps));
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
  Index terms_ = 0;
  double fastest_ = 0;
};

}  // namespace metriplex

#pragma once

#include <algorithm>
#include <cmath>
#include <limits>
#include <span>
#include <vector>

#include "metriplex/adapt/latent_fit_options.hpp"
#include "metriplex/adapt/measurements.hpp"
#include "metriplex/adapt/sensitivity.hpp"
#include "metriplex/data/motion.hpp"
#include "metriplex/integrate/runge_kutta.hpp"

namespace metriplex {

/// Errors of a member's motion at measured states, relative to the spread of the states in training; what is given is none.
///
/// Math: e = √w (x(t; x₀, z) − y)/s by components, through the integrator, with exact derivatives. The initial states are
/// unknown too, one a piece: a long motion is cut into pieces (multiple shooting; Bock 1983), since errors would grow in it.
/// They grow in a piece too, by the model's own error in its rates: pieces are so short that this comes to no more than twice the
/// noise (4 samples at least), or a member's motion would be bent until it follows measurements from which it drifts away.
/// Steps are so short that h ‖∂f/∂x‖ stays below 0.3, which leaves fewer than 1e-4 of the change in a step.
template <class ModelType>
class StateErrors {
  using Scalar = typename ModelType::Scalar;
  static constexpr int dim = ModelType::dimension, learned = dim - ModelType::Bound::given();

 public:
  using State = Vector<Scalar, dim>;
  static constexpr double reach = 0.3;  ///< of a step, in times of the field

  explicit StateErrors(const ModelType& model)
      : model_(model),
        motion_(model, model.scaling().centred()),
        row_(Vector<double>::Zero(model.latent())) {}

  /// Takes motions, cut into pieces; the options say how long these are, how many steps may lead from one sample to the next,
  /// and the noise.
  /// Errors: as `Motion::check` and `require_square`; no motion; a gap that takes more steps for the member in the middle of the family.
  void measure(std::span<const Motion<dim>> motions, const LatentFitOptions& options) {
    require(!motions.empty(), "adaptation needs at least one motion, got none");
    for (const auto& motion : motions) motion.check("adaptation");
    motions_ = motions;
    options_ = options;
    pieces_.clear();
    terms_ = 0;
    for (std::size_t m = 0; m < motions.size(); ++m) {
      const Index samples = motions[m].samples(), count = 1 + (samples - 1) / piece_of(motions[m], options);
      for (Index k = 0; k < count; ++k)
        pieces_.push_back({m, samples * k / count, samples * (k + 1) / count});
      for (Index k = 0; k < samples; ++k)
        for (int i = 0; i < dim; ++i) {
          const double weight = motions[m].weight(i, k);
          if (weight == 0) continue;
          require_square<Scalar>(motions[m].states(i, k) - mean(i), 1 / inverse_scale(i), weight,
                                 "adaptation", "states", i, k);
          if (i < learned) ++terms_;
        }
    }
    require(terms_ > 0, "adaptation needs at least one measured number; all have a weight of 0");
    derivatives_.resize(dim, dim + model_.latent());
    row_.setZero(model_.latent() + extras());
    motion_.move_to(model_.mean_latent());
    fastest_ = speed();
    longest_ = 0;
    double work = 0;
    for (const Piece& piece : pieces_) {
      const auto& times = motions[piece.motion].times;
      longest_ = std::max(longest_, times[piece.end - 1] - times[piece.begin]);
      for (Index k = piece.begin + 1; k < piece.end; ++k) {
        const double needed = steps_for(gap(piece, k));
        work += std::max(1.0, needed);
        require(needed <= static_cast<double>(options.steps),
                {"adaptation needs at most ", options.steps, " steps of ", reach / fastest_,
                 " between two samples; got a gap of ", needed, " before sample ", k, " of motion ",
                 piece.motion, ": are times in the model's unit?"});
      }
    }
    require(work <= static_cast<double>(options.work),
            {"adaptation needs at most ", options.work, " steps of ", reach / fastest_,
             " in all motions together; got samples that take ", work,
             ": leave some out, or allow more by LatentFitOptions::work"});
    fastest_ = 0;
  }

  void use_few(bool) {}  ///< a motion is not cut short

  /// What the model's own error adds to the noise that errors are relative to, about: half of what it comes to in a piece.
  double model_error(int i, double supposed) const { return own_error(i, supposed) * longest_ / 2; }

  /// Unknowns beside the latent: the initial state of every piece but what is given, in units of the states' spread.
  Index extras() const { return learned * static_cast<Index>(pieces_.size()); }
  Index terms() const { return terms_; }

  /// Writes where they start: as measured; what is missing as it was next, or as in training.
  void start(double* extra) const {
    for (const Piece& piece : pieces_)
      for (int i = 0; i < learned; ++i) {
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

  /// Calls add(error, row, component) for each number measured, row [latent + extras] its derivative, which `add` may spoil, or
  /// null without `derivative`.
  template <class Add>
  void operator()(const typename ModelType::Latent& z, const double* extra, bool derivative, Add&& add) {
    motion_.move_to(z);
    if (fastest_ == 0) fastest_ = speed();
    const Index n = model_.latent();
    for (std::size_t p = 0; p < pieces_.size(); ++p) {
      const Piece& piece = pieces_[p];
      const auto& motion = motions_[piece.motion];
      const Index at = learned * static_cast<Index>(p);
      State x = State::Zero();
      for (int i = 0; i < learned; ++i) x[i] = static_cast<Scalar>(extra[at + i] / inverse_scale(i));
      motion_.start(derivatives_);
      for (Index k = piece.begin; k < piece.end; ++k) {
        if (k > piece.begin) advance(x, gap(piece, k), derivative);
        for (int i = 0; i < learned; ++i) {
          const double weight = motion.weight(i, k) * inverse_scale(i) * inverse_scale(i);
          if (weight == 0) continue;
          const double root = std::sqrt(weight);
          row_.setZero();
          for (Index j = 0; j < n; ++j) row_[j] = root * static_cast<double>(derivatives_(i, dim + j));
          for (int j = 0; j < learned; ++j)
            row_[n + at + j] = root * static_cast<double>(derivatives_(i, j)) / inverse_scale(j);
          add(root * (static_cast<double>(x[i]) - (motion.states(i, k) - mean(i))),
              derivative ? row_.data() : nullptr, i);
        }
        for (int i = learned; i < dim; ++i) {
          if (motion.weight(i, k) > 0) x[i] = static_cast<Scalar>(motion.states(i, k) - mean(i));
          derivatives_.row(i).setZero();
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

  /// The error of the model's rates by itself: what is known of its training, or what is supposed.
  double own_error(int i, double supposed) const {
    const auto known = static_cast<double>(model_.scaling().rate_error[i]);
    return inverse_scale(i) *
           (known > 0 ? known : supposed * static_cast<double>(model_.scaling().rate_scale[i]));
  }
  /// How many samples of a motion make a piece.
  Index piece_of(const Motion<dim>& motion, const LatentFitOptions& options) const {
    constexpr Index least = 4;
    double error = 0;  // from one sample to the next
    for (int i = 0; i < dim; ++i) error = std::max(error, own_error(i, options.model_error));
    error *=
        (motion.times[motion.samples() - 1] - motion.times[0]) / static_cast<double>(motion.samples() - 1);
    const double most = std::min(1e9, 2 * options.noise / error);  // infinite without an error
    return std::min(options.piece, std::max(least, 1 + static_cast<Index>(most)));
  }

  double gap(const Piece& piece, Index k) const {
    const auto& times = motions_[piece.motion].times;
    return times[k] - times[k - 1];
  }
  double steps_for(double dt) const { return std::max(std::ceil(dt * fastest_ / reach), 1.0); }

  void advance(State& x, double dt, bool derivative) {
    const double steps = std::min(steps_for(dt), 10.0 * static_cast<double>(options_.steps));
    const auto h = static_cast<Scalar>(dt / steps);
    for (int s = 0; s < static_cast<int>(steps); ++s)
      if (derivative)
        motion_.step(x, derivatives_, h);
      else if (Rk4{}.step(motion_.member(), x, h) != StepStatus::ok)
        x.setConstant(std::numeric_limits<Scalar>::quiet_NaN());
  }

  /// Returns the largest norm of the field's Jacobian at measured states, all components in units of their spread; at least one
  /// in the time of a motion.
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
    for (const auto& motion : motions_)
      most = std::max(most, 1 / (motion.times[motion.samples() - 1] - motion.times[0]));
    return most;
  }

  const ModelType& model_;
  Sensitivity<ModelType> motion_;
  std::span<const Motion<dim>> motions_;
  std::vector<Piece> pieces_;
  typename Sensitivity<ModelType>::Derivatives derivatives_;
  Vector<double> row_;
  LatentFitOptions options_;
  Index terms_ = 0;
  double fastest_ = 0, longest_ = 0;  // piece, in time
};

}  // namespace metriplex

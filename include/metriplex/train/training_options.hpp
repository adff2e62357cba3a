#pragma once

#include <cmath>
#include <cstdint>

#include "metriplex/core/error.hpp"
#include "metriplex/core/ranks.hpp"
#include "metriplex/core/types.hpp"

namespace metriplex {

namespace detail {

inline void require_option(bool ok, const char* name, const char* range, double got) {
  require(ok && std::isfinite(got), {"training option '", name, "' must be ", range, "; got ", got});
}

/// What an optimiser trains best with: its own `training_options()` and `training_rate`, if it has them.
template <class Optimizer>
constexpr auto training_options() {
  if constexpr (requires { Optimizer::training_options(); })
    return Optimizer::training_options();
  else
    return typename Optimizer::Options{};
}
template <class Optimizer>
constexpr double training_rate() {
  if constexpr (requires { Optimizer::training_rate; })
    return Optimizer::training_rate;
  else
    return 1e-3;
}

}  // namespace detail

/// Options of a loss that has none.
struct NoLossOptions {
  void validate() const {}
};

/// Sets how an `AutoDecoder` trains; the defaults take two fifths of the protocol's steps, on half of its points.
template <class Optimizer, class Schedule, class LossOptions = NoLossOptions>
struct TrainingOptions {
  Index steps = 2000;  ///< optimiser steps
  Index systems = 0;   ///< systems a step; 0: all
  /// Points of each system a step, in terms of the loss, at least one; more than the largest has: as many as that.
  Index points = 32;
  int inner_steps = 0;  ///< steps of the latents alone before each step of the weights; 0: both together
  int outer_steps = 1;  ///< with inner steps: steps of the weights that follow, on the same batch
  double rate = detail::training_rate<Optimizer>();  ///< of the weights
  double latent_rate = 1e-2;                         ///< of the latents, which `Adam` moves
  Schedule schedule = {};                            ///< of both rates
  double latent_spread = 0.01;                       ///< standard deviation of the first latents
  double latent_penalty = 1e-4;
  double hyper_penalty = 0.0;
  double basis_penalty = 1e-3;
  double clip = 0.0;  ///< largest norm of the weights' gradient; 0: what the structure says, else any
  typename Optimizer::Options optimizer = detail::training_options<Optimizer>();  ///< of the weights
  LossOptions loss = {};
  std::uint64_t seed = 0;
  Ranks* ranks =
      nullptr;  ///< processes among which each step is shared out: the same bits for any number of them

  /// Notes all that must be the same where training goes on, for `StateArchive`; of the schedule what it says now and then, and
  /// nothing of the optimiser's and the loss's own options.
  template <class Archive>
  void agree(Archive& archive) const {
    archive.same("option steps", double(steps));
    archive.same("option systems", double(systems));
    archive.same("option points", double(points));
    archive.same("option inner_steps", inner_steps);
    archive.same("option outer_steps", outer_steps);
    archive.same("option rate", rate);
    archive.same("option latent_rate", latent_rate);
    archive.same("option latent_penalty", latent_penalty);
    archive.same("option hyper_penalty", hyper_penalty);
    archive.same("option basis_penalty", basis_penalty);
    archive.same("option clip", clip);
    for (const Index step : {Index{0}, steps / 3, steps - 1})
      archive.same("option schedule", schedule(step, steps));
  }

  /// Errors: the first option out of its range, with the range and what came.
  void validate() const {
    detail::require_option(steps >= 1, "steps", "at least 1", double(steps));
    detail::require_option(points >= 1, "points", "at least 1", double(points));
    detail::require_option(systems >= 0, "systems", "at least 0 (0: all)", double(systems));
    detail::require_option(inner_steps >= 0, "inner_steps", "at least 0", inner_steps);
    detail::require_option(outer_steps >= 1, "outer_steps", "at least 1", outer_steps);
    detail::require_option(rate > 0, "rate", "positive", rate);
    detail::require_option(latent_rate > 0, "latent_rate", "positive", latent_rate);
    const char* const names[] = {"latent_spread", "latent_penalty", "hyper_penalty", "basis_penalty", "clip"};
    const double values[] = {latent_spread, latent_penalty, hyper_penalty, basis_penalty, clip};
    for (int i = 0; i < 5; ++i) detail::require_option(values[i] >= 0, names[i], "at least 0", values[i]);
    loss.validate();
    for (const Index step : {Index{0}, steps - 1}) {
      const double factor = schedule(step, steps);
      detail::require_option(factor >= 0, "schedule", "at least 0 at both ends", factor);
    }
  }
};

}  // namespace metriplex

#pragma once

#include <utility>

#include "metriplex/core/state_archive.hpp"
#include "support/catch.hpp"

namespace metriplex::test {

/// Trains a model on a family, and another on it up to the middle, from where a third trainer goes on with what a `StateArchive`
/// holds: the same bits, and no word of how it got there.
template <class Trainer, class Family>
void goes_on(const Family& family, const typename Trainer::Options& options, Index latent) {
  typename Trainer::Model whole(latent), half(latent), rest(latent);
  Trainer(whole, family, options).run();
  Trainer until(half, family, options);
  while (until.steps_done() < options.steps / 2) until.step();
  StateArchive saved;
  saved(until);

  Trainer from(rest, family, options);
  from.step();  // of which nothing is left
  StateArchive restored(saved.numbers());
  restored(from);
  restored.finish();
  CHECK(from.steps_done() == options.steps / 2);
  from.run();
  CHECK((rest.parameters() == whole.parameters()));
  CHECK((rest.latents() == whole.latents()));
  CHECK((rest.scaling().rate_error == whole.scaling().rate_error));
}

}  // namespace metriplex::test

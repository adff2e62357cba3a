#include "state_rows.hpp"

#include "family.hpp"
#include "metriplex/data/sample_family.hpp"
#include "metriplex/systems/pendulum.hpp"
#include "metriplex/train/integral_loss.hpp"
#include "metriplex/train/rollout_loss.hpp"

namespace metriplex::bench {
namespace {

using Pendulums = Family<Network<64>, Svd<5>, double>;

/// A step on 70 pendulums, 60 points of each: as many windows of intervals as there are of points.
template <template <class> class Loss>
Row state_row(const char* loss) {
  struct Training {
    Pendulums model{latents};
    AutoDecoder<Pendulums, Adam, CosineSchedule, Loss> trainer;

    Training() : trainer(model, sample_family<Pendulum>({.members = 70}), options()) {}

    static auto options() {
      typename decltype(trainer)::Options options{.steps = 1'000'000, .points = 60};
      if constexpr (requires { options.loss.substeps; })
        options.loss.intervals = 5, options.loss.substeps = 1;
      return options;
    }
  };
  return {.name = std::string("train_step/f64/w64/svd/states/") + loss,
          .prepare = []() -> std::function<void()> {
            return [training = std::make_shared<Training>()] { training->trainer.step(); };
          }};
}

}  // namespace

void add_state_rows(Plan& plan) {
  plan.rows.push_back(state_row<RateLoss>("rates"));
  plan.rows.push_back(state_row<IntegralLoss>("integral"));
  plan.rows.push_back(state_row<RolloutLoss>("rollout"));
}

}  // namespace metriplex::bench

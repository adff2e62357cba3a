#include "metriplex/train/training_options.hpp"

#include <limits>

#include "metriplex/train/adam.hpp"
#include "metriplex/train/schedule.hpp"
#include "support/catch.hpp"
#include "support/error_text.hpp"

using namespace metriplex;
using Options = TrainingOptions<Adam<double>, CosineSchedule>;

TEST_CASE("the default training options are in range", "[train][training_options]") {
  CHECK_NOTHROW(Options{}.validate());
}

TEST_CASE("training options out of range are refused by name, range and value", "[train][training_options]") {
  const auto refused = [](const Options& options) { return error_text([&] { options.validate(); }); };
  constexpr double nan = std::numeric_limits<double>::quiet_NaN();
  constexpr double infinity = std::numeric_limits<double>::infinity();
  CHECK(one_line_with(refused({.steps = 0}), "training option 'steps' must be at least 1; got 0"));
  CHECK(one_line_with(refused({.systems = -1}), "'systems' must be at least 0 (0: all); got -1"));
  CHECK(one_line_with(refused({.rate = infinity}), "'rate' must be positive; got inf"));
  CHECK(one_line_with(refused({.latent_spread = nan}), "'latent_spread' must be at least 0; got nan"));
  CHECK(one_line_with(refused({.hyper_penalty = -1}), "'hyper_penalty' must be at least 0; got -1"));
  CHECK(one_line_with(refused({.basis_penalty = nan}), "'basis_penalty' must be at least 0; got nan"));
  CHECK(one_line_with(refused({.clip = -2}), "'clip' must be at least 0; got -2"));
  for (const double final : {nan, infinity, -5.0})
    CHECK(one_line_with(refused({.schedule = {final}}), "'schedule' must be at least 0 at both ends; got "));
}

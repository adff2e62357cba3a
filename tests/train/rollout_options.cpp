#include "metriplex/train/rollout_options.hpp"

#include <limits>

#include "support/catch.hpp"
#include "support/error_text.hpp"

using namespace metriplex;

TEST_CASE("options of the rollout loss are refused by name and range", "[train][rollout_options]") {
  RolloutOptions().validate();
  const auto refused = [](const RolloutOptions& options, const char* text) {
    CHECK(one_line_with(error_text([&] { options.validate(); }), text));
  };
  refused({.intervals = 0}, "'loss.intervals' must be from 1 to 16; got 0");
  refused({.intervals = 17}, "'loss.intervals' must be from 1 to 16; got 17");
  refused({.substeps = -1}, "'loss.substeps' must be from 1 to 64, or 0; got -1");
  refused({.model_error = std::numeric_limits<double>::quiet_NaN()}, "'loss.model_error' must be");
  refused({.noise = Vector<double>{{0.1, -1}}}, "'loss.noise' must be at least 0; got -1");
}

#include "metriplex/train/integral_options.hpp"

#include <limits>

#include "support/catch.hpp"
#include "support/error_text.hpp"

using namespace metriplex;

TEST_CASE("options of the integral loss are refused by name and range", "[train][integral_options]") {
  IntegralOptions().validate();
  const auto refused = [](const IntegralOptions& options, const char* text) {
    CHECK(one_line_with(error_text([&] { options.validate(); }), text));
  };
  constexpr double nan = std::numeric_limits<double>::quiet_NaN();
  refused({.window = 17}, "'loss.window' must be from 2 to 16; got 17");
  refused({.window = 1}, "'loss.window' must be from 2 to 16; got 1");
  refused({.model_error = 0}, "'loss.model_error' must be");
  refused({.model_error = nan}, "'loss.model_error' must be");
  refused({.noise = Vector<double>{{0.1, -1}}}, "'loss.noise' must be at least 0; got -1");
}

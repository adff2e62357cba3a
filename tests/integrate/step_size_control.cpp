#include "metriplex/integrate/step_size_control.hpp"

#include <cmath>
#include <limits>

#include "support/catch.hpp"
#include "support/error_text.hpp"

using namespace metriplex;

TEST_CASE("a difference is measured against each component's size", "[integrate][step_size_control]") {
  const Vector<double, 2> v(3e-3, -4e-3), size(2, 0);
  CHECK(mean_square({.absolute = 1e-3, .relative = 1e-3}, v, size) == Approx((1.0 + 16.0) / 2));
  CHECK(mean_square({.relative = 1e-3}, v, size) == Approx(2.25 / 2));  // none of its own: no part of it
  CHECK(std::isnan(mean_square({.relative = 1e-3}, Vector<double, 2>(0, std::nan("")), size)));
  // Nobody can have more than the scalar's digits.
  const Vector<float, 1> one(1.0f), difference(1e-6f);
  CHECK(mean_square({.relative = 0}, difference, one) ==
        Approx(std::pow(1e-6 / (8 * std::numeric_limits<float>::epsilon()), 2)).epsilon(1e-6));
}

TEST_CASE("the size of a step follows the published formula", "[integrate][step_size_control]") {
  StepSizeControl control(5);
  control.start(0.5);
  CHECK(control.size() == 0.5);
  const double alpha = 0.2 - 0.75 * 0.04, s = std::pow(0.9, 5), e1 = 0.3, e2 = 0.8, e3 = 2.0, e4 = 0.1;
  CHECK(control.judge(0.5, e1 * e1, false));
  CHECK(control.size() == Approx(0.5 * std::pow(e1 / s, -alpha)));
  CHECK(control.judge(0.5, e2 * e2, false));
  CHECK(control.size() == Approx(0.5 * std::pow(e2 / s, -alpha) * std::pow(e1 / s, 0.04)));
  CHECK(!control.judge(0.5, e3 * e3, false));
  CHECK(control.size() == Approx(0.5 * 0.9 * std::pow(e3, -0.2)));
  CHECK(control.judge(0.25, e4 * e4, false));
  CHECK(control.size() == 0.25);  // does not grow right after a refusal
  CHECK(control.accepted() == 3);
  CHECK(control.rejected() == 1);
}

TEST_CASE("steps tend to the error that they aim at", "[integrate][step_size_control]") {
  for (const int order : {2, 5}) {
    StepSizeControl control(order);
    control.start(1e-3);
    const auto error = [&](double h) { return std::pow(h / 0.37, order); };
    for (int step = 0; step < 30; ++step) {
      const double h = control.size();
      control.judge(h, error(h) * error(h), false);
    }
    CHECK(error(control.size()) == Approx(std::pow(0.9, order)).epsilon(1e-6));
    CHECK(control.rejected() <= 1);
  }
}

TEST_CASE("sizes change by bounded factors, whatever the error", "[integrate][step_size_control]") {
  StepSizeControl control(5);
  CHECK(control.judge(1, 0, false));
  CHECK(control.size() == 10);
  CHECK(!control.judge(1, 1e300, false));
  CHECK(control.size() == 0.2);
  for (const double bad : {std::numeric_limits<double>::infinity(), std::nan("")}) {
    CHECK(!control.judge(1, bad, false));
    CHECK(control.size() == 0.2);
  }
}

TEST_CASE("a step cut short to meet a time does not shorten the next", "[integrate][step_size_control]") {
  StepSizeControl control(5);
  control.start(1);
  CHECK(control.judge(1e-3, 1e-20, true));
  CHECK(control.size() == 1);
  CHECK(!control.judge(0.9, 4, true));  // unless it was too long even so
  CHECK(control.size() < 0.9);
}

TEST_CASE("options out of range are refused by name", "[integrate][step_size_control]") {
  const auto refused = [](const AdaptiveOptions& options) {
    return error_text([&] { require_adaptive_options(options); });
  };
  CHECK(refused({}).empty());
  CHECK(refused({.relative = 0}).empty());
  CHECK(one_line_with(refused({.absolute = -1}), "absolute >= 0, got -1"));
  CHECK(one_line_with(refused({.absolute = std::nan("")}), "absolute >= 0, got nan"));
  CHECK(one_line_with(refused({.relative = -1}), "relative >= 0, got -1"));
  CHECK(one_line_with(refused({.relative = std::numeric_limits<double>::infinity()}),
                      "relative >= 0, got inf"));
  CHECK(one_line_with(refused({.initial_step = -0.5}), "initial_step >= 0 (0: automatic), got -0.5"));
  CHECK(one_line_with(refused({.max_steps = 0}), "max_steps >= 1, got 0"));
}

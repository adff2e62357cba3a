#include "metriplex/integrate/adaptive_run.hpp"

#include <cmath>
#include <initializer_list>

#include "metriplex/integrate/adaptive_runge_kutta.hpp"
#include "metriplex/systems/hamiltonian_field.hpp"
#include "support/catch.hpp"

using namespace metriplex;

namespace {

Vector<double> times(std::initializer_list<double> t) {
  return Vector<double>::Map(t.begin(), static_cast<Index>(t.size()));
}

}  // namespace

TEST_CASE("times a few roundings apart are one step, whose size is not kept", "[integrate][adaptive_run]") {
  const auto oscillator =
      hamiltonian_field<2>([](const auto& x) { return x(1) * x(1) / 2 + x(0) * x(0) / 2; });
  const Vector<double, 2> one(1, 0);
  const double three_tenths = 0.1 + 0.1 + 0.1, since_1970 = 1.7e9;
  for (const auto& t :
       {times({0.3, three_tenths, 1}), times({0, 0.3, three_tenths, 1}), times({1, three_tenths, 0.3, 0}),
        times({since_1970, since_1970 + 1e-6, since_1970 + 1}),
        times({since_1970, std::nextafter(since_1970, 2 * since_1970), since_1970 + 0.5, since_1970 + 1})}) {
    const auto result = rollout(oscillator, AdaptiveDormandPrince{}, one, t);
    CHECK(result.status == StepStatus::ok);
    REQUIRE(result.completed == t.size());
    CHECK(result.accepted < 30);
    for (Index k = 0; k < t.size(); ++k) {
      const double angle = t(k) - t(0);
      CHECK((result.states.col(k) - Vector<double, 2>(std::cos(angle), -std::sin(angle))).norm() <
            1e-8 + 1e-15 * std::abs(t(k)));
    }
  }
  const auto single =
      hamiltonian_field<2, float>([](const auto& x) { return x(1) * x(1) / 2 + x(0) * x(0) / 2; });
  const auto t = times({1e6, std::nextafter(1e6, 2e6), 1e6 + 0.5, 1e6 + 1});
  const auto result = rollout(single, AdaptiveDormandPrince{}, Vector<float, 2>(1, 0), t);
  REQUIRE(result.status == StepStatus::ok);
  CHECK(result.states(0, 3) == Approx(std::cos(1.0)).margin(1e-5));
}

TEST_CASE("a component that begins at a crumb, or is kept at one by cancelling forces, shortens no step",
          "[integrate][adaptive_run]") {
  const auto oscillator =
      hamiltonian_field<2>([](const auto& x) { return x(1) * x(1) / 2 + x(0) * x(0) / 2; });
  const auto crumb =
                 rollout(oscillator, AdaptiveDormandPrince{}, Vector<double, 2>(1, 6e-17), times({0, 10})),
             zero = rollout(oscillator, AdaptiveDormandPrince{}, Vector<double, 2>(1, 0), times({0, 10}));
  CHECK(crumb.accepted <= zero.accepted + 10);
  CHECK(crumb.states(0, 1) == Approx(std::cos(10.0)).epsilon(1e-8));

  // Between two equal masses, whose springs pull at it by 0.3 and -0.1 - 0.2.
  const auto chain = hamiltonian_field<4>([](const auto& x) {
    const auto pull = (x(0) - 0.1 - 0.2) * x(1);
    return (x(2) * x(2) + x(3) * x(3)) / 2 + x(1) * x(1) / 2 + pull * 1e-3;
  });
  const auto rest = rollout(chain, AdaptiveDormandPrince{}, Vector<double, 4>(0.3, 0, 0, 0), times({0, 10}));
  CHECK(rest.status == StepStatus::ok);
  CHECK(rest.accepted + rest.rejected < 2 * zero.accepted);
}

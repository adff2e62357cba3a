#include "metriplex/systems/mass_spring.hpp"

#include <cmath>

#include "support/catch.hpp"
#include "support/system_suite.hpp"

using namespace metriplex;

TEST_CASE("mass_spring agrees with its golden trajectories", "[systems][mass_spring]") {
  check_system<MassSpring>();
}

TEST_CASE("a mass on a spring swings as the cosine", "[systems][mass_spring]") {
  const double m = 0.7, k = 1.8, w = std::sqrt(k / m), t = 1.3;
  const auto field = hamiltonian_field<MassSpring>({m, k});
  const Vector<double> times{{0, t}};
  const auto result = rollout(field, CooperVerner8{}, {0.5, 0}, times, 50);
  CHECK(result.states(0, 1) == Approx(0.5 * std::cos(w * t)).epsilon(1e-12));
  CHECK(result.states(1, 1) == Approx(-0.5 * m * w * std::sin(w * t)).epsilon(1e-12));
}

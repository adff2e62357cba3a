#include "metriplex/systems/forced_duffing.hpp"

#include "metriplex/autodiff/gradient.hpp"
#include "support/catch.hpp"
#include "support/system_suite.hpp"

using namespace metriplex;

TEST_CASE("forced_duffing agrees with its golden trajectories", "[systems][forced_duffing]") {
  check_system<ForcedDuffing, false>();
}

TEST_CASE("a forced oscillator gains what its force supplies and loses what friction takes",
          "[systems][forced_duffing]") {
  const Vector<double, 3> x(0.7, -0.4, 2);
  for (const auto& kind : {ForcedDuffing::forced, ForcedDuffing::damped, ForcedDuffing::chaotic}) {
    const Vector<double, 4> mu = Vector<double, 4>::Map(kind.data());
    Vector<double, 3> dx;
    ForcedDuffing::rate(x, mu, dx);
    const double supply = mu[2] * std::cos(mu[3] * 2) * x[1], loss = mu[1] * x[1] * x[1];
    CHECK(gradient(MemberEnergy<ForcedDuffing>{mu}, x).dot(dx) == Approx(supply - loss).margin(1e-15));
  }
}

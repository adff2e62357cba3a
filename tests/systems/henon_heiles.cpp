#include "metriplex/systems/henon_heiles.hpp"

#include "metriplex/systems/sample_system.hpp"
#include "support/catch.hpp"
#include "support/system_suite.hpp"

using namespace metriplex;

TEST_CASE("henon_heiles agrees with its golden trajectories", "[systems][henon_heiles]") {
  check_system<HenonHeiles>();
}

TEST_CASE("the saddles of Hénon and Heiles have the energy of escape", "[systems][henon_heiles]") {
  for (const double lambda : {0.5, 1.0}) {
    const double escape = 1 / (6 * lambda * lambda);
    for (const Vector<double, 2>& saddle :
         {Vector<double, 2>(0, 1), Vector<double, 2>(std::sqrt(0.75), -0.5)}) {
      const Vector<double, 4> x(saddle[0] / lambda, saddle[1] / lambda, 0, 0);
      CHECK(HenonHeiles::energy(x, Vector<double, 1>(lambda)) == Approx(escape));
      Vector<double, 4> dx;
      exact_field<HenonHeiles>(Vector<double, 1>(lambda))(x, dx);
      CHECK(dx.norm() < 1e-14);
    }
  }
}

TEST_CASE("accepted stars stay within the saddles", "[systems][henon_heiles]") {
  Random random(6);
  for (int draw = 0; draw < 20; ++draw) {
    const auto mu = sample_parameters<HenonHeiles>(random);
    const auto field = exact_field<HenonHeiles>(mu);
    const auto start = sample_initial_state<HenonHeiles>(mu, random);
    const auto path = rollout(field, Rk4{}, start, Vector<double>::LinSpaced(201, 0, 100), 5);
    REQUIRE(path.completed == 201);
    CHECK(path.states.topRows<2>().colwise().norm().maxCoeff() < 1 / mu(0));
  }
}

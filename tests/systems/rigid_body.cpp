#include "metriplex/systems/rigid_body.hpp"

#include "metriplex/integrate/gauss_legendre.hpp"
#include "support/catch.hpp"
#include "support/system_suite.hpp"

using namespace metriplex;

TEST_CASE("rigid_body agrees with its golden trajectories", "[systems][rigid_body]") {
  check_system<RigidBody>();
}

TEST_CASE("a rigid body's momentum keeps its length, to rounding by a scheme that keeps quadratic invariants",
          "[systems][rigid_body]") {
  const auto field = exact_field<RigidBody>({0.5, 0.7, 1});
  Vector<double, 3> x(0.6, -0.8, 0.3);
  const double casimir = RigidBody::casimirs(x)[0], energy = field.energy(x);
  CHECK(casimir == Approx(1.09));
  for (int i = 0; i < 1000; ++i) REQUIRE(ImplicitMidpoint{}.step(field, x, 0.1) == StepStatus::ok);
  CHECK(RigidBody::casimirs(x)[0] == Approx(casimir).epsilon(1e-12));
  CHECK(field.energy(x) == Approx(energy).epsilon(1e-12));
}

TEST_CASE("every point of the box is a body: no moment is above the sum of the others",
          "[systems][rigid_body]") {
  const Box<3> box = RigidBody::parameter_box;
  for (std::size_t i = 0; i < 3; ++i) CHECK(box.hi[i] <= box.lo[(i + 1) % 3] + box.lo[(i + 2) % 3]);
}

#include "metriplex/systems/thermoelastic_double_pendulum.hpp"

#include "metriplex/integrate/rollout.hpp"
#include "metriplex/integrate/runge_kutta.hpp"
#include "metriplex/systems/exact_field.hpp"
#include "support/catch.hpp"

using namespace metriplex;
using S = ThermoelasticDoublePendulum;

namespace {

const Vector<double, 2> member(1, 0.4);
Vector<double, 10> start() {
  Vector<double, 10> x;
  x << 1.0, 0.05, 2.2, -0.02, 0.1, 2.0, 1.0, 0.05, 1.0, 0.2;
  return x;
}

}  // namespace

TEST_CASE("a thermoelastic double pendulum moves by its equations",
          "[systems][thermoelastic_double_pendulum]") {
  const auto field = exact_field<S>(member);
  const Vector<double, 10> x = start();
  Vector<double, 10> rate;
  field(x, rate);
  // The force of a spring along it, −∂e/∂λ = −(log λ + 1 − θ)/λ; its temperature θ = exp(S)/λ.
  const Vector<double, 2> q1 = x.head<2>(), across = x.segment<2>(2) - q1;
  const double l1 = q1.norm(), l2 = across.norm();
  const double t1 = std::exp(x[8]) / l1, t2 = std::exp(x[9]) / l2;
  const Vector<double, 2> f1 = -(std::log(l1) + 1 - t1) / l1 * q1 / l1;
  const Vector<double, 2> f2 = -(std::log(l2) + 1 - t2) / l2 * across / l2;
  CHECK((rate.head<4>() - x.segment<4>(4)).norm() < 1e-14);
  CHECK((rate.segment<2>(4) - (f1 - f2)).norm() < 1e-14);
  CHECK((rate.segment<2>(6) - f2).norm() < 1e-14);
  CHECK(rate[8] == Approx(0.4 * (t2 / t1 - 1)));
  CHECK(rate[9] == Approx(0.4 * (t1 / t2 - 1)));
}

TEST_CASE("along its motion energy and angular momentum stay and entropy grows",
          "[systems][thermoelastic_double_pendulum]") {
  const auto field = exact_field<S>(member);
  const auto path = rollout(field, CooperVerner8{}, start(), Vector<double>::LinSpaced(101, 0, 20), 20);
  REQUIRE(path.completed == 101);
  const auto spin = [](const Vector<double, 10>& x) {
    return x[0] * x[5] - x[1] * x[4] + x[2] * x[7] - x[3] * x[6];
  };
  for (Index i = 1; i < 101; ++i) {
    const Vector<double, 10> x = path.states.col(i), before = path.states.col(i - 1);
    CHECK(field.energy(x) == Approx(field.energy(start())).epsilon(1e-11));
    CHECK(spin(x) == Approx(spin(start())).epsilon(1e-11));
    CHECK(field.entropy(x) >= field.entropy(before));
  }
}

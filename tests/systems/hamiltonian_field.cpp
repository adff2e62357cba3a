#include "metriplex/systems/hamiltonian_field.hpp"

#include <cmath>

#include "metriplex/autodiff/jacobian.hpp"
#include "metriplex/integrate/gauss_legendre.hpp"
#include "metriplex/integrate/splitting.hpp"
#include "support/allocation_counter.hpp"
#include "support/catch.hpp"

using namespace metriplex;

namespace {

// Two coupled pendulums; x = (q1, q2, p1, p2).
const auto coupled = [](const auto& x) {
  using std::cos, std::exp;
  return x.template tail<2>().squaredNorm() / 2 * exp(-x(0) * x(0)) + 2 * (1 - cos(x(0))) +
         (x(0) - x(1)) * x(2);
};

}  // namespace

TEST_CASE("the field of an energy is its turned gradient", "[systems][hamiltonian_field]") {
  const auto field = hamiltonian_field<4>(coupled);
  const Vector<double, 4> x(0.3, -0.8, 0.5, 1.1);
  Vector<double, 4> rate;
  field(x, rate);
  const double e = std::exp(-0.09), square = 0.25 + 1.21;
  CHECK(rate(0) == Approx(0.5 * e + 1.1).epsilon(1e-14));
  CHECK(rate(1) == Approx(1.1 * e).epsilon(1e-14));
  CHECK(rate(2) == Approx(0.3 * square * e - 2 * std::sin(0.3) - 0.5).epsilon(1e-14));
  CHECK(rate(3) == Approx(0.5).epsilon(1e-14));
  CHECK(field.energy(x) == coupled(x));
  CHECK(field.dim() == 4);
}

TEST_CASE("the Jacobian of the field is exact and traceless", "[systems][hamiltonian_field]") {
  const auto field = hamiltonian_field<4>(coupled);
  const Vector<double, 4> x(0.3, -0.8, 0.5, 1.1);
  Matrix<double, 4, 4> J, differences;
  field.jacobian(x, J);
  const double h = 1e-5;
  for (int i = 0; i < 4; ++i) {
    Vector<double, 4> up, down;
    field(x + h * Vector<double, 4>::Unit(i), up);
    field(x - h * Vector<double, 4>::Unit(i), down);
    differences.col(i) = (up - down) / (2 * h);
  }
  CHECK((J - differences).norm() < 1e-9);
  CHECK(std::abs(J.trace()) < 1e-15);
}

TEST_CASE("any integrator takes the field, and the leapfrog refuses it", "[systems][hamiltonian_field]") {
  const auto field = hamiltonian_field<4>(coupled);
  using Field = std::remove_const_t<decltype(field)>;
  STATIC_REQUIRE(VectorField<Field>);
  STATIC_REQUIRE(HasJacobian<Field>);
  STATIC_REQUIRE(IntegratorFor<ImplicitMidpoint, Field>);
  STATIC_REQUIRE(!IntegratorFor<StormerVerlet, Field>);

  Vector<double, 4> x(0.3, -0.8, 0.5, 1.1);
  const AllocationCounter counter;
  const StepStatus status = ImplicitMidpoint{}.step(field, x, 0.01);
  CHECK(counter.count() == 0);
  CHECK(status == StepStatus::ok);
}

TEST_CASE("the field computes in float as well", "[systems][hamiltonian_field]") {
  const auto field = hamiltonian_field<2, float>([](const auto& x) { return 0.5 * x.squaredNorm(); });
  Vector<float, 2> rate;
  field({3.0f, 4.0f}, rate);
  CHECK(rate == Vector<float, 2>(4.0f, -3.0f));
  CHECK(field.energy({3.0f, 4.0f}) == 12.5f);
}

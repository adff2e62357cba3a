#include "metriplex/structure/informed.hpp"

#include <cmath>

#include "metriplex/structure/driven.hpp"
#include "metriplex/structure/mechanical.hpp"
#include "metriplex/structure/port_hamiltonian.hpp"
#include "metriplex/structure/unstructured.hpp"
#include "support/catch.hpp"
#include "support/structure_suite.hpp"

using namespace metriplex;

namespace {

/// A pendulum whose gravity is a parameter, and a drag that is none of an energy's.
struct Gravity {
  static constexpr std::string_view name = "gravity";
  static constexpr int parameters = 2;
  template <class T>
  static T energy(const Vector<T, 4>& x, const Vector<T, 2>& theta) {
    using std::cos;
    return theta[0] * (1 - cos(x[0])) + theta[1] * x[1] * x[1] / 2;
  }
};

struct Drag {
  static constexpr std::string_view name = "drag";
  static constexpr int parameters = 1;
  template <class T>
  static void force(const Vector<T, 4>& x, const Vector<T, 1>& theta, Vector<T, 4>& rate) {
    rate[2] -= theta[0] * x[2] * x[3];
  }
};

}  // namespace

TEST_CASE("an informed structure pulls back what is known, and its parameters", "[structure][informed]") {
  test::check_structure<Informed<PortHamiltonian<4>, Gravity>>(false);
  test::check_structure<Informed<Mechanical<2>, Gravity>>(false);
  test::check_structure<Informed<Unstructured<4>, Drag>>(false);
}

TEST_CASE("an informed structure is its base at the sum of both energies, and what a force adds",
          "[structure][informed]") {
  using Base = PortHamiltonian<4>;
  using S = Informed<Base, Gravity>;
  STATIC_REQUIRE(S::name == "informed_port_hamiltonian_of_gravity");
  STATIC_REQUIRE(S::begins_at_zero == 0);
  STATIC_REQUIRE(Driven<S>::begins_at_zero == 0);
  STATIC_REQUIRE(Driven<Base>::begins_at_zero == -1);
  STATIC_REQUIRE(given_count<Informed<Driven<PortHamiltonian<2>, 2>, Drag>> == 2);
  STATIC_REQUIRE(HasOwnEnergy<S>);
  STATIC_REQUIRE(!S::conserves);
  STATIC_REQUIRE(!GradientStructure<S>);
  Random random(8);
  const test::Seen<S> seen(random);
  auto outputs = test::random_vector<test::Outputs<S>>(random);
  Vector<double, 4> dx, expected;
  S::field(seen.place(), outputs.data(), dx.data());
  const double g = outputs[8], k = outputs[9];
  CHECK(S::energy(seen.place(), static_cast<const double*>(outputs.data())) ==
        Approx(g * (1 - std::cos(seen.x[0])) + k / 2 * seen.x[1] * seen.x[1]));
  outputs[0] += g * std::sin(seen.x[0]);
  outputs[1] += k * seen.x[1];
  Base::field(outputs.data(), expected.data());
  CHECK((dx - expected).norm() < 1e-14 * expected.norm());

  using Dragged = Informed<Unstructured<4>, Drag>;
  STATIC_REQUIRE(Dragged::begins_at_zero == -1);
  const Vector<double, 5> rates(1, 2, 3, 4, 0.5);
  Dragged::field(seen.place(), rates.data(), dx.data());
  CHECK(dx[1] == 2);
  CHECK(dx[2] == Approx(3 - 0.5 * seen.x[2] * seen.x[3]));
}

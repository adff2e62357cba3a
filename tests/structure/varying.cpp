#include "metriplex/structure/varying.hpp"

#include "metriplex/structure/driven.hpp"
#include "metriplex/structure/forced.hpp"
#include "metriplex/structure/hamiltonian.hpp"
#include "metriplex/structure/mechanical.hpp"
#include "metriplex/structure/port_hamiltonian.hpp"
#include "metriplex/structure/separable_hamiltonian.hpp"
#include "metriplex/structure/with_given.hpp"
#include "support/catch.hpp"
#include "support/structure_suite.hpp"

using namespace metriplex;

TEST_CASE("a structure that varies pulls back what it does", "[structure][varying]") {
  test::check_structure<Varying<WithTime<SeparableHamiltonian<4>>>>(false);
  test::check_structure<Varying<Driven<Mechanical<2, true>>>>(false);
  test::check_structure<Varying<Driven<Varying<WithTime<Hamiltonian<2>>>, 2, 0>>>(false);
}

TEST_CASE("networks see what is given behind the rows that they see", "[structure][varying]") {
  using S = Varying<WithTime<SeparableHamiltonian<4>>>;
  STATIC_REQUIRE(S::name == "varying_timed_separable_hamiltonian");
  STATIC_REQUIRE(output_columns<S> == 6);
  const auto rows = [](const NetworkSlot& slot) {
    std::vector<int> all;
    for (int i = 0; i < slot.rows; ++i) all.push_back(slot.row(i));
    return all;
  };
  CHECK(rows(S::networks[0]) == std::vector{0, 1, 4});
  CHECK(rows(S::networks[1]) == std::vector{2, 3, 4});

  // An inertia does not vary, the potential, friction and G do; what only sees the time sees nothing more.
  using Driving = Varying<Driven<Mechanical<2, true>, 2>>;
  CHECK(rows(Driving::networks[0]) == std::vector{0, 1});
  for (const std::size_t k : {1, 2, 3}) CHECK(rows(Driving::networks[k]) == std::vector{0, 1, 4, 5});
  using Shaken = Varying<Forced<PortHamiltonian<2>>>;
  CHECK(rows(Shaken::networks[2]) == std::vector{2});

  // What the base was given it sees already; what came after is added.
  using Both = Varying<Driven<Varying<WithTime<Hamiltonian<2>>>, 2, 0>>;
  STATIC_REQUIRE(given_count<Both> == 3);
  CHECK(rows(Both::networks[0]) == std::vector{0, 1, 2, 3, 4});
  CHECK(rows(Both::networks[1]) == std::vector{0, 1, 2, 3, 4});
}

TEST_CASE("an energy of the time gains what passes of it, held inputs supply nothing",
          "[structure][varying]") {
  using S = Varying<WithTime<Hamiltonian<2>>>;
  const Vector<double, 3> x(0.1, 0.2, 7), unit(1, 1, 1), slope(2, 3, -5);
  Vector<double, 3> dx;
  const Place<double> at{x.data(), unit.data()};
  S::field(at, slope.data(), dx.data());
  CHECK(dx == Vector<double, 3>(3, -2, 1));
  CHECK(S::supply(at, slope.data(), slope.data()) == -5);
  CHECK(slope.dot(dx) == -5);
  using Fed = Varying<WithInputs<Hamiltonian<2>>>;
  CHECK(Fed::supply(at, slope.data(), slope.data()) == 0);
}

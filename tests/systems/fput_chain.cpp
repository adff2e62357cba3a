#include "metriplex/systems/fput_chain.hpp"

#include <cmath>

#include "metriplex/systems/sample_system.hpp"
#include "support/catch.hpp"
#include "support/system_suite.hpp"

using namespace metriplex;

TEST_CASE("fput_chain agrees with its golden trajectories", "[systems][fput_chain]") {
  STATIC_REQUIRE(FputChain<8>::name == "fput_8");
  STATIC_REQUIRE(FputChain<32>::name == "fput_32");
  STATIC_REQUIRE(FputChain<32>::state_names[9] == "q10");
  STATIC_REQUIRE(FputChain<32>::state_names[63] == "p32");
  check_system<FputChain<8>>();
  check_system<FputChain<32>>();
}

TEST_CASE("the rate of an FPUT chain is that of its energy", "[systems][fput_chain]") {
  Random random(7);
  const Vector<double, 1> mu(1.3);
  const auto x = sample_initial_state<FputChain<8>>(mu, random);
  Vector<double, 16> stated, derived;
  exact_field<FputChain<8>>(mu)(x, stated);
  hamiltonian_field<FputChain<8>>(mu)(x, derived);
  CHECK((stated - derived).norm() < 1e-14);
}

TEST_CASE("masses of a long chain move as a short one where the next rests at its wall",
          "[systems][fput_chain]") {
  Random random(8);
  const Vector<double, 1> mu(1.3);
  const auto brief = sample_initial_state<FputChain<32>>(mu, random);
  Vector<double, 128> long_one = Vector<double, 128>::Zero(), moved;
  long_one.head<32>() = brief.head<32>();
  long_one.segment<32>(64) = brief.tail<32>();
  Vector<double, 64> expected;
  exact_field<FputChain<64>>(mu)(long_one, moved);
  exact_field<FputChain<32>>(mu)(brief, expected);
  CHECK(moved.head<32>() == expected.head<32>());
  CHECK((moved.segment<32>(64) - expected.tail<32>()).norm() < 1e-15);
}

TEST_CASE("without hardening a chain swings in its normal modes", "[systems][fput_chain]") {
  const double pi = std::acos(-1.0), frequency = 2 * std::sin(pi * 3 / (2 * 9));  // the third of eight
  Vector<double, 16> start = Vector<double, 16>::Zero();
  for (int i = 0; i < 8; ++i) start[i] = std::sin(pi * 3 * (i + 1) / 9);
  const auto path = rollout(exact_field<FputChain<8>>(Vector<double, 1>(0.0)), CooperVerner8{}, start,
                            Vector<double>::LinSpaced(11, 0, 10), 20);
  for (Index k = 0; k < 11; ++k)
    CHECK((path.states.col(k).head<8>() - std::cos(frequency * static_cast<double>(k)) * start.head<8>())
              .norm() < 1e-12);
}

#include "metriplex/systems/exact_field.hpp"

#include "metriplex/systems/damped_pendulum.hpp"
#include "metriplex/systems/dno.hpp"
#include "metriplex/systems/pendulum.hpp"
#include "metriplex/systems/tgc.hpp"
#include "support/catch.hpp"

using namespace metriplex;

TEST_CASE(
    "the exact field of a system is with friction if the system is, and of its own rate if it states one",
    "[systems][exact_field]") {
  STATIC_REQUIRE(!DissipativeSystem<Pendulum>);
  STATIC_REQUIRE(entropies_of<Pendulum> == 0);
  STATIC_REQUIRE(entropies_of<Tgc> == 2);
  STATIC_REQUIRE(CanonicalField<decltype(exact_field<Pendulum>({}))>);
  STATIC_REQUIRE(GenericField<decltype(exact_field<Dno>({}))>);
  STATIC_REQUIRE(!GenericField<decltype(exact_field<Pendulum>({}))>);
  STATIC_REQUIRE(std::is_same_v<decltype(exact_field<DampedPendulum>({})), RateField<DampedPendulum>>);
}

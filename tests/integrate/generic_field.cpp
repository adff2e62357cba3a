#include "metriplex/integrate/generic_field.hpp"

#include "support/catch.hpp"
#include "support/generic_integrator_suite.hpp"

using namespace metriplex;

TEST_CASE("exact and learned motions with friction are generic fields, others are not",
          "[integrate][generic_field]") {
  STATIC_REQUIRE(GenericField<DissipativeField<Dno>>);
  STATIC_REQUIRE(GenericField<LearnedFriction>);
  STATIC_REQUIRE(GenericField<LearnedEntropy>);
  STATIC_REQUIRE(!GenericField<LearnedHamiltonian>);
  STATIC_REQUIRE(!HasEntropy<Kepler<double>>);
  STATIC_REQUIRE(!HasGradients<Kepler<double>>);
  STATIC_REQUIRE(!HasGenericRate<Kepler<double>>);
}

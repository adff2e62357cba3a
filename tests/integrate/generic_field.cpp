#include "metriplex/integrate/generic_field.hpp"

#include "metriplex/structure/poisson.hpp"
#include "metriplex/structure/port_hamiltonian.hpp"
#include "support/catch.hpp"
#include "support/generic_integrator_suite.hpp"

using namespace metriplex;

namespace {

using LearnedBody = BoundModel<Poisson<So3>, Mlp<Tanh, 3, 9, 1>, double>;
using LearnedResistance =
    BoundModel<PortHamiltonian<2>, Networks<Mlp<Tanh, 2, 9, 1>, Mlp<Tanh, 2, 5, 1>>, double>;

struct ThrowingGradients : LearnedFriction {
  using LearnedFriction::LearnedFriction;
  void gradients(const State& x, State& e, State& s) const { LearnedFriction::gradients(x, e, s); }
};

}  // namespace

TEST_CASE("a field throws nothing if none of its parts does", "[integrate][generic_field]") {
  STATIC_REQUIRE(nothrow_generic_field<LearnedFriction>);
  STATIC_REQUIRE(nothrow_field<ThrowingGradients>);
  STATIC_REQUIRE(!nothrow_generic_field<ThrowingGradients>);
}

TEST_CASE("exact and learned motions with friction are generic fields, others are not",
          "[integrate][generic_field]") {
  STATIC_REQUIRE(GenericField<DissipativeField<Dno>>);
  STATIC_REQUIRE(GenericField<LearnedFriction>);
  STATIC_REQUIRE(GenericField<LearnedEntropy>);
  STATIC_REQUIRE(!GenericField<LearnedHamiltonian>);
  STATIC_REQUIRE(!HasEntropy<Kepler<double>>);
  STATIC_REQUIRE(GradientField<LearnedBody>);
  STATIC_REQUIRE(GradientField<LearnedResistance>);
  STATIC_REQUIRE(!GenericField<LearnedBody>);
  STATIC_REQUIRE(!GradientField<LearnedFriction>);
  STATIC_REQUIRE(!HasGradients<Kepler<double>>);
  STATIC_REQUIRE(!HasGenericRate<Kepler<double>>);
}

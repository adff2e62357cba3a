#include "metriplex/integrate/refused.hpp"

#include "support/catch.hpp"
#include "support/integrator_suite.hpp"

using namespace metriplex;

TEST_CASE("a step takes a variable of the field's own state, and nothing else", "[integrate][refused]") {
  using Field = Kepler<double>;
  using State = Field::State;
  struct Named : State {};
  STATIC_REQUIRE(!wrong_state<Field, State&, double>);
  STATIC_REQUIRE(!wrong_state<Field, Named&, double>);
  STATIC_REQUIRE(wrong_state<Field, const State&, double>);
  STATIC_REQUIRE(wrong_state<Field, State, double>);
  STATIC_REQUIRE(wrong_state<Field, Vector<double>&, double>);
  STATIC_REQUIRE(wrong_state<Field, Vector<float, 4>&, double>);
  STATIC_REQUIRE(wrong_state<Field, Matrix<double, 4>::ColXpr&, double>);
  STATIC_REQUIRE(
      std::is_same_v<decltype(Rk4{}.step(Field{}, std::declval<Vector<double>&>(), 0.1)), Refused>);
  State x = Field::exact(0, 0.3);
  CHECK(Rk4{}.step(Field{}, x, 1) == StepStatus::ok);  // a step's size may be a whole number
}

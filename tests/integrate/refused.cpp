#include "metriplex/integrate/refused.hpp"

#include <type_traits>
#include <utility>

#include "metriplex/integrate/runge_kutta.hpp"
#include "support/catch.hpp"

using namespace metriplex;

namespace {

struct Decay {
  using State = Vector<double, 2>;
  static constexpr int dim() { return 2; }
  void operator()(const State& x, State& dx) const { dx = -x; }
};

}  // namespace

TEST_CASE("a step takes a variable of the field's own state, and nothing else", "[integrate][refused]") {
  using State = Decay::State;
  struct Named : State {};
  STATIC_REQUIRE(!wrong_state<Decay, State&, double>);
  STATIC_REQUIRE(!wrong_state<Decay, Named&, double>);
  STATIC_REQUIRE(wrong_state<Decay, const State&, double>);
  STATIC_REQUIRE(wrong_state<Decay, State, double>);
  STATIC_REQUIRE(wrong_state<Decay, Vector<double>&, double>);
  STATIC_REQUIRE(wrong_state<Decay, Vector<float, 2>&, double>);
  STATIC_REQUIRE(wrong_state<Decay, Matrix<double, 2>::ColXpr&, double>);
  STATIC_REQUIRE(
      std::is_same_v<decltype(Rk4{}.step(Decay{}, std::declval<Vector<double>&>(), 0.1)), Refused>);
  STATIC_REQUIRE(IntegratorFor<Rk4, Decay>);
  State x(1, 2);
  CHECK(Rk4{}.step(Decay{}, x, 1) == StepStatus::ok);  // a step's size may be a whole number
  CHECK(x(1) == 2 * x(0));
}

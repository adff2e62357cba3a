#include "metriplex/integrate/runge_kutta.hpp"

#include <cmath>

#include "support/catch.hpp"
#include "support/integrator_suite.hpp"

using namespace metriplex;

namespace {

struct Decay {
  using State = Vector<double, 1>;
  static constexpr int dim() { return 1; }
  void operator()(const State& x, State& dx) const { dx = -x; }
};

struct HeunTableau {
  static constexpr std::string_view name = "heun";
  static constexpr int order = 2;
  static constexpr std::size_t stages = 2;
  static constexpr std::array<std::array<double, 2>, 2> a{{{}, {1}}};
  static constexpr std::array<double, 2> b{0.5, 0.5};
};

}  // namespace

TEST_CASE("Runge-Kutta methods have the order that they declare", "[integrate][runge_kutta]") {
  check_integrator(Euler{});
  check_integrator(Rk4{});
  check_integrator(DormandPrince5{});
  check_integrator(CooperVerner8{});
}

TEST_CASE("a method of a user's own is a tableau", "[integrate][runge_kutta]") {
  check_integrator(ExplicitRungeKutta<HeunTableau>{});
}

TEST_CASE("a step of Rk4 on a linear field is the Taylor polynomial of order 4", "[integrate][runge_kutta]") {
  Vector<double, 1> x(1.0);
  const double h = 0.5;
  REQUIRE(Rk4{}.step(Decay{}, x, h) == StepStatus::ok);
  CHECK(x(0) == Approx(1 - h + h * h / 2 - h * h * h / 6 + h * h * h * h / 24).epsilon(1e-15));
}

TEST_CASE("CooperVerner8 reaches machine precision in few steps", "[integrate][runge_kutta]") {
  Vector<double, 1> x(1.0);
  for (int i = 0; i < 20; ++i) REQUIRE(CooperVerner8{}.step(Decay{}, x, 0.05) == StepStatus::ok);
  CHECK(x(0) == Approx(std::exp(-1)).epsilon(1e-15));
}

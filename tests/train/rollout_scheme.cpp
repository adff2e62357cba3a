#include "metriplex/train/rollout_scheme.hpp"

#include "metriplex/integrate/gauss_legendre.hpp"
#include "metriplex/integrate/runge_kutta.hpp"
#include "support/catch.hpp"
#include "support/error_text.hpp"

using namespace metriplex;

namespace {

/// A sine: ẋ = iωx.
struct Turning {
  using State = Vector<double, 2>;
  double omega;
  static constexpr int dim() { return 2; }
  void operator()(const State& x, State& dx) const { dx << omega * x[1], -omega * x[0]; }
  void jacobian(const State&, Matrix<double, 2, 2>& slope) const { slope << 0, omega, -omega, 0; }
};

/// What a step loses, relative to how far the rates move the state.
template <class Integrator>
double lost(const Integrator& scheme, double omega) {
  Turning::State x(1, 0);
  CHECK(scheme.step(Turning{omega}, x, 1.0) == StepStatus::ok);
  return (x - Turning::State(std::cos(omega), -std::sin(omega))).norm() / omega;
}

template <class Integrator>
void check(RolloutScheme scheme, const Integrator& integrator) {
  const RolloutSchemeTraits& traits = traits_of(scheme);
  CHECK(traits.name == Integrator::name);
  CHECK(traits.order == Integrator::order);
  constexpr double omega = 0.2;
  CHECK(lost(integrator, omega) == Approx(traits.linear_error * std::pow(omega, traits.order)).epsilon(0.02));
}

}  // namespace

TEST_CASE("schemes of rollouts lose what is said of them", "[train][rollout_scheme]") {
  check(RolloutScheme::rk4, Rk4{});
  check(RolloutScheme::implicit_midpoint, GaussLegendre<1>{});
  check(RolloutScheme::gauss_legendre4, GaussLegendre<2>{});
  check(RolloutScheme::gauss_legendre6, GaussLegendre<3>{});
}

TEST_CASE("steps in an interval are as many as keep that small", "[train][rollout_scheme]") {
  const auto steps = [](RolloutScheme scheme, double coarseness) {
    return traits_of(scheme).steps(coarseness, 5e-4);
  };
  CHECK(steps(RolloutScheme::rk4, 0) == 1);
  CHECK(steps(RolloutScheme::rk4, 0.3) == 3);
  CHECK(steps(RolloutScheme::gauss_legendre4, 0.3) == 2);
  CHECK(steps(RolloutScheme::gauss_legendre6, 0.3) == 1);
  CHECK(steps(RolloutScheme::implicit_midpoint, 0.3) == 13);
  CHECK(steps(RolloutScheme::implicit_midpoint, 1e9) == RolloutSchemeTraits::most_steps);
}

TEST_CASE("a scheme of rollouts is found by its name", "[train][rollout_scheme]") {
  CHECK(rollout_scheme("gauss_legendre4") == RolloutScheme::gauss_legendre4);
  CHECK(one_line_with(error_text([] { rollout_scheme("rk5"); }), "expected rk4, implicit_midpoint,"));
}

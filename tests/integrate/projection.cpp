#include "metriplex/integrate/projection.hpp"

#include <cmath>

#include "metriplex/integrate/runge_kutta.hpp"
#include "metriplex/integrate/splitting.hpp"
#include "metriplex/systems/damped_pendulum.hpp"
#include "metriplex/systems/hamiltonian_field.hpp"
#include "metriplex/systems/rate_field.hpp"
#include "metriplex/systems/rigid_body.hpp"
#include "support/catch.hpp"
#include "support/integrator_suite.hpp"
#include "support/long_run.hpp"

using namespace metriplex;

namespace {

// Kepler's other invariant.
struct AngularMomentum {
  template <class F>
  static constexpr bool takes = F::State::RowsAtCompileTime == 4;

  template <class F>
  double value(const F&, const Vector<double, 4>& x) const {
    return x(0) * x(3) - x(1) * x(2);
  }
  template <class F>
  void gradient(const F&, const Vector<double, 4>& x, Vector<double, 4>& g) const {
    g << x(3), -x(2), -x(1), x(0);
  }
};

struct Decay {
  using State = Vector<double, 2>;
  static constexpr int dim() { return 2; }
  void operator()(const State& x, State& dx) const { dx = -x; }
};

// An invariant that no state has at 2.
struct Bounded {
  template <class F>
  static constexpr bool takes = true;
  template <class F>
  double value(const F&, const typename F::State& x) const {
    return std::tanh(x(0));
  }
  template <class F>
  void gradient(const F&, const typename F::State& x, typename F::State& g) const {
    g.setZero();
    g(0) = 1 - std::tanh(x(0)) * std::tanh(x(0));
  }
};

}  // namespace

TEST_CASE("a projected method keeps its order", "[integrate][projection]") {
  check_integrator(Projection<Rk4>{},
                   1e-10);  // each step may miss the energy by a rounding, to the same side
  check_integrator(Projection<Euler>{});
}

TEST_CASE("projection keeps the energy of what is not canonical, and takes nothing that loses its own",
          "[integrate][projection]") {
  const RateField<RigidBody> body({0.5, 0.7, 1});
  const Vector<double, 3> start(0.6, -0.8, 0.3);
  Vector<double, 3> x = start, rough = start;
  const Projection<Rk4> integrator{.level = body.energy(start)};
  for (int step = 0; step < 2000; ++step) {
    REQUIRE(integrator.step(body, x, 0.5) == StepStatus::ok);
    REQUIRE(Rk4{}.step(body, rough, 0.5) == StepStatus::ok);
  }
  CHECK(std::abs(body.energy(x) - body.energy(start)) < 1e-14);
  CHECK(std::abs(body.energy(rough) - body.energy(start)) > 1e-3);
  STATIC_REQUIRE(!IntegratorFor<Projection<Rk4>, RateField<DampedPendulum>>);
}

TEST_CASE("projection keeps the energy for long", "[integrate][projection]") {
  const auto field = test::random_bound<LearnedHamiltonian>(2);
  const Vector<double, 2> x(0.8, -1.4);
  CHECK(energy_drift(Projection<Rk4>{.level = field.energy(x)}, field, x, 0.2, 20000) < 1e-14);
  CHECK(energy_drift(Projection<Rk4>{}, field, x, 0.2, 20000) < 1e-11);
  CHECK(energy_drift(Rk4{}, field, x, 0.8, 5000) > 1e-9);
}

TEST_CASE("projection keeps an invariant of one's own", "[integrate][projection]") {
  const Kepler<double> field;
  const AngularMomentum momentum;
  auto x = field.exact(0, 0.3), y = x;
  const double start = momentum.value(field, x);
  for (int i = 0; i < 1000; ++i) {
    REQUIRE(Projection<Rk4, AngularMomentum>{.level = start}.step(field, x, 0.1) == StepStatus::ok);
    REQUIRE(Rk4{}.step(field, y, 0.1) == StepStatus::ok);
  }
  CHECK(std::abs(momentum.value(field, x) - start) < 1e-14);
  CHECK(std::abs(momentum.value(field, y) - start) > 1e-7);
}

TEST_CASE("a level is reached by what the step does not move, too", "[integrate][projection]") {
  const auto free = hamiltonian_field<2>([](const auto& x) { return x(1) * x(1) / 2; });
  Vector<double, 2> x(0.5, 1);
  REQUIRE(Projection<Rk4>{.level = 2}.step(free, x, 0.1) == StepStatus::ok);
  CHECK(x(1) == Approx(2).epsilon(1e-14));
}

TEST_CASE("projection onto a level that is nowhere ends and leaves the state alone",
          "[integrate][projection]") {
  const Decay field;
  const Vector<double, 2> before(1, 1);
  Vector<double, 2> x = before;
  const StepStatus status = Projection<Rk4, Bounded>{.level = 2}.step(field, x, 0.1);
  CHECK((status == StepStatus::not_converged || status == StepStatus::non_finite));
  CHECK(x == before);
}

TEST_CASE("projection refuses what its parts refuse", "[integrate][projection]") {
  STATIC_REQUIRE(!IntegratorFor<Projection<Rk4>, Decay>);
  STATIC_REQUIRE(!IntegratorFor<Projection<StormerVerlet>, LearnedHamiltonian>);
  STATIC_REQUIRE(IntegratorFor<Projection<Rk4>, LearnedHamiltonian>);
}

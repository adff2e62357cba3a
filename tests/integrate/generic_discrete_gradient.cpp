#include "metriplex/integrate/generic_discrete_gradient.hpp"

#include "metriplex/structure/poisson.hpp"
#include "metriplex/structure/port_hamiltonian.hpp"
#include "metriplex/systems/sample_system.hpp"
#include "metriplex/systems/thermoelastic_double_pendulum.hpp"
#include "support/catch.hpp"
#include "support/generic_integrator_suite.hpp"

using namespace metriplex;

namespace {

const Vector<double, 3> oscillator(0.9, 0.7, 0.2);
const Vector<double, 4> containers(0.8, 0.4, 1.6, 2.3);

using LearnedTop = BoundModel<Poisson<Se3>, Mlp<Tanh, 6, 9, 1>, double>;
using LearnedResistance =
    BoundModel<PortHamiltonian<2>, Networks<Mlp<Tanh, 2, 9, 1>, Mlp<Tanh, 2, 5, 1>>, double>;

/// Where a field ends that is stepped so often.
template <class F>
typename F::State end_of(const F& field, typename F::State x, double time, int steps) {
  for (int k = 0; k < steps; ++k) REQUIRE(GenericGonzalez{}.step(field, x, time / steps) == StepStatus::ok);
  return x;
}

}  // namespace

TEST_CASE("the discrete gradient keeps energy and Casimirs of a learned top",
          "[integrate][generic_discrete_gradient]") {
  const auto top = test::random_bound<LearnedTop>(3);
  LearnedTop::State x = LearnedTop::State::LinSpaced(6, -1, 1.5);
  double before[2], after[2];
  Se3::casimir(x.data(), before);
  const double energy = top.energy(x);
  x = end_of(top, x, 400, 4000);
  Se3::casimir(x.data(), after);
  CHECK(std::abs(top.energy(x) - energy) < 1e-12);
  CHECK(std::abs(after[0] - before[0]) < 1e-11);
  CHECK(std::abs(after[1] - before[1]) < 1e-11);
}

TEST_CASE("the discrete gradient lets a resistance take energy in every step, and has order 2",
          "[integrate][generic_discrete_gradient]") {
  const auto damped = test::random_bound<LearnedResistance>(4);
  LearnedResistance::State x(0.8, -0.9);
  double energy = damped.energy(x);
  for (int k = 0; k < 500; ++k) {
    REQUIRE(GenericGonzalez{}.step(damped, x, 0.3) == StepStatus::ok);
    CHECK(damped.energy(x) <= energy + 1e-14);
    energy = damped.energy(x);
  }
  const LearnedResistance::State start(0.8, -0.9), truth = end_of(damped, start, 2, 4096);
  const double coarse = (end_of(damped, start, 2, 32) - truth).norm(),
               fine = (end_of(damped, start, 2, 64) - truth).norm();
  CHECK(coarse / fine == Approx(4).epsilon(0.1));
}

TEST_CASE("the discrete gradient with operators in the middle has order 2",
          "[integrate][generic_discrete_gradient]") {
  check_generic_integrator(GenericGonzalez{}, exact_field<Dno>({1.5, 0.3}), oscillator, 4, 64);
  check_generic_integrator(GenericGonzalez{}, exact_field<Tgc>({0.7, 1.2}), containers, 2, 64);
  check_generic_integrator(GenericGonzalez{}, test::random_bound<LearnedFriction>(3), oscillator, 4, 64);
  check_generic_integrator(GenericGonzalez{}, test::random_bound<LearnedEntropy>(4), oscillator, 4, 64);
}

TEST_CASE("the discrete gradient with operators at the start has order 1",
          "[integrate][generic_discrete_gradient]") {
  check_generic_integrator(GenericGonzalezFirst{}, exact_field<Tgc>({0.7, 1.2}), containers, 1, 64);
  check_generic_integrator(GenericGonzalezFirst{}, test::random_bound<LearnedFriction>(3), oscillator, 1, 64);
  check_generic_integrator(GenericGonzalezFirst{}, test::random_bound<LearnedEntropy>(4), oscillator, 1, 64);
}

TEST_CASE("discrete gradients have their order on the reference problems",
          "[integrate][generic_discrete_gradient]") {
  check_generic_integrator(GenericGonzalez{}, exact_field<Tgc>(Tgc::reference_member()),
                           Tgc::reference_state(), Tgc::reference_horizon, 512);
  check_generic_integrator(GenericGonzalez{}, exact_field<Dno>(Dno::reference_member()),
                           Dno::reference_state(), Dno::reference_horizon, 2048);
}

TEST_CASE("discrete gradients have their order in ten dimensions", "[integrate][generic_discrete_gradient]") {
  using S = ThermoelasticDoublePendulum;
  Random random(5);
  const auto mu = sample_parameters<S>(random);
  check_generic_integrator(GenericGonzalez{}, exact_field<S>(mu), sample_initial_state<S>(mu, random), 1, 16);
}

TEST_CASE("discrete gradients keep the energy, which RK4 loses, and never lose entropy",
          "[integrate][generic_discrete_gradient]") {
  const auto check = [](const auto& field, const auto& start, double dt, int steps, bool rk4_breaks) {
    const Kept gonzalez = kept(GenericGonzalez{}, field, start, dt, steps);
    const Kept first = kept(GenericGonzalezFirst{}, field, start, dt, steps);
    const Kept rk4 = kept(Rk4{}, field, start, dt, steps);
    INFO("drift " << gonzalez.drift << ", " << first.drift << ", RK4 " << rk4.drift << "; least gain "
                  << gonzalez.least_gain << ", " << first.least_gain << ", RK4 " << rk4.least_gain);
    CHECK(gonzalez.steps == steps);
    CHECK(first.steps == steps);
    CHECK(gonzalez.drift < 1e-11);
    CHECK(first.drift < 1e-11);
    CHECK(gonzalez.least_gain > -1e-14);
    CHECK(first.least_gain > -1e-14);
    if (rk4_breaks) CHECK((rk4.drift > 1e-3 || rk4.steps < steps));
  };
  check(exact_field<Dno>({1.5, 0.3}), oscillator, 0.7, 5000, true);
  check(exact_field<Tgc>({0.7, 1.2}), containers, 0.4, 5000, true);
  check(test::random_bound<LearnedFriction>(3), oscillator, 0.2, 200, false);
  check(test::random_bound<LearnedEntropy>(4), oscillator, 0.5, 2000, false);
}

TEST_CASE("a step so long that its prediction passes a wall is still solved",
          "[integrate][generic_discrete_gradient]") {
  // The piston's first straight step of 1 ends at q = 3, outside of the containers (0, 2).
  const auto field = exact_field<Tgc>(Tgc::reference_member());
  for (const double dt : {0.35, 0.5, 1.0}) {
    const Kept gonzalez = kept(GenericGonzalez{}, field, Tgc::reference_state(), dt, 5000);
    INFO("dt " << dt);
    CHECK(gonzalez.steps == 5000);
    CHECK(gonzalez.drift < 1e-12);
    CHECK(gonzalez.least_gain > -1e-14);
    CHECK(kept(Rk4{}, field, Tgc::reference_state(), dt, 5000).steps < 5);
  }
}

TEST_CASE("where entropy is learned and curved, RK4 loses energy and entropy, a discrete gradient neither",
          "[integrate][generic_discrete_gradient]") {
  const auto learned = test::random_bound<LearnedEntropy>(35);
  const Kept gonzalez = kept(GenericGonzalez{}, learned, oscillator, 1, 500);
  const Kept rk4 = kept(Rk4{}, learned, oscillator, 1, 500);
  CHECK(gonzalez.steps == 500);
  CHECK(gonzalez.drift < 1e-12);
  CHECK(gonzalez.least_gain > -1e-14);
  CHECK(rk4.drift > 1e-3);
  CHECK(rk4.least_gain < -1e-4);
}

TEST_CASE("no step of a learned motion throws, and a step beyond what can be solved says so",
          "[integrate][generic_discrete_gradient]") {
  const auto learned = test::random_bound<LearnedFriction>(3);
  Vector<double, 3> x = oscillator;
  STATIC_REQUIRE(noexcept(GenericGonzalez{}.step(learned, x, 0.1)));
  const StepStatus status = GenericGonzalez{{.max_iterations = 1}}.step(learned, x, 1.0);
  CHECK(status == StepStatus::not_converged);
  CHECK(x == oscillator);
}

namespace {

/// A field whose energy is known to the rounding of a large offset alone, as that of a network is to the rounding of its sums.
struct Offset {
  using State = Vector<double, 3>;
  decltype(exact_field<Dno>({})) field;
  double offset;

  static constexpr int dim() { return 3; }
  void operator()(const State& x, State& dx) const { field(x, dx); }
  double energy(const State& x) const { return (field.energy(x) + offset) - offset; }
  double entropy(const State& x) const { return field.entropy(x); }
  void gradients(const State& x, State& e, State& s) const { field.gradients(x, e, s); }
  void generic_rate(const State& x, const State& e, const State& s, State& dx) const {
    field.generic_rate(x, e, s, dx);
  }
};

}  // namespace

TEST_CASE("steps go on to where all is at rest, though the energy is rounded",
          "[integrate][generic_discrete_gradient]") {
  for (const double offset : {0.0, 7.0, 100.0})
    for (const bool simplified : {false, true}) {
      const Offset field{exact_field<Dno>({1.5, 0.3}), offset};
      GenericGonzalez scheme;
      scheme.options.simplified = simplified;
      Vector<double, 3> x = oscillator;
      int steps = 0;
      while (steps < 3000 && scheme.step(field, x, 0.8) == StepStatus::ok) ++steps;
      INFO("offset " << offset << ", simplified " << simplified << ", at " << x.transpose());
      CHECK(steps == 3000);
      CHECK(std::abs(field.energy(x) - field.energy(oscillator)) < 1e-12 * (1 + offset));
    }
}

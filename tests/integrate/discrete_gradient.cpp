#include "metriplex/integrate/discrete_gradient.hpp"

#include <cmath>

#include "metriplex/integrate/runge_kutta.hpp"
#include "support/catch.hpp"
#include "support/integrator_suite.hpp"
#include "support/long_run.hpp"

using namespace metriplex;

namespace {

struct WithoutEnergy {
  using State = Vector<double, 2>;
  static constexpr int dim() { return 2; }
  void operator()(const State& x, State& dx) const { dx << x(1), -x(0); }
  void jacobian(const State&, Matrix<double, 2, 2>& J) const { J << 0, 1, -1, 0; }
};

/// Compares the derivative of a discrete gradient by x₁ with differences, and its defining equation with the energy.
template <class Gradient, class Field>
void check_gradient(const Field& field, const typename Field::State& x0, const typename Field::State& x1) {
  using State = typename Field::State;
  constexpr int dim = State::RowsAtCompileTime;
  State gradient, rate;
  Matrix<double, dim, dim> derivative;
  Gradient::evaluate(field, x0, field.energy(x0), x1, gradient, &derivative);
  CHECK(gradient.dot(x1 - x0) == Approx(field.energy(x1) - field.energy(x0)).margin(1e-14));
  State alone;
  Gradient::evaluate(field, x0, field.energy(x0), x1, alone, static_cast<Matrix<double, dim, dim>*>(nullptr));
  CHECK(alone == gradient);
  for (int j = 0; j < dim; ++j) {
    const double h = 1e-4;
    const auto at = [&](double by) {
      State g;
      Gradient::evaluate(field, x0, field.energy(x0), x1 + by * State::Unit(j), g,
                         static_cast<Matrix<double, dim, dim>*>(nullptr));
      return g;
    };
    const State difference = (8 * (at(h) - at(-h)) - (at(2 * h) - at(-2 * h))) / (12 * h);
    CHECK((derivative.col(j) - difference).norm() < 1e-8 * (1 + difference.norm()));
  }
}

template <class Gradient>
void check_gradients() {
  const Kepler<double> kepler;
  check_gradient<Gradient>(kepler, Vector<double, 4>(0.8, -0.3, 0.4, 0.9),
                           Vector<double, 4>(0.7, -0.1, 0.5, 0.6));
  const auto learned = test::random_bound<LearnedHamiltonian>(2);
  check_gradient<Gradient>(learned, Vector<double, 2>(0.8, -1.4), Vector<double, 2>(0.3, -0.9));

  // Without a step it is the gradient, and its derivative that of the middle.
  const Vector<double, 4> x(0.8, -0.3, 0.4, 0.9);
  Vector<double, 4> gradient, rate, expected;
  Matrix<double, 4, 4> derivative;
  Gradient::evaluate(kepler, x, kepler.energy(x), x, gradient, &derivative);
  kepler(x, rate);
  undo_canonical(rate, expected);
  CHECK((gradient - expected).norm() < 1e-15);
  CHECK(derivative.allFinite());
}

}  // namespace

TEST_CASE("discrete gradients have the order that they declare", "[integrate][discrete_gradient]") {
  check_integrator(Gonzalez{}, 1e-11);  // a difference of energies over a small step
  check_integrator(ItohAbe{}, 1e-11);
}

TEST_CASE("discrete gradients explain the energy's change, and know their derivative",
          "[integrate][discrete_gradient]") {
  check_gradients<GonzalezGradient>();
  check_gradients<ItohAbeGradient>();
}

TEST_CASE("discrete gradients keep a learned energy to rounding, where others drift",
          "[integrate][discrete_gradient]") {
  const auto field = test::random_bound<LearnedHamiltonian>(2);
  const Vector<double, 2> x(0.8, -1.4);
  const double scale = std::abs(field.energy(x));
  CHECK(energy_drift(Gonzalez{}, field, x, 0.2, 20000) < 1e-12 * scale);
  CHECK(energy_drift(ItohAbe{}, field, x, 0.2, 20000) < 1e-12 * scale);
  CHECK(energy_drift(Gonzalez{}, field, x, 1.0, 2000) < 1e-12 * scale);
  CHECK(energy_drift(Rk4{}, field, x, 0.8, 5000) > 1e-9 * scale);
}

TEST_CASE("an equilibrium stays where it is", "[integrate][discrete_gradient]") {
  const Kepler<double> field;
  const auto circle = field.exact(0, 0);
  auto x = circle;
  CHECK(Gonzalez{}.step(field, x, 0) == StepStatus::ok);
  CHECK(ItohAbe{}.step(field, x, 0) == StepStatus::ok);
  CHECK(x == circle);
}

TEST_CASE("a step that does not converge leaves the state alone", "[integrate][discrete_gradient]") {
  const Kepler<double> field;
  const auto before = field.exact(0, 0.3);
  auto x = before;
  CHECK(Gonzalez{{.max_iterations = 1}}.step(field, x, 0.3) == StepStatus::not_converged);
  CHECK(Gonzalez{}.step(field, x, 1e6) != StepStatus::ok);
  CHECK(x == before);
}

TEST_CASE("discrete gradients need an energy", "[integrate][discrete_gradient]") {
  STATIC_REQUIRE(HasJacobian<WithoutEnergy>);
  STATIC_REQUIRE(!IntegratorFor<Gonzalez, WithoutEnergy>);
}

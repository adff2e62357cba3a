#include "metriplex/integrate/discrete_gradient.hpp"

#include <cmath>

#include "metriplex/integrate/runge_kutta.hpp"
#include "metriplex/systems/hamiltonian_field.hpp"
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

/// Makes the start of a step.
template <class Field>
StepStart<Field> start_at(const Field& field, const typename Field::State& x) {
  StepStart<Field> start{x, x, field.energy(x)};
  typename Field::State rate;
  field(x, rate);
  undo_canonical(rate, start.gradient);
  return start;
}

/// Compares the derivative of a discrete gradient by x₁ with differences, to a part of them, and its defining equation
/// with the energy.
template <class Gradient, class Field>
void check_gradient(const Field& field, const typename Field::State& x0, const typename Field::State& x1,
                    double part) {
  using State = typename Field::State;
  constexpr int dim = State::RowsAtCompileTime;
  const auto start = start_at(field, x0);
  const auto at = [&](const State& x) {
    State g;
    Gradient::evaluate(field, start, x, g, static_cast<Matrix<double, dim, dim>*>(nullptr));
    return g;
  };
  State gradient;
  Matrix<double, dim, dim> derivative;
  Gradient::evaluate(field, start, x1, gradient, &derivative);
  CHECK(gradient.dot(x1 - x0) == Approx(field.energy(x1) - field.energy(x0)).margin(1e-14));
  CHECK(at(x1) == gradient);
  for (int j = 0; j < dim; ++j) {
    const double h = 1e-4;
    const State by = h * State::Unit(j);
    const State difference =
        (8 * (at(x1 + by) - at(x1 - by)) - (at(x1 + 2 * by) - at(x1 - 2 * by))) / (12 * h);
    CHECK((derivative.col(j) - difference).norm() < part * (1 + difference.norm()));
  }
}

template <class Gradient>
void check_gradients(double part) {
  const Kepler<double> kepler;
  check_gradient<Gradient>(kepler, Vector<double, 4>(0.8, -0.3, 0.4, 0.9),
                           Vector<double, 4>(0.7, -0.1, 0.5, 0.6), part);
  const auto learned = test::random_bound<LearnedHamiltonian>(2);
  check_gradient<Gradient>(learned, Vector<double, 2>(0.8, -1.4), Vector<double, 2>(0.3, -0.9), part);

  // Without a step it is the gradient, and its derivative that of the middle.
  const Vector<double, 4> x(0.8, -0.3, 0.4, 0.9);
  Vector<double, 4> gradient, rate, expected;
  Matrix<double, 4, 4> derivative;
  Gradient::evaluate(kepler, start_at(kepler, x), x, gradient, &derivative);
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
  check_gradients<GonzalezGradient>(0.05);  // but for the derivative of the weights
  check_gradients<ItohAbeGradient>(1e-8);
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

TEST_CASE("a small swing beside a large energy is still swung, not noise", "[integrate][discrete_gradient]") {
  // 1 - cos q hides its rounding, 1e6 - cos q shows it; of a swing of 1e-6 the energy has no digit, or four.
  for (const double offset : {0.0, 1.0, 1e6})
    for (const double amplitude : {1e-2, 1e-4, 1e-6, 1e-9}) {
      const auto field = hamiltonian_field<2>([&](const auto& x) {
        using std::cos;
        return x(1) * x(1) / 2 + (offset - cos(x(0)));
      });
      Vector<double, 2> gonzalez(amplitude, 0), itoh_abe = gonzalez;
      for (int k = 0; k < 200; ++k) {
        REQUIRE(Gonzalez{}.step(field, gonzalez, 0.1) == StepStatus::ok);
        REQUIRE(ItohAbe{}.step(field, itoh_abe, 0.1) == StepStatus::ok);
        CHECK(gonzalez.norm() == Approx(amplitude).epsilon(1e-2));
        CHECK(itoh_abe.norm() == Approx(amplitude).epsilon(6e-2));  // its ellipse is tilted
      }
    }
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

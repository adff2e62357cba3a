#include "metriplex/systems/dissipative_field.hpp"

#include "metriplex/autodiff/check_gradient.hpp"
#include "metriplex/systems/dno.hpp"
#include "metriplex/systems/exact_field.hpp"
#include "metriplex/systems/sample_system.hpp"
#include "metriplex/systems/tgc.hpp"
#include "metriplex/systems/thermoelastic_double_pendulum.hpp"
#include "support/catch.hpp"
#include "support/random_model.hpp"

using namespace metriplex;

namespace {

/// Checks potentials, Jacobian, degeneracies and the laws at random states of random members.
template <class S>
void check_field() {
  INFO(S::name);
  constexpr int dim = S::dim;
  using State = Vector<double, dim>;
  STATIC_REQUIRE(DissipativeSystem<S>);
  STATIC_REQUIRE(GenericField<DissipativeField<S>>);
  Random random(1);
  for (int draw = 0; draw < 20; ++draw) {
    const Vector<double, S::parameters> mu = sample_parameters<S>(random);
    const auto field = exact_field<S>(mu);
    const State x = sample_initial_state<S>(mu, random);
    State dx, e, s, again;
    field(x, dx);
    field.gradients(x, e, s);
    const auto check = [&](const auto& potential, const State& slope) {
      const GradientCheck result = check_gradient(potential, x, slope, {.tolerance = 1e-7});
      INFO(result.message);
      CHECK(result.ok);
    };
    check([&](const State& y) { return field.energy(y); }, e);
    check([&](const State& y) { return field.entropy(y); }, s);
    Matrix<double, dim, dim> J;
    field.jacobian(x, J);
    for (int i = 0; i < dim; ++i)
      check(
          [&](const State& y) {
            State rate;
            field(y, rate);
            return rate[i];
          },
          State(J.row(i).transpose()));

    field.generic_rate(x, e, s, again);
    CHECK(again == dx);
    CHECK(std::abs(e.dot(dx)) <= 1e-13 * e.norm() * dx.norm());
    CHECK(s.dot(dx) > 0);
    // L∇S = 0 and M∇E = 0: each operator alone, by the other's vector.
    field.generic_rate(x, s, State::Zero(), again);
    CHECK(again.isZero(1e-14));
    field.generic_rate(x, e, e, again);
    State reversible;
    field.generic_rate(x, e, State::Zero(), reversible);
    CHECK((again - reversible).norm() <= 1e-13 * e.squaredNorm());
  }
}

}  // namespace

TEST_CASE("a field with friction keeps its energy and makes entropy", "[systems][dissipative_field]") {
  check_field<Dno>();
  check_field<Tgc>();
  check_field<ThermoelasticDoublePendulum>();
}

TEST_CASE("the parts of a motion with friction move what they should, and make it up together",
          "[systems][dissipative_field]") {
  const auto check = []<class S>(S) {
    Random random(2);
    const Vector<double, S::parameters> mu = sample_parameters<S>(random);
    const auto field = exact_field<S>(mu);
    const Vector<double, S::dim> x = sample_initial_state<S>(mu, random);
    Vector<double, S::dim> dx, sum = Vector<double, S::dim>::Zero();
    field(x, dx);
    constexpr double dt = 1e-6;
    for (int part = 0; part < 3; ++part) {
      Vector<double, S::dim> y = x;
      if (part == 0) field.drift(y, dt);
      if (part == 1) field.kick(y, dt);
      if (part == 2) CHECK(field.relax(y, dt) == StepStatus::ok);
      if (part == 2) {
        CHECK(field.energy(y) == Approx(field.energy(x)).epsilon(1e-14));
        CHECK(field.entropy(y) > field.entropy(x));
      }
      sum += (y - x) / dt;
    }
    CHECK((sum - dx).norm() <= 1e-5 * dx.norm());
  };
  check(Dno{});
  check(Tgc{});
  check(ThermoelasticDoublePendulum{});
}

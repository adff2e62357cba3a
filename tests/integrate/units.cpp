// The same motion in other units: every integrator must do the same, to rounding.

#include <cmath>

#include "metriplex/integrate/adaptive_runge_kutta.hpp"
#include "metriplex/integrate/average_vector_field.hpp"
#include "metriplex/integrate/discrete_gradient.hpp"
#include "metriplex/integrate/extended_phase_space.hpp"
#include "metriplex/integrate/gauss_legendre.hpp"
#include "metriplex/integrate/generic_discrete_gradient.hpp"
#include "metriplex/integrate/projection.hpp"
#include "metriplex/integrate/splitting.hpp"
#include "metriplex/integrate/ybaby.hpp"
#include "metriplex/systems/dno.hpp"
#include "metriplex/systems/exact_field.hpp"
#include "metriplex/systems/tgc.hpp"
#include "support/catch.hpp"

using namespace metriplex;

namespace {

/// Is a field in other units: of each component, of time, energy and entropy.
template <class Field>
struct InUnits {
  using State = typename Field::State;
  using Half = HalfState<Field>;
  static constexpr int size = State::RowsAtCompileTime;
  static constexpr bool canonical = true;

  Field field;
  State unit = State::Ones();
  double time = 1, energy_unit = 1, entropy_unit = 1;

  static constexpr int dim() { return size; }
  State bare(const State& x) const { return x.cwiseQuotient(unit); }
  State slope(const State& g, double of) const { return of * g.cwiseQuotient(unit); }

  void operator()(const State& x, State& dx) const {
    field(bare(x), dx);
    dx = dx.cwiseProduct(unit) / time;
  }
  double energy(const State& x) const { return energy_unit * field.energy(bare(x)); }
  void jacobian(const State& x, Matrix<double, size, size>& J) const {
    field.jacobian(bare(x), J);
    J = (unit.asDiagonal() * J * unit.cwiseInverse().asDiagonal() / time).eval();
  }
  // Of a motion whose kinetic energy depends on p alone.
  void velocity(const Half& p, Half& dq) const {
    State x = State::Zero(), dx;
    x.template tail<size / 2>() = p;
    (*this)(x, dx);
    dq = dx.template head<size / 2>();
  }
  void force(const Half& q, Half& dp) const {
    State x = State::Zero(), dx;
    x.template head<size / 2>() = q;
    (*this)(x, dx);
    dp = dx.template tail<size / 2>();
  }

  double entropy(const State& x) const { return entropy_unit * field.entropy(bare(x)); }
  void gradients(const State& x, State& e, State& s) const {
    field.gradients(bare(x), e, s);
    e = slope(e, energy_unit);
    s = slope(s, entropy_unit);
  }
  void generic_rate(const State& x, const State& e, const State& s, State& dx) const {
    field.generic_rate(bare(x), e.cwiseProduct(unit) / energy_unit, s.cwiseProduct(unit) / entropy_unit, dx);
    dx = dx.cwiseProduct(unit) / time;
  }
  void drift(State& x, double dt) const {
    part(x, [&](State& y) { field.drift(y, dt / time); });
  }
  void kick(State& x, double dt) const {
    part(x, [&](State& y) { field.kick(y, dt / time); });
  }
  StepStatus relax(State& x, double dt) const {
    StepStatus status = StepStatus::ok;
    part(x, [&](State& y) { status = field.relax(y, dt / time); });
    return status;
  }
  template <class Move>
  void part(State& x, Move&& move) const {
    State y = bare(x);
    move(y);
    x = y.cwiseProduct(unit);
  }
};

/// Calls body(a, b) for units a of positions and b of time from 1e-12 to 1e12.
template <class Body>
void in_all_units(Body&& body) {
  for (const double a : {1e-12, 1e-6, 1.0, 1e6, 1e12})
    for (const double b : {1e-12, 1e-6, 1.0, 1e6, 1e12}) {
      INFO("positions times " << a << ", time times " << b);
      body(a, b);
    }
}

/// Checks that the trajectory in units of positions and time, of which momenta get the inverse, is that without, and
/// the energy's course, too.
template <class Field, class Step>
void check_units(const Field& plain, const typename Field::State& start, const Step& step,
                 double energy_kept) {
  using State = typename Field::State;
  constexpr int half = State::RowsAtCompileTime / 2;
  const auto end_of = [&](const InUnits<Field>& field, double& drift) {
    State x = start.cwiseProduct(field.unit);
    const double first = field.energy(x);
    drift = 0;
    for (int k = 0; k < 60; ++k) {
      REQUIRE(step(field, x) == StepStatus::ok);
      drift = std::max(drift, std::abs(field.energy(x) - first) / field.energy_unit);
    }
    return field.bare(x);
  };
  double drift = 0, drift_in_units = 0;
  const State end = end_of({plain}, drift);
  CHECK(drift < energy_kept);
  in_all_units([&](double a, double b) {
    InUnits<Field> field{plain};
    for (int i = 0; i < half; ++i) {
      field.unit[i] = i == 0 ? a : 1 / a;
      field.unit[half + i] = 1 / field.unit[i];
    }
    field.time = b;
    field.energy_unit = 1 / b;
    CHECK((end_of(field, drift_in_units) - end).norm() < 1e-11);
    CHECK(drift_in_units == Approx(drift).epsilon(1e-9).margin(2e-14));
  });
}

template <class Integrator>
void check_units(const Integrator& integrator, double energy_kept) {
  INFO(Integrator::name);
  const auto pendulums = hamiltonian_field<4>([](const auto& x) {
    using std::cos;
    return (x(2) * x(2) + x(3) * x(3)) / 2 - cos(x(0)) - cos(x(1)) - cos(x(0) - x(1)) / 5;
  });
  check_units(
      pendulums, Vector<double, 4>(1.2, -0.4, 0.3, 0),
      [&](const auto& field, auto& x) { return integrator.step(field, x, 0.1 * field.time); }, energy_kept);
}

/// Checks that a motion with friction is the same in all units; entropies have their own.
template <class System, class Integrator>
void check_friction(const Integrator& integrator, const Vector<double, System::parameters>& mu,
                    const Vector<double, System::dim>& start) {
  INFO(System::name);
  using Field = InUnits<DissipativeField<System>>;
  using State = typename Field::State;
  const auto end_of = [&](const Field& field, double& drift, double& made) {
    State x = start.cwiseProduct(field.unit);
    const double first = field.energy(x);
    for (int k = 0; k < 60; ++k) {
      const double before = field.entropy(x);
      REQUIRE(integrator.step(field, x, 0.05 * field.time) == StepStatus::ok);
      made = std::min(made, (field.entropy(x) - before) / field.entropy_unit);
    }
    drift = std::abs(field.energy(x) - first) / field.energy_unit;
    return field.bare(x);
  };
  double drift = 0, made = 0;
  const State end = end_of({exact_field<System>(mu)}, drift, made);
  in_all_units([&](double a, double b) {
    Field field{exact_field<System>(mu)};
    field.unit[0] = a;
    field.unit[1] = 1 / a;
    field.unit.template tail<System::entropies>().setConstant(b);
    field.time = b;
    field.energy_unit = 1 / b;
    field.entropy_unit = b;
    double drift_in_units = 0, made_in_units = 0;
    CHECK((end_of(field, drift_in_units, made_in_units) - end).norm() < 1e-11);
    CHECK(drift_in_units == Approx(drift).margin(2e-13));
    CHECK(made_in_units > -1e-15);
  });
}

}  // namespace

TEST_CASE("a motion is the same in all units, with every kind of integrator", "[integrate][units]") {
  check_units(StormerVerlet{}, 1e-2);
  check_units(ImplicitMidpoint{}, 1e-2);
  check_units(ImplicitMidpoint{{.simplified = true}}, 1e-2);
  check_units(GaussLegendre<2>{}, 1e-5);
  check_units(Gonzalez{}, 2e-14);
  check_units(ItohAbe{}, 2e-14);
  check_units(AverageVectorField<5>{}, 2e-14);
  check_units(Projection<Rk4>{}, 5e-14);
}

TEST_CASE("an extended field has the units of its ratio", "[integrate][units]") {
  const auto coupled = hamiltonian_field<2>(
      [](const auto& x) { return (x(1) * x(1) + x(0) * x(0)) * (1 + x(0) * x(1) / 3) / 2; });
  check_units(
      coupled, Vector<double, 2>(0.8, 0.3),
      [](const auto& field, auto& x) {
        using Extended = ExtendedField<std::remove_cvref_t<decltype(field)>>;
        const Extended doubled(field, 1 / field.time,
                               field.unit.template head<1>().cwiseQuotient(field.unit.template tail<1>()));
        auto both = doubled.extend(x);
        const StepStatus status = Tao{}.step(doubled, both, 0.1 * field.time);
        x = doubled.restrict(both);
        return status;
      },
      1e-1);
}

TEST_CASE("a motion with friction is the same in all units", "[integrate][units]") {
  check_friction<Dno>(GenericGonzalez{}, {1.5, 0.3}, {0.9, 0.7, 0.2});
  check_friction<Dno>(GenericGonzalez{}, Dno::reference_member(), Dno::reference_state());
  check_friction<Tgc>(GenericGonzalez{}, {0.7, 1.2}, {0.8, 0.4, 1.6, 2.3});
  check_friction<Tgc>(Ybaby{}, {0.7, 1.2}, {0.8, 0.4, 1.6, 2.3});
}

TEST_CASE("adaptive steps are the same in all units", "[integrate][units]") {
  const auto pendulum = hamiltonian_field<2>([](const auto& x) {
    using std::cos;
    return x(1) * x(1) / 2 - cos(x(0));
  });
  using Field = InUnits<std::remove_const_t<decltype(pendulum)>>;
  for (const Vector<double, 2>& start : {Vector<double, 2>(2, 0), Vector<double, 2>(1.2, 0.4)}) {
    const auto reached = [&](const Field& field) {
      return rollout(field, AdaptiveDormandPrince{}, start.cwiseProduct(field.unit),
                     Vector<double>(Vector<double, 3>(0, 1e-9, 20) * field.time));
    };
    const auto plain = reached({pendulum});
    REQUIRE(plain.status == StepStatus::ok);
    in_all_units([&](double a, double b) {
      const Field field{pendulum, {a, 1 / a}, b, 1 / b};
      const auto result = reached(field);
      REQUIRE(result.status == StepStatus::ok);
      CHECK(result.accepted == plain.accepted);
      CHECK(result.rejected == plain.rejected);
      CHECK((field.bare(result.states.col(2)) - plain.states.col(2)).norm() < 1e-10);
    });
  }
}

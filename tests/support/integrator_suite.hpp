#pragma once

#include <cmath>
#include <limits>

#include "metriplex/integrate/integrator.hpp"
#include "metriplex/integrate/runge_kutta.hpp"
#include "metriplex/structure/hamiltonian.hpp"
#include "metriplex/structure/separable_hamiltonian.hpp"
#include "support/allocation_counter.hpp"
#include "support/catch.hpp"
#include "support/random_model.hpp"

// What every integrator must show, on two problems: Kepler's, which is nonlinear, four-dimensional, separable, with a
// solution in closed form, and a learned energy.

/// Is the motion of a planet, H = |p|²/2 − 1/|q|.
template <class Scalar>
struct Kepler {
  using State = metriplex::Vector<Scalar, 4>;
  using Half = metriplex::Vector<Scalar, 2>;
  static constexpr bool canonical = true, quadratic_kinetic = true;

  static constexpr int dim() { return 4; }
  void velocity(const Half& p, Half& dq) const { dq = p; }
  void force(const Half& q, Half& dp) const { dp = -q / std::pow(q.norm(), Scalar(3)); }
  void operator()(const State& x, State& dx) const {
    const Half q = x.template head<2>(), p = x.template tail<2>();
    Half dq, dp;
    velocity(p, dq);
    force(q, dp);
    dx << dq, dp;
  }
  Scalar energy(const State& x) const {
    return x.template tail<2>().squaredNorm() / 2 - 1 / x.template head<2>().norm();
  }
  void jacobian(const State& x, metriplex::Matrix<Scalar, 4, 4>& J) const {
    const Half q = x.template head<2>();
    const Scalar r = q.norm();
    J.setZero();
    J.template topRightCorner<2, 2>().setIdentity();
    J.template bottomLeftCorner<2, 2>() =
        3 * q * q.transpose() / std::pow(r, Scalar(5)) -
        metriplex::Matrix<Scalar, 2, 2>::Identity() / std::pow(r, Scalar(3));
  }

  /// Computes the state at time t on the ellipse of half axis 1 and the given eccentricity, from its
  /// perihelion.
  static State exact(double t, double eccentricity) {
    double anomaly = t;  // Kepler's equation, by Newton's method
    for (int i = 0; i < 50; ++i)
      anomaly -= (anomaly - eccentricity * std::sin(anomaly) - t) / (1 - eccentricity * std::cos(anomaly));
    const double c = std::cos(anomaly), s = std::sin(anomaly), b = std::sqrt(1 - eccentricity * eccentricity);
    const double rate = 1 / (1 - eccentricity * c);
    return metriplex::Vector<double, 4>(c - eccentricity, b * s, -s * rate, b * c * rate)
        .template cast<Scalar>();
  }
};

/// Hands a field and its states to an integrator as they are; an integrator that wants another field has another.
template <class Field>
struct AsItIs {
  const Field& field;
  static const typename Field::State& start(const typename Field::State& x) { return x; }
  static const typename Field::State& end(const typename Field::State& x) { return x; }
};

/// Learned energies, of random weights: one for all integrators, and one for those that need T(p) + V(q).
using LearnedHamiltonian =
    metriplex::BoundModel<metriplex::Hamiltonian<2>, metriplex::Mlp<metriplex::Tanh, 2, 8, 8, 1>, double>;
using LearnedSeparable = metriplex::BoundModel<metriplex::SeparableHamiltonian<2>,
                                               metriplex::Mlp<metriplex::Tanh, 1, 8, 8, 1>, double>;

/// Is a learned potential energy beside the kinetic energy |p|²/2.
struct LearnedPotential : LearnedSeparable {
  static constexpr bool quadratic_kinetic = true;
  explicit LearnedPotential(LearnedSeparable learned) : LearnedSeparable(std::move(learned)) {}
  void velocity(const Half& p, Half& dq) const { dq = p; }
  void operator()(const State& x, State& dx) const {
    LearnedSeparable::operator()(x, dx);
    dx(0) = x(1);
  }
};

/// Makes the learned field that an integrator takes, the most general one.
template <template <class> class Wrap, class Integrator>
auto learned_for() {
  const auto takes = []<class F>(const F*) {
    return metriplex::IntegratorFor<Integrator, std::remove_cvref_t<decltype(Wrap<F>::field)>>;
  };
  if constexpr (takes(static_cast<LearnedHamiltonian*>(nullptr)))
    return metriplex::test::random_bound<LearnedHamiltonian>(2);
  else if constexpr (takes(static_cast<LearnedSeparable*>(nullptr)))
    return metriplex::test::random_bound<LearnedSeparable>(2);
  else
    return LearnedPotential(metriplex::test::random_bound<LearnedSeparable>(2));
}

/// Steps from x over the time `end` in `steps` equal steps.
template <template <class> class Wrap, class Integrator, class Field>
typename Field::State stepped(const Integrator& integrator, const Field& field,
                              const typename Field::State& x, double end, int steps) {
  const Wrap<Field> wrap{field};
  auto state = wrap.start(x);
  using Scalar = typename Field::State::Scalar;
  for (int i = 0; i < steps; ++i)
    REQUIRE(integrator.step(wrap.field, state, static_cast<Scalar>(end / steps)) ==
            metriplex::StepStatus::ok);
  return wrap.end(state);
}

/// Measures the order against the exact end of a trajectory: refines the step by √2 until the error comes near
/// rounding, and takes the slope over the last doubling above it.
template <template <class> class Wrap, class Integrator, class Field>
double measured_order(const Integrator& integrator, const Field& field, const typename Field::State& start,
                      const typename Field::State& exact, double end, int steps, double floor) {
  double slope = 0, before[2] = {}, counts[2] = {};
  for (double fine = steps; fine <= 16384; fine *= std::sqrt(2.0)) {
    const int count = static_cast<int>(std::lround(fine));
    const double error = (stepped<Wrap>(integrator, field, start, end, count) - exact).norm();
    if (error < floor + 2e-15 * count) break;
    slope = std::log(before[0] / error) / std::log(count / counts[0]);
    before[0] = std::exchange(before[1], error);
    counts[0] = std::exchange(counts[1], count);
  }
  return slope;
}

/// Computes JᵀΩJ − Ω for the Jacobian J of one step, by central differences of order 8, as its largest entry.
template <class Integrator, class Field>
double symplecticity_defect(const Integrator& integrator, const Field& field, const typename Field::State& x,
                            double dt) {
  using State = typename Field::State;
  constexpr int dim = State::RowsAtCompileTime, half = dim / 2;
  metriplex::Matrix<double, dim, dim> J = metriplex::Matrix<double, dim, dim>::Zero(), omega = J;
  const double h = 4e-3, weights[] = {4.0 / 5, -1.0 / 5, 4.0 / 105, -1.0 / 280};
  for (int i = 0; i < dim; ++i)
    for (int k = 1; k <= 4; ++k)
      for (const int sign : {-1, 1}) {
        State y = x + sign * k * h * State::Unit(i);
        REQUIRE(integrator.step(field, y, dt) == metriplex::StepStatus::ok);
        J.col(i) += sign * weights[k - 1] / h * y;
      }
  for (int i = 0; i < half; ++i) {
    omega(i, half + i) = 1;
    omega(half + i, i) = -1;
  }
  return (J.transpose() * omega * J - omega).cwiseAbs().maxCoeff();
}

/// Computes how far a step back misses where a step forward came from.
template <class Integrator, class Field>
double symmetry_defect(const Integrator& integrator, const Field& field, const typename Field::State& x,
                       double dt) {
  typename Field::State y = x;
  REQUIRE(integrator.step(field, y, dt) == metriplex::StepStatus::ok);
  REQUIRE(integrator.step(field, y, -dt) == metriplex::StepStatus::ok);
  return (y - x).norm();
}

/// Checks that a declared property holds to rounding, and that one not declared is missed (methods of high order miss it
/// by much only in a longer step).
template <class Integrator, class Field>
void check_geometry(const Integrator& integrator, const Field& field, const typename Field::State& x,
                    double dt) {
  const double longer = Integrator::order < 5 ? dt : 4 * dt;
  const double symplecticity =
                   symplecticity_defect(integrator, field, x, Integrator::symplectic ? dt : longer),
               symmetry = symmetry_defect(integrator, field, x, Integrator::symmetric ? dt : longer);
  INFO("JᵀΩJ - Ω: " << symplecticity << ", there and back: " << symmetry);
  CHECK((Integrator::symplectic ? symplecticity < 1e-10 : symplecticity > 1e-8));
  CHECK((Integrator::symmetric ? symmetry < 1e-12 : symmetry > 1e-10));
}

/// Checks order, symplecticity and symmetry on both problems; no allocation, failure, and float. Errors of a trajectory
/// below `floor` are rounding.
template <template <class> class Wrap = AsItIs, class Integrator>
void check_integrator(const Integrator& integrator, double floor = 1e-13) {
  using metriplex::StepStatus;
  INFO(Integrator::name);
  using Plain = Wrap<Kepler<double>>;
  using Field = std::remove_cvref_t<decltype(Plain::field)>;
  STATIC_REQUIRE(metriplex::IntegratorFor<Integrator, Field>);
  STATIC_REQUIRE(
      metriplex::IntegratorFor<Integrator, std::remove_cvref_t<decltype(Wrap<Kepler<float>>::field)>>);

  const Kepler<double> kepler;
  const Plain plain{kepler};
  constexpr int steps = Integrator::order < 5 ? 64 : 8;
  const double order =
      measured_order<Wrap>(integrator, kepler, kepler.exact(0, 0.3), kepler.exact(2, 0.3), 2, steps, floor);
  CHECK(order == Approx(Integrator::order).margin(0.15));
  check_geometry(integrator, plain.field, plain.start(Kepler<double>::State(0.8, -0.3, 0.4, 0.9)), 0.25);

  const auto learned = learned_for<Wrap, Integrator>();
  const Wrap<std::remove_const_t<decltype(learned)>> wrapped{learned};
  const metriplex::Vector<double, 2> start(0.8, -1.4);
  const auto end = stepped<AsItIs>(metriplex::CooperVerner8{}, learned, start, 16, 2000);
  const double learned_order = measured_order<Wrap>(integrator, learned, start, end, 16, steps, floor);
  CHECK(learned_order == Approx(Integrator::order).margin(0.15));
  check_geometry(integrator, wrapped.field, wrapped.start(start), 1);

  auto x = plain.start(kepler.exact(0, 0.3));
  const AllocationCounter counter;
  const StepStatus status = integrator.step(plain.field, x, 0.01);
  CHECK(counter.count() == 0);
  CHECK(status == StepStatus::ok);

  const double infinity = std::numeric_limits<double>::infinity();
  for (const double poison : {infinity, std::numeric_limits<double>::quiet_NaN()}) {
    auto inner = kepler.exact(0, 0.3);
    inner(3) = poison;
    auto bad = plain.start(inner);
    CHECK(integrator.step(plain.field, bad, 0.01) == StepStatus::non_finite);
    const auto after = plain.end(bad);
    CHECK(after.head(3) == inner.head(3));
    CHECK((std::isnan(poison) ? std::isnan(after(3)) : after(3) == poison));
  }
  auto center = plain.start(Kepler<double>::State::Zero());  // the force is infinite here
  CHECK(integrator.step(plain.field, center, 0.01) == StepStatus::non_finite);
  CHECK(center.isZero(0));

  const auto single = stepped<Wrap>(integrator, Kepler<float>{}, Kepler<float>::exact(0, 0.3), 0.1, 10);
  const auto exact = stepped<Wrap>(integrator, kepler, kepler.exact(0, 0.3), 0.1, 10);
  CHECK((single.template cast<double>() - exact).norm() < 1e-5);
}

#pragma once

#include <Eigen/LU>
#include <cmath>
#include <limits>

#include "metriplex/integrate/integrator.hpp"
#include "support/allocation_counter.hpp"
#include "support/catch.hpp"

// What every integrator must show. The problem is Kepler's: nonlinear, four-dimensional, separable, with a
// solution in closed form.

/// Is the motion of a planet, H = |p|²/2 − 1/|q|.
template <class Scalar>
struct Kepler {
  using State = metriplex::Vector<Scalar, 4>;
  using Half = metriplex::Vector<Scalar, 2>;

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

/// Computes the error at time 2 after `steps` steps.
template <class Integrator>
double kepler_error(const Integrator& integrator, int steps) {
  constexpr double eccentricity = 0.3, end = 2;
  const Kepler<double> field;
  auto x = field.exact(0, eccentricity);
  for (int i = 0; i < steps; ++i)
    REQUIRE(integrator.step(field, x, end / steps) == metriplex::StepStatus::ok);
  return (x - field.exact(end, eccentricity)).norm();
}

/// Computes JᵀΩJ − Ω for the Jacobian J of one step, by extrapolated central differences, as its largest
/// entry.
template <class Integrator>
double symplecticity_defect(const Integrator& integrator, double dt) {
  using State = metriplex::Vector<double, 4>;
  const Kepler<double> field;
  const State x(0.8, -0.3, 0.4, 0.9);
  metriplex::Matrix<double, 4, 4> J;
  const auto moved = [&](int i, double h) {
    State y = x + h * State::Unit(i);
    REQUIRE(integrator.step(field, y, dt) == metriplex::StepStatus::ok);
    return y;
  };
  const double h = 1e-3;
  for (int i = 0; i < 4; ++i) {
    const State narrow = (moved(i, h) - moved(i, -h)) / (2 * h);
    const State wide = (moved(i, 2 * h) - moved(i, -2 * h)) / (4 * h);
    J.col(i) = (4 * narrow - wide) / 3;
  }
  metriplex::Matrix<double, 4, 4> omega = metriplex::Matrix<double, 4, 4>::Zero();
  omega.topRightCorner<2, 2>().setIdentity();
  omega.bottomLeftCorner<2, 2>() = -metriplex::Matrix<double, 2, 2>::Identity();
  return (J.transpose() * omega * J - omega).cwiseAbs().maxCoeff();
}

/// Checks order (between `steps` and 2 `steps` steps), symplecticity, no allocation, failure, and float.
template <class Integrator>
void check_integrator(const Integrator& integrator, int steps) {
  using metriplex::StepStatus;
  INFO(Integrator::name);
  STATIC_REQUIRE(metriplex::IntegratorFor<Integrator, Kepler<double>>);
  STATIC_REQUIRE(metriplex::IntegratorFor<Integrator, Kepler<float>>);

  const double coarse = kepler_error(integrator, steps), fine = kepler_error(integrator, 2 * steps);
  const double slope = std::log2(coarse / fine);
  INFO("errors " << coarse << " and " << fine);
  CHECK(slope == Approx(Integrator::order).margin(0.15));

  // One large step: the defect of a method that is not symplectic stands out.
  if (Integrator::symplectic)
    CHECK(symplecticity_defect(integrator, 0.5) < 1e-8);
  else
    CHECK(symplecticity_defect(integrator, 0.5) > 1e-6);

  const Kepler<double> field;
  auto x = field.exact(0, 0.3);
  const AllocationCounter counter;
  const StepStatus status = integrator.step(field, x, 0.01);
  CHECK(counter.count() == 0);
  CHECK(status == StepStatus::ok);

  const double infinity = std::numeric_limits<double>::infinity();
  for (const double poison : {infinity, std::numeric_limits<double>::quiet_NaN()}) {
    auto bad = field.exact(0, 0.3);
    bad(3) = poison;
    const auto before = bad;
    CHECK(integrator.step(field, bad, 0.01) == StepStatus::non_finite);
    CHECK(bad.head(3) == before.head(3));
    CHECK((std::isnan(poison) ? std::isnan(bad(3)) : bad(3) == poison));
  }
  Kepler<double>::State center = Kepler<double>::State::Zero();  // the force is infinite here
  CHECK(integrator.step(field, center, 0.01) == StepStatus::non_finite);
  CHECK(center.isZero(0));

  auto single = Kepler<float>::exact(0, 0.3);
  auto exact = field.exact(0, 0.3);
  for (int i = 0; i < 10; ++i) {
    CHECK(integrator.step(Kepler<float>{}, single, 0.01f) == StepStatus::ok);
    integrator.step(field, exact, 0.01);
  }
  CHECK((single.cast<double>() - exact).norm() < 1e-5);
}

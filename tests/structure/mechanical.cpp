#include "metriplex/structure/mechanical.hpp"

#include "support/catch.hpp"
#include "support/structure_suite.hpp"

using namespace metriplex;

namespace {

/// Computes dE/dt from what the networks give and their slopes, and how much of it is friction.
template <int Dof, bool Damped>
void check_energy() {
  using S = Mechanical<Dof, Damped>;
  Random random(9);
  for (int draw = 0; draw < 20; ++draw) {
    const test::Seen<S> seen(random);
    const auto outputs = test::random_vector<test::Outputs<S>>(random);
    Vector<double, S::dim> dx, d_x = Vector<double, S::dim>::Zero();
    S::field(seen.place(), outputs.data(), dx.data());
    test::Outputs<S> d_outputs = test::Outputs<S>::Zero();
    S::energy_pullback(seen.place(), outputs.data(), 1.0, d_outputs.data(), d_x.data());
    double rate = d_x.dot(dx), size = d_x.norm() * dx.norm();
    for (int root = 0; root < S::roots; ++root)
      for (int k = 0; k < Dof; ++k) {
        const double part = d_outputs[root * (1 + Dof)] * outputs[root * (1 + Dof) + 1 + k] * seen.x[Dof + k];
        rate += part;
        size += std::abs(part);
      }
    constexpr int slope = S::roots * (1 + Dof);
    rate += outputs.template segment<Dof>(slope).dot(seen.x.template tail<Dof>());
    double loss = 0;
    if constexpr (Damped) {
      const Eigen::Map<const Eigen::Matrix<double, Dof, Dof, Eigen::RowMajor>> K(outputs.data() + slope +
                                                                                 Dof);
      loss = (K.transpose() * seen.x.template tail<Dof>().cwiseQuotient(seen.unit.template tail<Dof>()))
                 .squaredNorm();
    }
    CHECK(std::abs(rate + loss) <= 1e-12 * (size + loss));
    CHECK(dx.template head<Dof>() == seen.x.template tail<Dof>());
  }
}

}  // namespace

TEST_CASE("a mechanical structure pulls back field and energy to networks and state",
          "[structure][mechanical]") {
  test::check_structure<Mechanical<1>>(false);
  test::check_structure<Mechanical<3>>(false);
  test::check_structure<Mechanical<2, true>>(false);
}

TEST_CASE("a mechanical structure conserves its energy, and loses with friction what friction says",
          "[structure][mechanical]") {
  check_energy<1, false>();
  check_energy<2, false>();
  check_energy<3, false>();
  check_energy<1, true>();
  check_energy<2, true>();
}

TEST_CASE("a mechanical structure moves a pendulum as Newton says", "[structure][mechanical]") {
  // M = (1 + c)² + ε, V' = 3; dc/dq = 0.5: M v̇ = −½M'v² − V' of a single degree of freedom.
  const double c = 0.25, slope = 0.5, force = 3, v = 2;
  const Vector<double, 2> x(0.3, v), unit(1, 1);
  const Vector<double, 3> outputs(c, slope, force);
  Vector<double, 2> dx;
  Mechanical<1>::field(Place<double>{x.data(), unit.data()}, outputs.data(), dx.data());
  const double mass = (1 + c) * (1 + c) + 1.0 / 1024, mass_slope = 2 * (1 + c) * slope;
  CHECK(dx[0] == v);
  CHECK(dx[1] == Approx((-0.5 * mass_slope * v * v - force) / mass));
}

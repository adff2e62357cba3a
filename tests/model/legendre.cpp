#include "metriplex/model/legendre.hpp"

#include "metriplex/integrate/discrete_gradient.hpp"
#include "metriplex/integrate/gauss_legendre.hpp"
#include "metriplex/integrate/runge_kutta.hpp"
#include "support/catch.hpp"
#include "support/random_model.hpp"

using namespace metriplex;

namespace {

using Nets = Networks<Mlp<Tanh, 2, 8, 3>, Mlp<Tanh, 2, 12, 1>>;
using Jointed = BoundModel<Mechanical<2>, Nets, double>;
using State = Jointed::State;

/// Walks a path of states and returns how f changes along it, by differences of order 4.
template <class Path>
State derivative(const Path& path) {
  const double h = 1e-3;
  return (8 * (path(h) - path(-h)) - (path(2 * h) - path(-2 * h))) / (12 * h);
}

}  // namespace

TEST_CASE("momenta lead back to velocities, with the same energy", "[model][legendre]") {
  Random random(1);
  for (std::uint64_t seed = 0; seed < 10; ++seed) {
    const auto model = test::random_bound<Jointed>(seed);
    const auto canonical = legendre_transform(model);
    const auto x = test::random_state<State>(random);
    const State y = to_momenta(model, x);
    CHECK((to_velocities(canonical, y) - x).norm() <= 1e-12 * x.norm());
    CHECK(canonical.energy(y) == Approx(model.energy(x)).epsilon(1e-12));
    CHECK(y.head<2>() == x.head<2>());
    // p is linear in v, by a symmetric positive matrix.
    Matrix<double, 2, 2> M;
    for (int i = 0; i < 2; ++i) {
      State unit = x;
      unit.tail<2>() = Vector<double, 2>::Unit(i);
      M.col(i) = to_momenta(model, unit).tail<2>();
    }
    CHECK((M - M.transpose()).norm() <= 1e-13 * M.norm());
    CHECK((M * x.tail<2>() - y.tail<2>()).norm() <= 1e-13 * M.norm() * x.norm());
    CHECK((M(0, 0) > 0 && M(0, 0) * M(1, 1) > M(0, 1) * M(1, 0)));
  }
}

TEST_CASE("the field in momenta is the transform of that in velocities, and its energy's",
          "[model][legendre]") {
  Random random(2);
  for (std::uint64_t seed = 0; seed < 10; ++seed) {
    const auto model = test::random_bound<Jointed>(seed);
    const auto canonical = legendre_transform(model);
    const auto x = test::random_state<State>(random);
    const State y = to_momenta(model, x), rate = model(x), moved = canonical(y);
    const State expected = derivative([&](double t) { return to_momenta(model, x + t * rate); });
    CHECK((moved - expected).norm() <= 1e-8 * expected.norm());
    State slope, turned;
    canonical.energy_gradient(y, slope);
    apply_canonical(2, slope.data(), turned.data());
    CHECK((moved - turned).norm() <= 1e-12 * moved.norm());
    for (int i = 0; i < 4; ++i) {
      const State at = derivative(
          [&](double t) { return State::Constant(canonical.energy(y + t * State::Unit(i))).eval(); });
      CHECK(slope[i] == Approx(at[0]).epsilon(1e-7).margin(1e-8));
    }
    Jointed::Jacobian jacobian;
    canonical.jacobian(y, jacobian);
    for (int i = 0; i < 4; ++i) {
      const State column = derivative([&](double t) { return canonical(y + t * State::Unit(i)); });
      CHECK((jacobian.col(i) - column).norm() <= 1e-7 * jacobian.norm());
    }
  }
}

TEST_CASE("what is mechanical in momenta keeps its energy, or its areas, over long runs",
          "[model][legendre]") {
  STATIC_REQUIRE(DiscreteGradientField<BoundModel<MechanicalMomenta<2>, Nets, double>>);
  const auto model = test::random_bound<Jointed>(3);
  const auto canonical = legendre_transform(model);
  const State start = to_momenta(model, State(0.3, -0.5, 0.4, 0.2));
  const double energy = canonical.energy(start);
  State x = start;
  double worst = 0, farthest = 0;
  for (int step = 0; step < 10000; ++step) {
    REQUIRE(Gonzalez{}.step(canonical, x, 0.05) == StepStatus::ok);
    worst = std::max(worst, std::abs(canonical.energy(x) - energy));
    farthest = std::max(farthest, (x - start).norm());
  }
  CHECK(worst <= 1e-11 * std::abs(energy));  // roundings of ten thousand steps
  CHECK(farthest > 0.5);

  Jointed::Jacobian omega = Jointed::Jacobian::Zero(), along;
  omega.topRightCorner<2, 2>().setIdentity();
  omega.bottomLeftCorner<2, 2>() = -Matrix<double, 2, 2>::Identity();
  const auto step_of = [&](State y) {
    REQUIRE(GaussLegendre<2>{}.step(canonical, y, 0.5) == StepStatus::ok);
    return y;
  };
  for (int i = 0; i < 4; ++i)
    along.col(i) = derivative([&](double t) { return step_of(start + t * State::Unit(i)); });
  CHECK((along.transpose() * omega * along - omega).norm() <= 1e-9);
  CHECK((along - Jointed::Jacobian::Identity()).norm() > 0.1);

  // The same motion, by another scheme in the other coordinates.
  State there = start, here = State(0.3, -0.5, 0.4, 0.2);
  for (int step = 0; step < 200; ++step) {
    REQUIRE(GaussLegendre<2>{}.step(canonical, there, 0.02) == StepStatus::ok);
    REQUIRE(Rk4{}.step(model, here, 0.02) == StepStatus::ok);
  }
  CHECK((to_velocities(canonical, there) - here).norm() <= 1e-9 * here.norm());
}

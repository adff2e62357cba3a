#include "metriplex/adapt/sensitivity.hpp"

#include "metriplex/integrate/rollout.hpp"
#include "metriplex/integrate/runge_kutta.hpp"
#include "metriplex/modulation/shift.hpp"
#include "metriplex/structure/unstructured.hpp"
#include "support/allocation_counter.hpp"
#include "support/catch.hpp"
#include "support/random_family.hpp"

using namespace metriplex;

namespace {

/// Runs a motion by the plain integrator.
template <class M>
typename M::Bound::State run(const M& model, const Vector<double>& z, typename M::Bound::State x, int steps,
                             double h) {
  const auto member = model.bind(z);
  for (int k = 0; k < steps; ++k) REQUIRE(Rk4{}.step(member, x, h) == StepStatus::ok);
  return x;
}

template <class M>
void check_derivatives() {
  const M model = test::random_family<M>(2);
  constexpr int dim = M::dimension, steps = 6;
  constexpr double h = 0.05;
  const Vector<double> z{{0.4, -0.6}};
  typename M::Bound::State x0 = M::Bound::State::Constant(0.3), x = x0;
  Sensitivity<M> motion(model);
  typename Sensitivity<M>::Derivatives s(dim, dim + 2);
  motion.move_to(z);
  motion.start(s);
  for (int k = 0; k < steps; ++k) motion.step(x, s, h);
  CHECK((x - run(model, z, x0, steps, h)).norm() < 1e-13);
  constexpr double epsilon = 1e-6;
  for (int k = 0; k < dim + 2; ++k) {
    auto there = x0, back = x0;
    Vector<double> z_there = z, z_back = z;
    (k < dim ? there[k] : z_there[k - dim]) += epsilon;
    (k < dim ? back[k] : z_back[k - dim]) -= epsilon;
    const auto difference =
        ((run(model, z_there, there, steps, h) - run(model, z_back, back, steps, h)) / (2 * epsilon)).eval();
    CHECK((s.col(k) - difference).norm() < 1e-6 * (1 + difference.norm()));
  }
}

}  // namespace

TEST_CASE("a motion's derivatives are those of the integrator, against differences", "[adapt][sensitivity]") {
  check_derivatives<test::SmallFamily>();
  check_derivatives<test::SmallDissipative>();
}

TEST_CASE("a motion's inputs may change at rates of their own", "[adapt][sensitivity]") {
  using Pushed = Model<Unstructured<1, 1>, Mlp<Tanh, 2, 4, 1>, Shift>;
  const auto model = test::random_family<Pushed>(3);
  Sensitivity<Pushed> motion(model);
  Sensitivity<Pushed>::Derivatives s(2, 4);
  const Vector<double> z{{0.4, -0.6}};
  motion.move_to(z);
  motion.start(s);
  Vector<double, 2> x(0.3, -0.2), y = x, rate(99, 1.7);
  const auto member = model.bind(z);
  Ramped pushed(member);
  pushed.rate[1] = rate[1];
  for (int k = 0; k < 6; ++k) {
    motion.step(x, s, 0.05, &rate);
    REQUIRE(Rk4{}.step(pushed, y, 0.05) == StepStatus::ok);
  }
  CHECK((x - y).norm() < 1e-13);
  CHECK(x[1] == Approx(-0.2 + 0.3 * 1.7));
}

TEST_CASE("a motion with its derivatives allocates nothing", "[adapt][sensitivity]") {
  const auto model = test::random_family<test::SmallFamily>(2);
  Sensitivity<test::SmallFamily> motion(model);
  Matrix<double, 2> s(2, 4);
  motion.start(s);
  Vector<double, 2> x(0.1, 0.2);
  const Vector<double> z{{0.4, -0.6}};
  const AllocationCounter counter;
  motion.move_to(z);
  motion.step(x, s, 0.1);
  CHECK(counter.count() == 0);
}

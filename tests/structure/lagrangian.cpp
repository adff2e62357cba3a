#include "metriplex/structure/lagrangian.hpp"

#include "metriplex/core/linear_algebra.hpp"
#include "support/catch.hpp"
#include "support/structure_suite.hpp"

using namespace metriplex;

namespace {

/// Computes dE/dt from what the network gives: E moves with q and v as L does, along the motion.
template <int Dof>
void check_energy() {
  using S = Lagrangian<Dof>;
  Random random(9);
  for (int draw = 0; draw < 20; ++draw) {
    const test::Seen<S> seen(random);
    const auto outputs = test::random_vector<test::Outputs<S>>(random);
    Vector<double, S::dim> dx;
    S::field(seen.place(), outputs.data(), dx.data());
    const Vector<double, Dof> v = seen.x.template tail<Dof>(), a = dx.template tail<Dof>();
    CHECK(dx.template head<Dof>() == v);
    // E = v·∂L/∂v − L, so dE/dt = v·(A v̇ + (∂²L/∂v∂q) v) − ∂L/∂q·v.
    double rate = 0, size = 0;
    int index = 1 + S::dim;
    const auto add = [&](double part) {
      rate += part;
      size += std::abs(part);
    };
    for (int i = 0; i < Dof; ++i)
      for (int j = i; j < Dof; ++j) {
        const double entry = outputs[index++] + (i == j ? 1 / std::pow(seen.unit[Dof + i], 2) : 0.0);
        add(entry * v[i] * a[j]);
        if (j > i) add(entry * v[j] * a[i]);
      }
    for (int i = 0; i < Dof; ++i) add(v[i] * (outputs[index + i] - outputs[1 + i]));
    CHECK(std::abs(rate) <= 1e-12 * size);
  }
}

/// Says nothing of its gradient.
struct Unbounded {
  static constexpr std::string_view name = "unbounded";
  static constexpr int dim = 1, canonical_pairs = 0;
  static constexpr bool canonical = false, separable = false;
  static constexpr std::array<NetworkSlot, 1> networks{{{"f", Role::rate, 0, 1}}};
  static void field(const double* outputs, double* dx) { dx[0] = outputs[0]; }
  static void pullback(const double*, const double* d_dx, double* d_outputs) { d_outputs[0] = d_dx[0]; }
};

}  // namespace

TEST_CASE("a Lagrangian pulls back field and energy to its network and the state",
          "[structure][lagrangian]") {
  test::check_structure<Lagrangian<1>>(false);
  test::check_structure<Lagrangian<2>>(false);
  test::check_structure<Lagrangian<3>>(false);
}

TEST_CASE("a Lagrangian conserves its energy", "[structure][lagrangian]") {
  check_energy<1>();
  check_energy<2>();
  check_energy<3>();
}

TEST_CASE("a Lagrangian solves Euler and Lagrange's equation", "[structure][lagrangian]") {
  // L = ½(1 + m)v² + bqv − ½kq² in units of 1, whose motion is (1 + m) v̇ = −k q: bqv moves nothing.
  const double m = 0.5, b = 0.7, k = 3, q = 0.4, v = 2;
  const Vector<double, 2> x(q, v), unit(1, 1);
  const Vector<double, 5> outputs(m * v * v / 2 + b * q * v - k * q * q / 2, b * v - k * q, m * v + b * q, m,
                                  b * v);
  Vector<double, 2> dx;
  const Place<double> at{x.data(), unit.data()};
  Lagrangian<1>::field(at, outputs.data(), dx.data());
  CHECK(dx[0] == v);
  CHECK(dx[1] == Approx(-k * q / (1 + m)));
  CHECK(Lagrangian<1>::energy(at, outputs.data()) == Approx((1 + m) * v * v / 2 + k * q * q / 2));
}

TEMPLATE_TEST_CASE("an inertia that is singular or of either sign moves to finite rates",
                   "[structure][lagrangian]", float, double) {
  using S = Lagrangian<2>;
  const Vector<TestType, 4> x(TestType(0.3), TestType(-0.2), 1, 2), unit(1, 1, 1, 1), d_dx(1, 2, 3, 4);
  const auto moved = [&](TestType first, TestType mixed, TestType last) {
    Vector<TestType, 10> outputs, d_outputs;
    outputs << 0, 1, 2, 0, 0, first - 1, mixed, last - 1, 0, 0;
    Vector<TestType, 4> dx, d_x;
    const Place<TestType> at{x.data(), unit.data()};
    S::field(at, outputs.data(), dx.data());
    S::pullback(at, outputs.data(), d_dx.data(), d_outputs.data(), d_x.data());
    CHECK(dx.allFinite());
    CHECK(d_outputs.allFinite());
    CHECK(d_x.allFinite());
    return Vector<TestType, 2>(dx.template tail<2>());
  };
  const auto tolerance = 10 * std::numeric_limits<TestType>::epsilon();
  // Regular, though a pivot is zero: (0 1; 1 0) y = (1, 2).
  CHECK((moved(0, 1, 0) - Vector<TestType, 2>(2, 1)).norm() <= tolerance);
  // Of either sign.
  CHECK((moved(2, 0, -4) - Vector<TestType, 2>(TestType(0.5), TestType(-0.5))).norm() <= tolerance);
  // No direction, one, and one that the force does not reach: y is what least squares say.
  CHECK(moved(0, 0, 0).norm() == 0);
  CHECK((moved(1, 0, 0) - Vector<TestType, 2>(1, 0)).norm() <= tolerance);
  moved(1, 2, 4);
}

TEST_CASE("training bounds the gradient of a Lagrangian, which may be singular", "[structure][lagrangian]") {
  STATIC_REQUIRE(largest_gradient<Lagrangian<2>> > 0);
  STATIC_REQUIRE(largest_gradient<Unbounded> == 0);
}

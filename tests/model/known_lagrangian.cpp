#include "metriplex/model/known_lagrangian.hpp"

#include "metriplex/autodiff/check_gradient.hpp"
#include "metriplex/model/bound_model.hpp"
#include "metriplex/structure/lagrangian.hpp"
#include "support/catch.hpp"
#include "support/random_model.hpp"

using namespace metriplex;

namespace {

/// A pendulum of mass 1 and length 1 that hangs on a cart of mass 1, which a magnet pushes across its motion: gravity 3.
struct Crane {
  static constexpr std::string_view name = "crane";
  template <class T>
  static T lagrangian(const Vector<T, 4>& x) {
    using std::cos;
    return x[2] * x[2] + x[3] * x[3] / 2 + x[2] * x[3] * cos(x[1]) + 3 * cos(x[1]) + x[0] * x[3] / 2;
  }
};
using Net = Periodic<Mlp<Sin, 5, 6, 4, 1>, 1>;
using Cranes = BoundModel<Lagrangian<2>, Plus<Net, Crane>, double>;

}  // namespace

TEST_CASE("a Lagrangian that is known moves as Euler and Lagrange say", "[model][known_lagrangian]") {
  const Vector<double> nothing = Vector<double>::Zero(Cranes::Sweep<1>::weights_size);
  Scaling<double, 4> scaling;
  scaling.inverse_scale << 1, 1, 0.5, 3;
  const Cranes crane(nothing, scaling);
  const Cranes::State x{{0.9, -0.6, 0.3, 0.8}};
  const Cranes::State rate = crane(x);
  // 2 s" + cos θ θ" = sin θ θ'² + θ'/2, cos θ s" + θ" = −3 sin θ − s'/2
  const double c = std::cos(x[1]), s = std::sin(x[1]);
  CHECK(rate.head<2>() == x.tail<2>());
  CHECK(2 * rate[2] + c * rate[3] == Approx(s * x[3] * x[3] + x[3] / 2));
  CHECK(c * rate[2] + rate[3] == Approx(-3 * s - x[2] / 2));
  CHECK(crane.energy(x) == Approx(x[2] * x[2] + x[3] * x[3] / 2 + x[2] * x[3] * c - 3 * c));
}

TEST_CASE("a Lagrangian of angles beside a known part is the same a turn on, and has exact derivatives",
          "[model][known_lagrangian]") {
  const auto drawn = test::random_bound<Cranes>(3);
  Scaling<double, 4> scaling = drawn.scaling();
  scaling.mean[1] = 0;  // as `fit_units` has it for angles
  scaling.inverse_scale[1] = 1;
  const Cranes crane(drawn.weights(), scaling);
  const Cranes::State x{{0.9, -0.6, 0.3, 0.8}};
  Cranes::State turned = x;
  turned[1] += 6.283185307179586;
  CHECK((crane(turned) - crane(x)).norm() <= 1e-12 * crane(x).norm());
  Cranes::Jacobian jacobian;
  Cranes::State slope;
  crane.jacobian(x, jacobian);
  crane.energy_gradient(x, slope);
  for (int i = 0; i < 4; ++i) {
    const auto rate = [&](const Cranes::State& at) { return crane(at)[i]; };
    CHECK(check_gradient(rate, x, jacobian.row(i).transpose().eval(), {1e-8}).ok);
  }
  CHECK(check_gradient([&](const Cranes::State& at) { return crane.energy(at); }, x, slope, {1e-8}).ok);
  CHECK(std::abs(slope.dot(crane(x))) <= 1e-12 * slope.norm() * crane(x).norm());
}

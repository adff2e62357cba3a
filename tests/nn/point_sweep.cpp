#include "metriplex/nn/point_sweep.hpp"

#include "support/catch.hpp"
#include "support/network_case.hpp"

using namespace metriplex;

namespace {

/// Compares points, one at a time, with dual numbers in double.
template <class Net, class Scalar>
void check_points() {
  const Case c(Network::of<Net>(), 3);
  const Results expected = truth(c);
  const Vector<Scalar> weights = relaid<Net, Scalar>(c.weights), d_value = c.d_value.template cast<Scalar>();
  const double tolerance = sizeof(Scalar) == 8 ? 1e-13 : 5e-5;
  INFO(Net::Activation::name << ", " << sizeof(Scalar) << " bytes");
  using State = Vector<Scalar, Net::inputs>;
  Results got = expected;
  PointSweep<Net, Scalar> sweep;
  for (int p = 0; p < 3; ++p) {
    const State x = c.x.row(p).transpose().template cast<Scalar>(),
                d_gradient = c.d_gradient.row(p).transpose().template cast<Scalar>();
    State gradient, d_x, again;
    Scalar value;
    sweep.template forward<true>(weights.data(), x.data(), &value, gradient.data());
    sweep.pullback(weights.data(), &d_value[p], d_gradient.data(), d_x.data());
    got.value(p) = static_cast<double>(value);
    got.gradient.row(p) = gradient.template cast<double>().transpose();
    got.d_x.row(p) = d_x.template cast<double>().transpose();
    sweep.template forward<false>(weights.data(), x.data(), nullptr, again.data());
    CHECK(again == gradient);
  }
  CHECK(difference(got.value, expected.value) < tolerance);
  CHECK(difference(got.gradient, expected.gradient) < tolerance);
  CHECK(difference(got.d_x, expected.d_x) < tolerance);
}

using Small = Mlp<Tanh, 2, 3, 1>;
using Odd = Mlp<Softplus, 3, 9, 5, 1>;
using Deep = Mlp<Sin, 1, 5, 17, 3, 1>;
using Wide = Mlp<Silu, 4, 33, 64, 9, 1>;

}  // namespace

TEMPLATE_TEST_CASE("one point's value, gradient and pullback agree with nested dual numbers",
                   "[nn][point_sweep]", float, double) {
  check_points<Small, TestType>();
  check_points<Odd, TestType>();
  check_points<Deep, TestType>();
  check_points<Wide, TestType>();
}

TEST_CASE("one point can be pulled back along every direction, which gives the Hessian",
          "[nn][point_sweep]") {
  using Net = Wide;
  const Case c(Network::of<Net>(), 1, 4);
  const Vector<double, 4> x = c.x.row(0).transpose();
  const auto expected = value_gradient_hessian(
      [&]<class T>(const Vector<T, 4>& y) { return potential(c.network, c.weights, Vector<T>(y)); }, x);
  const auto sweep = std::make_unique<PointSweep<Net, double>>();
  Vector<double, 4> gradient;
  Matrix<double, 4, 4> hessian;
  sweep->forward<true>(c.weights.data(), x.data(), nullptr, gradient.data());
  for (int round = 0; round < 2; ++round) {
    for (int i = 0; i < 4; ++i) {
      const Vector<double, 4> unit = Vector<double, 4>::Unit(i);
      sweep->pullback(c.weights.data(), nullptr, unit.data(), hessian.col(i).data());
    }
    CHECK(difference(gradient, expected.gradient) < 1e-13);
    CHECK(difference(hessian, expected.hessian) < 1e-13);
    CHECK(difference(hessian, hessian.transpose()) < 1e-13);
  }
  // A cotangent of the value pulls back to the gradient.
  const Vector<double, 4> zero = Vector<double, 4>::Zero();
  const double two = 2;
  Vector<double, 4> d_x;
  sweep->pullback(c.weights.data(), &two, zero.data(), d_x.data());
  CHECK(difference(d_x, Vector<double, 4>(2 * expected.gradient)) < 1e-13);
}

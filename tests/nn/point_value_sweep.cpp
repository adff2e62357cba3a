#include "metriplex/nn/point_value_sweep.hpp"

#include "support/catch.hpp"
#include "support/network_case.hpp"

using namespace metriplex;

namespace {

/// Compares points, one at a time, with dual numbers in double.
template <class Net, class Scalar>
void check_points() {
  const Case c(Network::of<Net>(), 3);
  const Matrix<double> d_values =
      Vector<double>::LinSpaced(3, 1, 2) * Vector<double>::LinSpaced(Net::outputs, -1, 2).transpose();
  const ValueResults expected = value_truth(c, d_values);
  const Vector<Scalar> weights = relaid<Net, Scalar>(c.weights);
  const double tolerance = sizeof(Scalar) == 8 ? 1e-13 : 5e-5;
  INFO(Net::inputs << " to " << Net::outputs << ", " << sizeof(Scalar) << " bytes");
  ValueResults got = expected;
  PointValueSweep<Net, Scalar> sweep;
  for (int p = 0; p < 3; ++p) {
    const Vector<Scalar> x = c.x.row(p).transpose().template cast<Scalar>(),
                         d_y = d_values.row(p).transpose().template cast<Scalar>();
    Vector<Scalar> y(Net::outputs), d_x(Net::inputs);
    sweep.forward(weights.data(), x.data(), y.data());
    for (int round = 0; round < 2; ++round) {  // any number of times
      sweep.pullback(weights.data(), d_y.data(), d_x.data());
      got.values.row(p) = y.template cast<double>().transpose();
      got.d_x.row(p) = d_x.template cast<double>().transpose();
    }
  }
  CHECK(difference(got.values, expected.values) < tolerance);
  if constexpr (Net::inputs > 0) CHECK(difference(got.d_x, expected.d_x) < tolerance);
}

}  // namespace

TEMPLATE_TEST_CASE("one point's values and pullback agree with dual numbers", "[nn][point_value_sweep]",
                   float, double) {
  check_points<Mlp<Tanh, 2, 3, 2>, TestType>();
  check_points<Mlp<Softplus, 3, 9, 5, 6>, TestType>();
  check_points<Mlp<Sin, 1, 5, 17, 12>, TestType>();
  check_points<Mlp<Silu, 4, 33, 1>, TestType>();
  check_points<Constants<3>, TestType>();
  check_points<Constants<20>, TestType>();
}

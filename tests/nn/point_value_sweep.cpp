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
    // Element by element: a row of no columns would be a pointer beyond null.
    Vector<Scalar> x(Net::inputs), d_y(Net::outputs), y(Net::outputs), d_x(Net::inputs);
    for (int i = 0; i < Net::inputs; ++i) x(i) = static_cast<Scalar>(c.x(p, i));
    for (int i = 0; i < Net::outputs; ++i) d_y(i) = static_cast<Scalar>(d_values(p, i));
    sweep.forward(weights.data(), x.data(), y.data());
    for (int round = 0; round < 2; ++round) {  // any number of times
      sweep.pullback(weights.data(), d_y.data(), d_x.data());
      got.values.row(p) = y.template cast<double>().transpose();
      for (int i = 0; i < Net::inputs; ++i) got.d_x(p, i) = static_cast<double>(d_x(i));
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

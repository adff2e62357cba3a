#include "metriplex/nn/scaling.hpp"

#include <cmath>
#include <string>

#include "support/catch.hpp"
#include "support/error_text.hpp"

using namespace metriplex;

TEST_CASE("a scaling that is not fitted changes nothing", "[nn][scaling]") {
  const Scaling<double, 2> scaling;
  CHECK(scaling.mean == Vector<double, 2>(0, 0));
  CHECK(scaling.inverse_scale == Vector<double, 2>(1, 1));
  CHECK(scaling.energy == 1);
}

TEMPLATE_TEST_CASE("a fit takes mean and deviation of the states, and the energy of the field",
                   "[nn][scaling]", float, double) {
  Matrix<TestType> x(2, 4), dx(2, 4);
  x << 1, 3, 1, 3, -10, -10, 30, 30;
  dx << 3, 3, 3, 3, 4, -4, 4, -4;
  const auto scaling = Scaling<TestType, 2>::fit(x, dx);
  CHECK(scaling.mean[0] == 2);
  CHECK(scaling.mean[1] == 10);
  CHECK(scaling.inverse_scale[0] == 1);
  CHECK(scaling.inverse_scale[1] == TestType(1.0 / 20));
  // The field's components have rms √(25/2), the states' deviations √(401/2).
  CHECK(scaling.energy == Approx(std::sqrt(25.0 / 2 * 401 / 2)));
}

TEST_CASE("with friction, errors count by the size of their component and friction explains the entropy made",
          "[nn][scaling]") {
  Matrix<double> x(3, 4), dx(3, 4);
  x << 1, 3, 1, 3, -10, -10, 30, 30, 0, 1, 2, 3;
  dx << 3, 3, 3, 3, 4, -4, 4, -4, 0.1, 0.3, 0.1, 0.3;
  const auto plain = Scaling<double, 3>::fit(x, dx);
  const auto known = Scaling<double, 3>::fit_dissipative(x, dx, {0, 0, 1});
  CHECK(known.mean == plain.mean);
  CHECK(known.inverse_scale == plain.inverse_scale);
  CHECK(known.energy == Approx(4 * plain.energy));
  const double speed_square = (9 + 16 + 0.05) / 3;
  CHECK(plain.rate_weight == Vector<double, 3>(1, 1, 1));
  CHECK(known.rate_weight[0] == Approx(std::sqrt(speed_square) / 3));
  CHECK(known.rate_weight[1] == Approx(std::sqrt(speed_square) / 4));
  CHECK(known.rate_weight[2] == Approx(std::sqrt(speed_square / 0.05)));
  // friction² ‖ẋ‖² is the mean production of entropy, 0.2.
  CHECK(known.friction * known.friction * 3 * speed_square == Approx(0.2));
  CHECK(known.entropy == Approx(std::sqrt((1 + 400 + 1.25) / 3)));

  const auto learned = Scaling<double, 3>::fit_dissipative(x, dx, {});
  CHECK(learned.friction * learned.friction * std::sqrt(speed_square) == Approx(0.1));

  // What never moves counts, but not without bound; no motion at all leaves the units alone.
  dx.row(2).setZero();
  CHECK(Scaling<double, 3>::fit_dissipative(x, dx, {0, 0, 1}).rate_weight[2] == Approx(1e3));
  dx.setZero();
  const auto still = Scaling<double, 3>::fit_dissipative(x, dx, {0, 0, 1});
  CHECK(still.friction == 1);
  CHECK(still.rate_weight == Vector<double, 3>(1, 1, 1));
}

TEST_CASE("states in float are fitted in double", "[nn][scaling]") {
  // 2²⁴ + 1 is no float: a running sum in float would stand still.
  Matrix<float> x = Matrix<float>::Constant(1, 100000, 16777216.0f);
  x.rightCols(50000).array() += 2;
  const auto scaling = Scaling<double, 1>::fit(x, x);
  CHECK(scaling.mean[0] == 16777217);
  CHECK(scaling.inverse_scale[0] == 1);
}

TEST_CASE("a component that never moves is not scaled, whatever its value", "[nn][scaling]") {
  for (const double constant : {0.0, 0.1, -1e-3, 1e8}) {
    for (const Index points : {2, 3, 10, 10001}) {
      Matrix<double> x = Matrix<double>::Constant(2, points, constant);
      x.row(1).setLinSpaced(-1, 1);
      const auto scaling = Scaling<double, 2>::fit(x, x);
      CHECK(scaling.mean[0] == Approx(constant).epsilon(1e-12));
      CHECK(scaling.inverse_scale[0] == 1);
      CHECK(scaling.inverse_scale[1] > 0.9);
    }
  }
  // No motion at all leaves the energy's scale alone.
  const Matrix<double> still = Matrix<double>::Zero(2, 3);
  CHECK(Scaling<double, 2>::fit(still, still).energy == 1);
}

TEST_CASE("a scaling names the shapes it cannot be fitted to", "[nn][scaling]") {
  const auto refusal = [](Index rows, Index points, Index d_rows, Index d_points) {
    return error_text([&] {
      Scaling<double, 2>::fit(Matrix<double>(Matrix<double>::Ones(rows, points)),
                              Matrix<double>(Matrix<double>::Ones(d_rows, d_points)));
    });
  };
  const std::string expected =
      "fitting a scaling needs states and derivatives [2 x n] of the same n >= 2; got ";
  CHECK(refusal(2, 1, 2, 1) == expected + "[2 x 1] and [2 x 1]");
  CHECK(refusal(2, 0, 2, 0) == expected + "[2 x 0] and [2 x 0]");
  CHECK(refusal(2, 5, 2, 4) == expected + "[2 x 5] and [2 x 4]");
  CHECK(refusal(3, 5, 2, 5) == expected + "[3 x 5] and [2 x 5]");
  CHECK(refusal(2, 5, 1, 5) == expected + "[2 x 5] and [1 x 5]");
  CHECK(refusal(2, 2, 2, 2).empty());
}

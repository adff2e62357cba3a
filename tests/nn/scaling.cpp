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

TEMPLATE_TEST_CASE("a fit takes mean and deviation of the states, and the energy of canonical pairs",
                   "[nn][scaling]", float, double) {
  Matrix<TestType> x(2, 4), dx(2, 4);
  x << 1, 3, 1, 3, -10, -10, 30, 30;
  dx << 3, 3, 3, 3, 4, -4, 4, -4;
  const auto scaling = Scaling<TestType, 2>::fit(x, dx, 1);
  CHECK(scaling.mean[0] == 2);
  CHECK(scaling.mean[1] == 10);
  CHECK(scaling.inverse_scale[0] == 1);
  CHECK(scaling.inverse_scale[1] == TestType(1.0 / 20));
  // ∂H/∂p ~ 3 with p ~ 20, ∂H/∂q ~ 4 with q ~ 1.
  CHECK(scaling.energy == Approx(std::sqrt((60.0 * 60 + 4 * 4) / 2)));
  CHECK(scaling.rate_scale == Vector<TestType, 2>(3, 4));
  // Without pairs energy has a unit of its own.
  CHECK(Scaling<TestType, 2>::fit(x, dx, 0).energy == 1);
}

TEST_CASE("friction explains the entropy made, and slow components count as much as others",
          "[nn][scaling]") {
  Matrix<double> x(3, 4), dx(3, 4);
  x << 1, 3, 1, 3, -10, -10, 30, 30, 0, 1, 2, 3;
  dx << 3, 3, 3, 3, 4, -4, 4, -4, 0.1, 0.3, 0.1, 0.3;
  const auto plain = Scaling<double, 3>::fit(x, dx, 1);
  const auto known = Scaling<double, 3>::fit_dissipative(x, dx, 1, {0, 0, 1});
  CHECK(known.mean == plain.mean);
  CHECK(known.energy == Approx(4 * plain.energy));
  // Sizes of the rates and, of the states, deviations 1, 20, √1.25.
  const double rate = std::sqrt((9.0 + 16.0 / 400 + 0.05 / 1.25) / 3);
  CHECK(known.rate_scale[0] == 3);
  CHECK(known.rate_scale[1] == 4);
  CHECK(known.rate_scale[2] == Approx(std::sqrt(0.05)));
  // Three terms of (friction · s c)² are the mean production of entropy, 0.2.
  CHECK(3 * std::pow(known.friction * std::sqrt(1.25) * plain.energy, 2) == Approx(0.2));

  const auto learned = Scaling<double, 3>::fit_dissipative(x, dx, 0, {});
  CHECK(learned.friction * learned.friction == Approx(0.1 * rate));
  CHECK(learned.bracket == Approx(rate));
  CHECK(learned.energy == 4);

  // What never moves counts, but not without bound; no motion at all leaves the units of time alone.
  dx.row(2).setZero();
  const auto slow = Scaling<double, 3>::fit_dissipative(x, dx, 1, {0, 0, 1});
  CHECK(slow.rate_scale[2] == Approx(1e-4 * std::sqrt(1.25 * (9 + 0.04) / 3)));
  dx.setZero();
  const auto still = Scaling<double, 3>::fit_dissipative(x, dx, 1, {0, 0, 1});
  CHECK(still.bracket == 1);
  CHECK(still.rate_scale[0] == Approx(1e-4));
}

TEST_CASE("states in float are fitted in double", "[nn][scaling]") {
  // 2²⁴ + 1 is no float: a running sum in float would stand still.
  Matrix<float> x = Matrix<float>::Constant(1, 100000, 16777216.0f);
  x.rightCols(50000).array() += 2;
  const auto scaling = Scaling<double, 1>::fit(x, x, 0);
  CHECK(scaling.mean[0] == 16777217);
  CHECK(scaling.inverse_scale[0] == 1);
}

TEST_CASE("a component that never moves has the size that it has", "[nn][scaling]") {
  for (const double constant : {0.0, 0.1, -1e-3, 1e8}) {
    for (const Index points : {2, 3, 10, 10001}) {
      Matrix<double> x = Matrix<double>::Constant(2, points, constant);
      x.row(1).setLinSpaced(-1, 1);
      const auto scaling = Scaling<double, 2>::fit(x, x, 1);
      CHECK(scaling.mean[0] == constant);
      CHECK(scaling.inverse_scale[0] == Approx(constant == 0 ? 1 : 1 / std::abs(constant)));
      CHECK(scaling.inverse_scale[1] > 0.9);
    }
  }
  // No motion at all leaves the energy's scale alone.
  const Matrix<double> still = Matrix<double>::Zero(2, 3);
  CHECK(Scaling<double, 2>::fit(still, still, 1).energy == 1);
}

TEST_CASE("an offset a thousand million times the motion leaves the motion its size", "[nn][scaling]") {
  Matrix<double> x(1, 4);
  x << 1, -1, 1, -1;
  for (const double offset : {1e5, 1e9, -1e12}) {
    const Matrix<double> moved = x.array() * 0.25 + offset;
    const auto scaling = Scaling<double, 1>::fit(moved, x, 0);
    CHECK(scaling.mean[0] == offset);
    CHECK(scaling.inverse_scale[0] == 4);
  }
}

TEST_CASE("units that a scalar cannot compute in are refused by the component that has them",
          "[nn][scaling]") {
  Matrix<double> x(2, 2), dx(2, 2);
  x << 1, -1, 1, -1;
  dx << 1, 1, 1, 1;
  CHECK(error_text([&] { Scaling<double, 2>::fit(1e150 * x, 1e150 * dx, 1); }).empty());
  CHECK(
      error_text([&] { Scaling<double, 2>::fit(1e160 * x, 1e160 * dx, 1); }) ==
      "training expects data in units that double can compute in; got states that spread by 1e+160 and rates "
      "of 1e+160 in component 0, energies of inf");
  x.row(1) *= 1e-42;
  const std::string text = error_text([&] { Scaling<float, 2>::fit(x, dx, 0); });
  CHECK(one_line_with(text, "float can compute in"));
  CHECK(one_line_with(text, "states that spread by 1e-42 and rates of 1 in component 1"));
}

TEST_CASE("a scaling names the shapes it cannot be fitted to", "[nn][scaling]") {
  const auto refusal = [](Index rows, Index points, Index d_rows, Index d_points) {
    return error_text([&] {
      Scaling<double, 2>::fit(Matrix<double>(Matrix<double>::Ones(rows, points)),
                              Matrix<double>(Matrix<double>::Ones(d_rows, d_points)), 1);
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

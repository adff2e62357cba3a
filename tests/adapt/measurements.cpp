#include "metriplex/adapt/measurements.hpp"

#include <limits>

#include "support/catch.hpp"
#include "support/error_text.hpp"

using namespace metriplex;

TEST_CASE("measurements weigh a sum of squares to a relative mean square", "[adapt][measurements]") {
  Matrix<double, 2> x(2, 3), dx(2, 3);
  x << 1, 2, 3, 4, 5, 6;
  dx << 1, -2, 0, 2, 0, 3;
  const Measurements<double, 2> shots(x, dx, {}, "test");
  CHECK(shots.weight == Approx(1.0 / dx.squaredNorm()));
}

TEST_CASE("rates that are all zero are weighed by those of training", "[adapt][measurements]") {
  const Matrix<double, 2> x = Matrix<double, 2>::Ones(2, 4), dx = Matrix<double, 2>::Zero(2, 4);
  const Scaling<double, 2> scaling{.rate_scale = {1e-6, 1e6}};
  CHECK(Measurements<double, 2>(x, dx, scaling, "test").weight == Approx(1.0 / 8));
}

TEST_CASE("the mean is subtracted before float cuts digits off", "[adapt][measurements]") {
  const Scaling<float, 1> scaling{.mean = Vector<float, 1>(1e5f)};
  const Matrix<double, 1> x = Matrix<double, 1>::Constant(1, 2, 1e5 + 1.25e-4);
  CHECK(Measurements<float, 1>(x, x, scaling, "test").x(0, 0) == Approx(1.25e-4).epsilon(1e-5));
}

TEST_CASE("components of measured rates count as the scaling says", "[adapt][measurements]") {
  Matrix<double, 2> dx(2, 2);
  dx << 1, 3, 10, 20;
  const Scaling<double, 2> scaling{.rate_scale = {0.5, 10.0}};
  CHECK(scaled_square(scaling, dx) == Approx((4 * 10 + 0.01 * 500) / 4));
  CHECK(Measurements<double, 2>(dx, dx, scaling, "test").weight == Approx(1.0 / 45));
}

TEST_CASE("measurements refuse none, other shapes and NaN in one line", "[adapt][measurements]") {
  const auto refused = [](const Matrix<double>& x, const Matrix<double>& dx) {
    return error_text([&] { Measurements<double, 2>(x, dx, {}, "identify"); });
  };
  Matrix<double> x = Matrix<double>::Ones(2, 3), bad = x;
  bad(1, 2) = std::numeric_limits<double>::quiet_NaN();
  CHECK(one_line_with(refused(x.leftCols(0), x.leftCols(0)), "identify needs at least one measurement"));
  CHECK(one_line_with(refused(x, x.leftCols(2)), "[2 x 3] and [2 x 2]"));
  CHECK(one_line_with(refused(x, bad), "NaN or Inf in measurement 2"));
}

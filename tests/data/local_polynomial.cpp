#include "metriplex/data/local_polynomial.hpp"

#include <cmath>

#include "metriplex/core/random.hpp"
#include "support/catch.hpp"
#include "support/error_text.hpp"

using namespace metriplex;

TEST_CASE("a local polynomial returns polynomials of its degree, and their slopes",
          "[data][local_polynomial]") {
  const Vector<double> times{{100, 100.3, 100.4, 101, 101.7, 102, 102.1}};
  LocalPolynomial polynomial(3, 7);
  for (const double t : {100.0, 101.1, 102.1}) {
    polynomial.fit(times.data(), t);
    for (int degree = 0; degree <= 3; ++degree) {
      double value = 0, slope = 0;
      for (Index k = 0; k < 7; ++k) {
        value += polynomial.value[k] * std::pow(times[k] - 101, degree);
        slope += polynomial.slope[k] * std::pow(times[k] - 101, degree);
      }
      CHECK(value == Approx(std::pow(t - 101, degree)).margin(1e-11));
      CHECK(slope == Approx(degree == 0 ? 0 : degree * std::pow(t - 101, degree - 1)).margin(1e-10));
    }
  }
  // In the middle of equal distances: the weights of Savitzky and Golay, quadratic or cubic through five.
  LocalPolynomial five(2, 5);
  const Vector<double> even = Vector<double>::LinSpaced(5, 0, 4);
  five.fit(even.data(), 2);
  CHECK((35 * five.value - Vector<double>{{-3, 12, 17, 12, -3}}).norm() < 1e-12);
  CHECK(one_line_with(error_text([] { LocalPolynomial(5, 5); }), "a degree from 0 to below its window"));
  const Vector<double> stuck = Vector<double>::Ones(5);
  CHECK(one_line_with(error_text([&] { five.fit(stuck.data(), 1); }), "times that differ"));
}

TEST_CASE("rates are estimated from noisy states far from zero", "[data][local_polynomial]") {
  Random random(4);
  Motion<2> motion{Vector<double>::LinSpaced(80, 0, 8), Matrix<double, 2>(2, 80)};
  for (Index k = 0; k < 80; ++k) {
    motion.states(0, k) = 1e6 + std::sin(motion.times[k]) + 1e-3 * random.normal();
    motion.states(1, k) = std::cos(motion.times[k]);
  }
  const auto rates = estimate_rates(motion);
  for (Index k = 0; k < 80; ++k) {
    CHECK(rates(0, k) == Approx(std::cos(motion.times[k])).margin(0.06));
    CHECK(rates(1, k) == Approx(-std::sin(motion.times[k])).margin(0.005));
  }
  CHECK(estimate_rates(Motion<2>{Vector<double>{{0}}, Matrix<double, 2>::Ones(2, 1)}) ==
        Matrix<double, 2>::Zero(2, 1));
  const auto two = estimate_rates(Motion<1>{Vector<double>{{0, 0.5}}, Matrix<double, 1>{{1, 2}}});
  CHECK((two - Matrix<double, 1>::Constant(1, 2, 2)).norm() < 1e-12);
}

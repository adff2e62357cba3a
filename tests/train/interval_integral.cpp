#include "metriplex/train/interval_integral.hpp"

#include <cmath>

#include "support/catch.hpp"

using namespace metriplex;

TEST_CASE("integrals over intervals are exact up to degree five, at any times",
          "[train][interval_integral]") {
  const Vector<double> times{{-1, -0.4, -0.3, 0.2, 0.5, 1.3, 1.4, 2}};
  for (Index n = 2; n <= times.size(); ++n)
    for (int degree = 0; degree < std::min<Index>(n, IntervalIntegral::order); ++degree)
      for (Index k = 0; k + 1 < n; ++k) {
        const IntervalIntegral integral(times.data(), n, k);
        double sum = 0;
        for (Index j = 0; j < integral.count; ++j)
          sum += integral.weights[static_cast<std::size_t>(j)] * std::pow(times[integral.first + j], degree);
        INFO(n << " samples, degree " << degree << ", interval " << k);
        CHECK(sum ==
              Approx((std::pow(times[k + 1], degree + 1) - std::pow(times[k], degree + 1)) / (degree + 1))
                  .margin(1e-12));
      }
}

TEST_CASE("their error falls with the sixth power of the distance and one more",
          "[train][interval_integral]") {
  double last = 0;
  for (const int n : {20, 40}) {
    const Vector<double> times = Vector<double>::LinSpaced(n + 1, 0, 4);
    const IntervalIntegral integral(times.data(), n + 1, n / 2);
    double sum = 0;
    for (Index j = 0; j < integral.count; ++j)
      sum += integral.weights[static_cast<std::size_t>(j)] * std::exp(times[integral.first + j]);
    const double error = std::abs(sum - std::exp(times[n / 2 + 1]) + std::exp(times[n / 2]));
    if (last > 0) CHECK(std::log2(last / error) == Approx(7).margin(0.4));
    last = error;
  }
}

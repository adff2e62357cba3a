#include "metriplex/core/magnitude.hpp"

#include "support/catch.hpp"

using namespace metriplex;

TEST_CASE("a magnitude remembers the size of what a number was made of", "[core][magnitude]") {
  using M = Magnitude<double>;
  const M a = 3.0, b = -5.0;
  CHECK((a + b).value == -2);
  CHECK((a + b).size == 8);
  CHECK((a - b).value == 8);
  CHECK((a - b).size == 8);
  CHECK((a * b).value == -15);
  CHECK((a * b).size == 15);
  CHECK((-a).value == -3);
  CHECK((-a).size == 3);
  M sum = 1e16;
  sum += 1.0;
  sum -= 1e16;
  CHECK(std::abs(sum.value - 1) <= sum.size * 2.3e-16);  // wrong by 1, which its size excuses
  CHECK(sum.size == 2e16 + 1);
  CHECK((M{} + 1).value == 1);
}

TEST_CASE("norms of magnitudes are relative to their sizes", "[core][magnitude]") {
  MagnitudeNorm<double> norm;
  norm.add(Magnitude<double>(3.0) - Magnitude<double>(2.0));
  norm.add(Magnitude<double>(12.0));
  CHECK(norm.value == Approx(std::hypot(1.0, 12.0)));
  CHECK(norm.size == Approx(13.0));
  CHECK(norm.relative() == Approx(norm.value / 13));
  CHECK(MagnitudeNorm<double>{}.quotient(1e-300) == 0);
  CHECK(std::isnan(MagnitudeNorm<double>{}.quotient(std::nan(""))));
}

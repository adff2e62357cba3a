#include "metriplex/core/random.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <vector>

#include "support/catch.hpp"
#include "support/error_text.hpp"

using namespace metriplex;

TEST_CASE("xoshiro256++ and splitmix64 give their published values", "[core][random]") {
  Random counted(Random::State{1, 2, 3, 4});
  CHECK(counted() == 41943041u);
  CHECK(counted() == 58720359u);
  CHECK(counted() == 3588806011781223u);
  CHECK(counted() == 3591011842654386u);
  CHECK(counted() == 9228616714210784205u);

  // Sebastiano Vigna's splitmix64.c, seed 1234567.
  CHECK(Random(1234567).state() == Random::State{6457827717110365317u, 3203168211198807973u,
                                                 9817491932198370423u, 4593380528125082431u});
}

TEST_CASE("a sequence continues from its state, and the all-zero state is refused", "[core][random]") {
  Random random(5);
  random.normal();
  Random resumed(random.state());
  CHECK(resumed.normal() == random.normal());
  CHECK(one_line_with(error_text([] { Random(Random::State{}); }), "not all zero"));
}

TEST_CASE("streams of one seed are reproducible and differ from each other and from the seed's own sequence",
          "[core][random]") {
  CHECK(Random(3, 1).state() == Random(3, 1).state());
  CHECK(Random(3, 1).state() != Random(3, 2).state());
  CHECK(Random(3, 0).state() != Random(3).state());
  CHECK(Random(3, 1).state() != Random(4, 0).state());

  const int n = 20000;
  double product = 0;
  Random one(3, 1), two(3, 2);
  for (int i = 0; i < n; ++i) product += one.normal() * two.normal();
  CHECK(std::abs(product / n) < 4 / std::sqrt(double(n)));
}

TEST_CASE("drawn numbers are pinned, so that no platform or change may alter them", "[core][random]") {
  Random random(42);
  CHECK(random.uniform() == 0x1.a0ec9a9e88ecdp-1);
  CHECK(random.uniform(-0.1, 0.7) == 0x1.3d8e6fb562c79p-3);
  CHECK(random.normal() == 0x1.9244b5b90b697p+1);
  CHECK(random.normal() == 0x1.3401c34b1f5dap+1);
  CHECK(random.normal() == -0x1.86cafdb112f1p-5);
  CHECK(random.index(1000000) == 606752);
  CHECK(random.permutation(5) == std::vector<Index>{3, 0, 4, 2, 1});
  CHECK(Random(42, 7).normal() == -0x1.c682b5ac125a4p-3);
}

TEST_CASE("uniform numbers fill their interval evenly", "[core][random]") {
  Random random(1);
  const int n = 20000;
  double sum = 0, squares = 0, lowest = 1, highest = 0;
  for (int i = 0; i < n; ++i) {
    const double u = random.uniform();
    sum += u;
    squares += u * u;
    lowest = std::min(lowest, u);
    highest = std::max(highest, u);
  }
  CHECK(lowest >= 0);
  CHECK(lowest < 1e-3);
  CHECK(highest < 1);
  CHECK(highest > 1 - 1e-3);
  CHECK(std::abs(sum / n - 0.5) < 4 * std::sqrt(1.0 / 12 / n));
  CHECK(std::abs(squares / n - 1.0 / 3) < 4 * std::sqrt(4.0 / 45 / n));
  CHECK(random.uniform(2, 2) == 2);
  for (int i = 0; i < 1000; ++i) {
    const double u = random.uniform(-3, -1);
    REQUIRE((u >= -3 && u <= -1));
  }
}

TEST_CASE("index draws every number equally often, whether or not n is a power of two", "[core][random]") {
  Random random(2);
  for (const Index n : {1, 2, 7, 8}) {
    std::vector<int> count(static_cast<std::size_t>(n));
    const int draws = 8000;
    for (int i = 0; i < draws; ++i) ++count.at(static_cast<std::size_t>(random.index(n)));
    double chi2 = 0;
    const double expected = double(draws) / double(n);
    for (const int c : count) chi2 += (c - expected) * (c - expected) / expected;
    CHECK(chi2 < 25);  // 99.9 % of chi² with 7 degrees of freedom lies below 24.3
  }
  const Index huge = (Index(1) << 62) + 1;
  CHECK(random.index(huge) < huge);
  CHECK(one_line_with(error_text([&] { random.index(0); }), "n >= 1"));
}

TEST_CASE("normal numbers have the moments and the distribution of the normal law", "[core][random]") {
  Random random(7);
  const int n = 40000;
  std::vector<double> x(n);
  for (double& value : x) value = random.normal();
  double moment[5] = {};
  for (const double value : x)
    for (int k = 1; k <= 4; ++k) moment[k] += std::pow(value, k) / n;
  const double sigma = 1 / std::sqrt(double(n));
  CHECK(std::abs(moment[1]) < 4 * sigma);
  CHECK(std::abs(moment[2] - 1) < 4 * std::sqrt(2.0) * sigma);
  CHECK(std::abs(moment[3]) < 4 * std::sqrt(15.0) * sigma);
  CHECK(std::abs(moment[4] - 3) < 4 * std::sqrt(96.0) * sigma);

  std::sort(x.begin(), x.end());
  double distance = 0;
  for (int i = 0; i < n; ++i) {
    const double cdf = 0.5 * (1 + std::erf(x[static_cast<std::size_t>(i)] / std::sqrt(2.0)));
    distance = std::max({distance, cdf - double(i) / n, double(i + 1) / n - cdf});
  }
  CHECK(distance * std::sqrt(double(n)) < 1.63);  // Kolmogorov–Smirnov, 1 %
}

TEST_CASE("the tails of the normal law are there", "[core][random]") {
  Random random(8);
  const int n = 200000;
  int beyond = 0;
  for (int i = 0; i < n; ++i) beyond += std::abs(random.normal()) > 3;
  const double expected = n * std::erfc(3 / std::sqrt(2.0));
  CHECK(std::abs(beyond - expected) < 4 * std::sqrt(expected));
}

TEST_CASE("a permutation has every element once, and all orders are equally frequent", "[core][random]") {
  Random random(9);
  auto order = random.permutation(100);
  CHECK(!std::is_sorted(order.begin(), order.end()));
  std::sort(order.begin(), order.end());
  for (Index i = 0; i < 100; ++i) REQUIRE(order[static_cast<std::size_t>(i)] == i);
  CHECK(random.permutation(0).empty());

  std::vector<int> count(6);
  for (int i = 0; i < 6000; ++i) {
    const auto p = random.permutation(3);
    ++count[static_cast<std::size_t>(2 * p[0] + (p[1] > p[2]))];
  }
  double chi2 = 0;
  for (const int c : count) chi2 += (c - 1000.0) * (c - 1000.0) / 1000;
  CHECK(chi2 < 20.5);  // 99.9 %, 5 degrees of freedom
}

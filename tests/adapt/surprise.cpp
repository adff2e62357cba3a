#include "metriplex/adapt/surprise.hpp"

#include "metriplex/core/random.hpp"
#include "support/catch.hpp"
#include "support/error_text.hpp"

using namespace metriplex;

namespace {

Innovation innovation(double square, Index terms) {
  return {square, terms, 1};
}

/// Is a test that has seen many innovations of just what is expected.
template <int Terms>
Surprise<Terms> settled(const SurpriseOptions& options) {
  Surprise<Terms> surprise(options);
  for (int t = 0; t < 2000; ++t) surprise.add(innovation(Terms, Terms));
  return surprise;
}

/// Counts how many innovations of a size it takes.
template <int Terms>
int count_until_surprised(Surprise<Terms> surprise, double square) {
  int count = 0;
  while (!surprise.surprised() && count < 100) {
    surprise.add(innovation(square, Terms));
    ++count;
  }
  return count;
}

}  // namespace

TEST_CASE("one outlier does not surprise, nor do two, of whatever size; three do", "[adapt][surprise]") {
  for (const double memory : {0.1, 0.5, 0.9, 0.99})
    for (const double alarms : {1e-200, 1e-12, 1e-6, 1e-3, 0.05}) {
      INFO("memory " << memory << ", false alarms " << alarms);
      const SurpriseOptions options{.memory = memory, .false_alarms = alarms};
      for (const int count : {count_until_surprised(settled<1>(options), 1e200),
                              count_until_surprised(settled<2>(options), 1e200),
                              count_until_surprised(settled<7>(options), 1e200)})
        CHECK(count >= 3);
      CHECK(count_until_surprised(Surprise<2>(options), 1e200) >= 3);  // the first ones
      CHECK(count_until_surprised(Surprise<7>(options), 1e200) >= 3);
    }
  CHECK(count_until_surprised(settled<1>({}), 1e200) == 3);
  CHECK(count_until_surprised(settled<7>({}), 1e200) == 3);
  const Surprise<2> calm = settled<2>({});
  CHECK(count_until_surprised(calm, 1e200) == 3);
  CHECK(count_until_surprised(calm, 2) == 100);
  CHECK(count_until_surprised(calm, 10) <= 6);  // s = 20 + 80 (1 − 0.9ⁿ) reaches 49.6 with n = 4.4
}

TEST_CASE("what is as expected surprises no more often than it may", "[adapt][surprise]") {
  // Without a memory to speak of the sum is the last innovation, and its plausibility even: below α as often as α.
  Random random(1);
  const auto chi_square = [&](Index terms) {
    double square = 0;
    for (Index i = 0; i < terms; ++i) square += std::pow(random.normal(), 2);
    return innovation(square, terms);
  };
  Surprise<3> last({.memory = 1e-9, .false_alarms = 1e-12}), several({.false_alarms = 0.01});
  int low = 0, alarms = 0;
  constexpr int count = 20000;
  for (int t = 0; t < count; ++t) {
    last.add(chi_square(3));
    low += last.plausibility() < 0.1;
    several.add(chi_square(1 + t % 3));
    alarms += several.surprised();
  }
  CHECK(std::abs(low / double(count) - 0.1) < 4 * std::sqrt(0.1 * 0.9 / count));
  CHECK(alarms < 0.011 * count);
}

TEST_CASE("a test of surprise starts with none, forgets, and refuses what is no option",
          "[adapt][surprise]") {
  Surprise<2> surprise({});
  CHECK(surprise.plausibility() == 1);
  surprise.add({});
  CHECK(surprise.plausibility() == 1);
  for (int t = 0; t < 3; ++t) surprise.add(innovation(100, 2));
  CHECK(surprise.surprised());
  surprise.reset();
  CHECK_FALSE(surprise.surprised());
  CHECK(surprise.improbable(27.7, 2));  // exp(−x/2) < 1e-6 from x = 27.631
  CHECK_FALSE(surprise.improbable(27.6, 2));
  for (const SurpriseOptions& bad :
       {SurpriseOptions{.memory = 0}, SurpriseOptions{.memory = 1}, SurpriseOptions{.false_alarms = 0},
        SurpriseOptions{.false_alarms = 0.6}, SurpriseOptions{.memory = std::nan("")}})
    CHECK(one_line_with(error_text([&] { Surprise<2>{bad}; }), "surprise needs a memory between 0 and 1"));
}

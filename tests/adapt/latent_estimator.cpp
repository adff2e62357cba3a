#include "metriplex/adapt/latent_estimator.hpp"

#include <limits>

#include "metriplex/adapt/latent_fit.hpp"
#include "support/allocation_counter.hpp"
#include "support/catch.hpp"
#include "support/error_text.hpp"
#include "support/random_family.hpp"

using namespace metriplex;
using Family = test::SmallFamily;
using Estimator = LatentEstimator<Family>;
using Point = Vector<double, 2>;

namespace {

Point random_place(Random& random) {
  return {random.uniform(-1.5, 1.5), random.uniform(-1.5, 1.5)};
}

/// Feeds an estimator measurements of a system, and tells whether the flag was ever raised.
template <class Field>
bool feed(Estimator& estimator, const Field& field, int count, const Point& noise, Random& random) {
  bool flagged = false;
  for (int t = 0; t < count; ++t) {
    const Point x = random_place(random);
    Point dx = field(x);
    for (int i = 0; i < 2; ++i) dx[i] += noise[i] * random.normal();
    estimator.update(x, dx);
    flagged = flagged || estimator.out_of_family();
  }
  return flagged;
}

}  // namespace

TEST_CASE("an estimator finds what a fit of all measurements finds", "[adapt][latent_estimator]") {
  const Family model = test::random_family<Family>(1);
  const Vector<double> truth{{0.5, -0.4}};
  Random random(2);
  const auto member = model.bind(truth);
  Matrix<double, 2> x(2, 40), dx(2, 40);
  for (Index k = 0; k < 40; ++k) {
    x.col(k) = random_place(random);
    dx.col(k) = member(x.col(k)) + 0.05 * Point{random.normal(), random.normal()};
  }
  const double size = std::sqrt(dx.squaredNorm() / 80);
  LatentFit<Family> fit(model, {.noise = 0.05 / size});
  fit.fit(x, dx);
  Estimator estimator(model, {fit.noise() * size, fit.noise() * size});
  for (Index k = 0; k < 40; ++k) estimator.update(x.col(k), dx.col(k));
  Matrix<double> covariance;
  estimator.covariance(covariance);
  CHECK((estimator.z() - fit.z()).norm() < 0.5 * std::sqrt(covariance.trace()));
  CHECK((covariance - fit.covariance()).norm() < 0.3 * fit.covariance().norm());
  CHECK((estimator.z() - truth).norm() < 4 * std::sqrt(covariance.trace()));
  Point rate, expected;
  estimator.member()(x.col(0), rate);
  model.bind(estimator.z())(x.col(0), expected);
  CHECK(rate == expected);
}

TEST_CASE("members seldom raise the flag, and others do", "[adapt][latent_estimator]") {
  const Family model = test::random_family<Family>(1), other = test::random_family<Family>(8);
  const Point noise(0.05, 0.05);
  Random random(3);
  int alarms = 0, found = 0;
  constexpr int trials = 100;
  for (int trial = 0; trial < trials; ++trial) {
    const Vector<double> z{{0.6 * random.normal(), 0.6 * random.normal()}};
    Estimator estimator(model, noise), doubting(model, noise);
    alarms += feed(estimator, model.bind(z), 50, noise, random);
    found += feed(doubting, other.bind(z), 100, noise, random);
  }
  INFO(alarms << " false alarms, " << found << " found");
  CHECK(alarms <= 5);
  CHECK(found >= 85);  // some of the others are much like members
}

TEST_CASE("an estimator starts anew where a system changes, and drifts with one that drifts",
          "[adapt][latent_estimator]") {
  const Family model = test::random_family<Family>(1);
  const Point noise(0.02, 0.02);
  Random random(4);
  const Vector<double> before{{0.3, 0.2}}, after{{-0.2, -0.3}};
  Estimator estimator(model, noise);
  CHECK_FALSE(feed(estimator, model.bind(before), 100, noise, random));
  CHECK((estimator.z() - before).norm() < 0.1);
  CHECK_FALSE(feed(estimator, model.bind(after), 100, noise, random));
  CHECK((estimator.z() - after).norm() < 0.1);
  CHECK(estimator.changes() == 1);
  // One that is none of the family raises the flag, which falls when it is mended.
  CHECK(feed(estimator, test::random_family<Family>(8).bind(before), 100, noise, random));
  CHECK(estimator.out_of_family());
  feed(estimator, model.bind(before), 150, noise, random);
  CHECK_FALSE(estimator.out_of_family());
  CHECK((estimator.z() - before).norm() < 0.1);
  estimator.reset();
  CHECK((estimator.z() - model.mean_latent()).norm() < 1e-12);
  CHECK(estimator.plausibility() == 1);
  CHECK(estimator.changes() == 0);

  Estimator drifting(model, noise, {.memory = 0.9});
  for (int t = 0; t < 300; ++t)
    feed(drifting, model.bind(before + t / 300.0 * (after - before)), 1, noise, random);
  CHECK((drifting.z() - after).norm() < 0.1);
  CHECK(drifting.changes() == 0);
}

TEST_CASE("what is missing or broken leaves an estimator as it was", "[adapt][latent_estimator]") {
  const Family model = test::random_family<Family>(1);
  constexpr double nan = std::numeric_limits<double>::quiet_NaN();
  Estimator estimator(model, {0.1, 0.1});
  const Point x(0.3, 0.2);
  CHECK(estimator.update({nan, 0.1}, {1, 1}).terms == 0);
  CHECK(estimator.update(x, {nan, nan}).terms == 0);
  CHECK((estimator.z() - model.mean_latent()).norm() < 1e-12);
  CHECK(estimator.update(x, {nan, 0.2}).terms == 1);
  // The same again and again at a state: a latent near the prior, never NaN.
  for (int t = 0; t < 2000; ++t) estimator.update(x, {0.1, 0.2});
  Matrix<double> covariance;
  estimator.covariance(covariance);
  CHECK(estimator.z().allFinite());
  CHECK(covariance.allFinite());

  Estimator half(model, {0.1, std::numeric_limits<double>::infinity()});
  CHECK(half.update(x, {0.1, 0.2}).terms == 1);
  CHECK(one_line_with(error_text([&] {
                        Estimator bad(model, {0.1, 0});
                      }),
                      "positive deviations of measured rates; got 0 of component 1"));
  CHECK(one_line_with(error_text([&] {
                        Estimator bad(model, {1, 1}, {.surprise_memory = 1});
                      }),
                      "surprise needs a memory between 0 and 1"));
  CHECK(one_line_with(error_text([&] { Estimator bad(model, {1, 1}, {.memory = 0}); }), "0 < memory <= 1"));
}

TEST_CASE("updates allocate nothing", "[adapt][latent_estimator]") {
  const Family model = test::random_family<Family>(1);
  Estimator estimator(model, {0.1, 0.1}, {.memory = 0.95});
  Matrix<double> covariance(2, 2);
  Random random(1);
  const auto member = model.bind(Vector<double>{{0.3, 0.2}});
  const AllocationCounter counter;
  for (int t = 0; t < 20; ++t) {
    const Point x = random_place(random);
    estimator.update(x, member(x));
  }
  estimator.covariance(covariance);
  const bool flagged = estimator.out_of_family();
  CHECK(counter.count() == 0);
  CHECK_FALSE(flagged);
}

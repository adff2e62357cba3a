#include "metriplex/adapt/latent_estimator.hpp"

#include <Eigen/LU>
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

TEST_CASE("an outlier leaves an estimator where it was, whatever its size; three in a row are a change",
          "[adapt][latent_estimator]") {
  const Family model = test::random_family<Family>(1);
  const Point noise(0.02, 0.02);
  const auto member = model.bind(Vector<double>{{0.3, 0.2}});
  for (const double size : {0.2, 5.0, 1e4, 1e155, std::numeric_limits<double>::max()}) {
    INFO("off by " << size);
    Random random(5);
    Estimator estimator(model, noise);
    feed(estimator, member, 200, noise, random);
    REQUIRE(estimator.status() == StreamStatus::following);
    Matrix<double> before, after;
    estimator.covariance(before);
    for (int spike = 0; spike < 2; ++spike) {
      const Vector<double> z = estimator.z();
      const Point x = random_place(random);
      const Innovation innovation = estimator.update(x, member(x) - Point(size, 0));
      CHECK(innovation.terms == 2);
      CHECK(innovation.square > 50);
      CHECK(innovation.weight > 0);
      CHECK(innovation.weight < 0.6);
      const Vector<double> moved = estimator.z() - z;  // as far as one at the bound may move it
      CHECK(moved.dot(before.inverse() * moved) < 1);
    }
    estimator.covariance(after);
    CHECK((after - before).norm() < 0.05 * before.norm());
    CHECK(estimator.status() == StreamStatus::following);
    CHECK(estimator.changes() == 0);
    CHECK(estimator.update({0.3, 0.2}, member({0.3, 0.2})).weight == 1);
    for (int t = 0; t < 3; ++t) estimator.update({0.3, 0.2}, member({0.3, 0.2}) + Point(0, size));
    CHECK(estimator.changes() == 1);
  }
  // One in fifty, of any size: as if they were not there.
  Random random(6);
  Estimator estimator(model, noise);
  for (int t = 0; t < 3000; ++t) {
    const Point x = random_place(random);
    Point dx = member(x) + 0.02 * Point(random.normal(), random.normal());
    if (random.uniform(0, 1) < 0.02) dx[t % 2] += std::pow(10.0, random.uniform(-1, 150));
    estimator.update(x, dx);
    if (estimator.out_of_family()) FAIL("flagged at measurement " << t);
  }
  CHECK(estimator.changes() == 0);
  CHECK((estimator.z() - Vector<double>{{0.3, 0.2}}).norm() < 0.02);
  // A sensor that says nothing else is seen to be broken.
  for (int t = 0; t < 100; ++t) estimator.update(random_place(random), {0.1, 1e300});
  CHECK(estimator.out_of_family());
}

TEST_CASE("an update's work is bounded, whatever comes", "[adapt][latent_estimator]") {
  const Family model = test::random_family<Family>(1), other = test::random_family<Family>(8);
  const Point noise(0.02, 0.02);
  const Vector<double> z{{0.5, -0.4}}, far{{-1.5, 1.5}};
  Random random(7);
  Estimator estimator(model, noise);
  Index most = 0;
  int times = 0, longest = 0;
  for (int phase = 0; phase < 40; ++phase) {
    const auto member = (phase % 4 == 3 ? other : model).bind(phase % 2 == 0 ? z : far);
    int reconsidering = 0;
    for (int t = 0; t < 80; ++t) {
      const Point x = random_place(random);
      estimator.update(x, member(x) + 0.02 * Point(random.normal(), random.normal()));
      most = std::max(most, estimator.evaluations());
      reconsidering = estimator.status() == StreamStatus::reconsidering ? reconsidering + 1 : 0;
      longest = std::max(longest, reconsidering);
      times += reconsidering == 1;
    }
  }
  INFO("reconsidered " << times << " times, for up to " << longest << " measurements");
  CHECK(times >= 10);
  CHECK(longest <= 18);
  CHECK(most <= 3 + 1 + 16);
  CHECK(most > 10);  // it counts
}

TEST_CASE("units of states and of time are nothing to an estimator", "[adapt][latent_estimator]") {
  Family model = test::random_family<Family>(1);
  model.scaling().rate_error = Point(3e-3, 5e-3);
  const Family other = test::random_family<Family>(8);
  const Vector<double> z{{0.3, 0.2}}, after{{-0.2, -0.3}};
  const Point noise(0.02, 0.03);
  const auto fields = {model.bind(z), model.bind(after), other.bind(z)};
  for (const double a : {1e-12, 1e-3, 1.0, 7.0, 1e12})
    for (const double b : {1e-12, 1.0, 1e5, 1e12}) {
      INFO("states times " << a << " and its inverse, time times " << b);
      // q' = a q, p' = p/a, t' = b t: H'(x') = H(x)/b, rates' = diag(a, 1/a)/b rates.
      const Point state(a, 1 / a), rate = state / b;
      Family scaled = model;
      auto& scaling = scaled.scaling();
      scaling.mean = state.cwiseProduct(scaling.mean);
      scaling.inverse_scale = scaling.inverse_scale.cwiseQuotient(state);
      scaling.energy /= b;
      scaling.rate_scale = rate.cwiseProduct(scaling.rate_scale);
      scaling.rate_error = rate.cwiseProduct(scaling.rate_error);
      Estimator estimator(model, noise), there(scaled, rate.cwiseProduct(noise));
      Random random(11);
      double worst = 0;
      bool same = true, flagged = false;
      for (const auto& field : fields)
        for (int t = 0; t < 80; ++t) {
          const Point x = random_place(random);
          Point dx = field(x) + noise.cwiseProduct(Point(random.normal(), random.normal()));
          if (t == 70) dx[0] += 5;
          const Innovation here = estimator.update(x, dx),
                           other_way = there.update(state.cwiseProduct(x), rate.cwiseProduct(dx));
          worst = std::max({worst, (estimator.z() - there.z()).norm(),
                            std::abs(here.square - other_way.square) / (1 + here.square),
                            std::abs(here.weight - other_way.weight),
                            std::abs(estimator.plausibility() - there.plausibility())});
          same = same && estimator.status() == there.status() && estimator.changes() == there.changes() &&
                 estimator.evaluations() == there.evaluations();
          flagged = flagged || estimator.out_of_family();
        }
      Matrix<double> covariance, covariance_there;
      estimator.covariance(covariance);
      there.covariance(covariance_there);
      CHECK(worst < 1e-9);
      CHECK(same);
      CHECK((covariance - covariance_there).norm() <= 1e-9 * covariance.norm());
      CHECK(flagged);
      CHECK(estimator.changes() >= 1);
    }
}

TEST_CASE("what is missing or broken leaves an estimator as it was", "[adapt][latent_estimator]") {
  const Family model = test::random_family<Family>(1);
  constexpr double nan = std::numeric_limits<double>::quiet_NaN();
  Estimator estimator(model, {0.1, 0.1});
  const Point x(0.3, 0.2);
  CHECK(estimator.update({nan, 0.1}, {1, 1}).terms == 0);
  CHECK(estimator.update({0.1, std::numeric_limits<double>::infinity()}, {1, 1}).weight == 0);
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
  constexpr double infinity = std::numeric_limits<double>::infinity();
  for (const double absurd : {1e300, 1e155, 1e-160, 5e-324})
    CHECK(one_line_with(error_text([&] {
                          Estimator bad(model, {absurd, 1});
                        }),
                        "whose squares are numbers, or infinite ones; got "));
  CHECK(one_line_with(error_text([&] {
                        Estimator bad(model, {infinity, infinity});
                      }),
                      "a component that is measured"));
  CHECK(one_line_with(error_text([&] {
                        Estimator bad(model, {1, 1}, {.model_error = infinity});
                      }),
                      "a finite model_error >= 0"));
  CHECK(one_line_with(error_text([&] {
                        Estimator bad(model, {1, 1}, {.surprise_memory = 1});
                      }),
                      "surprise needs a memory between 0 and 1"));
  CHECK(one_line_with(error_text([&] { Estimator bad(model, {1, 1}, {.memory = 0}); }), "0 < memory <= 1"));
}

TEST_CASE("updates allocate nothing, whatever comes", "[adapt][latent_estimator]") {
  const Family model = test::random_family<Family>(1);
  Estimator estimator(model, {0.1, 0.1}, {.memory = 0.95});
  Matrix<double> covariance(2, 2);
  Random random(1);
  const auto member = model.bind(Vector<double>{{0.3, 0.2}});
  bool reconsidered = false, flagged = false;
  const AllocationCounter counter;
  for (int t = 0; t < 200; ++t) {
    const Point x = random_place(random);
    estimator.update(x, t < 100 ? member(x) : Point(5 * std::sin(9 * t), t % 7 == 0 ? 1e200 : 4));
    reconsidered = reconsidered || estimator.status() == StreamStatus::reconsidering;
    flagged = flagged || estimator.out_of_family();
  }
  estimator.covariance(covariance);
  CHECK(counter.count() == 0);
  CHECK(reconsidered);
  CHECK(flagged);
}

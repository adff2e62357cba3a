#include "metriplex/adapt/latent_filter.hpp"

#include <Eigen/LU>

#include "metriplex/adapt/chi_square.hpp"
#include "metriplex/core/random.hpp"
#include "support/allocation_counter.hpp"
#include "support/catch.hpp"
#include "support/error_text.hpp"

using namespace metriplex;

namespace {

constexpr double not_a_number = std::numeric_limits<double>::quiet_NaN();

Matrix<double> normal_matrix(Index rows, Index columns, Random& random) {
  return Matrix<double>::NullaryExpr(rows, columns, [&] { return random.normal(); });
}

/// Linearizes what is linear: r = J u − y.
auto linear(const Matrix<double>& J, const Vector<double>& y) {
  return [&J, &y](const Vector<double>& u, Vector<double>& r, Matrix<double>& jacobian) {
    r.head(y.size()) = J * u - y;
    jacobian.topRows(y.size()) = J;
  };
}

Matrix<double> covariance_of(const LatentFilter<>& filter) {
  Matrix<double> covariance;
  filter.covariance(covariance);
  return covariance;
}

/// Measures the angle at which a point of the plane is seen from a place: far from linear in where the point is.
auto bearing(const Vector<double>& place, const Vector<double>& truth, double deviation) {
  const Vector<double> there = truth - place;
  return [=](const Vector<double>& u, Vector<double>& r, Matrix<double>& jacobian) {
    const Vector<double> here = u - place;
    const double angle = std::atan2(here[1], here[0]) - std::atan2(there[1], there[0]);
    r[0] = std::remainder(angle, 2 * std::acos(-1.0)) / deviation;
    jacobian(0, 0) = -here[1] / (here.squaredNorm() * deviation);
    jacobian(0, 1) = here[0] / (here.squaredNorm() * deviation);
  };
}

}  // namespace

TEST_CASE("a linear system is estimated as by all normal equations at once, with any memory",
          "[adapt][latent_filter]") {
  for (const double memory : {1.0, 0.9, 0.3}) {
    for (const Index n : {1, 3, 8}) {
      INFO("memory " << memory << ", " << n << " unknowns");
      Random random(1);
      LatentFilter filter(n, 4, {.memory = memory});
      Matrix<double> data = Matrix<double>::Zero(n, n);  // without the prior
      Vector<double> right = Vector<double>::Zero(n);
      for (int t = 0; t < 30; ++t) {
        const Index rows = t % 5;  // now and then nothing
        const Matrix<double> J = 3 * normal_matrix(rows, n, random);
        const Vector<double> y = normal_matrix(rows, 1, random);
        const auto expected_of = [&](const Matrix<double>& information, const Vector<double>& b) {
          return Vector<double>((information + Matrix<double>::Identity(n, n)).inverse() * b);
        };
        const double fading = rows > 0 ? memory : 1.0;
        const Matrix<double> before = (fading * data + Matrix<double>::Identity(n, n)).inverse();
        const Vector<double> error = y - J * expected_of(fading * data, fading * right);
        const Matrix<double> spread = Matrix<double>::Identity(rows, rows) + J * before * J.transpose();
        data = fading * data + J.transpose() * J;
        right = fading * right + J.transpose() * y;

        const Innovation innovation = filter.update(rows, linear(J, y));
        const Vector<double> expected = expected_of(data, right);
        CHECK((filter.u() - expected).norm() <= 1e-11 * (1 + expected.norm()));
        const Matrix<double> covariance = (data + Matrix<double>::Identity(n, n)).inverse();
        CHECK((covariance_of(filter) - covariance).norm() <= 1e-11 * covariance.norm());
        CHECK(innovation.terms == rows);
        const double square = rows > 0 ? error.dot(spread.inverse() * error) : 0.0;
        CHECK(std::abs(innovation.square - square) <= 1e-10 * (1 + square));
      }
      filter.reset();
      CHECK(filter.u().isZero(0));
      CHECK(covariance_of(filter).isIdentity(0));
    }
  }
}

TEST_CASE("innovations are chi-square, and regions of confidence cover the truth", "[adapt][latent_filter]") {
  Random random(2);
  constexpr Index n = 3, rows = 2;
  constexpr int trials = 400, steps = 10;
  int surprising = 0, covered = 0;
  double total = 0, following = 0, last = 0;
  for (int trial = 0; trial < trials; ++trial) {
    const Vector<double> truth = normal_matrix(n, 1, random);
    LatentFilter filter(n, rows);
    for (int t = 0; t < steps; ++t) {
      const Matrix<double> J = 2 * normal_matrix(rows, n, random);
      const Vector<double> y = J * truth + normal_matrix(rows, 1, random);
      const double square = filter.update(rows, linear(J, y)).square;
      surprising += chi_square_split(square, rows).above < 0.05;
      total += square;
      if (t > 0) following += (square - rows) * (last - rows);
      last = square;
    }
    const Vector<double> error = filter.u() - truth;
    covered += error.dot(covariance_of(filter).inverse() * error) < chi_square_quantile(0.95, n);
  }
  constexpr double count = trials * steps;
  CHECK(std::abs(total / count - rows) < 4 * std::sqrt(2.0 * rows / count));
  CHECK(std::abs(surprising / count - 0.05) < 4 * std::sqrt(0.05 * 0.95 / count));
  CHECK(std::abs(following / (trials * (steps - 1.0))) < 4 * 2.0 * rows / std::sqrt(count));  // independent
  CHECK(std::abs(covered / double(trials) - 0.95) < 4 * std::sqrt(0.05 * 0.95 / trials));
}

TEST_CASE("with a shorter memory a filter follows what changes", "[adapt][latent_filter]") {
  Random random(3);
  LatentFilter steady(2, 1), fading(2, 1, {.memory = 0.9});
  Vector<double> truth{{1, -1}};
  for (int t = 0; t < 400; ++t) {
    if (t == 300) truth = Vector<double>{{-1, 0.5}};
    const Matrix<double> J = 20 * normal_matrix(1, 2, random);
    const Vector<double> y = J * truth + normal_matrix(1, 1, random);
    steady.update(1, linear(J, y));
    fading.update(1, linear(J, y));
  }
  CHECK((fading.u() - truth).norm() < 0.1);
  CHECK((steady.u() - truth).norm() > 1);
}

TEST_CASE("an outlier moves a filter as far as one at the bound, whatever its size",
          "[adapt][latent_filter]") {
  Random random(5);
  constexpr double bound = 14;
  LatentFilter before(3, 2);
  for (int t = 0; t < 20; ++t)
    before.update(2, linear(normal_matrix(2, 3, random), normal_matrix(2, 1, random)));
  const Matrix<double> J = normal_matrix(2, 3, random), covariance = covariance_of(before);
  const Vector<double> direction = normal_matrix(2, 1, random), expected = J * before.u();
  const Matrix<double> spread = Matrix<double>::Identity(2, 2) + J * covariance * J.transpose();
  const double size = std::sqrt(direction.dot(spread.inverse() * direction));
  for (const double deviations : {1.0, 3.7, 3.8, 10.0, 1e3, 1e90}) {
    INFO(deviations << " deviations");
    const Vector<double> error = deviations / size * direction;
    LatentFilter filter = before;
    const Innovation innovation = filter.update(2, linear(J, expected + error), bound);
    CHECK(innovation.square == Approx(deviations * deviations));
    const double weight = std::min(1.0, std::sqrt(bound) / deviations);
    CHECK(innovation.weight == Approx(weight));
    const Matrix<double> information = covariance.inverse() + weight * J.transpose() * J;
    const Vector<double> moved = information.inverse() * (weight * J.transpose() * error);
    CHECK((filter.u() - before.u() - moved).norm() <= 1e-9 * moved.norm());
    CHECK((covariance_of(filter) - information.inverse()).norm() <= 1e-9 * covariance.norm());
  }
}

TEST_CASE("what is not linear is followed by iterations", "[adapt][latent_filter]") {
  Random random(4);
  double once = 0, thrice = 0;
  for (int trial = 0; trial < 200; ++trial) {
    const Vector<double> truth{{0.7 * random.normal(), 0.7 * random.normal()}};
    LatentFilter extended(2, 1, {.iterations = 1}), iterated(2, 1, {.iterations = 6});
    for (int t = 0; t < 20; ++t) {
      const double angle = random.uniform(0, 6.28);
      const auto linearize = bearing(Vector<double>{{3 * std::cos(angle), 3 * std::sin(angle)}}, truth, 1e-3);
      extended.update(1, linearize);
      iterated.update(1, linearize);
    }
    once += (extended.u() - truth).norm() / 200;
    thrice += (iterated.u() - truth).norm() / 200;
  }
  INFO(once << " " << thrice);
  CHECK(thrice < 0.5 * once);
}

TEST_CASE("data that say nothing or too much leave a covariance below the prior's, and never NaN",
          "[adapt][latent_filter]") {
  constexpr Index n = 4;
  const auto check = [&](const char* what, double memory, const Matrix<double>& J, const Vector<double>& y,
                         double still_open = 0.9) {
    INFO(what << ", memory " << memory);
    LatentFilter filter(n, 2, {.memory = memory});
    for (int t = 0; t < 2000; ++t) filter.update(2, linear(J, y));
    REQUIRE(filter.u().allFinite());
    const Matrix<double> covariance = covariance_of(filter);
    REQUIRE(covariance.allFinite());
    Matrix<double> spoilt = covariance;
    Vector<double> values(n);
    symmetric_eigenvalues(n, spoilt.data(), values.data());
    CHECK(values.minCoeff() >= -1e-12);
    CHECK(values.maxCoeff() <= 1 + 1e-12);
    CHECK(values.maxCoeff() >= still_open);  // two rows tell nothing of the other two directions
  };
  const Vector<double> y{{1, -2}}, big = 1e100 * y;
  const Matrix<double> none = Matrix<double>::Zero(2, n), ones = Matrix<double>::Ones(2, n);
  for (const double memory : {1.0, 0.95, 1e-3}) {
    check("nothing depends on u", memory, none, y);
    check("the same row twice", memory, ones, y);
    check("all but the same rows", memory, ones + 1e-12 * Matrix<double>::Identity(2, n), y);
    check("large derivatives", memory, 1e9 * ones, y);
    check("derivatives whose rounding is above the prior", memory, 1e100 * ones, y, 0.0);
    check("enormous residuals", memory, ones, big);
    check("tiny derivatives", memory, 1e-200 * ones, y);
  }
}

TEST_CASE("a measurement that is not finite is refused, and changes nothing", "[adapt][latent_filter]") {
  Random random(6);
  LatentFilter filter(3, 2, {.memory = 0.9});
  const Matrix<double> J = normal_matrix(2, 3, random);
  const Vector<double> y = normal_matrix(2, 1, random);
  filter.update(2, linear(J, y));
  const Vector<double> u = filter.u();
  const Matrix<double> covariance = covariance_of(filter);
  for (const double bad : {not_a_number, std::numeric_limits<double>::infinity(), 1e200}) {
    Vector<double> broken = y;
    broken[1] = bad;
    CHECK(filter.update(2, linear(J, broken)).terms == 0);
  }
  Matrix<double> broken = J;
  broken(0, 2) = not_a_number;
  CHECK(filter
            .update(2,
                    [&](const Vector<double>&, Vector<double>& r, Matrix<double>& jacobian) {
                      r = y;
                      jacobian = broken;
                    })
            .terms == 0);
  CHECK(filter.u() == u);
  CHECK(covariance_of(filter) == covariance);

  // Beyond a wall: the step is halved until it is this side of it.
  LatentFilter walled(1, 1, {.iterations = 12});
  walled.update(1, [](const Vector<double>& at, Vector<double>& r, Matrix<double>& jacobian) {
    r[0] = 10 * (std::log(1 + at[0]) + 2);  // its linearisation at 0 leads to about −2
    jacobian(0, 0) = 10 / (1 + at[0]);
  });
  CHECK(std::abs(walled.u()[0] - (std::exp(-2.0) - 1)) < 0.02);
}

TEST_CASE("an update allocates nothing; what is no filter or too much for one is refused",
          "[adapt][latent_filter]") {
  Random random(7);
  LatentFilter filter(5, 3, {.memory = 0.95});
  const Matrix<double> J = normal_matrix(3, 5, random);
  const auto linearize = [&](const Vector<double>& u, Vector<double>& r, Matrix<double>& jacobian) {
    r.noalias() = J.lazyProduct(u);
    r.array() += 0.5;
    jacobian = J;
  };
  const AllocationCounter counter;
  for (int t = 0; t < 10; ++t) filter.update(3, linearize);
  CHECK(counter.count() == 0);

  CHECK(one_line_with(error_text([&] { filter.update(4, linearize); }),
                      "up to 3 numbers a measurement; got 4"));
  CHECK(one_line_with(error_text([] { LatentFilter(2, 1, {.memory = 0}); }), "0 < memory <= 1"));
  CHECK(one_line_with(error_text([] { LatentFilter(2, 1, {.memory = not_a_number}); }), "0 < memory <= 1"));
  CHECK(one_line_with(error_text([] { LatentFilter(2, 1, {.iterations = 0}); }), "iterations >= 1"));

  // A family of one member has no latent: the innovation is the error.
  LatentFilter none(0, 2);
  CHECK(none.update(2, [](const Vector<double>&, Vector<double>& r, Matrix<double>&) { r << 3, 4; }).square ==
        25);
}

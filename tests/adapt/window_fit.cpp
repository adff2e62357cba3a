#include "metriplex/adapt/window_fit.hpp"

#include <Eigen/LU>

#include "metriplex/core/random.hpp"
#include "support/allocation_counter.hpp"
#include "support/catch.hpp"

using namespace metriplex;
using Fit = WindowFit<2, 1, double>;
using Point = Vector<double, 1>;
using Unknown = Fit::Unknown;

namespace {

/// A line u₀ + u₁ x in deviations, whose evaluations count.
struct Line {
  Unknown u = Unknown::Zero();
  Index evaluations = 0;
  double deviation = 0.01;

  /// Does shares of a fit until it is done; returns how many, and checks that none is too much.
  int finish(Fit& fit, const Surprise<1>& surprise) {
    for (int shares = 1;; ++shares) {
      evaluations = 0;
      const bool goes_on = fit.advance(
          surprise, [&](const Unknown& at) { u = at; },
          [&](const auto& x, const auto& dx, auto&& add) {
            ++evaluations;
            double row[] = {1 / deviation, x[0] / deviation};
            add((u[0] + u[1] * x[0] - dx[0]) / deviation, row);
          });
      CHECK(evaluations <= Fit::window);
      if (!goes_on) return shares;
    }
  }
};

}  // namespace

TEST_CASE("a window is fitted in shares as by normal equations at once", "[adapt][window_fit]") {
  Random random(1);
  const Surprise<1> surprise({});
  Line line;
  for (const Index count : {3, 7, 16, 40}) {
    INFO(count << " measurements");
    Fit fit(2);
    Matrix<double, 2> normal = Matrix<double, 2>::Zero(2, 2);
    Matrix<double, 2, 2> information = Matrix<double, 2, 2>::Identity();
    Unknown right = Unknown::Zero();
    for (Index k = 0; k < count; ++k) {
      const Point x(random.uniform(-1, 1)), y(0.7 - 0.4 * x[0] + line.deviation * random.normal());
      fit.keep(x, y);
      if (k < count - Fit::window) continue;  // the last sixteen count
      const Unknown row{1 / line.deviation, x[0] / line.deviation};
      information += row * row.transpose();
      right += row * y[0] / line.deviation;
    }
    fit.begin(Unknown(3, -3));
    CHECK(line.finish(fit, surprise) <= 19);
    REQUIRE(fit.explains());
    const Unknown error = fit.best() - information.inverse() * right;
    CHECK(error.dot(information * error) < 0.01);  // a tenth of a deviation
    CHECK((fit.factor() * fit.factor().transpose() - information).norm() < 1e-9 * information.norm());
  }
}

TEST_CASE("a window with an outlier is explained, and one that is no line is not", "[adapt][window_fit]") {
  Random random(2);
  const Surprise<1> surprise({});
  Line line;
  for (const bool straight : {true, false}) {
    Fit fit(2);
    for (int k = 0; k < 16; ++k) {
      const Point x(random.uniform(-1, 1));
      double y = straight ? 0.7 - 0.4 * x[0] : std::sin(6 * x[0]);
      if (k == 3) y = 1e98;  // 1e100 deviations
      fit.keep(x, Point(y + line.deviation * random.normal()));
    }
    fit.begin(Unknown::Zero());
    const AllocationCounter counter;
    line.finish(fit, surprise);
    CHECK(counter.count() == 0);
    CHECK(fit.explains() == straight);
    if (straight) CHECK((fit.best() - Unknown(0.7, -0.4)).norm() < 0.03);
  }
}

TEST_CASE("a window that goes on with a fit keeps what it fits; cleared, it is idle", "[adapt][window_fit]") {
  const Surprise<1> surprise({});
  Line line;
  Fit fit(2);
  for (const double x : {-1.0, 0.0, 1.0}) fit.keep(Point(x), Point(0.5 + 0.2 * x));
  fit.begin(Unknown::Zero());
  for (int k = 0; k < 20; ++k) fit.keep(Point(0), Point(99));
  line.finish(fit, surprise);
  CHECK(fit.explains());
  CHECK((fit.best() - Unknown(0.5, 0.2)).norm() < 1e-3);
  fit.begin(Unknown::Zero());
  fit.clear();
  CHECK(line.finish(fit, surprise) == 1);
  CHECK(line.evaluations == 0);
}

#include "metriplex/adapt/adapt.hpp"

#include "support/catch.hpp"
#include "support/random_family.hpp"

using namespace metriplex;
using Family = test::SmallFamily;

TEST_CASE("adaptation says what it found, how surely and how it ended", "[adapt]") {
  const Family model = test::random_family<Family>(1);
  const Vector<double> truth{{0.7, -0.9}};
  const test::Shots<Family> shots(model, truth, 20);
  const auto found = adapt(model, shots.x, shots.dx);
  CHECK((found.z - truth).norm() < 1e-2);
  CHECK(found.covariance.rows() == 2);
  CHECK(found.covariance.trace() > 0);
  CHECK(found.loss < 1e-5);
  CHECK(found.noise == Approx(std::sqrt(5e-3 * 5e-3 + 1e-2 * 1e-2 * 20 / 10)));
  CHECK(found.iterations > 0);
  CHECK(found.status == FitStatus::converged);
  CHECK(describe(found.status) == "the fit converged");

  // No member does this.
  const auto poor = adapt(model, shots.x, Matrix<double, 2>::Random(2, 20));
  CHECK(poor.status == FitStatus::poor);
  CHECK(poor.noise > 0.1);
  CHECK(adapt(model, shots.x, shots.dx, {.iterations = 1, .restarts = 0, .poor = 1e9}).status ==
        FitStatus::stopped);

  const Motion<2> still{Vector<double>{{0, 1}}, Matrix<double, 2>::Zero(2, 2)};
  CHECK(adapt(model, still).z.allFinite());
}

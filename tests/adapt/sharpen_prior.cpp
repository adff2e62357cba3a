#include "metriplex/adapt/sharpen_prior.hpp"

#include <Eigen/LU>

#include "support/catch.hpp"
#include "support/random_family.hpp"

using namespace metriplex;
using Family = test::SmallFamily;

namespace {

/// A family whose latents lie on a parabola.
Family on_a_curve(Index systems) {
  Family model(2);
  model.latents().resize(2, systems);
  for (Index j = 0; j < systems; ++j) {
    const double t = -1 + 2.0 * static_cast<double>(j) / static_cast<double>(systems - 1);
    model.latents().col(j) << t, t * t;
  }
  return model;
}

}  // namespace

TEST_CASE("where measurements say nothing a prior stays as it was", "[adapt][sharpen_prior]") {
  const Family model = on_a_curve(60);
  const LatentPrior<Family> whole(model);
  LatentPrior<Family> prior = whole;
  Matrix<double> covariance = Matrix<double>::Identity(2, 2);
  SharpenPrior<Family> sharpen(model);
  sharpen(prior, Vector<double>::Zero(2), covariance, 10);
  CHECK((prior.mean() - whole.mean()).norm() < 1e-12);
  CHECK((prior.factor() - whole.factor()).norm() < 1e-12);
}

TEST_CASE("what is measured in one direction brings in the other from the systems like it",
          "[adapt][sharpen_prior]") {
  const Family model = on_a_curve(60);
  LatentPrior<Family> prior(model);
  // The first component is known well: z_0 = 0.8 of a deviation of 0.01.
  const Vector<double> direction = prior.factor().row(0);
  const Matrix<double> information = direction * direction.transpose() * 1e4 + Matrix<double>::Identity(2, 2);
  Matrix<double> covariance = information.inverse();
  Vector<double> u = covariance * direction * 1e4 * (0.8 - prior.mean()[0]);
  SharpenPrior<Family> sharpen(model);
  sharpen(prior, u, covariance, 8);
  CHECK(prior.mean()[0] == Approx(0.8).margin(0.05));
  CHECK(prior.mean()[1] == Approx(0.64).margin(0.1));
  const Matrix<double> narrow = prior.factor() * prior.factor().transpose();
  const LatentPrior<Family> whole(model);
  const Matrix<double> wide = whole.factor() * whole.factor().transpose();
  CHECK(narrow.determinant() < 0.05 * wide.determinant());
  CHECK(std::sqrt(narrow(0, 0)) > 0.05);  // it is of eight systems at least, not of one
}

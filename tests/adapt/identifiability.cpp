#include "metriplex/adapt/identifiability.hpp"

#include <Eigen/LU>
#include <Eigen/SVD>

#include "support/catch.hpp"
#include "support/error_text.hpp"
#include "support/random_family.hpp"

using namespace metriplex;
using Family = test::SmallFamily;

TEST_CASE("identifiability has the singular values of the derivative, and counts what is fixed",
          "[adapt][identifiability]") {
  Random random(4);
  Family model(4);
  model.latents() = Matrix<double>::NullaryExpr(4, 30, [&] { return random.normal(); });
  model.latents().row(2) += 3 * model.latents().row(0);
  const LatentPrior<Family> prior(model);
  Matrix<double> J =
      Matrix<double>::NullaryExpr(3, 4, [&] { return random.normal(); });  // three numbers measured
  J.row(1) *= 100;
  J.row(2) *= 1e-3;
  const Matrix<double> C = prior.factor() * (J.transpose() * J + Matrix<double>::Identity(4, 4)).inverse() *
                           prior.factor().transpose();
  const Identifiability found = identifiability(prior, C);
  const Eigen::JacobiSVD<Matrix<double>> svd(J, Eigen::ComputeFullV);
  CHECK((found.singular_values.head(2) - svd.singularValues().head(2)).norm() <
        1e-6 * svd.singularValues()[0]);
  CHECK(found.singular_values[2] < 0.01);
  CHECK(found.effective_dimension ==
        Approx((svd.singularValues().array().square() / (1 + svd.singularValues().array().square())).sum())
            .epsilon(1e-6));
  const Vector<double> expected = prior.factor() * svd.matrixV().col(0);
  CHECK(std::min((found.directions.col(0) - expected).norm(), (found.directions.col(0) + expected).norm()) <
        1e-6);

  Matrix<double> nothing = Matrix<double>::Identity(4, 4);
  prior.spread_covariance(nothing);
  CHECK(identifiability(prior, nothing).effective_dimension == Approx(0).margin(1e-9));
  CHECK(one_line_with(error_text([&] { identifiability(prior, Matrix<double>(3, 3)); }),
                      "a finite covariance [4 x 4]; got [3 x 3]"));
  nothing(1, 2) = std::numeric_limits<double>::infinity();
  CHECK(one_line_with(error_text([&] { identifiability(prior, nothing); }), "or a NaN or Inf"));
}

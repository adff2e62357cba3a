#include "metriplex/adapt/latent_prior.hpp"

#include <limits>

#include "metriplex/modulation/shift.hpp"
#include "metriplex/structure/hamiltonian.hpp"
#include "support/catch.hpp"
#include "support/error_text.hpp"

using namespace metriplex;

namespace {

using Family = Model<Hamiltonian<2>, Mlp<Tanh, 2, 4, 1>, Shift>;

Family family_with(const Matrix<double>& latents) {
  Family model(latents.rows());
  model.latents() = latents;
  return model;
}

}  // namespace

TEST_CASE("a prior has the mean and the covariance of the training latents", "[adapt][latent_prior]") {
  Random random(1);
  Matrix<double> z(3, 40);
  for (Index j = 0; j < z.cols(); ++j) {
    z(0, j) = 5 + 2 * random.normal();
    z(1, j) = z(0, j) + 0.1 * random.normal();
    z(2, j) = 0.01 * random.normal();
  }
  const LatentPrior<Family> prior(family_with(z));
  const Vector<double> mean = z.rowwise().mean();
  const Matrix<double> centred = z.colwise() - mean;
  const Matrix<double> covariance = centred * centred.transpose() / 39.0;
  CHECK((prior.mean() - mean).norm() < 1e-13);
  CHECK((prior.factor() * prior.factor().transpose() - covariance).norm() < 1e-5 * covariance.norm());

  // There and back, and the pullback is the transpose.
  const Vector<double> u{{0.3, -1.2, 0.8}};
  Vector<double> there(3), back(3), pulled;
  prior.latent_of(u.data(), there);
  CHECK((there - mean - prior.factor() * u).norm() < 1e-13);
  prior.whiten(there.data(), back.data());
  CHECK((back - u).norm() < 1e-12);
  pulled = there;
  prior.pull_back(pulled.data());
  CHECK((pulled - prior.factor().transpose() * there).norm() < 1e-12);
  Matrix<double> c = Matrix<double>::Random(3, 3);
  const Matrix<double> expected = prior.factor() * c * prior.factor().transpose();
  prior.spread_covariance(c);
  CHECK((c - expected).norm() < 1e-13);
}

TEST_CASE("before training a prior is standard normal, and latents that are not finite are refused",
          "[adapt][latent_prior]") {
  const LatentPrior<Family> prior(family_with(Matrix<double>(2, 0)));
  CHECK(prior.mean().isZero(0));
  CHECK(prior.factor().isIdentity(0));
  Matrix<double> bad = Matrix<double>::Random(2, 5);
  bad(1, 3) = std::numeric_limits<double>::quiet_NaN();
  CHECK(one_line_with(error_text([&] { LatentPrior<Family> refused(family_with(bad)); }),
                      "adaptation expects finite latents of the training systems"));
}

// Models that are compiled in are the same to the bit as those they were written from, and need no heap.
#include "families.hpp"
#include "films.hpp"
#include "support/allocation_counter.hpp"
#include "support/catch.hpp"
#include "svds.hpp"

using namespace compiled_in;

namespace {

template <class Constant, class M>
void check_same(const M& model) {
  using Scalar = typename M::Scalar;
  using State = Vector<Scalar, M::dimension>;
  static const Constant constant;
  CHECK(constant.latent() == model.latent());
  CHECK(constant.latents() == model.latents());
  CHECK(constant.mean_latent() == model.mean_latent());
  CHECK(constant.scaling().mean == model.scaling().mean);
  CHECK(constant.scaling().energy == model.scaling().energy);
  CHECK(constant.scaling().rate_error == model.scaling().rate_error);
  const typename Constant::Latent z = Constant::Latent::LinSpaced(Scalar(-0.3), Scalar(0.4));
  const auto expected = model.bind(z);
  State x = State::Constant(Scalar(0.2));
  const State dx = expected(x);

  // Estimation, a step and the energy, all in place.
  static typename Constant::Bound member = constant.bind(constant.mean_latent());
  using Estimator = LatentEstimator<Constant>;
  static typename Estimator::Covariance covariance;
  const AllocationCounter counter;
  member = constant.bind(z);
  static Estimator estimator(constant, State::Constant(Scalar(0.1)));
  for (int t = 0; t < 5; ++t) estimator.update(x, dx);
  estimator.covariance(covariance);
  const bool flagged = estimator.out_of_family();
  bool reconsidered = false, surprised = false;  // by what no member does
  for (int t = 0; t < 120; ++t) {
    estimator.update(x, State::Constant(Scalar(t % 2 == 0 ? 40 : -30)));
    reconsidered = reconsidered || estimator.status() == StreamStatus::reconsidering;
    surprised = surprised || estimator.out_of_family();
  }
  State next = x;
  const StepStatus status = Rk4{}.step(member, next, Scalar(0.01));
  const Scalar energy = member.energy(x);
  CHECK(counter.count() == 0);

  CHECK((reconsidered && surprised));
  CHECK(status == StepStatus::ok);
  CHECK(energy == expected.energy(x));
  CHECK(member(x) == dx);
  LatentEstimator<M> other(model, State::Constant(Scalar(0.1)));
  for (int t = 0; t < 5; ++t) other.update(x, dx);
  CHECK(flagged == other.out_of_family());
  estimator.reset();
  for (int t = 0; t < 5; ++t) estimator.update(x, dx);
  CHECK((estimator.z() - other.z()).norm() <= Scalar(1e-5) * other.z().norm());

  // Fits and uncertainty serve it too.
  const Matrix<Scalar, M::dimension> states = Matrix<Scalar, M::dimension>::Random(M::dimension, 12);
  Matrix<Scalar, M::dimension> rates(M::dimension, 12);
  expected.batch(states, rates);
  const auto found = adapt(constant, states, rates);
  CHECK((found.z - adapt(model, states, rates).z).norm() <= Scalar(1e-3) * (1 + found.z.norm()));
  Uncertainty<Constant> uncertainty(constant);
  uncertainty.condition(found.z, found.covariance);
  typename Uncertainty<Constant>::StateCovariance c;
  uncertainty.field(x, c);
  CHECK(c.allFinite());
}

}  // namespace

TEST_CASE("a model compiled in is the one it was written from, without a heap", "[compiled_in]") {
  check_same<svds::Model>(random_family<Svds>(3));
  check_same<films::Model>(random_family<Films>(2));
}

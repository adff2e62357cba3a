#include "metriplex/adapt/uncertainty.hpp"

#include "support/catch.hpp"
#include "support/error_text.hpp"
#include "support/random_family.hpp"

using namespace metriplex;
using Family = test::SmallFamily;
using Point = Vector<double, 2>;

namespace {

const Matrix<double> covariance{{0.02, 0.01}, {0.01, 0.03}};
const Vector<double> z{{0.4, -0.3}};

/// Differences a function of the latent.
template <class F>
auto by_latent(F f, int k) -> decltype(f(z)) {
  constexpr double h = 1e-5;
  Vector<double> there = z, back = z;
  there[k] += h;
  back[k] -= h;
  return (f(there) - f(back)) / (2 * h);
}

}  // namespace

TEMPLATE_TEST_CASE("an uncertain latent leaves the field and the energy as uncertain as differences say",
                   "[adapt][uncertainty]", test::SmallFamily, test::SmallDissipative) {
  using M = TestType;
  using X = typename M::Bound::State;
  M model = test::random_family<M>(1);
  Uncertainty<M> uncertainty(model);
  uncertainty.condition(z, covariance);
  const X x = X::LinSpaced(0.3, -0.5), reference = X::Constant(0.1);
  Matrix<double, M::dimension, 2> F;
  Vector<double> slope(2);
  for (int k = 0; k < 2; ++k) {
    F.col(k) = by_latent([&](const Vector<double>& at) { return X(model.bind(at)(x)); }, k);
    slope[k] = by_latent(
        [&](const Vector<double>& at) { return model.bind(at).energy(x) - model.bind(at).energy(reference); },
        k);
  }
  typename Uncertainty<M>::StateCovariance c;
  CHECK(uncertainty.field(x, c) == model.bind(z)(x));
  const auto expected = (F * covariance * F.transpose()).eval();
  CHECK((c - expected).norm() < 1e-6 * expected.norm());
  CHECK(uncertainty.energy_deviation(x, reference) ==
        Approx(std::sqrt(slope.dot(covariance * slope))).epsilon(1e-6));
  CHECK(uncertainty.energy_deviation(x, x) < 1e-9);

  model.scaling().rate_error.setConstant(0.2);
  uncertainty.field(x, c);
  CHECK((c - expected).trace() == Approx(0.04 * M::dimension));
}

TEST_CASE("a motion's band agrees with that of samples, and with draws' own spread", "[adapt][uncertainty]") {
  const Family model = test::random_family<Family>(1);
  Uncertainty<Family> uncertainty(model);
  const Matrix<double> narrow = 1e-4 * covariance;
  uncertainty.condition(z, narrow);
  const Point x0(0.3, -0.4);
  const auto linear = uncertainty.rollout(x0, 0.02, 15);
  Random random(1);
  const auto sampled = uncertainty.sample_rollout(x0, 0.02, 15, 4000, random);
  CHECK(linear.deviation.col(0).isZero(0));
  CHECK(linear.deviation(0, 15) > 0);
  for (const Index k : {1, 7, 15})
    for (int i = 0; i < 2; ++i) {
      CHECK(sampled.deviation(i, k) == Approx(linear.deviation(i, k)).epsilon(0.06));
      CHECK(std::abs(sampled.mean(i, k) - linear.mean(i, k)) < 0.1 * linear.deviation(i, k));
    }
  // An uncertain start adds to it.
  const auto uncertain = uncertainty.rollout(x0, 0.02, 15, Matrix<double, 2, 2>::Identity() * 0.01);
  CHECK(uncertain.deviation(0, 0) == Approx(0.1));
  CHECK(uncertain.deviation(1, 15) > linear.deviation(1, 15));

  Matrix<double> scatter = Matrix<double>::Zero(2, 2);
  for (int s = 0; s < 4000; ++s) {
    const Vector<double> off = uncertainty.sample(random) - z;
    scatter += off * off.transpose() / 4000;
  }
  CHECK((scatter - narrow).norm() < 0.08 * narrow.norm());
}

TEST_CASE("a region covers values as often as it says", "[adapt][uncertainty]") {
  const Family model = test::random_family<Family>(1);
  Uncertainty<Family> uncertainty(model);
  uncertainty.condition(z, 1e-4 * covariance);
  Random random(5);
  int inside = 0;
  for (int s = 0; s < 1000; ++s) {
    const Point x(random.uniform(-1, 1), random.uniform(-1, 1));
    inside += uncertainty.covers(x, model.bind(uncertainty.sample(random))(x), 0.95);
  }
  CHECK(inside > 920);
  CHECK(inside < 980);
  CHECK(one_line_with(error_text([&] { uncertainty.condition(z, Matrix<double>::Identity(3, 3)); }),
                      "needs a covariance [2 x 2]; got [3 x 3]"));
  CHECK(one_line_with(error_text([&] { uncertainty.condition(z, covariance / 0.0); }), "a NaN or Inf"));
  uncertainty.condition(z, covariance);
  CHECK(
      one_line_with(error_text([&] { uncertainty.rollout(Point::Zero(), 0.1, -1); }), "steps >= 0; got -1"));
  CHECK(one_line_with(error_text([&] { uncertainty.sample_rollout(Point::Zero(), 0.1, -1, 9, random); }),
                      "steps >= 0; got -1"));
}

#include "metriplex/train/rollout_sweep.hpp"

#include "metriplex/core/random.hpp"
#include "support/allocation_counter.hpp"
#include "support/catch.hpp"
#include "support/flow_case.hpp"

using namespace metriplex;

namespace {

using Small = test::Flow;
using Bound = Small::Bound;
constexpr int points = tile_points<double>;

}  // namespace

TEST_CASE(
    "the scheme of a rollout is chosen while the program runs, and then works without memory of its own",
    "[train][rollout_sweep]") {
  Random random(6);
  Small model(1);
  model.initialize(random);
  const Matrix<double> x = Matrix<double>::NullaryExpr(points, 3, [&] { return random.normal(); });
  const Vector<double> lengths = Vector<double>::Constant(points, 0.4);
  const Bound field = model.bind(Vector<double>::Zero(1));
  const double* const weights = field.weights().data();
  struct Found {
    Matrix<double> end{points, 3}, cotangent = Matrix<double>::Ones(points, 3);
    Vector<double> gradient;
  };
  const auto walk = [&](auto& sweep) {
    Found found;
    found.gradient.setZero(field.weights().size());
    const AllocationCounter counter;
    sweep.forward(weights, model.scaling(), x.data(), lengths.data(), found.end.data());
    sweep.pullback(weights, model.scaling(), found.cotangent.data(), found.gradient.data(), true, true);
    CHECK(counter.count() == 0);
    return found;
  };
  const auto chosen = std::make_unique<RolloutSweep<Bound, points>>();
  const auto by_rk4 = std::make_unique<RungeKuttaSweep<Bound, points>>();
  const auto by_gauss = std::make_unique<GaussLegendreSweep<Bound, points>>();
  for (const auto scheme : {RolloutScheme::gauss_legendre4, RolloutScheme::rk4,
                            RolloutScheme::gauss_legendre6, RolloutScheme::implicit_midpoint}) {
    chosen->choose(scheme, 3);
    const AllocationCounter again;
    chosen->choose(scheme, 3);
    CHECK(again.count() == 0);
    const Found found = walk(*chosen);
    const int stages = traits_of(scheme).gauss_stages;
    by_rk4->steps(3);
    if (stages > 0) by_gauss->steps(GaussCoefficients::of(stages), 3);
    const Found direct = stages == 0 ? walk(*by_rk4) : walk(*by_gauss);
    CHECK(found.end == direct.end);
    CHECK(found.cotangent == direct.cotangent);
    CHECK(found.gradient == direct.gradient);
  }
}

#include "metriplex/train/rate_loss.hpp"

#include <limits>

#include "metriplex/structure/hamiltonian.hpp"
#include "support/catch.hpp"
#include "support/error_text.hpp"

using namespace metriplex;

namespace {

using Bound = BoundModel<Hamiltonian<2>, Mlp<Tanh, 2, 5, 1>, double>;

Motion<2> motion(Index samples) {
  Motion<2> made{Vector<double>::LinSpaced(samples, 0, 1), Matrix<double, 2>::Random(2, samples)};
  made.rates = Matrix<double, 2>::Random(2, samples);
  return made;
}

}  // namespace

TEST_CASE("rates are compared at the complete samples of ragged motions", "[train][rate_loss]") {
  Recordings<2> family;
  family.members.resize(2);
  family.members[0].motions = {motion(3), motion(5)};
  family.members[1].motions = {motion(1)};
  Motion<2>& masked = family.members[0].motions[1];
  masked.weights.setOnes(2, 5);
  masked.weights(1, 3) = 0;
  masked.rates(1, 3) = std::numeric_limits<double>::quiet_NaN();
  RateLoss<Bound> loss;
  const auto seen = loss.look(family);
  CHECK(seen.states.cols() == 8);
  CHECK(seen.rates.col(6) == masked.rates.col(4));
  const auto scaling = Scaling<double, 2>::fit(seen.states, seen.rates, 1);
  loss.prepare(family, scaling, seen);
  CHECK(loss.systems() == 2);
  CHECK(loss.terms(0) == 7);
  CHECK(loss.terms(1) == 1);
  CHECK(loss.mean_square() == Approx(scaled_square(scaling, seen.rates)));
  // A field that is zero is off by the rates.
  const auto error = loss.rate_error(scaling, [](Index, const auto&, auto& f) { f.setZero(); });
  for (int i = 0; i < 2; ++i) CHECK(error[i] == Approx(std::sqrt(seen.rates.row(i).squaredNorm() / 8)));
}

TEST_CASE("motions without rates are refused, and named for what they are", "[train][rate_loss]") {
  Recordings<2> family;
  family.members.resize(1);
  family.members[0].motions = {motion(3)};
  family.members[0].motions[0].rates.resize(2, 0);
  CHECK(one_line_with(error_text([&] { RateLoss<Bound>().look(family); }),
                      "from states alone train with IntegralLoss"));
}

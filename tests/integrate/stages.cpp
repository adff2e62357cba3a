#include "metriplex/integrate/stages.hpp"

#include <cmath>

#include "metriplex/core/types.hpp"
#include "support/catch.hpp"

using namespace metriplex;

namespace {

struct Pair {
  static constexpr std::array<std::array<double, 3>, 3> a{{{}, {0.5}, {0, 0.75}}};
  static constexpr std::array<double, 3> b{0.25, 0, 2};
  static constexpr std::array<double, 3> error{0, -1, 4};
};

// A dimension whose loops are written out, and one whose loops are not.
template <class Scalar, int Dim>
void check_sums() {
  using State = Vector<Scalar, Dim>;
  const State x = State::LinSpaced(Scalar(1), Scalar(2));
  std::array<State, 3> k{State::Constant(2), State::Constant(3), x};
  State y;
  move_along<StageWeights<Pair, 0>, 0>(k, x, Scalar(0.5), y);
  CHECK(y == x);
  move_along<StageWeights<Pair, 1>, 1>(k, x, Scalar(0.5), y);
  CHECK((y - (x.array() + Scalar(0.5)).matrix()).norm() < 1e-6);
  move_along<StageWeights<Pair, 2>, 2>(k, x, Scalar(0.5), y);
  CHECK((y - (x.array() + Scalar(1.125)).matrix()).norm() < 1e-6);
  move_along<StepWeights<Pair>, 3>(k, x, Scalar(0.5), y);
  CHECK((y - (2 * x.array() + Scalar(0.25)).matrix()).norm() < 1e-5);
  sum_stages<ErrorWeights<Pair>, 3>(k, Scalar(0.5), y);
  CHECK((y - (2 * x.array() - Scalar(1.5)).matrix()).norm() < 1e-5);
}

}  // namespace

TEST_CASE("states move along weighted stages", "[integrate][stages]") {
  check_sums<double, 1>();
  check_sums<double, 3>();
  check_sums<float, 8>();
  check_sums<double, 9>();
}

TEST_CASE("a stage of weight zero is not looked at", "[integrate][stages]") {
  using State = Vector<double, 2>;
  const double nan = std::nan("");
  const std::array<State, 3> k{State(1, 2), State(nan, nan), State(3, 4)};
  State y;
  sum_stages<StepWeights<Pair>, 3>(k, 1.0, y);
  CHECK(y == State(6.25, 8.5));
}

#include "metriplex/train/rollout_error.hpp"

#include <cmath>

#include "support/catch.hpp"

using namespace metriplex;

TEST_CASE("rollouts measure what a field is off by, at irregular times and in pieces",
          "[train][rollout_error]") {
  std::vector<Motion<2>> pieces;
  for (const Index n : {23, 2, 6}) {
    Motion<2>& piece = pieces.emplace_back(Motion<2>{Vector<double>(n), Matrix<double, 2>(2, n)});
    for (Index k = 0; k < n; ++k) {
      const double t = piece.times[k] = 0.5 * static_cast<double>(k) + (k % 3 == 0 ? 0.1 : 0.0);
      piece.states.col(k) << std::sin(t), std::cos(t);
    }
  }
  Matrix<double, 2> x(2, 31);
  x << pieces[0].states, pieces[1].states, pieces[2].states;
  const auto error = [&](double off) {
    IntegralError<2> sum;
    add_rollouts(sum, pieces, x, 8, [&](const Matrix<double, 2>& at, Matrix<double, 2>& f) {
      f.row(0) = at.row(1).array() + off;
      f.row(1) = -at.row(0);
    });
    return sum.of_rates(Vector<double, 2>::Zero());
  };
  CHECK(error(0).maxCoeff() < 1e-5);
  // A constant push turns with the motion: over T it moves by sin T along and cos T − 1 across.
  CHECK(error(0.01).norm() == Approx(0.01).epsilon(0.15));
}

#include "metriplex/integrate/newton.hpp"

#include <cmath>
#include <limits>

#include "support/allocation_counter.hpp"
#include "support/catch.hpp"

using namespace metriplex;

namespace {

using Pair = Vector<double, 2>;
using Square = Matrix<double, 2, 2>;
using One = Vector<double, 1>;

// x² + y² = 4, xy = 1, whose solution beside (2, 1) is known in closed form.
const auto circle_and_hyperbola = [](const Pair& u, Pair& residual, Square* derivative) {
  residual << u(0) * u(0) + u(1) * u(1) - 4, u(0) * u(1) - 1;
  if (derivative != nullptr) *derivative << 2 * u(0), 2 * u(1), u(1), u(0);
};
const Pair solution((std::sqrt(6.0) + std::sqrt(2.0)) / 2, (std::sqrt(6.0) - std::sqrt(2.0)) / 2);

}  // namespace

TEST_CASE("Newton's method finds a root that is known", "[integrate][newton]") {
  for (const bool simplified : {false, true}) {
    Pair u(2, 0.6);
    const AllocationCounter counter;
    const StepStatus status =
        solve_newton({.max_iterations = 40, .simplified = simplified}, Pair(2, 0.6), u, circle_and_hyperbola);
    CHECK(counter.count() == 0);
    CHECK(status == StepStatus::ok);
    CHECK((u - solution).norm() < (simplified ? 1e-11 : 1e-14));
  }
}

TEST_CASE("the simplified method takes one derivative, the whole one none where it is near",
          "[integrate][newton]") {
  for (const bool simplified : {false, true}) {
    int evaluations = 0, derivatives = 0;
    Pair u(2, 0.6);
    REQUIRE(solve_newton({.max_iterations = 40, .simplified = simplified}, Pair(2, 0.6), u,
                         [&](const Pair& at, Pair& residual, Square* derivative) {
                           ++evaluations;
                           derivatives += derivative != nullptr;
                           circle_and_hyperbola(at, residual, derivative);
                         }) == StepStatus::ok);
    CHECK((simplified ? derivatives == 1 : derivatives < evaluations));
    CHECK(evaluations <= (simplified ? 40 : 6));
  }
}

TEST_CASE("it ends where rounding is above the tolerance", "[integrate][newton]") {
  // The residual is known to 1e-13 only, as that of a field with large cancelling terms.
  int call = 0;
  Vector<double, 1> u(1.0);
  CHECK(solve_newton(
            {.tolerance = 1e-15}, One(1.0), u,
            [&](const Vector<double, 1>& at, Vector<double, 1>& residual, Matrix<double, 1, 1>* derivative) {
              residual(0) = at(0) * at(0) - 2 + (++call % 2 ? 1e-13 : -1e-13);
              if (derivative != nullptr) (*derivative)(0) = 2 * at(0);
            }) == StepStatus::ok);
  CHECK(u(0) == Approx(std::sqrt(2.0)).margin(1e-12));
}

TEST_CASE("a correction beyond where the residual is defined is halved until it is not",
          "[integrate][newton]") {
  // log x = 0 from 3: the first correction leads to 3 − 3 log 3 < 0.
  Vector<double, 1> u(3.0);
  CHECK(solve_newton(
            {}, One(3.0), u,
            [](const Vector<double, 1>& at, Vector<double, 1>& residual, Matrix<double, 1, 1>* derivative) {
              residual(0) = std::log(at(0));
              if (derivative != nullptr) (*derivative)(0) = 1 / at(0);
            }) == StepStatus::ok);
  CHECK(u(0) == Approx(1).epsilon(1e-14));
}

TEST_CASE("what has no solution comes back as a status, never as an endless loop", "[integrate][newton]") {
  using Slope = Matrix<double, 1, 1>;
  One u(1.0);
  CHECK(solve_newton({}, One(1.0), u, [](const One& at, One& residual, Slope* derivative) {
          residual(0) = at(0) * at(0) + 1;
          if (derivative != nullptr) (*derivative)(0) = 2 * at(0);
        }) != StepStatus::ok);
  u(0) = 1;
  CHECK(solve_newton({}, One(1.0), u, [](const One&, One& residual, Slope* derivative) {
          residual(0) = 1;
          if (derivative != nullptr) (*derivative)(0) = 0;
        }) == StepStatus::not_converged);
  u(0) = 1;
  CHECK(solve_newton({}, One(1.0), u, [](const One&, One& residual, Slope* derivative) {
          residual(0) = std::numeric_limits<double>::quiet_NaN();
          if (derivative != nullptr) (*derivative)(0) = 1;
        }) == StepStatus::non_finite);
}

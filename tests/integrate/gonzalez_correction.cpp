#include "metriplex/integrate/gonzalez_correction.hpp"

#include <cmath>

#include "support/catch.hpp"

using namespace metriplex;

namespace {

using State = Vector<double, 2>;

// V = sin x + y⁴ and its gradient.
double potential(const State& x) {
  return std::sin(x(0)) + std::pow(x(1), 4);
}
State slope(const State& x) {
  return {std::cos(x(0)), 4 * std::pow(x(1), 3)};
}

/// Corrects the gradient in the middle of a step, in units of the components and of the potential.
State corrected(const State& x0, const State& moved, const State& units, double energy) {
  const auto in_units = [&](const State& g) { return State(energy * g.cwiseQuotient(units)); };
  const State x1 = x0 + moved, middle = x0 + moved / 2, step = moved.cwiseProduct(units);
  State gradient = in_units(slope(middle));
  GonzalezCorrection<State> correction(step, in_units(slope(x0)), gradient, in_units(slope(x1)));
  correction.correct(step, energy * potential(x0), energy * potential(x1), gradient);
  return gradient.cwiseProduct(units) / energy;
}

}  // namespace

TEST_CASE("a corrected gradient explains the potential's change, in any units",
          "[integrate][gonzalez_correction]") {
  const State x0(0.3, 0.7);
  for (const double size : {2.0, 1e-1, 1e-3, 1e-5, 1e-7, 1e-12}) {
    const State moved = size * State(0.8, -0.6), plain = corrected(x0, moved, State(1, 1), 1);
    // The change in closed form, without the cancellation of a difference of potentials.
    const double a = moved(0), b = moved(1), y = x0(1),
                 change = 2 * std::cos(x0(0) + a / 2) * std::sin(a / 2) +
                          b * (2 * y + b) * (y * y + (y + b) * (y + b));
    INFO("a step of " << size);
    CHECK(plain.dot(moved) == Approx(change).epsilon(1e-14).margin(1e-15));
    CHECK((plain - slope(x0 + moved / 2)).norm() < size * size);
    for (const State& units : {State(1e-12, 1e12), State(1e12, 1e-12), State(1e-6, 1e-6), State(1, 1e12)})
      for (const double energy : {1e-30, 1.0, 1e30})
        CHECK((corrected(x0, moved, units, energy) - plain).norm() < 1e-15 + 1e-15 / size);
  }
}

TEST_CASE("nothing is corrected where nothing moved, or where the gradient is straight",
          "[integrate][gonzalez_correction]") {
  const State x0(0.3, 0.7);
  CHECK(corrected(x0, State(0, 0), State(1, 1), 1) == slope(x0));
  // A noisy potential does not matter then.
  const State moved(0.1, 0.2), start(1, 2), end(2, -1);
  State middle(1.5, 0.5);
  GonzalezCorrection<State> correction(moved, start, middle, end);
  CHECK(correction.straight());
  correction.correct(moved, 0, 1e3, middle);
  CHECK((middle - State(1.5, 0.5)).norm() < 1e-15);
}

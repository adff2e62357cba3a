#include "metriplex/integrate/rollout.hpp"

#include <cmath>
#include <initializer_list>
#include <limits>

#include "metriplex/integrate/runge_kutta.hpp"
#include "support/catch.hpp"
#include "support/error_text.hpp"

using namespace metriplex;

namespace {

// dx/dt = x²: x = 1 / (1 - t), which leaves the numbers at t = 1.
template <class Scalar>
struct BlowUp {
  using State = Vector<Scalar, 1>;
  static constexpr int dim() { return 1; }
  void operator()(const State& x, State& dx) const { dx = x.cwiseProduct(x); }
};

Vector<double> times(std::initializer_list<double> t) {
  return Vector<double>::Map(t.begin(), static_cast<Index>(t.size()));
}

const Vector<double, 1> one(1.0);

}  // namespace

TEST_CASE("a rollout gives the states at the times that were asked for", "[integrate][rollout]") {
  const auto result = rollout(BlowUp<double>{}, CooperVerner8{}, one, times({0, 0.1, 0.4, 0.5}), 4);
  CHECK(result.status == StepStatus::ok);
  CHECK(result.completed == 4);
  CHECK(result.states(0, 0) == 1);
  CHECK(result.states(0, 2) == Approx(1 / 0.6).epsilon(1e-9));
  CHECK(result.states(0, 3) == Approx(2).epsilon(1e-9));
}

TEST_CASE("a rollout is given its last components at the samples, and holds them", "[integrate][rollout]") {
  struct Pushed {  // dx/dt = u, du/dt = 0
    using State = Vector<double, 2>;
    static constexpr int dim() { return 2; }
    static constexpr Index given() { return 1; }
    void operator()(const State& x, State& dx) const { dx = {x[1], 0}; }
  };
  STATIC_REQUIRE(given_of(Pushed{}) == 1);
  STATIC_REQUIRE(given_of(BlowUp<double>{}) == 0);
  Matrix<double> inputs{{2, std::numeric_limits<double>::quiet_NaN(), -1, 5}};
  const auto run =
      rollout(Pushed{}, Rk4{}, Vector<double, 2>(1, 7), times({0, 1, 2, 4}), 2, GivenAtSamples(inputs));
  CHECK((run.states.row(0) - Eigen::RowVector4d(1, 3, 5, 3)).norm() <
        1e-14);  // a gap in the inputs: the last holds
  CHECK(run.states.row(1) == Eigen::RowVector4d(2, 2, -1, 5));
}

TEST_CASE("a rollout goes backwards, starts anywhere, and works in float", "[integrate][rollout]") {
  const auto back = rollout(BlowUp<double>{}, CooperVerner8{}, one, times({3, 2}), 8);
  CHECK(back.states(0, 1) == Approx(0.5).epsilon(1e-9));
  const auto single = rollout(BlowUp<float>{}, Rk4{}, Vector<float, 1>(1.0f), times({0, 0.5}), 16);
  CHECK(single.states(0, 1) == Approx(2).epsilon(1e-5));
  CHECK(rollout(BlowUp<double>{}, Rk4{}, one, times({7})).completed == 1);
}

TEST_CASE("a rollout stops at the first bad step and keeps what it reached", "[integrate][rollout]") {
  const auto result = rollout(BlowUp<double>{}, Rk4{}, one, times({0, 0.5, 100, 200}), 100);
  CHECK(result.status == StepStatus::non_finite);
  CHECK(result.completed == 2);
  CHECK(result.states(0, 1) == Approx(2).epsilon(1e-6));
  CHECK(std::isnan(result.states(0, 2)));
  CHECK(std::isnan(result.states(0, 3)));

  const auto nothing = rollout(BlowUp<double>{}, Rk4{}, Vector<double, 1>(std::nan("")), times({0, 1}));
  CHECK(nothing.status == StepStatus::non_finite);
  CHECK(nothing.completed == 0);
}

TEST_CASE("times that cannot be integrated over are refused with their place", "[integrate][rollout]") {
  const auto refused = [](const Vector<double>& t, int substeps) {
    return error_text([&] { rollout(BlowUp<double>{}, Rk4{}, one, t, substeps); });
  };
  CHECK(one_line_with(refused(Vector<double>(), 1), "at least one time"));
  CHECK(one_line_with(refused(times({0, 1, 0.5}), 1), "times[1] = 1 before 0.5"));
  CHECK(one_line_with(refused(times({0, 1, 1}), 1), "times[1] = 1 before 1"));
  CHECK(one_line_with(refused(times({0, std::numeric_limits<double>::infinity()}), 1), "times[1] = inf"));
  CHECK(one_line_with(refused(times({0, 1}), 0), "substeps >= 1, got 0"));
}

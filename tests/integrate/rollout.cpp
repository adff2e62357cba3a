#include "metriplex/integrate/rollout.hpp"

#include <cmath>
#include <initializer_list>
#include <limits>
#include <type_traits>

#include "metriplex/integrate/adaptive_runge_kutta.hpp"
#include "metriplex/integrate/gauss_legendre.hpp"
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

// q̈ = −q + u.
struct Shaken {
  using State = Vector<double, 3>;
  static constexpr int dim() { return 3; }
  static constexpr Index given() { return 1; }
  void operator()(const State& x, State& dx) const { dx = {x[1], x[2] - x[0], 0}; }
  void jacobian(const State&, Matrix<double, 3, 3>& J) const { J << 0, 1, 0, -1, 0, 1, 0, 0, 0; }
};

/// Rolls Shaken out from rest under u(t) sampled n times up to t = 2, and returns q and q̇ there.
template <class Given, class Integrator, class Input>
Vector<double, 2> shaken(const Integrator& integrator, Index n, const Input& u, int substeps = 1) {
  const Vector<double> at = Vector<double>::LinSpaced(n + 1, 0, 2);
  Matrix<double> inputs(1, n + 1);
  for (Index k = 0; k <= n; ++k) inputs(0, k) = u(at[k]);
  const Vector<double, 3> rest(0, 0, 99);
  if constexpr (requires { integrator.options.relative; }) {
    const auto run = rollout(Shaken{}, integrator, rest, at, Given(inputs));
    REQUIRE(run.completed == n + 1);
    return run.states.col(n).template head<2>();
  } else {
    const auto run = rollout(Shaken{}, integrator, rest, at, substeps, Given(inputs));
    REQUIRE(run.completed == n + 1);
    CHECK((run.states.row(2) - inputs).norm() < 1e-14);
    return run.states.col(n).template head<2>();
  }
}

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

TEST_CASE("between samples inputs change linearly, for stages and substeps of every scheme",
          "[integrate][rollout]") {
  // u = 1 + 2t: q = 1 + 2t − cos t − 2 sin t.
  const auto line = [](double t) { return 1 + 2 * t; };
  const Vector<double, 2> truth(5 - std::cos(2.0) - 2 * std::sin(2.0), 2 + std::sin(2.0) - 2 * std::cos(2.0));
  const auto off = [&](const auto& integrator, Index n, int substeps = 1) {
    return (shaken<GivenLinearly>(integrator, n, line, substeps) - truth).norm();
  };
  CHECK(std::log2(off(Rk4{}, 10) / off(Rk4{}, 20)) == Approx(4).margin(0.2));
  CHECK(off(Rk4{}, 5, 4) == Approx(off(Rk4{}, 20)).epsilon(1e-6));
  CHECK(off(CooperVerner8{}, 20) < 1e-11);
  CHECK(off(GaussLegendre<3>{}, 20) < 1e-9);
  CHECK(off(AdaptiveDormandPrince{{.relative = 1e-10}}, 3) < 1e-8);
  CHECK((shaken<GivenAtSamples>(CooperVerner8{}, 20, line) - truth).norm() > 0.05);
  CHECK((shaken<GivenAtSamples>(CooperVerner8{}, 20, line) -
         shaken<GivenAtSamples>(AdaptiveDormandPrince{{.relative = 1e-10}}, 20, line))
            .norm() < 1e-8);
}

TEST_CASE("what held inputs lose by order 1, linear ones lose by order 2", "[integrate][rollout]") {
  // u = sin 3t: q = (3 sin t − sin 3t)/8.
  const auto wave = [](double t) { return std::sin(3 * t); };
  const Vector<double, 2> truth((3 * std::sin(2.0) - std::sin(6.0)) / 8,
                                3 * (std::cos(2.0) - std::cos(6.0)) / 8);
  const auto slope = [&]<class Given>(std::type_identity<Given>) {
    return std::log2((shaken<Given>(Rk4{}, 40, wave) - truth).norm() /
                     (shaken<Given>(Rk4{}, 80, wave) - truth).norm());
  };
  CHECK(slope(std::type_identity<GivenAtSamples>()) == Approx(1).margin(0.1));
  CHECK(slope(std::type_identity<GivenLinearly>()) == Approx(2).margin(0.1));
}

TEST_CASE("linear inputs bridge a gap, and are held where nothing comes", "[integrate][rollout]") {
  const double gap = std::numeric_limits<double>::quiet_NaN();
  const Matrix<double> inputs{{1, gap, 4, gap}};
  const auto run =
      rollout(Shaken{}, Rk4{}, Vector<double, 3>(0, 0, 7), times({0, 1, 3, 4}), 2, GivenLinearly(inputs));
  CHECK((run.states.row(2) - Eigen::RowVector4d(1, 2, 4, 4)).norm() < 1e-14);
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

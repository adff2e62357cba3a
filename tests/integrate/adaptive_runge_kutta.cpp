#include "metriplex/integrate/adaptive_runge_kutta.hpp"

#include <cmath>
#include <initializer_list>
#include <limits>

#include "metriplex/systems/benchmark_systems.hpp"
#include "metriplex/systems/hamiltonian_field.hpp"
#include "support/allocation_counter.hpp"
#include "support/catch.hpp"
#include "support/error_text.hpp"
#include "support/golden_trajectories.hpp"
#include "support/integrator_suite.hpp"

using namespace metriplex;

namespace {

/// Counts the evaluations of a field.
template <class F>
struct Counted {
  using State = typename F::State;
  const F* field;
  Index* count;
  int dim() const { return static_cast<int>(field->dim()); }
  void operator()(const State& x, State& dx) const {
    ++*count;
    (*field)(x, dx);
  }
};

// dx/dt = x²: x = 1 / (1 - t).
struct BlowUp {
  using State = Vector<double, 1>;
  static constexpr int dim() { return 1; }
  void operator()(const State& x, State& dx) const { dx = x.cwiseProduct(x); }
};

// The rate is not a number beyond x = 0.5.
struct Wall {
  using State = Vector<double, 1>;
  double rate = 1;
  static constexpr int dim() { return 1; }
  void operator()(const State& x, State& dx) const { dx(0) = x(0) <= 0.5 ? rate : std::nan(""); }
};

struct Stiff {
  using State = Vector<double, 1>;
  static constexpr int dim() { return 1; }
  void operator()(const State& x, State& dx) const { dx = -1e9 * x; }
};

struct Rest {
  using State = Vector<double, 2>;
  static constexpr int dim() { return 2; }
  void operator()(const State&, State& dx) const { dx.setZero(); }
};

// Bogacki & Shampine 1989: orders 3 and 2, the last stage being the first of the next step.
struct BogackiShampineTableau {
  static constexpr std::string_view name = "bogacki_shampine3";
  static constexpr int order = 3;
  static constexpr std::size_t stages = 4;
  static constexpr std::array<std::array<double, 4>, 4> a{
      {{}, {1.0 / 2}, {0, 3.0 / 4}, {2.0 / 9, 1.0 / 3, 4.0 / 9}}};
  static constexpr std::array<double, 4> b{2.0 / 9, 1.0 / 3, 4.0 / 9, 0};
  static constexpr std::array<double, 4> error{-5.0 / 72, 1.0 / 12, 1.0 / 9, -1.0 / 8};
};

// Heun's method of order 2 with Euler's inside: no stage is shared between steps.
struct HeunEulerTableau {
  static constexpr std::string_view name = "heun_euler";
  static constexpr int order = 2;
  static constexpr std::size_t stages = 2;
  static constexpr std::array<std::array<double, 2>, 2> a{{{}, {1}}};
  static constexpr std::array<double, 2> b{0.5, 0.5};
  static constexpr std::array<double, 2> error{-0.5, 0.5};
};

Vector<double> times(std::initializer_list<double> t) {
  return Vector<double>::Map(t.begin(), static_cast<Index>(t.size()));
}

template <class Integrator = AdaptiveDormandPrince>
double kepler_rollout_error(double tolerance) {
  const auto result = rollout(Kepler<double>{}, Integrator{{.absolute = tolerance, .relative = tolerance}},
                              Kepler<double>::exact(0, 0.6), times({0, 10}));
  REQUIRE(result.status == StepStatus::ok);
  return (result.states.col(1) - Kepler<double>::exact(10, 0.6)).norm();
}

template <class System>
double golden_error() {
  const AdaptiveDormandPrince tight{{.absolute = 1e-14, .relative = 1e-14}};
  double worst = 0;
  for (const auto& golden : golden_trajectories(System::name)) {
    const auto field = hamiltonian_field<System>(golden.mu);
    const auto result = rollout(field, tight, golden.states.col(0), golden.times);
    REQUIRE(result.status == StepStatus::ok);
    REQUIRE(result.completed == golden.times.size());
    worst = std::max(worst, (result.states - golden.states).cwiseAbs().maxCoeff());
  }
  return worst;
}

}  // namespace

TEST_CASE("trajectories are SciPy's", "[integrate][adaptive_runge_kutta]") {
  CHECK(golden_error<MassSpring>() < 1e-10);
  CHECK(golden_error<Pendulum>() < 1e-10);
  CHECK(golden_error<Duffing>() < 1e-10);
}

TEST_CASE("the error is proportional to the tolerance", "[integrate][adaptive_runge_kutta]") {
  const double wide = kepler_rollout_error(1e-7), narrow = kepler_rollout_error(1e-11);
  INFO("errors " << wide << " and " << narrow);
  CHECK(std::log10(wide / narrow) / 4 == Approx(1).margin(0.15));
  CHECK(narrow < 1e-8);
}

TEST_CASE("a pair of a user's own is a tableau, with or without a shared stage",
          "[integrate][adaptive_runge_kutta]") {
  STATIC_REQUIRE(EmbeddedTableau<DormandPrince5Tableau>);
  STATIC_REQUIRE(!EmbeddedTableau<Rk4Tableau>);
  CHECK(AdaptiveRungeKutta<BogackiShampineTableau>::name == "bogacki_shampine3");
  CHECK(AdaptiveRungeKutta<HeunEulerTableau>::name == "heun_euler");
  CHECK(kepler_rollout_error<AdaptiveRungeKutta<BogackiShampineTableau>>(1e-8) < 1e-4);
  CHECK(kepler_rollout_error<AdaptiveRungeKutta<HeunEulerTableau>>(1e-6) < 1e-1);
}

TEST_CASE("evaluations are those that the steps need, and are told", "[integrate][adaptive_runge_kutta]") {
  const Kepler<double> kepler;
  const auto start = kepler.exact(0, 0.6);
  Index count = 0;
  const Counted<Kepler<double>> field{&kepler, &count};
  const auto first = rollout(field, AdaptiveDormandPrince{}, start, times({0, 20}));
  CHECK(first.rejected + first.accepted > 100);
  CHECK(first.evaluations == count);
  // The first rate, one to four looks for the first size, and one where an attempt is refused again.
  const auto beside = [&](const auto& run, Index steps) { return run.evaluations - steps; };
  CHECK(beside(first, 6 * (first.accepted + first.rejected)) >= 2);
  CHECK(beside(first, 6 * (first.accepted + first.rejected)) <= 5 + first.rejected / 2);

  count = 0;
  const auto given = rollout(field, AdaptiveDormandPrince{{.initial_step = 0.01}}, start, times({0, 20}));
  CHECK(given.evaluations == count);
  CHECK(beside(given, 6 * (given.accepted + given.rejected)) >= 1);
  CHECK(beside(given, 6 * (given.accepted + given.rejected)) <= 1 + given.rejected / 2);

  count = 0;
  const auto shared =
      rollout(field, AdaptiveRungeKutta<BogackiShampineTableau>{{1e-6, 1e-6, 0.01}}, start, times({0, 20}));
  CHECK(shared.evaluations == count);
  CHECK(beside(shared, 3 * (shared.accepted + shared.rejected)) >= 1);
  CHECK(beside(shared, 3 * (shared.accepted + shared.rejected)) <= 1 + shared.rejected / 2);

  count = 0;
  const auto alone =
      rollout(field, AdaptiveRungeKutta<HeunEulerTableau>{{1e-6, 1e-6, 0.01}}, start, times({0, 20}));
  CHECK(alone.evaluations == count);
  CHECK(beside(alone, 2 * alone.accepted + alone.rejected) >= 0);
  CHECK(beside(alone, 2 * alone.accepted + alone.rejected) <= 1 + alone.rejected / 2);
}

TEST_CASE("times on the way are met exactly and cost little", "[integrate][adaptive_runge_kutta]") {
  const auto start = Kepler<double>::exact(0, 0.6);
  const auto at = [&](Index count) {
    return rollout(Kepler<double>{}, AdaptiveDormandPrince{}, start, Vector<double>::LinSpaced(count, 0, 20));
  };
  const auto two = at(2), many = at(41), close = at(4001);
  CHECK((two.states.col(1) - many.states.col(40)).norm() < 1e-6);
  CHECK(many.accepted <= two.accepted + 2 * 40);
  CHECK(many.rejected <= two.rejected + 10);
  CHECK(close.accepted <= 4002);  // one step from each to the next; the first may be found too short

  // A splinter of a step on the way leaves the size as it was.
  const auto splinter =
      rollout(Kepler<double>{}, AdaptiveDormandPrince{}, start, times({0, 10, 10 + 1e-9, 20}));
  CHECK(splinter.status == StepStatus::ok);
  CHECK(splinter.accepted <= two.accepted + 5);

  const Kepler<double> kepler;
  auto run = AdaptiveDormandPrince{}.start(kepler, start, 3.0);
  CHECK(run.advance_to(3.7) == StepStatus::ok);
  CHECK(run.time() == 3.7);
  const Index before = run.evaluations();
  CHECK(run.advance_to(3.7) == StepStatus::ok);
  CHECK(run.evaluations() == before);
}

TEST_CASE("integration goes backwards, and back to where it was", "[integrate][adaptive_runge_kutta]") {
  const auto back = rollout(Kepler<double>{}, AdaptiveDormandPrince{{1e-12, 1e-12}},
                            Kepler<double>::exact(5, 0.3), times({5, 3, 0}));
  CHECK(back.status == StepStatus::ok);
  CHECK((back.states.col(1) - Kepler<double>::exact(3, 0.3)).norm() < 1e-9);
  CHECK((back.states.col(2) - Kepler<double>::exact(0, 0.3)).norm() < 1e-9);

  const Kepler<double> field;
  const auto start = field.exact(0, 0.3);
  auto run = AdaptiveDormandPrince{{1e-12, 1e-12}}.start(field, start);
  REQUIRE(run.advance_to(4) == StepStatus::ok);
  REQUIRE(run.advance_to(0) == StepStatus::ok);
  CHECK((run.state() - start).norm() < 1e-9);
}

TEST_CASE("a solution that blows up ends the integration, with what was reached",
          "[integrate][adaptive_runge_kutta]") {
  const Vector<double, 1> one(1.0);
  const auto result = rollout(BlowUp{}, AdaptiveDormandPrince{}, one, times({0, 0.5, 0.9, 1.5, 2}));
  CHECK(result.status == StepStatus::step_underflow);
  CHECK(result.completed == 3);
  CHECK(result.states(0, 1) == Approx(2).epsilon(1e-7));
  CHECK(result.states(0, 2) == Approx(10).epsilon(1e-6));
  CHECK(std::isnan(result.states(0, 3)));
  CHECK(std::isnan(result.states(0, 4)));
  CHECK(result.evaluations < 20'000);

  const BlowUp field;
  auto run = AdaptiveDormandPrince{}.start(field, one);
  CHECK(run.advance_to(2) == StepStatus::step_underflow);
  CHECK(std::isfinite(run.state()(0)));
  CHECK(run.time() == Approx(1).epsilon(1e-6));
}

TEST_CASE("a field that is not a number ends the integration", "[integrate][adaptive_runge_kutta]") {
  Vector<double, 1> x(0.0);
  const Wall wall, nowhere{std::nan("")};
  auto run = AdaptiveDormandPrince{}.start(wall, x);
  CHECK(run.advance_to(1) == StepStatus::non_finite);
  CHECK(run.state()(0) == Approx(0.5).epsilon(1e-9));
  CHECK(run.state()(0) <= 0.5);
  CHECK(run.evaluations() < 3'000);

  CHECK(rollout(nowhere, AdaptiveDormandPrince{}, x, times({0, 1})).status == StepStatus::non_finite);
  for (const double poison : {std::nan(""), std::numeric_limits<double>::infinity()}) {
    x(0) = poison;
    const auto nothing = rollout(wall, AdaptiveDormandPrince{}, x, times({0, 1}));
    CHECK(nothing.status == StepStatus::non_finite);
    CHECK(nothing.completed == 0);
    CHECK(nothing.evaluations == 0);
  }
  // Finite here and nowhere around, where only a step that rounding swallows can be taken.
  x(0) = 0.5;
  const auto edge = rollout(wall, AdaptiveDormandPrince{{.max_steps = 1000}}, x, times({0, 1}));
  CHECK(edge.status != StepStatus::ok);
  CHECK(edge.evaluations <= 7 * 1000 + 5);
}

TEST_CASE("too many steps end the integration", "[integrate][adaptive_runge_kutta]") {
  const Vector<double, 1> one(1.0);
  const auto result = rollout(Stiff{}, AdaptiveDormandPrince{{.max_steps = 500}}, one, times({0, 1e-10, 1}));
  CHECK(result.status == StepStatus::too_many_steps);
  CHECK(result.completed == 2);
  CHECK(result.accepted + result.rejected <= 2 * 500);
  CHECK(std::isnan(result.states(0, 2)));
}

TEST_CASE("a field at rest stays there, in few steps", "[integrate][adaptive_runge_kutta]") {
  const Vector<double, 2> x(3, -4);
  const auto result = rollout(Rest{}, AdaptiveDormandPrince{}, x, times({0, 1e6}));
  CHECK(result.status == StepStatus::ok);
  CHECK(result.states.col(1) == x);
  CHECK(result.accepted < 20);
}

TEST_CASE("float is integrated to its own digits", "[integrate][adaptive_runge_kutta]") {
  const auto start = Kepler<float>::exact(0, 0.3);
  for (const double tolerance : {1e-5, 1e-12}) {  // the second is out of its reach
    const auto result =
        rollout(Kepler<float>{}, AdaptiveDormandPrince{{tolerance, tolerance}}, start, times({0, 2, 4}));
    CHECK(result.status == StepStatus::ok);
    CHECK((result.states.col(2).cast<double>() - Kepler<double>::exact(4, 0.3)).norm() < 1e-3);
    CHECK(result.evaluations < 10'000);
  }
}

TEST_CASE("a run allocates nothing", "[integrate][adaptive_runge_kutta]") {
  const Kepler<double> field;
  const auto start = field.exact(0, 0.6);
  const AllocationCounter counter;
  auto run = AdaptiveDormandPrince{}.start(field, start);
  const StepStatus status = run.advance_to(20);
  CHECK(counter.count() == 0);
  CHECK(status == StepStatus::ok);
}

TEST_CASE("options and times are checked before anything is integrated",
          "[integrate][adaptive_runge_kutta]") {
  const Vector<double, 1> one(1.0);
  const auto refused = [&](const AdaptiveOptions& options, const Vector<double>& t) {
    return error_text([&] { rollout(BlowUp{}, AdaptiveDormandPrince{options}, one, t); });
  };
  CHECK(one_line_with(refused({.absolute = -1}, times({0, 0.1})), "absolute >= 0, got -1"));
  CHECK(one_line_with(refused({}, times({0, 1, 0.5})), "times[1] = 1 before 0.5"));
  CHECK(rollout(BlowUp{}, AdaptiveDormandPrince{}, one, times({7})).completed == 1);

  const BlowUp field;
  auto run = AdaptiveDormandPrince{}.start(field, one);
  CHECK(
      one_line_with(error_text([&] { (void)run.advance_to(std::nan("")); }), "finite time to integrate to"));
  CHECK(one_line_with(error_text([&] { AdaptiveDormandPrince{}.start(field, one, std::nan("")); }),
                      "finite time to start at"));
}

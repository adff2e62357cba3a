#include "metriplex/compat/odeint.hpp"

// Boost's file calls its Eigen by the name that has everything.
#include <Eigen/LU>
#include <algorithm>
#include <array>
#include <boost/numeric/odeint.hpp>
#include <boost/numeric/odeint/external/eigen/eigen.hpp>
#include <cmath>
#include <cstdint>
#include <functional>
#include <vector>

#include "metriplex/integrate/adaptive_runge_kutta.hpp"
#include "metriplex/integrate/gauss_legendre.hpp"
#include "metriplex/integrate/rollout.hpp"
#include "metriplex/integrate/runge_kutta.hpp"
#include "metriplex/integrate/splitting.hpp"
#include "metriplex/structure/hamiltonian.hpp"
#include "support/catch.hpp"
#include "support/error_text.hpp"
#include "support/integrator_suite.hpp"
#include "support/random_model.hpp"

using namespace metriplex;
namespace odeint = boost::numeric::odeint;

namespace {

using KeplerState = Kepler<double>::State;
using Learned = BoundModel<Hamiltonian<2>, Mlp<Tanh, 2, 64, 64, 64, 1>, double>;

/// Counts the evaluations of a field.
template <class F>
struct Counted {
  using State = typename F::State;
  const F* field;
  Index* count;
  static constexpr int dim() { return F::State::RowsAtCompileTime; }
  void operator()(const State& x, State& dx) const {
    ++*count;
    (*field)(x, dx);
  }
};

struct Outcome {
  Index evaluations;
  double error;  ///< the largest of all times
};

/// Integrates with Boost's controlled Dormand-Prince, and with ours: the same tolerance, times and first step.
template <class F, class Exact>
std::array<Outcome, 2> dormand_prince_both(const F& f, const Vector<double>& times, double tolerance,
                                           Exact&& exact) {
  using State = typename F::State;
  Index count = 0;
  const Counted<F> counted{&f, &count};
  const std::vector<double> at(times.begin(), times.end());
  double error = 0;
  State x = exact(0);
  odeint::integrate_times(odeint::make_controlled(tolerance, tolerance, odeint::runge_kutta_dopri5<State>()),
                          odeint_system(counted), x, at.begin(), at.end(), 0.01,
                          [&, k = Index(0)](const State& y, double) mutable {
                            error = std::max(error, (y - exact(k++)).norm());
                          });
  const Outcome theirs{count, error};

  count = 0;
  const auto result = rollout(
      counted, AdaptiveDormandPrince{{.absolute = tolerance, .relative = tolerance, .initial_step = 0.01}},
      State(exact(0)), times);
  REQUIRE(result.status == StepStatus::ok);
  error = 0;
  for (Index k = 0; k < times.size(); ++k) error = std::max(error, (result.states.col(k) - exact(k)).norm());
  return {Outcome{count, error}, theirs};
}

}  // namespace

TEST_CASE("our fields are systems for Boost's steppers, whatever their algebra", "[compat][odeint]") {
  const Kepler<double> kepler;
  const auto system = odeint_system(kepler);
  const auto start = kepler.exact(0, 0.3);
  KeplerState expected = start, by_range = start, by_operators = start;
  for (int i = 0; i < 50; ++i) REQUIRE(Rk4{}.step(kepler, expected, 0.02) == StepStatus::ok);
  odeint::integrate_n_steps(
      odeint::runge_kutta4<KeplerState, double, KeplerState, double, odeint::range_algebra>(), system,
      by_range, 0.0, 0.02, 50);
  odeint::integrate_n_steps(odeint::runge_kutta4<KeplerState>(), std::cref(system), by_operators, 0.0, 0.02,
                            50);
  CHECK((by_range - expected).norm() < 1e-13);
  CHECK((by_operators - expected).norm() < 1e-13);

  KeplerState dense = start;
  odeint::integrate_const(odeint::make_dense_output(1e-10, 1e-10, odeint::runge_kutta_dopri5<KeplerState>()),
                          system, dense, 0.0, 2.0, 0.1);
  CHECK((dense - kepler.exact(2, 0.3)).norm() < 1e-7);
}

TEST_CASE("our integrators are steppers for Boost's functions", "[compat][odeint]") {
  const Kepler<double> kepler;
  const auto start = kepler.exact(0, 0.3);
  const auto check = [&](const auto& integrator) {
    using Integrator = std::remove_cvref_t<decltype(integrator)>;
    const auto stepper = odeint_stepper(kepler, integrator);
    STATIC_REQUIRE(
        std::is_same_v<typename decltype(odeint_stepper(kepler, integrator))::state_type, KeplerState>);
    CHECK(stepper.order() == Integrator::order);

    const auto expected = rollout(kepler, integrator, start, Vector<double>::LinSpaced(33, 0, 2));
    KeplerState x = start;
    double worst = 0, last = 0;
    Index k = 0;
    odeint::integrate_const(stepper, odeint_system(kepler), x, 0.0, 2.0, 0.0625,
                            [&](const KeplerState& y, double t) {
                              worst = std::max(worst, (y - expected.states.col(k++)).norm());
                              last = t;
                            });
    CHECK(k == 33);
    CHECK(last == 2);
    CHECK(worst < 1e-12);
    CHECK(x == expected.states.col(32));

    x = start;
    const auto system = odeint_system(kepler);
    odeint::integrate_n_steps(stepper, std::cref(system), x, 0.0, 0.0625, 32);
    CHECK(x == expected.states.col(32));
  };
  check(Rk4{});
  check(StormerVerlet{});     // asks the field for its halves
  check(ImplicitMidpoint{});  // and for its Jacobian

  const Kepler<float> single;
  auto x = single.exact(0, 0.3);
  odeint::integrate_const(odeint_stepper<CooperVerner8>(single), odeint_system(single), x, 0.0, 2.0, 0.0625);
  CHECK((x.cast<double>() - kepler.exact(2, 0.3)).norm() < 1e-5);
}

TEST_CASE("a step that fails throws what the status says, and leaves the state", "[compat][odeint]") {
  const Kepler<double> kepler;
  const KeplerState before = KeplerState::Zero();  // the force is infinite here
  KeplerState x = before;
  const std::string text = error_text([&] {
    odeint::integrate_n_steps(odeint_stepper<Rk4>(kepler), odeint_system(kepler), x, 1.5, 0.25, 10);
  });
  CHECK(one_line_with(text, std::string(describe(StepStatus::non_finite))));
  CHECK(one_line_with(text, "t = 1.5, dt = 0.25"));
  CHECK(x == before);
}

TEST_CASE("our Dormand-Prince needs no more evaluations than Boost's, and is as close", "[compat][odeint]") {
  const Kepler<double> kepler;
  for (const double tolerance : {1e-6, 1e-8, 1e-10})
    for (const Index count : {2, 11, 101, 1001}) {
      const auto times = Vector<double>::LinSpaced(count, 0, 20);
      const auto [ours, theirs] =
          dormand_prince_both(kepler, times, tolerance, [&](Index k) { return kepler.exact(times(k), 0.6); });
      INFO(count << " times, tolerance " << tolerance << ": evaluations " << ours.evaluations << " and "
                 << theirs.evaluations << ", errors " << ours.error << " and " << theirs.error);
      CHECK(ours.evaluations <= theirs.evaluations);
      // Three revolutions of this ellipse make up to some thousand times more of an error than it was.
      CHECK(ours.error < 2000 * tolerance);
      CHECK(ours.error < 3 * theirs.error);
    }
}

// One step more or less decides on a single short run, so the sums over several fields are compared.
TEST_CASE("so it is on learned fields", "[compat][odeint]") {
  for (const double tolerance : {1e-6, 1e-8, 1e-10}) {
    Index ours = 0, theirs = 0;
    double ratio = 0;
    for (const std::uint64_t seed : {1, 2, 3, 4, 5, 6}) {
      const auto learned = test::random_bound<Learned>(seed);
      for (const Index count : {2, 11, 101}) {
        const auto times = Vector<double>::LinSpaced(count, 0, 50);
        const auto reference = rollout(learned, AdaptiveDormandPrince{{.absolute = 1e-13, .relative = 1e-13}},
                                       Vector<double, 2>(1, 0.5), times);
        REQUIRE(reference.status == StepStatus::ok);
        const auto both = dormand_prince_both(learned, times, tolerance,
                                              [&](Index k) { return reference.states.col(k).eval(); });
        ours += both[0].evaluations;
        theirs += both[1].evaluations;
        ratio += std::log(both[0].error / both[1].error) / 18;
        CHECK(both[0].error < 1000 * tolerance);
      }
    }
    INFO("tolerance " << tolerance << ": evaluations " << ours << " and " << theirs << ", errors in the mean "
                      << std::exp(ratio) << " of theirs");
    CHECK(ours <= theirs);
    CHECK(ratio < 0.1);
  }
}

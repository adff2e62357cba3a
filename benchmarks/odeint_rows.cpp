#include "odeint_rows.hpp"

// Boost's file calls its Eigen by the name that has everything.
#include <boost/numeric/odeint.hpp>
#include <boost/numeric/odeint/external/eigen/eigen.hpp>
#include <cmath>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "kernels.hpp"
#include "metriplex/compat/odeint.hpp"
#include "metriplex/integrate/adaptive_runge_kutta.hpp"
#include "use_rows.hpp"

namespace metriplex::bench {
namespace {

namespace odeint = boost::numeric::odeint;

struct Kepler {
  using State = Vector<double, 4>;
  static constexpr int dim() { return 4; }
  void operator()(const State& x, State& dx) const {
    const double square = x[0] * x[0] + x[1] * x[1], pull = -1 / (square * std::sqrt(square));
    dx[0] = x[2];
    dx[1] = x[3];
    dx[2] = pull * x[0];
    dx[3] = pull * x[1];
  }
};

/// What is simulated: both sides the same field, built when it is first needed.
template <class Field>
struct Problem {
  std::string name;
  std::function<Field()> make;
  typename Field::State start;
  double end;
  std::shared_ptr<std::unique_ptr<Field>> made = std::make_shared<std::unique_ptr<Field>>();

  const Field& field() const {
    if (!*made) *made = std::make_unique<Field>(make());
    return **made;
  }
};

// Both keep the states at all times: we as `rollout` gives them, Boost in an observer.
template <class State>
auto keep_in(std::vector<State>& states) {
  states.clear();
  return [&states](const State& x, double) { states.push_back(x); };
}

template <class Field>
void add_pair(Plan& plan, const std::string& name, const Problem<Field>& problem, auto&& ours,
              auto&& theirs) {
  const auto prepared = [problem](auto run) {
    return [=]() -> std::function<void()> {
      return [=, &field = problem.field()] { run(field, problem.start); };
    };
  };
  plan.rows.push_back({.name = name, .prepare = prepared(ours)});
  plan.rows.push_back({.name = "odeint/" + name, .prepare = prepared(theirs)});
  plan.comparisons.push_back({name, "Boost.odeint", "odeint/" + name});
}

template <class Field>
void add_problem(Plan& plan, const Problem<Field>& problem) {
  using State = typename Field::State;
  const auto states = std::make_shared<std::vector<State>>();
  const double end = problem.end;
  for (const auto& [text, tolerance] : {std::pair("1e-6", 1e-6), std::pair("1e-10", 1e-10)}) {
    const Vector<double> times = Vector<double>::LinSpaced(11, 0, end);
    const AdaptiveDormandPrince adaptive{
        {.absolute = tolerance, .relative = tolerance, .initial_step = 0.01}};
    add_pair(
        plan, "integrate/dormand_prince/" + problem.name + "/" + text, problem,
        [=](const Field& f, const State& x0) { rollout(f, adaptive, x0, times); },
        [=, tolerance = tolerance](const Field& f, State x) {
          const auto stepper =
              odeint::make_controlled(tolerance, tolerance, odeint::runge_kutta_dopri5<State>());
          odeint::integrate_times(stepper, odeint_system(f), x, times.begin(), times.end(), 0.01,
                                  keep_in(*states));
        });
  }
  constexpr int steps = 1000;
  const Vector<double> times = Vector<double>::LinSpaced(steps + 1, 0, end);
  add_pair(
      plan, "integrate/rk4/" + problem.name + "/1000", problem,
      [=](const Field& f, const State& x0) { rollout(f, Rk4{}, x0, times); },
      [=](const Field& f, State x) {
        odeint::integrate_n_steps(odeint::runge_kutta4<State>(), odeint_system(f), x, 0.0, end / steps, steps,
                                  keep_in(*states));
      });
}

}  // namespace

void add_odeint_rows(Plan& plan) {
  add_problem(plan, Problem<Kepler>{"kepler", [] { return Kepler{}; }, {0.4, 0, 0, 2}, 20});
  add_problem(
      plan, Problem<Bound<Network<64>, double>>{"w64",
                                                [] {
                                                  const auto training = trained<UseFamily<64>>();
                                                  return training->model.bind(training->model.mean_latent());
                                                },
                                                {1, 0.5},
                                                20});
}

}  // namespace metriplex::bench

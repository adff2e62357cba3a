#include "metriplex/data/sample_family.hpp"

#include "metriplex/systems/cart_pole.hpp"
#include "metriplex/systems/duffing.hpp"
#include "metriplex/systems/glycolytic.hpp"
#include "metriplex/systems/pendulum.hpp"
#include "support/catch.hpp"
#include "support/error_text.hpp"

using namespace metriplex;

TEST_CASE("a family holds trajectories, their exact rates and the parameters", "[data][sample_family]") {
  const auto family = sample_family<Pendulum>({.members = 3, .trajectories = 2, .seed = 4});
  REQUIRE(family.tasks.size() == 3);
  CHECK(family.samples() == 50);
  CHECK(family.times(49) == 10);
  CHECK(family.trajectories == 2);
  for (std::size_t member = 0; member < 3; ++member) {
    const auto& task = family.tasks[member];
    REQUIRE(task.x.cols() == 100);
    const auto field = hamiltonian_field<Pendulum>(task.mu);
    for (Index k = 0; k < 2; ++k) {
      const auto states = family.states(member, k);
      CHECK(Pendulum::accepts(states.col(0), task.mu));
      Vector<double, 2> rate;
      field(states.col(30), rate);
      CHECK(family.derivatives(member, k).col(30) == rate);
      // Half the steps: what remains of the difference is the error of the integrator.
      const auto finer = rollout(field, CooperVerner8{}, states.col(0), family.times, 25);
      CHECK((finer.states - states).cwiseAbs().maxCoeff() < 1e-12);
    }
  }
}

TEST_CASE("a system with fast motions is stepped as finely as it says", "[data][sample_family]") {
  const FamilyOptions options{
      .members = 2, .trajectories = 1, .times = Vector<double>::LinSpaced(20, 0, 0.95)};
  const auto family = sample_family<Glycolytic>(options);
  for (std::size_t member = 0; member < 2; ++member) {
    const auto states = family.states(member, 0);
    const auto finer = rollout(exact_field<Glycolytic>(family.tasks[member].mu), CooperVerner8{},
                               states.col(0), family.times, 200);
    CHECK((finer.states - states).cwiseAbs().maxCoeff() < 1e-11);
  }
}

TEST_CASE("inputs are drawn at every sample and held until the next", "[data][sample_family]") {
  const auto family = sample_family<CartPole>(
      {.members = 1, .trajectories = 1, .times = Vector<double>::LinSpaced(9, 0, 1.6)});
  const auto states = family.states(0, 0);
  const auto field = exact_field<CartPole>(family.tasks[0].mu);
  for (Index k = 0; k < 8; ++k) {
    CHECK(states(4, k) != states(4, k + 1));
    CHECK(std::abs(states(4, k)) <= 2);
    const auto held = rollout(field, CooperVerner8{}, states.col(k), Vector<double>{{0, 0.2}}, 40);
    CHECK((held.states.col(1) - states.col(k + 1)).head<4>().norm() < 1e-12);
  }
}

TEST_CASE("a member does not depend on how many are drawn, but on the seed", "[data][sample_family]") {
  const Vector<double> times{{0, 0.5, 1}};
  const auto few = sample_family<Duffing>({.members = 2, .trajectories = 3, .times = times});
  const auto many = sample_family<Duffing>({.members = 5, .trajectories = 3, .times = times});
  const auto other = sample_family<Duffing>({.members = 2, .trajectories = 3, .times = times, .seed = 1});
  CHECK(few.tasks[1].x == many.tasks[1].x);
  CHECK(few.tasks[1].dx == many.tasks[1].dx);
  CHECK(few.tasks[1].mu == many.tasks[1].mu);
  CHECK(few.tasks[1].mu != few.tasks[0].mu);
  CHECK(few.tasks[1].mu != other.tasks[1].mu);
}

TEST_CASE("drawing a family from nonsense is refused", "[data][sample_family]") {
  const auto refused = [](const FamilyOptions& options) {
    return error_text([&] { sample_family<Pendulum>(options); });
  };
  CHECK(one_line_with(refused({.members = 0}), "got 0 and 10"));
  CHECK(one_line_with(refused({.times = Vector<double>{{0, 1, 1}}}), "times[1] = 1 before 1"));
  CHECK(one_line_with(refused({.times = Vector<double>{{1, 0}}}), "increasing times"));
  CHECK(one_line_with(refused({.max_step = 0}), "max_step = 0"));
  CHECK(one_line_with(refused({.members = Index{1} << 61}), "at most 2^32 samples in all"));
  CHECK(one_line_with(refused({.trajectories = Index{1} << 61}), "at most 2^32 samples in all"));
  CHECK(one_line_with(refused({.max_step = 1e-12}), "at most 1e9 steps"));
}

#include "metriplex/data/task_set.hpp"

#include <limits>

#include "support/catch.hpp"
#include "support/error_text.hpp"

using namespace metriplex;

namespace {

constexpr double undefined = std::numeric_limits<double>::quiet_NaN();

/// Three members, two trajectories, four samples; every number tells where it belongs.
TaskSet<2> family() {
  TaskSet<2> set{Vector<double>{{0, 0.5, 1, 1.5}}, 2, {}};
  for (int member = 0; member < 3; ++member) {
    Task<2>& task = set.tasks.emplace_back();
    task.x.resize(2, 8);
    for (int i = 0; i < 16; ++i) task.x.data()[i] = 16 * member + i;
    task.dx = -task.x;
    task.mu = Vector<double>{{7.0 + member}};
  }
  return set;
}

std::string reason(const TaskSet<2>& set) {
  return error_text([&] { require_valid(set, "a test"); });
}

}  // namespace

TEST_CASE("trajectories are views of a member's columns", "[data][task_set]") {
  const TaskSet<2> set = family();
  CHECK(set.samples() == 4);
  CHECK(set.states(2, 1)(0, 0) == 40);
  CHECK(set.states(2, 1).cols() == 4);
  CHECK(set.derivatives(0, 1)(1, 3) == -15);
}

TEST_CASE("a family splits into the first members and the rest", "[data][task_set]") {
  const TaskSet<2> set = family();
  const auto [seen, unseen] = set.split(2);
  CHECK(seen.tasks.size() == 2);
  CHECK(seen.tasks[1].mu[0] == 8);
  REQUIRE(unseen.tasks.size() == 1);
  CHECK(unseen.tasks[0].mu[0] == 9);
  CHECK(unseen.trajectories == 2);
  CHECK(unseen.times == set.times);
  for (const std::size_t count : {0, 3, 4})
    CHECK(one_line_with(error_text([&] { set.split(count); }), "expected a split of 3 members"));
}

TEST_CASE("a family's faults are named with their place", "[data][task_set]") {
  CHECK(reason(family()).empty());
  TaskSet<2> set = family();
  set.tasks.clear();
  CHECK(reason(set) == "expected at least one member, trajectory and sample, got 0, 2 and 4 in a test");
  set = family();
  set.tasks[1].x(1, 7) = undefined;
  CHECK(reason(set) ==
        "expected finite numbers in X, got nan at member 1, trajectory 1, sample 3, component 1 of a test");
  set = family();
  set.tasks[2].dx.conservativeResize(2, 7);
  CHECK(reason(set) == "expected dX of 8 points, got 7 at member 2 of a test");
  set = family();
  set.tasks[2].mu.resize(0);
  CHECK(reason(set) == "expected 1 finite parameters mu, got others at member 2 of a test");
  set = family();
  set.times[2] = 0.5;
  CHECK(reason(set) == "expected finite, increasing times, got t[2] = 0.5 after 0.5 in a test");
  set.times[0] = undefined;
  CHECK(reason(set) == "expected finite, increasing times, got t[0] = nan in a test");
}

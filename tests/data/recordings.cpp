#include "metriplex/data/recordings.hpp"

#include <limits>

#include "support/catch.hpp"
#include "support/error_text.hpp"

using namespace metriplex;

namespace {

TaskSet<2> rectangle() {
  TaskSet<2> set{Vector<double>{{0, 0.5, 2}}, 2, {}};
  for (int member = 0; member < 3; ++member) {
    Task<2>& task = set.tasks.emplace_back();
    task.x = Matrix<double, 2>::Random(2, 6);
    task.dx = Matrix<double, 2>::Random(2, 6);
    task.mu = Vector<double>{{double(member)}};
  }
  return set;
}

}  // namespace

TEST_CASE("a rectangle is a family of motions", "[data][recordings]") {
  const TaskSet<2> set = rectangle();
  const Recordings<2> family(set);
  require_valid(family, "this");
  REQUIRE(family.members.size() == 3);
  CHECK(family.have_rates());
  for (std::size_t m = 0; m < 3; ++m) {
    REQUIRE(family.members[m].motions.size() == 2);
    CHECK(family.members[m].samples() == 6);
    CHECK(family.members[m].mu == set.tasks[m].mu);
    for (Index k = 0; k < 2; ++k) {
      const Motion<2>& motion = family.members[m].motions[static_cast<std::size_t>(k)];
      CHECK(motion.times == set.times);
      CHECK(motion.states == set.states(m, k));
      CHECK(motion.rates == set.derivatives(m, k));
    }
  }
  const auto [seen, unseen] = family.split(2);
  CHECK(seen.members.size() == 2);
  CHECK(unseen.members[0].mu[0] == 2);
}

TEST_CASE("motions of a family may have lengths and times of their own", "[data][recordings]") {
  Recordings<2> family(rectangle());
  Motion<2>& motion = family.members[1].motions[0];
  motion.times = Vector<double>{{7, 9}};
  motion.states.resize(2, 2);
  motion.states.setOnes();
  motion.rates.resize(2, 0);
  require_valid(family, "this", 2);
  CHECK_FALSE(family.have_rates());
}

TEST_CASE("deviations are of complete samples, whatever the offset", "[data][recordings]") {
  Recordings<2> family(rectangle());
  for (auto& member : family.members)
    for (auto& motion : member.motions) motion.states << 1e8 + 1, 1e8 - 1, 5, 0, 0, 7;
  CHECK(state_deviations(family)[1] > 3);
  for (auto& member : family.members)
    for (auto& motion : member.motions) {
      motion.weights.setOnes(2, 3);
      motion.weights(1, 2) = 0;
    }
  CHECK(state_deviations(family)[0] == Approx(1).epsilon(1e-9));
  CHECK(state_deviations(family)[1] == 0);
}

TEST_CASE("a family that cannot be learned from is refused by member and motion", "[data][recordings]") {
  const auto refused = [](auto&& spoil, const char* text) {
    Recordings<2> bad(rectangle());
    spoil(bad);
    CHECK(one_line_with(error_text([&] { require_valid(bad, "training"); }), text));
  };
  refused([](auto& f) { f.members.clear(); }, "training needs at least one member");
  refused([](auto& f) { f.members[1].motions.clear(); }, "got none of member 1");
  refused([](auto& f) { f.members[2].mu.resize(0); }, "parameters mu; got others at member 2");
  refused([](auto& f) { f.members[2].motions[1].times[1] = 3; },
          "training (member 2, motion 1) needs times that increase");
  refused([](auto& f) { f.members[0].motions[1].rates(0, 2) = std::numeric_limits<double>::quiet_NaN(); },
          "(member 0, motion 1) needs finite rates; got a NaN or Inf at sample 2");
  refused([](auto& f) { f.members[0].motions[0].inputs.setZero(1, 2); }, "needs rates and inputs of as many");
}

#include "metriplex/data/data_checks.hpp"

#include <cmath>

#include "metriplex/core/random.hpp"
#include "support/catch.hpp"
#include "support/error_text.hpp"

using namespace metriplex;

namespace {

/// Independent oscillators q'' = -w² q, m = 1, in closed form: positions first, then momenta.
template <int Dim>
TaskSet<Dim> oscillators(double step, Index samples = 50) {
  constexpr int half = Dim / 2;
  TaskSet<Dim> set{Vector<double>::LinSpaced(samples, 0, step * static_cast<double>(samples - 1)), 2, {}};
  for (int member = 0; member < 4; ++member) {
    Task<Dim>& task = set.tasks.emplace_back();
    task.x.resize(Dim, 2 * samples);
    task.dx.resizeLike(task.x);
    for (Index j = 0; j < 2 * samples; ++j)
      for (int i = 0; i < half; ++i) {
        const double w = 1 + 0.1 * member + 0.3 * i,
                     phase = w * set.times[j % samples] + static_cast<double>(j / samples) + i;
        task.x(i, j) = std::cos(phase);
        task.x(half + i, j) = task.dx(i, j) = -w * std::sin(phase);
        task.dx(half + i, j) = -w * w * std::cos(phase);
      }
  }
  return set;
}

template <int Dim>
std::vector<std::string> doubts(const TaskSet<Dim>& set, int entropies = 0) {
  return data_doubts(Recordings(set), entropies, "a test");
}

}  // namespace

TEST_CASE("the trapezoid rule's own error is what exact data disagree by", "[data][data_checks]") {
  const TaskSet<2> set = oscillators<2>(0.5, 200);
  const auto found = rate_agreement(Recordings(set));
  // A sinusoid's integral by the rule is (ωh/2)·cot(ωh/2) of the truth; ω here is 1 to 1.3.
  for (const int i : {0, 1}) {
    CHECK(found.disagreement[i] > 1 / (0.25 / std::tan(0.25)) - 1);
    CHECK(found.disagreement[i] < 1 / (0.325 / std::tan(0.325)) - 1);
    CHECK(found.coarseness[i] > 2 * std::sin(0.25) * 0.98);
    CHECK(found.coarseness[i] < 2 * std::sin(0.325) * 1.02);
  }
  CHECK(doubts(set).empty());
  CHECK(rate_agreement(Recordings(oscillators<2>(0.5, 1))).disagreement.isZero());
}

TEST_CASE("times in another unit are refused, with the factor", "[data][data_checks]") {
  TaskSet<2> set = oscillators<2>(0.1);
  set.times *= 60;
  CHECK(one_line_with(error_text([&] { doubts(set); }), "X that move 0.0167 times as far"));
  set.times /= 3600;
  CHECK(one_line_with(error_text([&] { doubts(set); }), "X that move 60.1 times as far"));
  set = oscillators<2>(0.1);
  for (auto& task : set.tasks) task.dx.setZero();
  CHECK(one_line_with(error_text([&] { doubts(set); }), "are t and dX in the same unit"));
}

TEST_CASE("noise, coarse samples, offsets and rest raise no doubts", "[data][data_checks]") {
  Random random(1);
  for (const double step : {0.05, 0.5, 1.0, 1.5, 2.5}) {
    TaskSet<4> set = oscillators<4>(step);
    CHECK(doubts(set).empty());
    for (auto& task : set.tasks)
      for (Index i = 0; i < task.x.size(); ++i) {
        task.x.data()[i] += 0.05 * random.normal();
        task.dx.data()[i] += 0.2 * random.normal();
      }
    CHECK(doubts(set) == std::vector<std::string>{});
  }
  TaskSet<2> set = oscillators<2>(0.1);
  for (auto& task : set.tasks) task.x.array() += 1e5;
  CHECK(doubts(set).empty());
  for (auto& task : set.tasks) task.x.setConstant(1.1), task.dx.setZero();
  CHECK(doubts(set).empty());
}

TEST_CASE("a component that its rate does not lead to is named", "[data][data_checks]") {
  TaskSet<2> set = oscillators<2>(0.1);
  for (auto& task : set.tasks) task.dx.row(1) *= 2;
  REQUIRE(doubts(set).size() == 1);
  CHECK(one_line_with(doubts(set)[0], "differ, in component 2 by "));
  set = oscillators<2>(0.1);
  for (auto& task : set.tasks)
    for (Index j = 0; j < task.x.cols(); ++j)
      task.x(0, j) = std::fmod(task.x(0, j) + 9.3, 0.4);  // as an angle that jumps
  CHECK(one_line_with(doubts(set).at(0), "an angle that jumps"));
  // An angle that turns evenly, and a momentum that rests: nothing else is there to agree.
  for (auto& task : set.tasks)
    for (Index j = 0; j < task.x.cols(); ++j) {
      task.x.col(j) =
          Vector<double, 2>(std::remainder(3 * set.times[j % set.samples()], 2 * std::acos(-1.0)), 1);
      task.dx.col(j) = Vector<double, 2>(3, 0);
    }
  CHECK(one_line_with(doubts(set).at(0), "an angle that jumps"));
}

TEST_CASE("pairs beside each other are told from positions before momenta", "[data][data_checks]") {
  CHECK(doubts(oscillators<6>(0.1)).empty());
  TaskSet<6> set = oscillators<6>(0.1);
  for (auto& task : set.tasks)
    for (auto* m : {&task.x, &task.dx}) {
      const Matrix<double, 6> old = *m;
      for (int i = 0; i < 3; ++i) m->row(2 * i) = old.row(i), m->row(2 * i + 1) = old.row(3 + i);
    }
  REQUIRE(doubts(set).size() == 1);
  CHECK(one_line_with(doubts(set)[0], "as in (q1, p1, q2, p2)"));
}

TEST_CASE("entropies that fall are doubted, and those that rise are not", "[data][data_checks]") {
  TaskSet<4> set = oscillators<4>(0.1);
  CHECK(one_line_with(doubts(set, 2).at(0), "the sum of the last 2 components falls"));
  for (auto& task : set.tasks)
    for (Index j = 0; j < task.x.cols(); ++j) {
      const double t = set.times[j % set.samples()];
      task.x.col(j).tail(2) =
          Vector<double, 2>(std::exp(-t), t - 0.5 * std::exp(-t));  // one falls, the sum rises
      task.dx.col(j).tail(2) = Vector<double, 2>(-std::exp(-t), 1 + 0.5 * std::exp(-t));
    }
  CHECK(doubts(set, 2).empty());
}

TEST_CASE("numbers whose squares a scalar does not hold are refused by component", "[data][data_checks]") {
  const auto refusal = [](double scale, auto scalar) {
    TaskSet<2> set = oscillators<2>(0.1);
    for (auto& task : set.tasks) task.dx.row(1) *= scale;
    return error_text([&] { require_range<decltype(scalar)>(Recordings(set), "a test"); });
  };
  for (const double fine : {1e-12, 0.0, 1.0, 1e12}) CHECK(refusal(fine, 1.0f).empty());
  for (const double fine : {1e-140, 0.0, 1.0, 1e140}) CHECK(refusal(fine, 1.0).empty());
  CHECK(one_line_with(
      refusal(1e20, 1.0f),
      "whose squares a float holds, got at most 1.69e+20 in component 2 (take other units, or double)"));
  CHECK(one_line_with(refusal(1e-20, 1.0f), "in dX, whose squares a float holds"));
  CHECK(one_line_with(refusal(1e160, 1.0),
                      "whose squares a double holds, got at most 1.69e+160 in component 2"));
  CHECK(one_line_with(refusal(1e-160, 1.0), "(take other units) of a test"));
}

TEST_CASE("an offset beside which a float does not see the motion is refused", "[data][data_checks]") {
  const auto refusal = [](double offset, auto scalar) {
    TaskSet<2> set = oscillators<2>(0.1);
    for (auto& task : set.tasks) task.x.row(0).array() += offset;
    return error_text([&] { require_range<decltype(scalar)>(Recordings(set), "a test"); });
  };
  CHECK(refusal(1e3, 1.0f).empty());
  CHECK(refusal(1e6, 1.0).empty());
  CHECK(one_line_with(refusal(1e6, 1.0f), "component 1 that moves by"));
  CHECK(one_line_with(refusal(1e6, 1.0f), "(subtract an offset, or take double) in a test"));
  TaskSet<2> set = oscillators<2>(0.1);
  for (auto& task : set.tasks) task.x.row(1).setConstant(1e6);
  CHECK(error_text([&] { require_range<float>(Recordings(set), "a test"); }).empty());
}

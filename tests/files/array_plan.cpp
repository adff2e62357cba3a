#include "metriplex/files/array_plan.hpp"

#include <string>
#include <vector>

#include "support/catch.hpp"
#include "support/error_text.hpp"

using namespace metriplex;
using Names = std::vector<std::string>;

namespace {

const ArrayInfos usual{{"t", {4}, "float64"},
                       {"X", {3, 2, 4, 2}, "float64"},
                       {"dX", {3, 2, 4, 2}, "float64"},
                       {"notes", {}, "text", "expected numbers, got text"}};

ArrayInfos table(const Names& columns) {
  ArrayInfos infos;
  for (const std::string& name : columns)
    infos.push_back({name, {}, name == "who" ? "text" : "number", "", true});
  return infos;
}

std::string refusal(const ArrayInfos& arrays, const ArrayNames& names) {
  return error_text([&] { plan_arrays(arrays, names, "w"); });
}

}  // namespace

TEST_CASE("the usual names need not be said", "[files][array_plan]") {
  const ArrayPlan plan = plan_arrays(usual, {}, "w");
  CHECK(plan.wanted() == Names{"t", "X", "dX"});
  CHECK_FALSE(plan.array_a_motion);
  CHECK(state_dimension(usual, plan, "w") == 2);
  CHECK(plan_arrays(usual, {.rates = ""}, "w").rates.empty());
}

TEST_CASE("other names are said, several side by side", "[files][array_plan]") {
  const ArrayInfos arrays{{"time", {4}, ""}, {"q", {3, 4}, ""}, {"p", {3, 4}, ""}, {"force", {3, 4}, ""}};
  const ArrayPlan plan = plan_arrays(arrays, {.time = "time", .states = "q, p", .inputs = "force"}, "w");
  CHECK(plan.states == Names{"q", "p"});
  CHECK(plan.inputs == Names{"force"});
  CHECK(state_dimension(arrays, plan, "w") == 2);
}

TEST_CASE("an array a motion is found by its number", "[files][array_plan]") {
  const ArrayInfos arrays{{"t_2", {4}, ""},     {"X_10", {4, 2}, ""}, {"X_2", {5, 2}, ""},
                          {"X_2b", {5, 2}, ""}, {"t_10", {5}, ""},    {"X_", {5, 2}, ""}};
  const ArrayPlan plan = plan_arrays(arrays, {}, "w");
  CHECK(plan.array_a_motion);
  CHECK(plan.states == Names{"X_2", "X_10"});
  CHECK(plan.time == Names{"t_2", "t_10"});
  CHECK(state_dimension(arrays, plan, "w") == 2);
}

TEST_CASE("columns of a table are states, but for those that are something else", "[files][array_plan]") {
  const ArrayInfos arrays = table({"member", "time", "q", "p", "dp", "dq", "mu", "who"});
  const ArrayPlan plan = plan_arrays(arrays, {}, "w");
  CHECK(plan.time == Names{"time"});
  CHECK(plan.states == Names{"q", "p"});
  CHECK(plan.rates == Names{"dq", "dp"});
  CHECK(plan.parameters == Names{"mu"});
  CHECK(plan.member == Names{"member"});
  CHECK(state_dimension(arrays, plan, "w") == 2);
  CHECK(plan_arrays(arrays, {.states = "q", .rates = ""}, "w").wanted() ==
        Names{"time", "q", "mu", "member"});
  CHECK(plan_arrays(arrays, {.member = "who"}, "w").member == Names{"who"});
  CHECK(plan_arrays(table({"t", "q", "p", "dq"}), {}, "w").states == Names{"q", "p"});
}

TEST_CASE("names that do not fit are answered with those that there are", "[files][array_plan]") {
  const ArrayInfos others{{"time", {4}, ""}, {"x", {3, 2, 4, 2}, ""}};
  CHECK(refusal(others, {}) ==
        "expected arrays 't' and 'X' (name others: --time NAME --states NAME ...), got 'time' [4], 'x' [3, "
        "2, 4, 2] in w");
  CHECK(refusal(others, {.time = "time"}) ==
        "expected array 'X' (name others: --time NAME --states NAME ...), got 'time' [4], 'x' [3, 2, 4, 2] "
        "in w");
  CHECK(one_line_with(refusal(others, {.time = "time", .states = "x", .rates = "v"}), "expected array 'v'"));
  CHECK(refusal(usual, {.inputs = "notes"}) == "expected numbers, got text");
  CHECK(one_line_with(refusal(table({"t", "member"}), {}), "expected columns of states beside the time"));
  CHECK(one_line_with(refusal({}, {}), "got none in w"));
}

TEST_CASE("states whose last axes are swapped are seen before they are read", "[files][array_plan]") {
  ArrayInfos turned = usual;
  turned[1].shape = {3, 2, 2, 4};
  const ArrayPlan plan = plan_arrays(turned, {}, "w");
  CHECK(error_text([&] { state_dimension(turned, plan, "w"); }) ==
        "expected states 'X' of shape [..., 4 samples, dim], got [3, 2, 2, 4] (components come last: swap "
        "the last two axes, "
        "numpy.swapaxes(X, -1, -2)) in w");
}

#include "metriplex/files/recorded_arrays.hpp"

#include <string>

#include "support/catch.hpp"
#include "support/error_text.hpp"

using namespace metriplex;
using detail::RecordedArrays;

namespace {

Tensor zeros(const std::vector<Index>& shape) {
  return {shape, std::vector<double>(*byte_count(shape, Dtype::float64) / 8), Dtype::float64};
}

RecordedArrays build(const Tensors& arrays, const ArrayNames& names = {}) {
  ArrayInfos infos;
  for (const auto& [name, array] : arrays) infos.push_back({name, array.shape, "float64"});
  const std::string where = "w";
  const ArrayPlan plan = plan_arrays(infos, names, where);
  return detail::RecordedArraysBuilder(arrays, plan, false, where).build();
}

std::string refusal(const Tensors& arrays) {
  return error_text([&] { build(arrays); });
}

Tensors family() {
  return {{"t", zeros({4})}, {"X", zeros({3, 2, 4, 2})}};
}

std::string with(const std::string& name, const std::vector<Index>& shape) {
  Tensors arrays = family();
  arrays[name] = zeros(shape);
  return refusal(arrays);
}

}  // namespace

TEST_CASE("arrays are put side by side", "[files][recorded_arrays]") {
  const Tensors arrays{
      {"q", {{2}, {1, 2}, Dtype::float64}}, {"p", {{2}, {3, 4}, Dtype::float64}}, {"r", zeros({3})}};
  const Tensor both = detail::side_by_side(arrays, {"q", "p"}, "w");
  CHECK(both.shape == std::vector<Index>{2, 2});
  CHECK(both.values == std::vector<double>{1, 3, 2, 4});
  CHECK(error_text([&] {
          detail::side_by_side(arrays, {"q", "r"}, "w");
        }) == "expected 'r' of the shape of 'q', [2], got [3] in w");
}

TEST_CASE("times are of all, of members or of motions", "[files][recorded_arrays]") {
  CHECK(build(family()).places[3].first_time == 0);
  Tensors arrays = family();
  arrays["t"] = zeros({3, 4});
  CHECK(build(arrays).places[3].first_time == 4);
  arrays["t"] = zeros({3, 2, 4});
  CHECK(build(arrays).places[3].first_time == 12);
  arrays["t"] = zeros({4, 1});  // a column of MATLAB's
  CHECK(build(arrays).places[3].first_time == 0);
  CHECK(with("t", {5}) ==
        "expected times 't' of shape [samples], [members, samples] or [members, motions, samples] for states "
        "[3, 2, 4, 2], got [5] "
        "in w");
  CHECK(one_line_with(with("t", {2, 4}), "got [2, 4] in w"));
  CHECK(one_line_with(with("t", {2}), "swap the last two axes of the states, numpy.swapaxes(X, -1, -2)"));
}

TEST_CASE("what is beside the states has their shape", "[files][recorded_arrays]") {
  CHECK(with("dX", {3, 2, 4, 2}).empty());
  CHECK(with("dX", {3, 2, 4, 1}) == "expected 'dX' of shape [3, 2, 4, 2], got [3, 2, 4, 1] in w");
  CHECK(with("u", {3, 2, 4, 5}).empty());
  CHECK(with("u", {3, 2, 4}).empty());
  CHECK(one_line_with(with("u", {3, 4}), "expected 'u' of shape [3, 2, 4, 1], got [3, 4] in w"));
  CHECK(one_line_with(with("weights", {4}), "expected 'weights' of shape"));
  CHECK(one_line_with(
      with("X", {4}),
      "expected states 'X' of shape [members, motions, samples, dim], [motions, samples, dim] or"));
  CHECK(one_line_with(with("X", {3, 0, 4, 2}),
                      "expected at least one member, motion, sample and component, got states [3, 0, 4, 2]"));
}

TEST_CASE("parameters are of members", "[files][recorded_arrays]") {
  for (const std::vector<Index>& shape : {std::vector<Index>{3, 2}, {3}, {1, 3}})
    CHECK(with("mu", shape).empty());
  CHECK(
      with("mu", {2, 1}) ==
      "expected parameters 'mu' of shape [3 members, k], got [2, 1] (--parameters '' leaves them out) in w");
  Tensors joined{{"t", zeros({4})},
                 {"X", zeros({4, 2})},
                 {"member", {{4}, {0, 1, 0, 1}, Dtype::float64}},
                 {"mu", {{4}, {5, 6, 5, 6}, Dtype::float64}}};
  CHECK(build(joined).parameters.values == std::vector<double>{5, 6});
  joined["mu"].values[0] = 7;
  CHECK(one_line_with(refusal(joined),
                      "expected 'mu' to be the same in all samples of a member, got 7 and 5 in w"));
}

TEST_CASE("motions in arrays of their own have times of their own, or one for all",
          "[files][recorded_arrays]") {
  Tensors arrays{{"t_0", zeros({4})}, {"t_1", zeros({5})}, {"X_0", zeros({4, 2})}, {"X_1", zeros({5, 2})}};
  CHECK(build(arrays).places[1].samples == 5);
  CHECK(build(arrays).members == 2);
  arrays["member"] = zeros({2});
  CHECK(build(arrays).members == 1);
  arrays["member"] = zeros({3});
  CHECK(one_line_with(refusal(arrays), "expected 'member' with a number for each motion, 2, got [3] in w"));
  arrays.erase("member");
  arrays["X_1"] = zeros({4, 2});
  CHECK(one_line_with(refusal(arrays),
                      "expected times 't_1' of shape [samples] for states [4, 2], got [5] in w"));
  arrays["X_1"] = zeros({5, 3});
  CHECK(one_line_with(refusal(arrays),
                      "expected states of 2 components in all motions, got [5, 3] in 'X_1' of w"));
}

#include "metriplex/files/read_recordings.hpp"

#include <limits>
#include <string>

#include "metriplex/core/file.hpp"
#include "metriplex/data/npz.hpp"
#include "support/catch.hpp"
#include "support/error_text.hpp"
#include "support/temporary_directory.hpp"

using namespace metriplex;

namespace {

constexpr double missing = std::numeric_limits<double>::quiet_NaN();

struct Saved {
  TemporaryDirectory directory;
  std::filesystem::path path = directory / "family.npz";

  explicit Saved(const Tensors& arrays) { write_npz(path, arrays); }
  std::string refusal() const {
    return error_text([&] { read_recordings<2>(path); });
  }
};

/// Two members, one motion each, four samples.
Tensors family() {
  Tensor x{{2, 1, 4, 2}, {}, Dtype::float64};
  for (int k = 0; k < 16; ++k) x.values.push_back(k);
  Tensor u{{2, 1, 4}, {}, Dtype::float64};
  for (int k = 0; k < 8; ++k) u.values.push_back(-k);
  return {
      {"t", {{4}, {0, 1, 2, 3}, Dtype::float64}}, {"X", x}, {"u", u}, {"mu", {{2}, {5, 6}, Dtype::float64}}};
}

std::string refusal_with(const std::string& name, std::size_t at, double value,
                         Dtype dtype = Dtype::float64) {
  Tensors arrays = family();
  arrays[name].values[at] = value;
  arrays[name].dtype = dtype;
  return Saved(arrays).refusal();
}

}  // namespace

TEST_CASE("states alone, with inputs and parameters, are a family", "[files][read_recordings]") {
  const Saved file(family());
  CHECK(state_dimension(file.path, {}) == 2);
  const Recordings<2> read = read_recordings<2>(file.path);
  REQUIRE(read.members.size() == 2);
  CHECK(read.members[1].mu == Vector<double>{{6}});
  const Motion<2>& motion = read.members[1].motions[0];
  CHECK(motion.times[3] == 3);
  CHECK(motion.states(1, 0) == 9);
  CHECK_FALSE(motion.has_rates());
  CHECK(motion.inputs(0, 2) == -6);
  CHECK(motion.weights.size() == 0);
  CHECK(one_line_with(error_text([&] { read_recordings<3>(file.path); }),
                      "expected states of 3 components, got [2, 1, 4, 2] in"));
}

TEST_CASE("inputs, or the time, become the last components of states", "[files][read_recordings]") {
  Tensors arrays = family();
  Tensor rates = arrays["X"];
  rates.values[2] = missing;
  arrays.insert({"dX", rates});
  const Saved file(arrays);
  CHECK(state_dimension(file.path, {}, Given::inputs) == 3);
  CHECK(state_dimension(file.path, {}, Given::time) == 3);
  const Recordings<3> driven = read_recordings<3>(file.path, {}, Given::inputs);
  const Motion<3>& motion = driven.members[1].motions[0];
  CHECK(motion.states.col(2) == Vector<double, 3>(12, 13, -6));
  CHECK(motion.rates.col(2) == Vector<double, 3>(12, 13, 0));
  CHECK(driven.members[0].motions[0].weight(0, 1) == 0);
  CHECK(driven.members[0].motions[0].weight(2, 1) == 1);
  const Recordings<3> timed = read_recordings<3>(file.path, {}, Given::time);
  CHECK(timed.members[1].motions[0].states.col(2) == Vector<double, 3>(12, 13, 2));
  CHECK(timed.members[1].motions[0].rates.col(2) == Vector<double, 3>(12, 13, 1));

  arrays.erase("u");
  const Saved without(arrays);
  CHECK(one_line_with(error_text([&] { read_recordings<3>(without.path, {}, Given::inputs); }),
                      "expected inputs 'u' (name others: --inputs NAME), got none in"));
  CHECK(one_line_with(error_text([&] { state_dimension(without.path, {}, Given::inputs); }),
                      "expected inputs 'u' (name others: --inputs NAME), got "));
  CHECK(one_line_with(error_text([&] { read_recordings<2>(file.path, {}, Given::time); }),
                      "expected states of 1 components, got"));
}

TEST_CASE("what is NaN is cut off at the ends and masked between them", "[files][read_recordings]") {
  Tensors arrays = family();
  std::vector<double>& x = arrays["X"].values;
  x[0] = x[1] = x[6] = x[7] = x[10] =
      missing;  // the first and last sample of member 0, a component of member 1
  const Recordings<2> read = read_recordings<2>(Saved(arrays).path);
  const Motion<2>&first = read.members[0].motions[0], &second = read.members[1].motions[0];
  CHECK(first.samples() == 2);
  CHECK(first.times[0] == 1);
  CHECK(first.states(0, 0) == 2);
  CHECK(first.inputs(0, 0) == -1);
  CHECK(first.weights.size() == 0);
  CHECK(second.samples() == 4);
  CHECK(second.weight(0, 1) == 0);
  CHECK(second.weight(1, 1) == 1);
  CHECK(second.states(0, 1) == 0);
}

TEST_CASE("rates that are missing take their states with them; weights are kept",
          "[files][read_recordings]") {
  Tensors arrays = family();
  arrays["dX"] = arrays["weights"] = arrays["X"];
  arrays["dX"].values[3] = missing;
  Recordings<2> read = read_recordings<2>(Saved(arrays).path);
  CHECK(read.members[0].motions[0].weight(1, 1) == 0);
  CHECK(read.members[0].motions[0].weight(0, 1) == 2);
  CHECK(read.have_rates());
  for (double& rate : arrays["dX"].values) rate = missing;
  read = read_recordings<2>(Saved(arrays).path);
  CHECK_FALSE(read.members[0].motions[0].has_rates());
}

TEST_CASE("a motion of nothing but NaN is left out", "[files][read_recordings]") {
  Tensors arrays = family();
  arrays["X"].shape = arrays["u"].shape = {1, 2, 4, 2};
  arrays.erase("u");
  arrays.erase("mu");
  for (std::size_t k = 0; k < 8; ++k) arrays["X"].values[k] = missing;
  const Recordings<2> read = read_recordings<2>(Saved(arrays).path);
  REQUIRE(read.members.size() == 1);
  CHECK(read.members[0].motions.size() == 1);
  for (double& value : arrays["X"].values) value = missing;
  CHECK(one_line_with(Saved(arrays).refusal(),
                      "needs at least one motion of each member; got none of member 0"));
}

TEST_CASE("numbers that cannot be are located", "[files][read_recordings]") {
  CHECK(one_line_with(refusal_with("t", 2, 1),
                      "expected finite, increasing times, got 1 after 1 at sample 2 of member 0, motion 0 "
                      "(sort the samples, leave "
                      "repeated ones out; motions after one another need an array 'motion') in"));
  CHECK(one_line_with(refusal_with("t", 2, 1, Dtype::float32),
                      "(float32 holds 7 digits: store times as float64"));
  CHECK(one_line_with(refusal_with("t", 1, missing), "got nan after 0 at sample 1"));
  CHECK(one_line_with(refusal_with("X", 11, HUGE_VAL),
                      "expected finite states, or NaN for what is missing, got inf at sample 1, component 1 "
                      "of member 1, motion 0 in"));
  CHECK(one_line_with(refusal_with("u", 5, missing),
                      "expected finite inputs, got nan at sample 1, component 0 of member 1"));
}

TEST_CASE("columns of a table are a family, whatever the order of its rows", "[files][read_recordings]") {
  const TemporaryDirectory directory;
  write_atomically(
      directory / "a.csv",
      "time,swing,angle,speed,force\n0,b,1,2,3\n0,a,4,5,6\n1,b,,8,9\n2,b,10,11,12\n1,a,13,14,15\n");
  const Recordings<2> read = read_recordings<2>(
      directory / "a.csv", {.states = "angle,speed", .inputs = "force", .motion = "swing"});
  REQUIRE(read.members.size() == 2);
  const Motion<2>&b = read.members[0].motions[0], &a = read.members[1].motions[0];
  CHECK(b.samples() == 3);
  CHECK(b.weight(0, 1) == 0);
  CHECK(b.states(1, 2) == 11);
  CHECK(b.inputs(0, 1) == 9);
  CHECK(a.samples() == 2);
  CHECK(a.states(0, 1) == 13);
  CHECK(a.times[1] == 1);
}

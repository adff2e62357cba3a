#include "metriplex/data/task_file.hpp"

#include <limits>
#include <string>
#include <vector>

#include "support/catch.hpp"
#include "support/error_text.hpp"
#include "support/temporary_directory.hpp"

using namespace metriplex;

namespace {

constexpr double undefined = std::numeric_limits<double>::quiet_NaN();
constexpr double inf = std::numeric_limits<double>::infinity();

/// Three members, two trajectories, four samples, dim 2; every number tells where it belongs.
Tensors family() {
  Tensor x{{3, 2, 4, 2}, {}, Dtype::float64};
  for (int i = 0; i < 48; ++i) x.values.push_back(i);
  Tensor dx = x;
  for (double& value : dx.values) value = -value;
  return {{"t", {{4}, {0, 0.5, 1, 1.5}, Dtype::float64}},
          {"X", x},
          {"dX", dx},
          {"mu", {{3, 1}, {7, 8, 9}, Dtype::float64}}};
}

struct Saved {
  TemporaryDirectory directory;
  std::filesystem::path path = directory / "family.npz";

  explicit Saved(const Tensors& arrays) { write_npz(path, arrays); }
  std::string refusal() const {
    return error_text([&] { load_task_set<2>(path); });
  }
  /// The refusal without the file's name at its end.
  std::string reason() const {
    const std::string text = refusal();
    REQUIRE(text.ends_with(path.string()));
    return text.substr(0, text.size() - path.string().size());
  }
};

/// Refusal of the family with one array replaced, or removed where it has no values and no shape.
std::string reason(const std::string& name, const Tensor& array) {
  Tensors arrays = family();
  arrays[name] = array;
  return Saved(arrays).reason();
}

Tensor with(const std::string& name, std::size_t at, double value) {
  Tensor array = family().at(name);
  array.values[at] = value;
  return array;
}

Tensor zeros(const std::vector<Index>& shape) {
  return {shape, std::vector<double>(*byte_count(shape, Dtype::float64) / 8), Dtype::float64};
}

}  // namespace

TEST_CASE("a family is loaded with states as columns", "[data][task_file]") {
  const Saved file(family());
  CHECK(state_dimension(file.path) == 2);
  const TaskSet<2> set = load_task_set<2>(file.path);
  CHECK(set.samples() == 4);
  CHECK(set.times[3] == 1.5);
  CHECK(set.trajectories == 2);
  REQUIRE(set.tasks.size() == 3);
  CHECK(set.tasks[1].x.cols() == 8);
  CHECK(set.tasks[1].x(0, 0) == 16);
  CHECK(set.tasks[1].x(1, 7) == 31);
  CHECK(set.tasks[2].dx(1, 0) == -33);
  CHECK(set.tasks[2].mu[0] == 9);
  CHECK(set.states(2, 1)(0, 0) == 40);
  CHECK(set.states(2, 1).cols() == 4);
  CHECK(set.derivatives(0, 1)(1, 3) == -15);
}

TEST_CASE("a family survives saving in both types, with and without mu", "[data][task_file]") {
  const Saved file(family());
  TaskSet<2> set = load_task_set<2>(file.path);
  for (const Dtype dtype : {Dtype::float64, Dtype::float32}) {
    save_task_set(file.path, set, dtype);
    const TaskSet<2> again = load_task_set<2>(file.path);
    CHECK(read_npz(file.path).at("X").dtype == dtype);
    CHECK(again.times == set.times);
    CHECK(again.trajectories == set.trajectories);
    REQUIRE(again.tasks.size() == set.tasks.size());
    for (std::size_t member = 0; member < set.tasks.size(); ++member) {
      CHECK(again.tasks[member].x == set.tasks[member].x);
      CHECK(again.tasks[member].dx == set.tasks[member].dx);
      CHECK(again.tasks[member].mu == set.tasks[member].mu);
    }
    for (auto& task : set.tasks) task.mu.resize(0);
  }
  CHECK_FALSE(read_npz(file.path).contains("mu"));
}

TEST_CASE("missing arrays are named, beside those that there are", "[data][task_file]") {
  const auto reason_without = [](const std::string& name, const std::string& instead = "") {
    Tensors arrays = family();
    auto node = arrays.extract(name);
    node.key() = instead;
    if (!instead.empty()) arrays.insert(std::move(node));
    const Saved file(arrays);
    CHECK(error_text([&] { state_dimension(file.path); }) == file.refusal());
    return file.reason();
  };
  CHECK(reason_without("t") == "expected arrays 't', 'X' and 'dX', got 'X', 'dX', 'mu' in ");
  CHECK(reason_without("X", "x") == "expected arrays 't', 'X' and 'dX', got 'dX', 'mu', 't', 'x' in ");
  CHECK(reason_without("dX") ==
        "expected arrays 't', 'X' and 'dX' (numpy.gradient(X, t, axis=2) estimates dX), got 'X', 'mu', 't' "
        "in ");
  CHECK(Saved(Tensors{}).reason() == "expected arrays 't', 'X' and 'dX', got none in ");
}

TEST_CASE("other arrays of a family's file do not matter, and are listed", "[data][task_file]") {
  Tensors arrays = family();
  arrays["u"] = zeros({3, 1});
  const Saved file(arrays);
  CHECK(load_task_set<2>(file.path).tasks.size() == 3);
  CHECK(npz_names(file.path) == std::vector<std::string>{"X", "dX", "mu", "t", "u"});
}

TEST_CASE("shapes that do not fit are named on both sides", "[data][task_file]") {
  CHECK(reason("t", zeros({4, 1})) == "expected t of shape [samples], got [4, 1] in ");
  CHECK(reason("X", zeros({3, 8, 2})) ==
        "expected X of shape [members, trajectories, samples, dim], got [3, 8, 2] in ");
  CHECK(reason("X", zeros({3, 2, 5, 2})) ==
        "expected X of shape [members, trajectories, 4, 2], got [3, 2, 5, 2] in ");
  CHECK(reason("X", zeros({3, 2, 4, 3})) ==
        "expected X of shape [members, trajectories, 4, 2], got [3, 2, 4, 3] in ");
  CHECK(reason("dX", zeros({3, 2, 4, 1})) == "expected dX of shape [3, 2, 4, 2], got [3, 2, 4, 1] in ");
  CHECK(reason("mu", zeros({2, 1})) == "expected mu of shape [3, k], got [2, 1] in ");
  CHECK(reason("mu", zeros({3})) == "expected mu of shape [3, k], got [3] in ");
}

TEST_CASE("numbers that are not finite are located", "[data][task_file]") {
  CHECK(reason("X", with("X", 16 + 8 + 2 * 3 + 1, undefined)) ==
        "expected finite numbers in X, got nan at member 1, trajectory 1, sample 3, component 1 of ");
  CHECK(reason("dX", with("dX", 0, -inf)) ==
        "expected finite numbers in dX, got -inf at member 0, trajectory 0, sample 0, component 0 of ");
  CHECK(reason("mu", with("mu", 2, inf)) == "expected 1 finite parameters mu, got others at member 2 of ");
}

TEST_CASE("times that do not increase are refused", "[data][task_file]") {
  CHECK(reason("t", with("t", 2, 0.5)) == "expected finite, increasing times, got t[2] = 0.5 after 0.5 in ");
  CHECK(reason("t", with("t", 3, 0.25)) == "expected finite, increasing times, got t[3] = 0.25 after 1 in ");
  CHECK(reason("t", with("t", 0, undefined)) == "expected finite, increasing times, got t[0] = nan in ");
}

TEST_CASE("empty families are refused", "[data][task_file]") {
  for (const std::vector<Index>& shape : {std::vector<Index>{0, 2, 4, 2}, {3, 0, 4, 2}, {3, 2, 0, 2}}) {
    Tensors arrays = family();
    arrays["t"] = zeros({shape[2]});
    arrays["X"] = arrays["dX"] = zeros(shape);
    arrays.erase("mu");
    CHECK(one_line_with(Saved(arrays).reason(), "expected at least one member, trajectory and sample, got"));
  }
}

TEST_CASE("huge empty shapes allocate nothing", "[data][task_file]") {
  Tensors arrays = family();
  arrays["X"] = arrays["dX"] = zeros({Index{1} << 55, 0, 4, 2});
  arrays.erase("mu");
  CHECK(one_line_with(Saved(arrays).reason(), "expected at least one member, trajectory and sample, got"));
}

TEST_CASE("a family that cannot be loaded again is not saved", "[data][task_file]") {
  const Saved file(family());
  TaskSet<2> set = load_task_set<2>(file.path);
  set.tasks[1].dx(0, 5) = undefined;
  CHECK(one_line_with(
      error_text([&] { save_task_set(file.path, set); }),
      "expected finite numbers in dX, got nan at member 1, trajectory 1, sample 1, component 0 of"));
  set.tasks[1].dx.resize(2, 7);
  CHECK(one_line_with(error_text([&] { save_task_set(file.path, set); }),
                      "expected dX of 8 points, got 7 at member 1 of"));
  CHECK(load_task_set<2>(file.path).tasks.size() == 3);
}

TEST_CASE("the state dimension of a file without one is refused", "[data][task_file]") {
  Tensors arrays = family();
  arrays["X"] = zeros({3, 2});
  const Saved flat(arrays);
  CHECK(one_line_with(error_text([&] { state_dimension(flat.path); }), "got [3, 2] in"));
  arrays.erase("X");
  const Saved none(arrays);
  CHECK(one_line_with(error_text([&] { state_dimension(none.path); }), "got 'dX', 'mu', 't' in"));
}

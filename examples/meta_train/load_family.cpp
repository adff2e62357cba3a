#include "load_family.hpp"

#include <algorithm>
#include <cstdio>

#include "metriplex/data/data_checks.hpp"
#include "metriplex/data/npz.hpp"
#include "metriplex/data/sample_family.hpp"
#include "metriplex/data/task_file.hpp"
#include "metriplex/systems/benchmark_systems.hpp"
#include "metriplex/systems/exact_field.hpp"
#include "metriplex/train/metrics.hpp"
#include "report.hpp"

namespace metriplex::driver {

namespace {

/// Reads a family's members from a file, and notes what speaks against them.
template <int Dim>
void load_members(Family<Dim>& family, const std::string& path) {
  family.set = load_task_set<Dim>(path);
  require_range<double>(family.set, path);
  family.warnings = data_doubts(family.set, family.entropies, path);
  std::string unused;
  for (const std::string& name : npz_names(path))
    if (name != "t" && name != "X" && name != "dX" && name != "mu")
      unused += (unused.empty() ? "" : ", ") + quote(name);
  if (!unused.empty())
    family.warnings.push_back("nobody reads the arrays " + unused + " (a family is t, X, dX and perhaps mu)");
  char checksum[16];
  std::snprintf(checksum, sizeof checksum, "%08x", crc32(read_file(path)));
  family.checksum = checksum;
}

/// Notes how far measured rates are from the exact field that is to be the measure.
template <int Dim>
void compare_with_exact(Family<Dim>& family) {
  double total = 0, worst = 0;
  for (const Task<Dim>& task : family.set.tasks) {
    const double error = field_error(family.exact(task.mu), task.x, task.dx);
    if (std::isnan(error)) continue;  // of a member at rest
    total += error / static_cast<double>(family.set.tasks.size());
    worst = std::max(worst, error);
  }
  char text[160];
  std::snprintf(text, sizeof text,
                "the data's rates differ from the exact field of %s by %.3g %% in the mean of the members, "
                "%.3g %% at most",
                family.name.c_str(), 100 * total, 100 * worst);
  if (!(worst < 0.01)) family.warnings.push_back(text);
}

/// The family of a known system: its exact field and potentials, its names and its box.
template <System S>
Family<S::dim> family_of() {
  Family<S::dim> family;
  family.entropies = entropies_of<S>;
  family.name = S::name;
  for (int i = 0; i < S::dim; ++i) family.state_names.push_back(state_name<S>(i));
  for (int i = 0; i < S::parameters; ++i) family.parameter_names.push_back(parameter_name<S>(i));
  family.box = S::initial_box;
  family.exact = [](const Vector<double>& mu) {
    return AnyField<S::dim>(exact_field<S>(Vector<double, S::parameters>(mu)));
  };
  return family;
}

/// Names the components of a state: positions, momenta, entropies; those that are no pairs beside entropies are x1, x2, …
std::vector<std::string> state_names(int dim, int entropies) {
  std::vector<std::string> names;
  const int pairs = dim - entropies;
  const auto add = [&](const char* name, int count) {
    for (int i = 1; i <= count; ++i) names.push_back(name + (count == 1 ? "" : std::to_string(i)));
  };
  if (pairs % 2 == 0) {
    add("q", pairs / 2);
    add("p", pairs / 2);
  } else {
    add("x", pairs);
  }
  add("S", entropies);
  return names;
}

/// A family of which there is nothing but measurements.
template <int Dim>
Family<Dim> measured_family(const std::filesystem::path& path, int entropies) {
  Family<Dim> family;
  family.entropies = entropies;
  family.name = as_utf8(path.stem().string());
  load_members(family, path.string());
  family.state_names = state_names(Dim, entropies);
  for (int i = 0; i < Dim; ++i) {
    double low = std::numeric_limits<double>::infinity(), high = -low;
    for (const auto& task : family.set.tasks) {
      low = std::min(low, task.x.row(i).minCoeff());
      high = std::max(high, task.x.row(i).maxCoeff());
    }
    family.box.lo[static_cast<std::size_t>(i)] = low;
    family.box.hi[static_cast<std::size_t>(i)] = high;
  }
  for (Index k = 0; k < family.set.tasks[0].mu.size(); ++k)
    family.parameter_names.push_back("mu" + std::to_string(k + 1));
  return family;
}

}  // namespace

template <int Dim>
Family<Dim> load_family(const Request& request) {
  if (request.system.empty()) return measured_family<Dim>(request.data, request.entropies);
  Family<Dim> family;
  visit_system(request.system, [&]<class S>() {
    if constexpr (S::dim == Dim) {
      family = family_of<S>();
      if (request.data.empty()) {
        family.set = sample_family<S>({.seed = request.seed});
      } else {
        load_members(family, request.data);
        require(family.set.tasks[0].mu.size() == S::parameters, [&] {
          return "expected 'mu' with the " + std::to_string(S::parameters) + " parameters of " +
                 std::string(S::name) + ", got " + std::to_string(family.set.tasks[0].mu.size()) + " in " +
                 request.data + " (leave --system out to train without an exact field)";
        });
        compare_with_exact(family);
      }
    }
  });
  return family;
}

template Family<METRIPLEX_DIM> load_family(const Request& request);

}  // namespace metriplex::driver

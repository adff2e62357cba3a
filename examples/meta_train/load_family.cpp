#include "load_family.hpp"

#include <algorithm>
#include <cstdio>
#include <nlohmann/json.hpp>

#include "metriplex/data/data_checks.hpp"
#include "metriplex/data/npz.hpp"
#include "metriplex/data/sample_family.hpp"
#include "metriplex/data/task_file.hpp"
#include "metriplex/systems/benchmark_systems.hpp"
#include "metriplex/systems/exact_field.hpp"
#include "metriplex/train/metrics.hpp"

namespace metriplex::driver {

namespace {

/// Replaces what is not UTF-8, as the name of a file may be: JSON and model files take nothing else.
std::string as_utf8(const std::string& text) {
  using Json = nlohmann::json;
  return Json::parse(Json(text).dump(-1, ' ', false, Json::error_handler_t::replace)).get<std::string>();
}

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
FamilyOf<S::dim, entropies_of<S>> family_of() {
  FamilyOf<S::dim, entropies_of<S>> family;
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

/// A family of which there is nothing but measurements.
template <int Dim, int Entropies>
FamilyOf<Dim, Entropies> measured_family(const std::filesystem::path& path) {
  constexpr int half = (Dim - Entropies) / 2;
  FamilyOf<Dim, Entropies> family;
  family.entropies = Entropies;
  family.name = as_utf8(path.stem().string());
  load_members(family, path.string());
  for (int i = 0; i < Dim; ++i) {
    const bool entropy = i >= 2 * half;
    const int number = entropy ? i - 2 * half : i % half, count = entropy ? Entropies : half;
    family.state_names.push_back((entropy    ? "S"
                                  : i < half ? "q"
                                             : "p") +
                                 (count == 1 ? "" : std::to_string(number + 1)));
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

AnyFamily load_family(const Request& request) {
  require(!request.system.empty() || !request.data.empty(),
          "expected --system NAME or --data FILE.npz, got neither");
  if (request.system.empty()) {
    const Index dim = state_dimension(request.data);
    std::optional<AnyFamily> family;
    std::string makes;
    [&]<class... M>(MakeList<M...>) {
      ((makes += (makes.empty() ? "" : ", ") + std::to_string(M::dim) +
                 (M::entropies > 0 ? " with --entropies " + std::to_string(M::entropies) : "")),
       ...);
      ((dim == M::dim && request.entropies == M::entropies
            ? void(family = measured_family<M::dim, M::entropies>(request.data))
            : void()),
       ...);
    }(Makes{});
    require(family.has_value(), [&] {
      return "expected states of components " + makes + " (METRIPLEX_STATES), got " + std::to_string(dim) +
             " with --entropies " + std::to_string(request.entropies) + " in " + request.data;
    });
    return *std::move(family);
  }
  std::optional<AnyFamily> result;
  visit_system(request.system, [&]<class S>() {
    if constexpr (!contains<Make<S::dim, entropies_of<S>>>(Makes{})) {
      throw Error("expected a system whose states this program was built for, got " + std::string(S::name) +
                  ": add " + std::to_string(S::dim) +
                  (entropies_of<S> > 0 ? "/" + std::to_string(entropies_of<S>) : "") +
                  " to METRIPLEX_STATES");
    } else {
      auto family = family_of<S>();
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
      result = std::move(family);
    }
  });
  return *std::move(result);
}

}  // namespace metriplex::driver

#include "load_family.hpp"

#include "metriplex/data/sample_family.hpp"
#include "metriplex/data/task_file.hpp"
#include "metriplex/systems/benchmark_systems.hpp"
#include "metriplex/systems/exact_field.hpp"

namespace metriplex::driver {

namespace {

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
  family.name = path.stem().string();
  family.set = load_task_set<Dim>(path);
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
        family.set = load_task_set<S::dim>(request.data);
        require(family.set.tasks[0].mu.size() == S::parameters, [&] {
          return "expected 'mu' with the " + std::to_string(S::parameters) + " parameters of " +
                 std::string(S::name) + ", got " + std::to_string(family.set.tasks[0].mu.size()) + " in " +
                 request.data + " (leave --system out to train without an exact field)";
        });
      }
      result = std::move(family);
    }
  });
  return *std::move(result);
}

}  // namespace metriplex::driver

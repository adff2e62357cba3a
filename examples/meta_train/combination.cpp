#include "combination.hpp"

#include <algorithm>
#include <cmath>

#include "metriplex/core/error.hpp"
#include "metriplex/data/coarseness.hpp"
#include "metriplex/data/noise_level.hpp"
#include "metriplex/data/sample_family.hpp"
#include "metriplex/data/unwrap.hpp"
#include "metriplex/files/read_recordings.hpp"
#include "metriplex/systems/all_systems.hpp"
#include "metriplex/systems/exact_field.hpp"
#include "modulations.hpp"
#include "structures.hpp"

namespace metriplex::driver {

namespace {

/// Coarseness above which rollouts know more than integrals through samples, as measured (docs/results.md).
constexpr double coarse = 0.2;

/// Reads how coarsely the states of a file are sampled, one component after the other: their number is no type here.
double coarseness_of(const Request& request, const std::vector<int>& angles) {
  const detail::RecordedArrays arrays = detail::read_recorded(request.data, request.names);
  const auto dim = static_cast<int>(arrays.shape().back());
  double most = 0;
  for (int i = 0; i < dim; ++i) {
    Recordings<1> component;
    component.members.resize(arrays.members);
    for (const auto& place : arrays.places) {
      detail::RecordedMotion motion(arrays, place, "a motion of member " + std::to_string(place.member));
      motion.trim();
      motion.check(request.data);
      if (motion.samples == 0) continue;
      Motion<1> one{Vector<double>::Map(motion.times, motion.samples), Matrix<double, 1>(1, motion.samples)};
      one.weights.setOnes(1, motion.samples);
      for (Index k = 0; k < motion.samples; ++k) {
        const double state = motion.states[k * dim + i];
        if (std::isnan(state) || (motion.weights != nullptr && motion.weights[k * dim + i] == 0))
          one.weights(0, k) = one.states(0, k) = 0;
        else
          one.states(0, k) = state;
      }
      if (std::find(angles.begin(), angles.end(), i) != angles.end()) unwrap(one, 0);
      component.members[place.member].motions.push_back(std::move(one));
    }
    const bool given = static_cast<int>(request.noise.size()) == dim;
    const Vector<double, 1> noise =
        given ? Vector<double, 1>(request.noise[static_cast<std::size_t>(i)]) : noise_deviation(component);
    most = std::max(most, coarseness(component, noise));
  }
  return most;
}

/// Finds the components that are angles among the names of a state's, or of the columns that it was read from.
std::vector<int> angles_of(const Request& request, const std::vector<std::string>& names, int tail) {
  const std::vector<std::string> columns = detail::split_names(request.names.states);
  const std::size_t learned = names.size() - static_cast<std::size_t>(tail);
  std::vector<int> found;
  std::string all;
  for (std::size_t i = 0; i < learned; ++i) all += (i > 0 ? ", " : "") + names[i];
  for (const std::string& angle : request.angles) {
    std::size_t i = 0;
    while (i < learned && names[i] != angle && (columns.size() != learned || columns[i] != angle)) ++i;
    require(i < learned, [&] {
      return "expected --angles among the components " + all + " of a state, got " + quote(angle);
    });
    found.push_back(static_cast<int>(i));
  }
  std::sort(found.begin(), found.end());
  found.erase(std::unique(found.begin(), found.end()), found.end());
  return found;
}

}  // namespace

std::vector<std::string> state_names(int dim, int entropies, Given given, int tail,
                                     const std::string& structure) {
  std::vector<std::string> names;
  const int pairs = dim - entropies - tail;
  const bool paired =
      !structure.starts_with("poisson") && structure.find("unstructured") == std::string::npos;
  const auto add = [&](const char* name, int count) {
    for (int i = 1; i <= count; ++i) names.push_back(name + (count == 1 ? "" : std::to_string(i)));
  };
  if (pairs % 2 == 0 && paired) {
    add("q", pairs / 2);
    const bool speeds = structure.find("mechanical") != std::string::npos || structure == "lagrangian";
    add(speeds ? "v" : "p", pairs / 2);
  } else {
    add("x", pairs);
  }
  add("S", entropies);
  add(given == Given::time ? "t" : "u", tail);
  return names;
}

Given given_in(const Request& request) {
  Given given = Given::nothing;
  for_each_part(structures::All{}, [&]<class S>() {
    if (S::name == request.structure) given = structures::given_of_structure<S>();
  });
  return given;
}

std::string Combination::name() const {
  std::string components = std::to_string(dim) + (tail > 0 ? "." + std::to_string(tail) : "");
  for (const int angle : angles) components += "a" + std::to_string(angle + 1);
  return structure + "-" + components + "-" + modulation + (rank > 0 ? std::to_string(rank) : "") + "-" +
         scalar + "-" + std::to_string(width) + "x" + std::to_string(depth) +
         (loss == "rates" ? "" : "-" + loss);
}

Combination combination_of(const Request& request) {
  require(!request.system.empty() || !request.data.empty(),
          "expected --system NAME or --data FILE, got neither");
  Combination found{
      request.structure, request.modulation, request.scalar, request.loss, 0, request.entropies, 0,
      request.width,     request.depth};
  bool rates = true;
  std::vector<std::string> names;
  const Given given = given_in(request);
  if (!request.data.empty()) {
    const ArrayInfos arrays = list_arrays(request.data);
    const ArrayPlan plan = plan_arrays(arrays, request.names, request.data);
    const auto measured = static_cast<int>(state_dimension(arrays, plan, request.data));
    found.dim = measured;
    if (given != Given::nothing) {
      found.dim = static_cast<int>(state_dimension(request.data, request.names, given));
      found.tail = found.dim - measured;
    }
    rates = !plan.rates.empty();
  }
  if (!request.system.empty())
    visit_system(
        request.system,
        [&]<class S>() {
          found.dim = S::dim;
          for (int i = 0; i < S::dim; ++i) names.push_back(state_name<S>(i));
          found.tail = given == Given::nothing ? entropies_of<S> : given == Given::time ? 1 : held_inputs<S>;
          require(!found.structure.empty() || found.tail > 0 ||
                      HasCanonicalStructure<decltype(exact_field<S>({}))>,
                  [&] {
                    return "expected --structure for " + std::string(S::name) +
                           ", whose motion is not that of an energy in (q, p), got none";
                  });
        },
        AllSystems{});
  if (found.structure.empty())
    found.structure = found.tail > 0 ? structures::generic::name : structures::hamiltonian::name;
  if (names.empty())
    names = state_names(found.dim, request.entropies, given, given == Given::nothing ? 0 : found.tail,
                        found.structure);
  found.angles = angles_of(request, names, found.tail);
  for_each_part(structures::All{}, [&]<class S>() {
    if (S::name != found.structure) return;
    require(found.angles.empty() || structures::may_see_angles<S>(), [&] {
      return "expected no --angles with --structure " + found.structure +
             ", whose networks see components as they are, got some";
    });
    require(S::takes(found.dim, found.tail), [&] {
      const char* const last = given == Given::nothing ? " of them entropies"
                               : given == Given::time  ? " of them the time"
                                                       : " of them inputs";
      return "expected states of " + std::string(S::states) +
             (given == Given::nothing ? "" : ", and what is given,") + " for --structure " + found.structure +
             ", got " + std::to_string(found.dim) + " components, " + std::to_string(found.tail) + last +
             (!request.system.empty()   ? ", in " + request.system
              : given == Given::nothing ? " (--entropies), in " + request.data
                                        : ", in " + request.data);
    });
  });
  for_each_part(modulations::All{}, [&]<class M>() {
    if (M::name == found.modulation && M::ranked) found.rank = request.rank;
  });
  // Inputs that jump at samples bend motions there, which no interpolation through samples knows of.
  if (found.loss == "auto")
    found.loss = rates                                                                     ? "rates"
                 : given == Given::inputs || coarseness_of(request, found.angles) > coarse ? "rollout"
                                                                                           : "integral";
  require(found.loss == "rollout" || (request.rollout_scheme == "rk4" && request.rollout_steps == 0), [&] {
    return "expected --loss rollout with --rollout-scheme and --rollout-steps, got that of " + found.loss +
           ", which integrates nothing";
  });
  return found;
}

}  // namespace metriplex::driver

#include "combination.hpp"

#include <algorithm>
#include <cmath>

#include "metriplex/core/error.hpp"
#include "metriplex/data/coarseness.hpp"
#include "metriplex/data/noise_level.hpp"
#include "metriplex/data/sample_family.hpp"
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
double coarseness_of(const Request& request) {
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
      component.members[place.member].motions.push_back(std::move(one));
    }
    const bool given = static_cast<int>(request.noise.size()) == dim;
    const Vector<double, 1> noise =
        given ? Vector<double, 1>(request.noise[static_cast<std::size_t>(i)]) : noise_deviation(component);
    most = std::max(most, coarseness(component, noise));
  }
  return most;
}

}  // namespace

Given given_in(const Request& request) {
  Given given = Given::nothing;
  for_each_part(structures::All{}, [&]<class S>() {
    if (S::name == request.structure) given = structures::given_of_structure<S>();
  });
  return given;
}

std::string Combination::name() const {
  return structure + "-" + std::to_string(dim) + (tail > 0 ? "." + std::to_string(tail) : "") + "-" +
         modulation + (rank > 0 ? std::to_string(rank) : "") + "-" + scalar + "-" + std::to_string(width) +
         "x" + std::to_string(depth) + (loss == "rates" ? "" : "-" + loss);
}

Combination combination_of(const Request& request) {
  require(!request.system.empty() || !request.data.empty(),
          "expected --system NAME or --data FILE, got neither");
  Combination found{
      request.structure, request.modulation, request.scalar, request.loss, 0, request.entropies, 0,
      request.width,     request.depth};
  bool rates = true;
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
  // Inputs that jump at samples bend motions there, which no interpolation through samples knows of.
  if (found.loss == "auto")
    found.loss = rates                                                       ? "rates"
                 : given == Given::inputs || coarseness_of(request) > coarse ? "rollout"
                                                                             : "integral";
  if (!request.system.empty())
    visit_system(
        request.system,
        [&]<class S>() {
          found.dim = S::dim;
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
  for_each_part(structures::All{}, [&]<class S>() {
    if (S::name != found.structure) return;
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
  return found;
}

}  // namespace metriplex::driver

#include "combination.hpp"

#include "metriplex/core/error.hpp"
#include "metriplex/files/read_recordings.hpp"
#include "metriplex/systems/all_systems.hpp"
#include "metriplex/systems/exact_field.hpp"
#include "modulations.hpp"
#include "structures.hpp"

namespace metriplex::driver {

std::string Combination::name() const {
  return structure + "-" + std::to_string(dim) + (entropies > 0 ? "." + std::to_string(entropies) : "") +
         "-" + modulation + (rank > 0 ? std::to_string(rank) : "") + "-" + scalar + "-" +
         std::to_string(width) + "x" + std::to_string(depth) + (loss == "rates" ? "" : "-" + loss);
}

Combination combination_of(const Request& request) {
  require(!request.system.empty() || !request.data.empty(),
          "expected --system NAME or --data FILE, got neither");
  Combination found{
      request.structure, request.modulation, request.scalar, request.loss, 0, request.entropies, 0,
      request.width,     request.depth};
  bool rates = true;
  if (!request.data.empty()) {
    const ArrayInfos arrays = list_arrays(request.data);
    const ArrayPlan plan = plan_arrays(arrays, request.names, request.data);
    found.dim = static_cast<int>(state_dimension(arrays, plan, request.data));
    rates = !plan.rates.empty();
  }
  if (found.loss == "auto") found.loss = rates ? "rates" : "integral";
  if (!request.system.empty())
    visit_system(
        request.system,
        [&]<class S>() {
          found.dim = S::dim, found.entropies = entropies_of<S>;
          require(!found.structure.empty() || found.entropies > 0 ||
                      HasCanonicalStructure<decltype(exact_field<S>({}))>,
                  [&] {
                    return "expected --structure for " + std::string(S::name) +
                           ", whose motion is not that of an energy in (q, p), got none";
                  });
        },
        AllSystems{});
  if (found.structure.empty())
    found.structure = found.entropies > 0 ? structures::generic::name : structures::hamiltonian::name;
  for_each_part(structures::All{}, [&]<class S>() {
    if (S::name != found.structure) return;
    require(S::takes(found.dim, found.entropies), [&] {
      return "expected states of " + std::string(S::states) + " for --structure " + found.structure +
             ", got " + std::to_string(found.dim) + " components, " + std::to_string(found.entropies) +
             " of them entropies" +
             (request.system.empty() ? " (--entropies), in " + request.data : ", in " + request.system);
    });
  });
  for_each_part(modulations::All{}, [&]<class M>() {
    if (M::name == found.modulation && M::ranked) found.rank = request.rank;
  });
  return found;
}

}  // namespace metriplex::driver

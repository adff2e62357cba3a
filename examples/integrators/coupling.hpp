#pragma once

#include "experiments.hpp"
#include "jobs.hpp"
#include "schemes.hpp"

namespace metriplex::show {

/// Runs a field by every scheme of Tao's, with couplings from none to strong, one job a coupling.
template <class Field, class Errors>
std::vector<Sweep> sweep_couplings(const std::string& what, const Field& field,
                                   const typename Field::State& start, double dt, Index steps,
                                   const Errors& errors) {
  Jobs<Sweep> jobs("Tao's coupling, " + what);
  for (const double coupling : {0.0, 0.5, 1.0, 2.0, 5.0, 10.0, 20.0, 50.0})
    jobs.add(std::to_string(coupling), [&, coupling] {
      Sweep sweep{coupling, coupling * dt, {}};
      for_each_scheme([&]<class Integrator>(const Scheme<Integrator>& scheme) {
        if constexpr (!IntegratorFor<Integrator, Field> && Steps<Integrator, Field>)
          sweep.runs.push_back(long_run(scheme, field, start, {dt, steps, coupling}, errors));
      });
      return sweep;
    });
  return jobs.run();
}

}  // namespace metriplex::show

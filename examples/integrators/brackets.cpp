#include "experiments.hpp"
#include "jobs.hpp"
#include "metriplex/integrate/average_vector_field.hpp"
#include "metriplex/integrate/composition.hpp"
#include "metriplex/integrate/flow_splitting.hpp"
#include "metriplex/integrate/gauss_legendre.hpp"
#include "metriplex/integrate/generic_discrete_gradient.hpp"
#include "metriplex/integrate/projection.hpp"
#include "metriplex/integrate/runge_kutta.hpp"
#include "metriplex/model/model.hpp"
#include "metriplex/modulation/none.hpp"
#include "metriplex/structure/poisson.hpp"
#include "metriplex/systems/heavy_top.hpp"
#include "metriplex/systems/rate_field.hpp"
#include "metriplex/systems/rigid_body.hpp"

namespace metriplex::show {
namespace {

/// A network of random weights in the place of the rigid body's energy: not quadratic, and what holds for it holds for a trained one.
auto network(std::uint64_t seed) {
  Model<Poisson<So3>, Mlp<Tanh, 3, 32, 32, 1>, None> model(1);
  Random random(seed);
  model.initialize(random);
  model.scaling().energy = 2;  // about as fast as the body
  return model.bind(model.mean_latent());
}

/// Runs the schemes that step a field; errors: of the energy, by what it turns over, and of the Casimirs, relative.
template <class Bracket, class Field>
BracketRuns runs_of(const char* name, const Field& field, const typename Field::State& start,
                    const Request& request) {
  using State = typename Field::State;
  using Casimirs = Vector<double, Bracket::casimirs>;
  State slope;
  field.energy_gradient(start, slope);
  const double energy = field.energy(start), size = slope.norm() * start.norm();
  Casimirs before;
  Bracket::casimir(start.data(), before.data());
  const auto errors = [&](const State& x) {
    std::array<double, 1 + Bracket::casimirs> found;
    Casimirs now;
    Bracket::casimir(x.data(), now.data());
    found[0] = (field.energy(x) - energy) / size;
    for (int c = 0; c < Bracket::casimirs; ++c)
      found[static_cast<std::size_t>(1 + c)] = (now[c] - before[c]) / std::abs(before[c]);
    return found;
  };
  Jobs<LongRun> jobs(std::string(name) + ", " + std::to_string(request.steps) + " steps");
  const auto add = [&]<class Integrator>(const char* scheme, Integrator integrator,
                                         bool fixed_level = false) {
    if constexpr (Steps<Integrator, Field>)
      jobs.add(scheme, [&, scheme, integrator, fixed_level] {
        return long_run(Scheme<Integrator>{scheme, Family::energy, "", integrator, fixed_level}, field, start,
                        {request.dt, request.steps, 0}, errors);
      });
  };
  add("Rk4", Rk4{});
  add("CooperVerner8", CooperVerner8{});
  add("Projection<Rk4>", Projection<Rk4>{}, true);
  add("AverageVectorField<5>", AverageVectorField<5>{});
  add("ImplicitMidpoint", ImplicitMidpoint{});
  add("GaussLegendre<2>", GaussLegendre<2>{});
  add("GenericGonzalez", GenericGonzalez{});
  add("FlowSplitting", FlowSplitting{});
  add("Suzuki<FlowSplitting>", Suzuki<FlowSplitting>{});
  return {name, jobs.run()};
}

}  // namespace

std::vector<BracketRuns> bracket_runs(const Request& request) {
  const Vector<double, 3> spin(0.6, -0.8, 0.3);
  const Vector<double, 6> hanging{{0.4, -0.3, 0.9, 0.48, 0.6, 0.64}};
  return {runs_of<So3>("rigid body", RateField<RigidBody>({0.5, 0.7, 1}), spin, request),
          runs_of<Se3>("heavy top", RateField<HeavyTop>({0.6, 0.8, 1, 1.2}), hanging, request),
          runs_of<So3>("network on so(3)*", network(request.seed), spin, request)};
}

}  // namespace metriplex::show

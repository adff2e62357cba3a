#include "mechanical_rows.hpp"

#include "family.hpp"
#include "metriplex/structure/mechanical.hpp"
#include "metriplex/systems/double_pendulum.hpp"
#include "train_row.hpp"

namespace metriplex::bench {
namespace {

using Jets = Mlp<Tanh, 2, 64, 64, 64, 3>;
using Potential = Network<64>;
using Arms = Model<Mechanical<2>, Networks<Jets, Potential>, Svd<5>>;
using Canonical = Family<Network<64, 4>, Svd<5>, double, 4>;

/// Flops of all products of a step at one point: of jets, whose two slopes go along, three a layer, less that which x gets at the first;
/// of the potential as in family.hpp.
constexpr double step_flops_of_arms = [] {
  double flops = step_flops<Potential> + 10.0 * Potential::shape(0).in * Potential::shape(0).out;
  for (int l = 0; l < Jets::layers; ++l)
    flops += 3 * (l == 0 ? 4.0 : 6.0) * Jets::shape(l).in * Jets::shape(l).out;
  return flops;
}();

/// A step on 70 double pendulums, 64 points of each.
Row arms_row() {
  struct Stepping {
    Arms model{latents};
    AutoDecoder<Arms, Adam> trainer;

    Stepping()
        : trainer(model,
                  sample_family<DoublePendulum>(
                      {.members = 70, .trajectories = 1, .times = Vector<double>::LinSpaced(64, 0, 10)}),
                  {.steps = 1'000'000, .points = 64}) {}
  };
  return {.name = "train_step/f64/w64/svd/mechanical/70x64",
          .flops = step_flops_of_arms * 70 * 64,
          .scalar = scalar_name<double>,
          .prepare = []() -> std::function<void()> {
            return [training = std::make_shared<Stepping>()] { training->trainer.step(); };
          }};
}

/// As field_row, of a model of four components.
template <class M>
Row one_field_row(std::string name) {
  constexpr Index steps = 100;
  return {.name = std::move(name), .operations = steps, .prepare = []() -> std::function<void()> {
            M model(latents);
            Random random(0, 0);
            model.initialize(random);
            return [field = std::make_shared<typename M::Bound>(model.bind(model.mean_latent())),
                    x = typename M::Bound::State(0.5, 0.3, 0.1, 0.2)]() mutable {
              typename M::Bound::State dx;
              for (Index i = 0; i < steps; ++i) {
                (*field)(x, dx);
                x += 1e-3 * dx;
              }
            };
          }};
}

}  // namespace

void add_mechanical_rows(Plan& plan) {
  plan.rows.push_back(arms_row());
  plan.rows.push_back(one_field_row<Arms>("field/f64/w64/mechanical"));
  plan.rows.push_back(one_field_row<Canonical>("field/f64/w64/hamiltonian4"));
}

}  // namespace metriplex::bench

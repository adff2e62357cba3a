// Systems with friction go through the whole of training and adaptation, whatever the structure.
#include "metriplex/adapt/adapt.hpp"
#include "metriplex/data/sample_family.hpp"
#include "metriplex/model/certify.hpp"
#include "metriplex/modulation/film.hpp"
#include "metriplex/modulation/low_rank.hpp"
#include "metriplex/modulation/shift.hpp"
#include "metriplex/modulation/svd.hpp"
#include "metriplex/structure/generic.hpp"
#include "metriplex/structure/generic_bracket.hpp"
#include "metriplex/structure/generic_learned.hpp"
#include "metriplex/systems/dno.hpp"
#include "metriplex/train/auto_decoder.hpp"
#include "metriplex/train/metrics.hpp"
#include "support/catch.hpp"

using namespace metriplex;

namespace {

/// Trains briefly on oscillators, adapts to an unseen one from one, three and all shots of a trajectory.
template <class M>
void check_learning(double reached) {
  INFO(M::Structure::name << " " << M::Modulation::name);
  const auto [training, unseen] =
      sample_family<Dno>({.members = 13, .trajectories = 4, .times = Vector<double>::LinSpaced(20, 0, 5)})
          .split(12);
  M model(3);
  AutoDecoder<M> decoder(model, training, {.steps = 600, .points = 32});
  double first = 0, last = 0;
  decoder.run([&](const auto& p) {
    if (p.step == 1) first = p.loss;
    last = p.loss;
  });
  INFO("loss from " << first << " to " << last);
  CHECK(last < reached);
  CHECK(last < 0.1 * first);

  const auto& box = Dno::initial_box;
  const double before = e_field<Dno>(model.bind(model.mean_latent()), unseen.tasks[0].mu);
  for (const Index shots : {1, 3, 20}) {
    const auto found =
        adapt(model, unseen.states(0, 0).leftCols(shots), unseen.derivatives(0, 0).leftCols(shots));
    INFO(shots << " shots");
    CHECK(found.z.allFinite());
    CHECK(certify(model, found.z, box, {.states = 100}).holds(1e-12));
    if (shots == 20) CHECK(e_field<Dno>(model.bind(found.z), unseen.tasks[0].mu) < before);
  }
}

using Potential = Mlp<Tanh, 3, 24, 24, 1>;

}  // namespace

TEST_CASE("a family with friction is learned where its entropy is known", "[train][friction]") {
  check_learning<Model<Generic<3, 1>, Networks<Potential, Mlp<Tanh, 3, 12, 6>>, Svd<3>>>(0.03);
  check_learning<Model<Generic<3, 1>, Networks<Potential, Constants<6>>, LowRank<2>>>(0.03);
}

TEST_CASE("a family with friction is learned where nothing is known but the structure", "[train][friction]") {
  using Learned = Networks<Potential, Potential, Mlp<Tanh, 3, 12, 3>, Mlp<Tanh, 3, 12, 6>>;
  check_learning<Model<GenericLearned<3>, Learned, Film>>(0.1);
  check_learning<Model<GenericBracket<3>, Potential, Shift>>(0.2);
}

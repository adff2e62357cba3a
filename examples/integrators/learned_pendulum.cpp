#include "learned_pendulum.hpp"

#include <chrono>

#include "metriplex/data/sample_family.hpp"
#include "metriplex/modulation/none.hpp"
#include "metriplex/systems/pendulum.hpp"
#include "metriplex/train/auto_decoder.hpp"
#include "metriplex/train/metrics.hpp"
#include "progress.hpp"

namespace metriplex {

template class BoundModel<Hamiltonian<2>, Mlp<Tanh, 2, 64, 64, 64, 1>, double>;
template class BoundModel<SeparableHamiltonian<2>, Mlp<Tanh, 1, 64, 64, 64, 1>, double>;

}  // namespace metriplex

namespace metriplex::show {
namespace {

template <class Bound>
Bound learn(const TaskSet<2>& pendulum, const Request& request, const char* what) {
  using Model = metriplex::Model<typename Bound::Structure, typename Bound::Network, None, double>;
  using Decoder = AutoDecoder<Model>;
  Model model(/*latent=*/1);
  Decoder decoder(model, pendulum, {.steps = request.training_steps, .points = 512, .seed = request.seed});
  decoder.run([&](const auto& at) {
    if (at.step % std::max<Index>(1, at.steps / 10) == 0)
      progress("training " + std::string(what) + ": step " + std::to_string(at.step) + "/" +
               std::to_string(at.steps));
  });
  return model.bind(model.mean_latent());
}

}  // namespace

LearnedPendulum learn_pendulum(const Request& request) {
  const auto start = std::chrono::steady_clock::now();
  const auto pendulum = sample_family<Pendulum>({.members = 1, .trajectories = 100, .seed = request.seed});
  LearnedPendulum learned{learn<LearnedPendulum::Whole>(pendulum, request, "H(q, p)"),
                          learn<LearnedPendulum::Split>(pendulum, request, "T(p) + V(q)"),
                          0,
                          0,
                          0,
                          pendulum.tasks[0].x.cols()};
  learned.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  learned.whole_error = e_field<Pendulum>(learned.whole, pendulum.tasks[0].mu);
  learned.split_error = e_field<Pendulum>(learned.split, pendulum.tasks[0].mu);
  return learned;
}

}  // namespace metriplex::show

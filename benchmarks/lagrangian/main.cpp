// Speed of a Lagrangian of two degrees of freedom, 4-64-64-64-1 with tanh: answers names of rows, one a line, with seconds. field: one
// evaluation at one state, each waiting for the one before; train_step: loss, gradient and Adam for 70 systems of 32 points, svd of rank 5.
// Asked by benchmarks/peers/lagrangian.py.

#include <chrono>
#include <iostream>

#include "metriplex/metriplex.hpp"

using namespace metriplex;

namespace {

using M = Model<Lagrangian<2>, Mlp<Tanh, 4, 64, 64, 64, 1>, Svd<5>>;

template <class Work>
double seconds(Work&& work) {
  using Clock = std::chrono::steady_clock;
  const auto start = Clock::now();
  double runs = 0, time = 0;
  for (; time < 0.2; ++runs) {
    work();
    time = std::chrono::duration<double>(Clock::now() - start).count();
  }
  return time / runs;
}

}  // namespace

int main() {
  const auto family = sample_family<DoublePendulum>(
      {.members = 70, .trajectories = 1, .times = Vector<double>::LinSpaced(32, 0, 3.1)});
  M model(4);
  AutoDecoder<M, Adam> trainer(model, family, {.steps = 1'000'000, .points = 32});
  const auto bound = model.bind(model.mean_latent());
  M::Bound::State x(0.5, -0.3, 0.2, 0.1), dx;
  std::cout << "ready" << std::endl;
  for (std::string row; std::getline(std::cin, row);) {
    if (row == "field")
      std::cout << seconds([&] {
                     for (int i = 0; i < 100; ++i) {
                       bound(x, dx);
                       x += 1e-6 * dx;
                     }
                   }) / 100
                << std::endl;
    else
      std::cout << seconds([&] { trainer.step(); }) << std::endl;
  }
}

// A host with a loop of its own: it loads a model, identifies the unit at hand from what its sensors say, and
// predicts ahead at every tick. Nothing in the loop allocates.
//
// Usage: embed MODEL.safetensors, written by `meta_train --system pendulum --modulation svd`.
#include <chrono>
#include <cstdio>

#include "metriplex/inference.hpp"
#include "metriplex/systems/hamiltonian_field.hpp"
#include "metriplex/systems/pendulum.hpp"

using namespace metriplex;
using PendulumModel = Model<Hamiltonian<2>, Mlp<Tanh, 2, 64, 64, 64, 1>, Svd<5>>;

/// Stands for the machine: a pendulum of unknown mass and length, with sensors for its state and rate.
class Plant {
 public:
  using State = Vector<double, 2>;
  explicit Plant(double mass, double length) : field_(hamiltonian_field<Pendulum>({mass, length})) {}
  void tick(double dt) {
    for (int i = 0; i < 10; ++i)
      if (Rk4{}.step(field_, state_, dt / 10) != StepStatus::ok)
        throw Error("the plant left the finite numbers");
  }
  State state() const { return state_; }
  State rate() const {
    State dx;
    field_(state_, dx);
    return dx;
  }

 private:
  decltype(hamiltonian_field<Pendulum>({1.0, 1.0})) field_;
  State state_{1.2, 0.0};
};

int main(int argc, char** argv) try {
  if (argc != 2) throw Error("expected one argument, a model file that meta_train wrote");
  const auto model = load_model<PendulumModel>(argv[1]);
  Plant plant(0.8, 1.1);
  constexpr double dt = 0.02;

  // Listen for a second, then identify.
  Matrix<double, 2> x(2, 10), dx(2, 10);
  for (int i = 0; i < 10; ++i) {
    x.col(i) = plant.state();
    dx.col(i) = plant.rate();
    for (int tick = 0; tick < 5; ++tick) plant.tick(dt);
  }
  const auto start = std::chrono::steady_clock::now();
  const auto twin = model.bind(adapt(model, x, dx).z);
  const double milliseconds =
      1e3 * std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  std::printf("identified from 10 measurements in %.0f ms\n", milliseconds);

  // The host's loop: at every tick, where will the pendulum be in a quarter of a second?
  constexpr int ahead = 12, ticks = 500;
  Matrix<double, 2> predicted(2, ticks + ahead);
  double worst = 0;
  const Rk4 integrator;
  for (int tick = 0; tick < ticks; ++tick, plant.tick(dt)) {
    if (tick >= ahead) worst = std::max(worst, (predicted.col(tick) - plant.state()).norm());
    Plant::State prediction = plant.state();
    for (int i = 0; i < ahead; ++i)
      if (const auto status = integrator.step(twin, prediction, dt); status != StepStatus::ok)
        throw Error(std::string(describe(status)));
    predicted.col(tick + ahead) = prediction;
  }
  std::printf("worst prediction a quarter of a second ahead, over ten seconds: off by %.4f\n", worst);
} catch (const std::exception& error) {
  std::fprintf(stderr, "embed: %s\n", error.what());
  return 1;
}

// A host with a loop of its own: a cart on a spring, whose load changes while it runs, and whose spring breaks in the end.
// The model identifies the cart from the stream of its sensors, again when the load has changed, says so when the cart is
// none that it knows, and predicts ahead at every tick. Nothing in the loop allocates.
//
// Usage: embed MODEL.safetensors [TRACE.csv | --latency], the model written by `meta_train --system mass_spring --modulation
// svd`. --latency measures instead how long calls take, the slowest too, for a loop that cannot wait.
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <string_view>

#include "metriplex/data/csv.hpp"
#include "metriplex/inference.hpp"
#include "metriplex/io/model_file.hpp"
#include "metriplex/systems/hamiltonian_field.hpp"

using namespace metriplex;
using CartModel = Model<Hamiltonian<2>, Mlp<Tanh, 2, 64, 64, 64, 1>, Svd<5>>;
using Point = Vector<double, 2>;

/// Stands for the machine: position and momentum of a cart, and noisy sensors.
class Cart {
  struct Energy {
    double mass, left, right;
    template <class T>
    T operator()(const Vector<T, 2>& x) const {
      return x[1] * x[1] / (2 * mass) + (x[0] > 0 ? right : left) / 2 * x[0] * x[0];
    }
  };
  HamiltonianField<Energy, 2> motion() const {
    return HamiltonianField<Energy, 2>({mass, stiffness, broken ? 0.2 * stiffness : stiffness});
  }

 public:
  static constexpr double noise = 0.01;
  double mass = 0.8, stiffness = 1.4;
  bool broken = false;  ///< the spring's strand that holds on the right

  void tick(double dt) {
    const auto field = motion();
    for (int i = 0; i < 10; ++i)
      if (Rk4{}.step(field, state_, dt / 10) != StepStatus::ok)
        throw Error("the cart left the finite numbers");
  }
  const Point& state() const { return state_; }
  Point rate() {
    Point dx;
    motion()(state_, dx);
    return {dx[0] + noise * random_.normal(), dx[1] + noise * random_.normal()};
  }

 private:
  Point state_{0.7, 0.0};
  Random random_{1};
};

/// Prints the distribution of how long call(k) takes, k = 0, 1, ...
template <class Call>
void measure(const char* name, int calls, Call&& call) {
  std::vector<double> microseconds(static_cast<std::size_t>(calls));
  for (int k = 0; k < calls; ++k) {
    const auto start = std::chrono::steady_clock::now();
    call(k);
    const std::chrono::duration<double, std::micro> taken = std::chrono::steady_clock::now() - start;
    microseconds[static_cast<std::size_t>(k)] = taken.count();
  }
  std::sort(microseconds.begin(), microseconds.end());
  const auto quantile = [&](double share) {
    return microseconds[static_cast<std::size_t>(share * (calls - 1))];
  };
  std::printf("%-24s %7d %9.1f %9.1f %9.1f %9.1f\n", name, calls, quantile(0.5), quantile(0.99),
              quantile(0.999), quantile(1));
}

/// Measures calls that a loop makes, on a cart whose load changes every 300 ticks, whose spring is broken in every eighth of these
/// phases, and whose sensor is off now and then.
void measure_latency(const CartModel& model) {
  constexpr int calls = 100'000, phase = 300, shots = 10;
  Cart cart;
  Matrix<double, 2> x(2, calls), dx(2, calls);
  for (int k = 0; k < calls; ++k, cart.tick(0.1)) {
    cart.mass = k / phase % 2 == 0 ? 0.8 : 1.6;
    cart.broken = k / phase % 8 == 7;
    x.col(k) = cart.state();
    dx.col(k) = cart.rate() + Point(k % 97 == 0 ? 5 : 0, 0);
  }
  std::printf("%-24s %7s %9s %9s %9s %9s\n", "microseconds", "calls", "p50", "p99", "p99.9", "max");
  const auto member = model.bind(model.mean_latent());
  Point rate, state(0.7, 0);
  measure("field", calls, [&](int k) { member(x.col(k), rate); });
  measure("step, implicit midpoint", calls, [&](int) {
    if (const auto status = ImplicitMidpoint{}.step(member, state, 0.01); status != StepStatus::ok)
      throw Error(std::string(describe(status)));
  });
  LatentEstimator<CartModel> estimator(model, Point::Constant(Cart::noise), {.memory = 0.99});
  Index most = 0, reconsidering = 0;
  measure("update of a stream", calls, [&](int k) {
    estimator.update(x.col(k), dx.col(k));
    most = std::max(most, estimator.evaluations());
    reconsidering += estimator.status() == StreamStatus::reconsidering;
  });
  LatentFit<CartModel> fit(model);
  fit.fit(x.leftCols(shots), dx.leftCols(shots));  // makes room
  measure("fit of ten measurements", calls / 10,
          [&](int k) { fit.fit(x.middleCols(10 * k, shots), dx.middleCols(10 * k, shots)); });
  std::printf("%td changes; %td updates ended reconsidering, none took more than %td evaluations\n",
              estimator.changes(), reconsidering, most);
}

int main(int argc, char** argv) try {
  if (argc != 2 && argc != 3)
    throw Error("expected a model file that meta_train wrote, and perhaps --latency or a file for the trace");
  const auto model = load_model<CartModel>(argv[1]);
  if (argc == 3 && std::string_view(argv[2]) == "--latency") {
    measure_latency(model);
    return 0;
  }
  LatentEstimator<CartModel> estimator(model, Point::Constant(Cart::noise), {.memory = 0.99});
  Cart cart;

  constexpr double dt = 0.1;
  constexpr int ticks = 900, ahead = 10, loaded = 300, broke = 600;
  std::vector<Point> predicted(ticks + ahead);
  std::vector<std::vector<double>> trace;
  const char* const phases[] = {"as it starts", "with twice the load", "with a broken spring"};
  double error[3] = {}, seconds = 0;
  int first_flag = -1;
  Index changes = 0;
  for (int tick = 0; tick < ticks; ++tick, cart.tick(dt)) {
    if (tick == loaded) cart.mass *= 2;
    if (tick == broke) cart.broken = true;
    const Point x = cart.state(), dx = cart.rate();

    const auto start = std::chrono::steady_clock::now();
    estimator.update(x, dx);
    seconds += std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    Point prediction = x;  // where will it be in a second?
    for (int i = 0; i < ahead; ++i)
      if (const auto status = Rk4{}.step(estimator.member(), prediction, dt); status != StepStatus::ok)
        throw Error(std::string(describe(status)));
    predicted[static_cast<std::size_t>(tick + ahead)] = prediction;

    if (estimator.changes() > changes)
      std::printf("%5.1f s: the cart has changed, it is identified anew\n", tick * dt);
    if (estimator.out_of_family() && first_flag < 0) {
      first_flag = tick;
      std::printf("%5.1f s: this is no cart of those that the model knows\n", tick * dt);
    }
    changes = estimator.changes();
    const double off = tick < ahead ? 0 : (predicted[static_cast<std::size_t>(tick)] - x).norm();
    error[tick / loaded] = std::max(error[tick / loaded], tick % loaded < 50 ? 0 : off);
    trace.push_back({tick * dt, x[0], tick < ahead ? x[0] : predicted[static_cast<std::size_t>(tick)][0], off,
                     estimator.plausibility(), double(estimator.out_of_family())});
  }
  for (int phase = 0; phase < 3; ++phase)
    std::printf("%-21s a prediction of one second is off by up to %.3f, five seconds after the change\n",
                phases[phase], error[phase]);
  std::printf("an update takes %.0f microseconds\n", 1e6 * seconds / ticks);
  if (argc == 3)
    write_csv(argv[2], {"time", "position", "predicted", "error", "plausibility", "flag"}, trace);
} catch (const std::exception& error) {
  std::fprintf(stderr, "embed: %s\n", error.what());
  return 1;
}

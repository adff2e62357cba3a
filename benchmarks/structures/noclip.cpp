// How well a structure learns a system: meta-trains on exact rates of 70 members, adapts to ten unseen ones from 50 measurements of
// one motion, and prints between bars: system, structure, seed, e_field (pooled, of the exact field over the box of initial states),
// e_traj (of nine motions over ten times), both in hundredths, how far the exact energy drifts along predictions over twice as long
// (median of all motions, in hundredths; a dash where it is not kept) and seconds of training.
// Usage: structures-PAIR [SEED] [STEPS] [FILE [MOTION]]; FILE gets a motion of the first unseen member, number 1 unless told otherwise (0 is
// adapted to), as it is and as it is predicted. METRIPLEX_SYSTEM, METRIPLEX_STRUCTURE and METRIPLEX_NETS say what is compiled.

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>

#include "metriplex/metriplex.hpp"
#include "predicted_motion.hpp"

using namespace metriplex;

/// What is known of a satellite: two bodies, of which the planet's pull is a parameter.
struct Kepler {
  static constexpr std::string_view name = "kepler";
  static constexpr int parameters = 1;
  template <class T>
  static T energy(const Vector<T, 4>& x, const Vector<T, 1>& theta) {
    using std::sqrt;
    return (x[2] * x[2] + x[3] * x[3]) / 2 - (1 + theta[0] / 10) / sqrt(x[0] * x[0] + x[1] * x[1]);
  }
};

namespace {

template <int In, int Out>
using Wide = Mlp<Tanh, In, 64, 64, 64, Out>;
template <int In, int Out>
using Small = Mlp<Tanh, In, 32, Out>;

using Family = METRIPLEX_SYSTEM;
using M = Model<METRIPLEX_STRUCTURE, METRIPLEX_NETS, Svd<5>>;
constexpr int dim = Family::dim;
using State = Vector<double, dim>;
constexpr bool energy_stays =
    HasSystemEnergy<Family> && !std::is_same_v<Family, DampedPendulum> && !Pushed<Family>;

/// Points over the box of initial states: the protocol's grid, or random ones where that would have too many.
Matrix<double, dim> points_over_box() {
  if constexpr (dim <= 4) {
    return grid_over<dim>(Family::initial_box);
  } else {
    Random random(0);
    Matrix<double, dim> points(dim, 5000);
    for (Index p = 0; p < points.cols(); ++p) points.col(p) = sample_box(Family::initial_box, random);
    return points;
  }
}

/// How far the exact energy drifts along a prediction, relative to what it is at first.
template <class Exact, class Learned>
double drift_of(const Exact& exact, const Learned& learned, const State& first) {
  double drift = 0;
  if constexpr (energy_stays) {
    const auto far = rollout(learned, Rk4{}, first, Vector<double>::LinSpaced(201, 0, 20), 10);
    const double energy = exact.energy(first);
    for (Index t = 0; t < far.completed; ++t)
      drift = std::max(drift, std::abs(exact.energy(far.states.col(t)) - energy) / std::abs(energy));
  }
  return drift;
}

}  // namespace

int main(int argc, char** argv) try {
  const auto seed = static_cast<std::uint64_t>(argc > 1 ? std::atoi(argv[1]) : 0);
  const Index steps = argc > 2 ? std::atoi(argv[2]) : 2000;
  const FamilyOptions options;
  const auto [training, unseen] = sample_family<Family>(options).split(70);
  M model(4);
  const auto start = std::chrono::steady_clock::now();
  AutoDecoder<M>(model, Recordings<dim>(training), {.steps = steps, .clip = 1e30, .seed = seed}).run();
  const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();

  const Matrix<double, dim> grid = points_over_box();
  LatentFit<M> fit(model);
  double field = 0, motion = 0;
  std::vector<double> drifts;
  for (std::size_t i = 0; i < unseen.tasks.size(); ++i) {
    const auto exact = exact_field<Family>(unseen.tasks[i].mu);
    fit.fit(unseen.states(i, 0), unseen.derivatives(i, 0));
    const auto learned = model.bind(fit.z());
    if (argc > 3 && i == 0)
      write_predicted_motion<Family>(argv[3], unseen, i, argc > 4 ? std::atoi(argv[4]) : 1, learned);
    Matrix<double, dim> rates(dim, grid.cols());
    for (Index p = 0; p < grid.cols(); ++p) {
      State rate;
      exact(grid.col(p), rate);
      rates.col(p) = rate;
    }
    field += field_errors(learned, grid, rates).pooled;
    motion += trajectory_errors(learned, unseen, i).pooled;
    for (Index k = 1; k < unseen.trajectories && energy_stays; ++k)
      drifts.push_back(drift_of(exact, learned, unseen.states(i, k).col(0)));
  }
  const double share = 100.0 / static_cast<double>(unseen.tasks.size());
  char drift[32] = "-";
  if (!drifts.empty()) {
    std::nth_element(drifts.begin(), drifts.begin() + static_cast<Index>(drifts.size() / 2), drifts.end());
    std::snprintf(drift, sizeof drift, "%.2f", 100 * drifts[drifts.size() / 2]);
  }
  std::printf("| %s | %s | %d | %.2f | %.2f | %s | %.0f |\n", std::string(Family::name).c_str(),
              std::string(M::Structure::name).c_str(), static_cast<int>(seed), share * field, share * motion,
              drift, seconds);
} catch (const std::exception& error) {
  std::fprintf(stderr, "structures: %s\n", error.what());
  return 1;
}

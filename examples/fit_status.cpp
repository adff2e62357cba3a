// Shows how far a fit's status can be trusted: members of a family and others, identified from one motion, and how well what was
// identified predicts other motions. Prints the tables of docs/adaptation.md, "How it ended".

#include <cstdio>

#include "metriplex/adapt/latent_fit.hpp"
#include "metriplex/data/sample_family.hpp"
#include "metriplex/modulation/svd.hpp"
#include "metriplex/structure/hamiltonian.hpp"
#include "metriplex/systems/pendulum.hpp"
#include "metriplex/train/auto_decoder.hpp"
#include "metriplex/train/metrics.hpp"

using namespace metriplex;

namespace {

/// Predators and prey by the logarithms of their numbers, which are canonical.
struct LotkaVolterra {
  static constexpr std::string_view name = "Lotka-Volterra";
  static constexpr int dim = 2, parameters = 2;
  static constexpr Box<2> parameter_box{{0.5, 0.5}, {1.5, 1.5}};
  static constexpr Box<2> initial_box{{-1, -1}, {1, 1}};
  template <class T>
  static T energy(const Vector<T, 2>& x, const Vector<double, 2>& mu) {
    using std::exp;
    return mu[0] * x[1] - exp(x[1]) + mu[1] * x[0] - exp(x[0]);
  }
};

/// Three oscillators held together by springs that stiffen.
struct SpringChain {
  static constexpr std::string_view name = "chain of three oscillators";
  static constexpr int dim = 6, parameters = 3;
  static constexpr Box<3> parameter_box{{0.5, 0.5, 0.2}, {1.5, 1.5, 1.0}};  // mass, stiffness, coupling
  static constexpr Box<6> initial_box{{-1, -1, -1, -1, -1, -1}, {1, 1, 1, 1, 1, 1}};
  template <class T>
  static T energy(const Vector<T, 6>& x, const Vector<double, 3>& mu) {
    T sum = T(0);
    for (int i = 0; i < 3; ++i) {
      sum += x[3 + i] * x[3 + i] / (2 * mu[0]) + mu[1] / 2 * x[i] * x[i];
      if (i == 0) continue;
      const T apart = x[i] - x[i - 1];
      sum += mu[2] / 2 * apart * apart + 0.1 * apart * apart * apart * apart;
    }
    return sum;
  }
};

/// Draws parameters in the family's box, or up to `beyond` of its width outside.
template <class S>
Vector<double, S::parameters> draw_parameters(double beyond, Random& random) {
  Vector<double, S::parameters> mu;
  for (bool inside = false;;) {
    inside = true;
    for (int i = 0; i < S::parameters; ++i) {
      const auto k = static_cast<std::size_t>(i);
      const double lo = S::parameter_box.lo[k], hi = S::parameter_box.hi[k], width = hi - lo;
      mu[i] = random.uniform(std::max(0.1 * lo, lo - beyond * width), hi + beyond * width);
      inside = inside && mu[i] >= lo && mu[i] <= hi;
    }
    if (inside == (beyond == 0)) return mu;
  }
}

/// Measures motions of one member: the rates of the first tell it, the others test it.
template <class S>
TaskSet<S::dim> measure(const Vector<double, S::parameters>& mu, Random& random) {
  TaskSet<S::dim> set;
  set.times = Vector<double>::LinSpaced(50, 0, 10);
  set.trajectories = 5;
  auto& task = set.tasks.emplace_back();
  task.mu = mu;
  task.x.resize(S::dim, 250);
  task.dx.resize(S::dim, 250);
  const auto field = exact_field<S>(mu);
  for (Index k = 0; k < 5;) {
    const auto motion = rollout(field, Rk4{}, sample_initial_state<S>(mu, random), set.times, 40);
    if (motion.completed < 50) continue;
    task.x.middleCols(50 * k++, 50) = motion.states;
  }
  for (Index p = 0; p < 250; ++p) {
    Vector<double, S::dim> rate;
    field(Vector<double, S::dim>(task.x.col(p)), rate);
    task.dx.col(p) = rate;
  }
  return set;
}

template <class S>
void show() {
  using M = Model<Hamiltonian<S::dim>, Mlp<Tanh, S::dim, 32, 32, 1>, Svd<4>>;
  M model(4);
  AutoDecoder(model, sample_family<S>({.members = 40}), {.steps = 1000}).run();
  LatentFit<M> fit(model);
  Random random(100);
  constexpr int members = 50;
  double limit = 0;
  std::printf("| %s |", std::string(S::name).c_str());
  std::string states_alone;
  for (const double beyond : {0.0, 0.5, 1.5}) {
    int ended[4] = {}, off = 0;
    double rates = 0, states = 0;  // logarithms of the field's errors
    std::vector<double> errors;
    for (int k = 0; k < members; ++k) {
      const TaskSet<S::dim> set = measure<S>(draw_parameters<S>(beyond, random), random);
      const auto field_error_of = [&] {
        return field_error(model.bind(fit.z()), set.tasks[0].x.rightCols(200),
                           set.tasks[0].dx.rightCols(200));
      };
      const FitStatus status = fit.fit(set.states(0, 0), set.derivatives(0, 0));
      ++ended[static_cast<int>(status)];
      errors.push_back(trajectory_errors(model.bind(fit.z()), set, 0, 1, 8).pooled);
      off += beyond > 0 && status == FitStatus::converged && !(errors.back() <= limit);
      rates += std::log(field_error_of()) / members;
      fit.fit(Motion<S::dim>{set.times, set.states(0, 0)});
      states += std::log(field_error_of()) / members;
    }
    std::printf(" %d, %d, %d %%", 100 * ended[0] / members, 100 * ended[2] / members,
                100 * ended[3] / members);
    if (beyond > 0) {
      std::printf("; %d %%", 100 * off / members);
    } else {
      std::nth_element(errors.begin(), errors.begin() + members * 9 / 10, errors.end());
      limit = std::max(0.1, 1.2 * errors[members * 9 / 10]);
    }
    std::printf(" |");
    char line[40];
    std::snprintf(line, sizeof line, " %.4f / %.4f |", std::exp(rates), std::exp(states));
    states_alone += line;
  }
  std::printf("%s\n", states_alone.c_str());
  std::fflush(stdout);
}

}  // namespace

int main() {
  std::puts(
      "| family | own: converged, poor, outside | up to half a box outside: likewise; converged and off | up "
      "to 1.5 "
      "boxes outside: likewise | e_field from rates / states alone, own | half a box | 1.5 boxes |\n"
      "|---|---|---|---|---|---|---|");
  show<Pendulum>();
  show<LotkaVolterra>();
  show<SpringChain>();
}

#include "metriplex/train/rollout_loss.hpp"

#include <Eigen/Cholesky>
#include <cmath>

#include "metriplex/core/random.hpp"
#include "metriplex/integrate/gauss_legendre.hpp"
#include "metriplex/modulation/low_rank.hpp"
#include "metriplex/structure/hamiltonian.hpp"
#include "metriplex/train/auto_decoder.hpp"
#include "metriplex/train/batch_gradient.hpp"
#include "metriplex/train/metrics.hpp"
#include "support/allocation_counter.hpp"
#include "support/catch.hpp"
#include "support/error_text.hpp"
#include "support/goes_on.hpp"

#ifdef _OPENMP
#include <omp.h>
#endif

using namespace metriplex;

namespace {

using Small = Model<Hamiltonian<2>, Mlp<Tanh, 2, 5, 1>, LowRank<2>>;
using Loss = RolloutLoss<Small::Bound>;
using State = Vector<double, 2>;

/// Motions of two members that fit no model: at even times, at irregular ones, and a short one.
Recordings<2> motions() {
  Random random(5);
  const auto motion = [&](Vector<double> times) {
    Motion<2> made{std::move(times), Matrix<double, 2>(2, 0)};
    made.states = Matrix<double, 2>::NullaryExpr(2, made.samples(), [&] { return random.normal(); });
    return made;
  };
  Vector<double> irregular(19);
  for (Index k = 0; k < 19; ++k) irregular[k] = 0.3 * static_cast<double>(k) + 0.1 * random.uniform(0, 1);
  Recordings<2> family;
  family.members.resize(2);
  family.members[0].motions = {motion(Vector<double>::LinSpaced(24, 2, 5)), motion(irregular)};
  family.members[1].motions = {motion(Vector<double>{{0, 0.1, 0.3, 0.4}}), motion(irregular)};
  return family;
}

/// A loss on them, and a model with latents.
struct Fixture {
  RolloutScheme scheme;
  Small model{3};
  Recordings<2> family = motions();
  BatchGradient<Small, Loss> gradient{Loss({.intervals = 6,
                                            .substeps = 2,
                                            .scheme = scheme,
                                            .model_error = 0.1,
                                            .noise = Vector<double>{{0.1, 0.2}}})};

  explicit Fixture(RolloutScheme chosen = RolloutScheme::rk4) : scheme(chosen) {
    Random random(11);
    auto& loss = gradient.loss();
    const auto seen = loss.look(family);
    model.scaling() = Small::Scale::fit(seen.states, seen.rates, 1);
    loss.prepare(family, model.scaling(), seen);
    model.initialize(random);
    model.latents() = Matrix<double>::NullaryExpr(3, 2, [&] { return random.normal(); });
  }
};

State advance(const Small::Bound& field, RolloutScheme scheme, State x, double length) {
  const double h = length / 2;
  for (int step = 0; step < 2; ++step) {
    if (scheme == RolloutScheme::gauss_legendre4) {
      CHECK(GaussLegendre<2>{{.tolerance = 1e-15}}.step(field, x, h) == StepStatus::ok);
      continue;
    }
    const State k1 = field(x), k2 = field(State(x + h / 2 * k1)), k3 = field(State(x + h / 2 * k2)),
                k4 = field(State(x + h * k3));
    x += h / 6 * (k1 + 2 * k2 + 2 * k3 + k4);
  }
  return x;
}

/// The residuals' sum of squares over a window of a motion, by dense algebra; transitions by differences, or one.
double naive(const Fixture& f, const Motion<2>& motion, Index first, Index n, const Small::Bound& field,
             bool linearised) {
  Matrix<double> spread = Matrix<double>::Zero(2 * n, 2 * n + 2);
  Vector<double> defects(2 * n), squares(2 * n);
  for (Index k = 0; k < n; ++k) {
    const double length = motion.times[first + k + 1] - motion.times[first + k];
    const State x = motion.states.col(first + k);
    defects.segment<2>(2 * k) = advance(field, f.scheme, x, length) - State(motion.states.col(first + k + 1));
    for (int j = 0; j < 2; ++j) {
      const State e = 1e-5 * State::Unit(j);
      const State slope =
          (advance(field, f.scheme, x + e, length) - advance(field, f.scheme, x - e, length)) / 2e-5;
      spread.block<2, 1>(2 * k, 2 * k + j) = linearised ? slope : State::Unit(j);
      spread(2 * k + j, 2 * k + 2 + j) = -1;
      squares[2 * k + j] = std::pow(0.1 * f.model.scaling().rate_scale[j] * length, 2);
    }
  }
  Vector<double> noise(2 * n + 2);
  for (Index i = 0; i < noise.size(); ++i) noise[i] = i % 2 == 0 ? 0.01 : 0.04;
  Matrix<double> c = spread * noise.asDiagonal() * spread.transpose();
  c += squares.asDiagonal();
  return defects.dot(c.ldlt().solve(defects));
}

}  // namespace

TEST_CASE("the rollout loss is what dense algebra makes of its windows", "[train][rollout_loss]") {
  Fixture f(GENERATE(RolloutScheme::rk4, RolloutScheme::gauss_legendre4));
  auto& loss = f.gradient.loss();
  const auto sum = [&](Index system) {
    Loss::Sweep sweep;
    return loss(sweep, f.model.bind(f.model.latents().col(system)).weights().data(), f.model.scaling(),
                system, nullptr, 0, loss.terms(system), 1.0, nullptr);
  };
  for (const bool linearised : {false, true}) {
    if (linearised) f.gradient.linearise(f.model);
    for (const Index system : {0, 1}) {
      const auto field = f.model.bind(f.model.latents().col(system));
      double expected = 0;
      Index windows = 0;
      for (const auto& motion : f.family.members[static_cast<std::size_t>(system)].motions) {
        const Index n = std::min<Index>(7, motion.samples()), last = motion.samples() - n,
                    beyond = last > 0 ? 7 : 0;
        for (Index k = -beyond; k <= last + beyond; ++k, ++windows)
          expected += naive(f, motion, std::clamp(k, Index{0}, last), n - 1, field, linearised);
      }
      CHECK(loss.terms(system) == windows);
      CHECK(sum(system) == Approx(expected).epsilon(linearised ? 1e-8 : 1e-10));
    }
  }
}

TEST_CASE("the rollout loss of a batch has the gradients that differences give", "[train][rollout_loss]") {
  Fixture f(GENERATE(RolloutScheme::rk4, RolloutScheme::implicit_midpoint, RolloutScheme::gauss_legendre4));
  f.gradient.linearise(f.model);
  Batch batch{{0, 1}, {}};
  constexpr Index terms = 5;
  for (Index k = 0; k < 2 * terms; ++k)
    batch.columns.push_back(static_cast<std::uint32_t>(7 * k % f.gradient.loss().terms(k / terms)));
  Vector<double> d_parameters, unused;
  Matrix<double> d_latents, none;
  const double mean_square = f.gradient.loss().mean_square();
  f.gradient(f.model, batch, terms, mean_square, d_parameters, d_latents);
  const auto value = [&] { return f.gradient(f.model, batch, terms, mean_square, unused, none); };
  // Along a line, by four points: the rest is of fourth order in a step of a thousandth.
  const auto slope = [&](auto&& move) {
    constexpr double h = 5e-4;
    double sum = 0;
    for (const auto& [at, weight] : {std::pair{-2.0, 1.0}, {-1.0, -8.0}, {1.0, 8.0}, {2.0, -1.0}}) {
      move(at * h);
      sum += weight * value();
      move(-at * h);
    }
    return sum / (12 * h);
  };
  Random random(3);
  for (int repeat = 0; repeat < 5; ++repeat) {
    const Vector<double> p =
        Vector<double>::NullaryExpr(d_parameters.size(), [&] { return random.normal(); }).normalized();
    const double of_parameters = slope([&](double s) { f.model.parameters() += s * p; });
    CHECK(d_parameters.dot(p) == Approx(of_parameters).epsilon(1e-9).margin(1e-9));
    const Matrix<double> z = Matrix<double>::NullaryExpr(3, 2, [&] { return random.normal(); });
    const double of_latents = slope([&](double s) { f.model.latents() += s * z; });
    CHECK(d_latents.cwiseProduct(z).sum() == Approx(of_latents).epsilon(1e-9).margin(1e-9));
  }
}

TEST_CASE("a field that is zero has a rollout loss of one", "[train][rollout_loss]") {
  Fixture f;
  f.model.parameters().setZero();
  Vector<double> unused;
  Matrix<double> none;
  double total = 0, count = 0;
  for (const Index system : {0, 1}) {
    const Index terms = f.gradient.loss().terms(system);
    total += static_cast<double>(terms) *
             f.gradient(f.model, {{system}, {}}, terms, f.gradient.loss().mean_square(), unused, none);
    count += static_cast<double>(terms);
  }
  CHECK(total / count == Approx(1).epsilon(1e-12));
}

TEST_CASE("steps of the integrator follow from how smooth the motions are", "[train][rollout_loss]") {
  const auto substeps = [](double dt, int given, RolloutScheme scheme = RolloutScheme::rk4) {
    Recordings<2> family;
    Motion<2> motion{Vector<double>::LinSpaced(40, 0, 39 * dt), Matrix<double, 2>(2, 40)};
    for (Index k = 0; k < 40; ++k)
      motion.states.col(k) << std::sin(motion.times[k]), std::cos(motion.times[k]);
    family.members = {{.motions = {motion}}};
    Loss loss({.substeps = given, .scheme = scheme, .noise = Vector<double>{{0, 0}}});
    const auto seen = loss.look(family);
    loss.prepare(family, Small::Scale::fit(seen.states, seen.rates, 1), seen);
    return loss.substeps();
  };
  CHECK(substeps(0.2, 0) == 1);
  CHECK(substeps(1.0, 0) == 2);
  CHECK(substeps(1.0, 5) == 5);
  CHECK(substeps(1.4, 0, RolloutScheme::rk4) == 3);
  CHECK(substeps(1.4, 0, RolloutScheme::gauss_legendre4) == 2);
}

TEST_CASE("an interval longer than others is integrated in more steps", "[train][rollout_loss]") {
  Recordings<2> family;
  Motion<2> motion{Vector<double>(40), Matrix<double, 2>(2, 40)};
  double time = 0;
  for (Index k = 0; k < 40; time += k++ % 4 == 3 ? 1.8 : 0.5) {
    motion.times[k] = time;
    motion.states.col(k) << std::sin(time), std::cos(time);
  }
  family.members = {{.motions = {motion}}};
  Random random(3);
  Small model(2);
  model.initialize(random);
  const auto bound = model.bind(model.mean_latent());
  const auto value = [&](int given) {
    Loss loss({.substeps = given, .noise = Vector<double>{{0, 0}}});
    const auto seen = loss.look(family);
    auto scaling = Small::Scale::fit(seen.states, seen.rates, 1);
    scaling.energy *= 10;  // untrained, it would hardly move
    loss.prepare(family, scaling, seen);
    const auto sweep = std::make_unique<Loss::Sweep>();
    return loss(*sweep, bound.weights().data(), scaling, 0, nullptr, 0, loss.terms(0), 1.0, nullptr);
  };
  const double converged = value(64);

  CHECK(value(0) == Approx(converged).epsilon(2e-3));
  CHECK(value(2) != Approx(converged).epsilon(2e-3));
}

TEST_CASE("implicit rollouts bound the gradient that training follows", "[train][rollout_loss]") {
  CHECK(Fixture().gradient.largest_gradient() == 0);
  CHECK(Fixture(RolloutScheme::gauss_legendre4).gradient.largest_gradient() == 0.1);
}

TEST_CASE("a family is learned from coarse states, which interpolation cannot follow",
          "[train][rollout_loss]") {
  // Springs of several stiffnesses, four samples a period: the field is that of q̇ = p, ṗ = −k q.
  Random random(2);
  Recordings<2> family;
  for (int m = 0; m < 4; ++m) {
    const double k = 0.8 + 0.15 * m, omega = std::sqrt(k);
    Member<2>& member = family.members.emplace_back();
    for (int j = 0; j < 6; ++j) {
      Motion<2>& motion =
          member.motions.emplace_back(Motion<2>{Vector<double>(9 + j), Matrix<double, 2>(2, 9 + j)});
      const double size = random.uniform(0.4, 1), phase = random.uniform(0, 6);
      for (Index s = 0; s < motion.samples(); ++s) {
        const double t = motion.times[s] = 1.4 * static_cast<double>(s) + 0.1 * random.uniform(0, 1);
        motion.states.col(s) << size * std::cos(omega * t + phase) + 0.005 * random.normal(),
            -size * omega * std::sin(omega * t + phase) + 0.005 * random.normal();
      }
    }
  }
  using Springs = Model<Hamiltonian<2>, Mlp<Tanh, 2, 8, 8, 1>, LowRank<2>>;
  using Trainer = AutoDecoder<Springs, Soap, CosineSchedule, RolloutLoss>;
  const auto trained = [&](Index steps, RolloutScheme scheme = RolloutScheme::rk4) {
    Springs model(2);
    Trainer(model, family,
            {.steps = steps, .loss = {.scheme = scheme, .noise = Vector<double>{{0.005, 0.005}}}})
        .run();
    return model;
  };
  const Springs model = trained(250);
  const Matrix<double, 2> grid = grid_over<2>(Box<2>{{-0.6, -0.6}, {0.6, 0.6}});
  for (Index m = 0; m < 4; ++m) {
    Matrix<double, 2> exact(2, grid.cols());
    exact.row(0) = grid.row(1);
    exact.row(1) = -(0.8 + 0.15 * static_cast<double>(m)) * grid.row(0);
    CHECK(field_errors(model.bind(model.latents().col(m)), grid, exact).pooled < 0.06);
  }
  CHECK(model.scaling().rate_error.maxCoeff() < 0.03);
#ifdef _OPENMP
  const int before = omp_get_max_threads();
  for (const auto& [scheme, steps] :
       {std::pair{RolloutScheme::rk4, 70}, {RolloutScheme::gauss_legendre4, 66}}) {
    const Springs brief = trained(steps, scheme);  // beyond the first linearisation
    for (const int threads : {1, 2, 3, 7}) {
      omp_set_num_threads(threads);
      CHECK(trained(steps, scheme).parameters() == brief.parameters());
    }
  }
  omp_set_num_threads(1);  // allocations are counted on this thread
#endif
  // What is linearised is part of where training goes on from.
  test::goes_on<Trainer>(family, {.steps = 140, .points = 8}, 2);
  // What a step works with does not grow with the window.
  std::size_t bytes[2];
  for (const Index intervals : {2, 8}) {
    Springs other(2);
    Trainer trainer(other, family, {.loss = {.intervals = intervals, .substeps = 2}});
    const AllocationCounter first;
    trainer.step();
    bytes[intervals / 8] = first.bytes();
    const AllocationCounter later;
    for (int i = 0; i < 66; ++i) trainer.step();
    CHECK(later.count() == 0);
  }
  CHECK(bytes[1] <= bytes[0] + 4096);
#ifdef _OPENMP
  omp_set_num_threads(before);
#endif
}

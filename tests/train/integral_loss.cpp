#include "metriplex/train/integral_loss.hpp"

#include <Eigen/Cholesky>
#include <limits>

#include "metriplex/core/random.hpp"
#include "metriplex/modulation/low_rank.hpp"
#include "metriplex/structure/hamiltonian.hpp"
#include "metriplex/train/auto_decoder.hpp"
#include "metriplex/train/batch_gradient.hpp"
#include "metriplex/train/metrics.hpp"
#include "support/allocation_counter.hpp"
#include "support/catch.hpp"
#include "support/error_text.hpp"

#ifdef _OPENMP
#include <omp.h>
#endif

using namespace metriplex;

namespace {

using Small = Model<Hamiltonian<2>, Mlp<Tanh, 2, 5, 1>, LowRank<2>>;
using Loss = IntegralLoss<Small::Bound>;

/// Motions of two members that fit no model: at even times, at irregular ones, a short one, one with a gap and a sample missing.
Recordings<2> motions() {
  Random random(5);
  const auto motion = [&](Vector<double> times) {
    Motion<2> made{std::move(times), Matrix<double, 2>(2, 0)};
    made.states = Matrix<double, 2>::NullaryExpr(2, made.samples(), [&] { return random.normal(); });
    return made;
  };
  Vector<double> irregular(19), gap = Vector<double>::LinSpaced(20, 0, 3);
  for (Index k = 0; k < 19; ++k) irregular[k] = 0.2 * static_cast<double>(k) + 0.1 * random.uniform(0, 1);
  gap.tail(9).array() += 30;
  Recordings<2> family;
  family.members.resize(2);
  family.members[0].motions = {motion(Vector<double>::LinSpaced(24, 2, 5)), motion(irregular)};
  family.members[1].motions = {motion(Vector<double>{{0, 0.1, 0.3, 0.4}}), motion(gap)};
  auto& masked = family.members[1].motions[1];
  masked.weights.setOnes(2, 20);
  masked.weights(0, 4) = 0;
  masked.states(0, 4) = std::numeric_limits<double>::quiet_NaN();
  return family;
}

/// A loss on them, and a model with latents.
struct Fixture {
  Small model{3};
  Recordings<2> family = motions();
  BatchGradient<Small, Loss> gradient{Loss({.window = 8, .noise = Vector<double>{{0.1, 0.2}}})};

  Fixture() {
    Random random(11);
    auto& loss = gradient.loss();
    const auto seen = loss.look(family);
    model.scaling() = Small::Scale::fit(seen.states, seen.rates, 1);
    loss.prepare(family, model.scaling(), seen);
    model.initialize(random);
    model.latents() = Matrix<double>::NullaryExpr(3, 2, [&] { return random.normal(); });
  }
};

/// The residuals' sum of squares over a window of a motion, by dense algebra.
double naive(const Fixture& f, const Motion<2>& motion, Index first, Index n, const Small::Bound& field) {
  const auto& scaling = f.model.scaling();
  const Vector<double> times = motion.times.segment(first, n);
  Matrix<double> integrals = Matrix<double>::Zero(n - 1, n), differences = integrals, x(n, 2), rates(n, 2);
  for (Index k = 0; k + 1 < n; ++k) {
    const IntervalIntegral integral(times.data(), n, k);
    for (Index j = 0; j < integral.count; ++j)
      integrals(k, integral.first + j) = integral.weights[static_cast<std::size_t>(j)];
    differences(k, k) = -1, differences(k, k + 1) = 1;
  }
  for (Index k = 0; k < n; ++k) {
    x.row(k) = motion.states.col(first + k).transpose();
    rates.row(k) = field(Vector<double, 2>(motion.states.col(first + k))).transpose();
  }
  Roughness<2> roughness;
  for (const auto& member : f.family.members)
    for (const auto& recorded : member.motions)
      for (const auto& piece : complete_pieces(recorded, StateWindows<double, 2>::longest_gap))
        roughness.add(piece);
  const Vector<double, 2> fifth = roughness.fifth_derivative({0.1, 0.2});
  Vector<double> lost(n - 1);  // by interpolation through four samples
  for (Index k = 0; k + 1 < n; ++k) {
    const IntervalIntegral lower(times.data(), n, k, 4);
    const auto power = [&](Index at, int degree) { return std::pow(times[at] - times[0], degree); };
    lost[k] = (power(k + 1, 5) - power(k, 5)) / 120;
    for (Index j = 0; j < lower.count; ++j)
      lost[k] -= lower.weights[static_cast<std::size_t>(j)] * power(lower.first + j, 4) / 24;
  }
  double total = 0;
  for (int i = 0; i < 2; ++i) {
    const double noise = i == 0 ? 0.1 : 0.2, tolerance = 0.1 * scaling.rate_scale[i];
    const Matrix<double> alternating = (6 * fifth[i] * lost.cwiseAbs()).asDiagonal() * differences;
    const Matrix<double> c = noise * noise * differences * differences.transpose() +
                             alternating * alternating.transpose() +
                             tolerance * tolerance * integrals * integrals.transpose();
    const Vector<double> off = integrals * rates.col(i) - differences * x.col(i);
    total += off.dot(c.ldlt().solve(off));  // |L⁻¹ off|² whatever the root L
  }
  return total;
}

}  // namespace

TEST_CASE("the integral loss is what dense algebra makes of its windows", "[train][integral_loss]") {
  Fixture f;
  const auto& loss = f.gradient.loss();
  const auto sum = [&](Index system) {
    const auto bound = f.model.bind(f.model.latents().col(system));
    Loss::Sweep sweep;
    return loss(sweep, bound.weights().data(), f.model.scaling(), system, nullptr, 0, loss.terms(system), 1.0,
                nullptr);
  };
  const auto bound = [&](Index system) { return f.model.bind(f.model.latents().col(system)); };
  const auto& even = f.family.members[0].motions[0];
  const auto& irregular = f.family.members[0].motions[1];
  // Of 24 samples 17 windows, and those at the ends eight times more; at irregular times one from every second sample.
  double expected = 8 * (naive(f, even, 0, 8, bound(0)) + naive(f, even, 16, 8, bound(0)));
  for (Index k = 0; k <= 16; ++k) expected += naive(f, even, k, 8, bound(0));
  for (Index k = -8; k <= 11 + 8; k += 2)
    expected += naive(f, irregular, std::clamp(k, Index{0}, Index{11}), 8, bound(0));
  CHECK(sum(0) == Approx(expected).epsilon(1e-10));

  const auto& brief = f.family.members[1].motions[0];
  const auto cut = complete_pieces(f.family.members[1].motions[1], StateWindows<double, 2>::longest_gap);
  REQUIRE(cut.size() == 2);
  expected = naive(f, brief, 0, 4, bound(1));
  Index windows = 1;
  for (const auto& piece : cut) {  // the sample that the first one misses makes its times uneven
    const Index last = piece.samples() - 8, step = &piece == &cut[0] ? 2 : 1;
    for (Index k = -8; k <= last + 8; k += step, ++windows)
      expected += naive(f, piece, std::clamp(k, Index{0}, last), 8, bound(1));
  }
  CHECK(loss.terms(1) == windows);
  CHECK(sum(1) == Approx(expected).epsilon(1e-10));
}

TEST_CASE("the integral loss of a batch has the gradients that differences give", "[train][integral_loss]") {
  Fixture f;
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
    constexpr double h = 1e-3;
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
    CHECK(d_parameters.dot(p) == Approx(of_parameters).epsilon(1e-9).margin(1e-10));
    const Matrix<double> z = Matrix<double>::NullaryExpr(3, 2, [&] { return random.normal(); });
    const double of_latents = slope([&](double s) { f.model.latents() += s * z; });
    CHECK(d_latents.cwiseProduct(z).sum() == Approx(of_latents).epsilon(1e-9).margin(1e-10));
  }
}

TEST_CASE("a field that is zero has an integral loss of one", "[train][integral_loss]") {
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

TEST_CASE("what the integral loss cannot learn from is refused in one line", "[train][integral_loss]") {
  const auto refused = [](const Recordings<2>& family, const IntegralOptions& options, const char* text) {
    CHECK(one_line_with(error_text([&] { Loss(options).look(family); }), text));
  };
  Recordings<2> family = motions();
  family.members[1].motions.resize(1);
  family.members[1].motions[0] = {Vector<double>{{0}}, Matrix<double, 2>::Ones(2, 1)};
  refused(family, {}, "two samples in a row of each member; got none of member 1");
  refused(motions(), {.noise = Vector<double>{{1, 1, 1}}}, "a noise of each of 2 components or none; got 3");
}

TEST_CASE("a family is learned from noisy states alone, at times of their own", "[train][integral_loss]") {
  // Springs of several stiffnesses: the field is that of q̇ = p, ṗ = −k q.
  Random random(2);
  Recordings<2> family;
  for (int m = 0; m < 6; ++m) {
    const double k = 0.5 + 0.2 * m, omega = std::sqrt(k);
    Member<2>& member = family.members.emplace_back();
    for (int j = 0; j < 6; ++j) {
      Motion<2>& motion = member.motions.emplace_back();
      const Index n = 30 + 3 * j;
      motion.times.resize(n);
      motion.states.resize(2, n);
      const double size = random.uniform(0.4, 1), phase = random.uniform(0, 6);
      for (Index s = 0; s < n; ++s) {
        const double t = motion.times[s] = 0.2 * static_cast<double>(s) + 0.1 * random.uniform(0, 1);
        motion.states.col(s) << size * std::cos(omega * t + phase) + 0.01 * random.normal(),
            -size * omega * std::sin(omega * t + phase) + 0.01 * random.normal();
      }
    }
  }
  using Springs = Model<Hamiltonian<2>, Mlp<Tanh, 2, 16, 16, 1>, LowRank<2>>;
  using Trainer = AutoDecoder<Springs, Soap, CosineSchedule, IntegralLoss>;
  const auto trained = [&] {
    Springs model(2);
    Trainer(model, family, {.steps = 300}).run();
    return model;
  };
  const Springs model = trained();
  const Matrix<double, 2> grid = grid_over<2>(Box<2>{{-0.7, -0.7}, {0.7, 0.7}});
  for (Index m = 0; m < 6; ++m) {
    Matrix<double, 2> exact(2, grid.cols());
    exact.row(0) = grid.row(1);
    exact.row(1) = -(0.5 + 0.2 * static_cast<double>(m)) * grid.row(0);
    CHECK(field_errors(model.bind(model.latents().col(m)), grid, exact).pooled < 0.06);
  }
  CHECK(model.scaling().rate_error.maxCoeff() < 0.03);
#ifdef _OPENMP
  const int before = omp_get_max_threads();
  for (const int threads : {1, 2, 3, 7}) {
    omp_set_num_threads(threads);
    CHECK(trained().parameters() == model.parameters());
  }
  omp_set_num_threads(1);  // allocations are counted on this thread
#endif
  Springs other(2);
  Trainer trainer(other, family);
  trainer.step();
  const AllocationCounter counter;
  for (int i = 0; i < 12; ++i) trainer.step();
  CHECK(counter.count() == 0);
#ifdef _OPENMP
  omp_set_num_threads(before);
#endif
}

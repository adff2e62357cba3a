#include "metriplex/train/auto_decoder.hpp"

#include <limits>

#include "metriplex/autodiff/check_gradient.hpp"
#include "metriplex/modulation/svd.hpp"
#include "metriplex/structure/hamiltonian.hpp"
#include "metriplex/train/sgd.hpp"
#include "support/allocation_counter.hpp"
#include "support/catch.hpp"
#include "support/error_text.hpp"
#include "support/goes_on.hpp"
#include "support/oscillator_family.hpp"

using namespace metriplex;

namespace {

// Softplus grows without bound, so that a diverging training shows; Svd has bases and a penalty on them.
using Small = Model<Hamiltonian<2>, Mlp<Softplus, 2, 8, 1>, Svd<2>>;
using Trainer = AutoDecoder<Small, Adam>;  // whose first step shows its gradient
using Options = Trainer::Options;

/// Computes the objective over all points, one state at a time.
double objective(const Small& model, const TaskSet<2>& tasks, const Options& options, double mean_square) {
  double data = 0;
  for (std::size_t j = 0; j < tasks.tasks.size(); ++j) {
    const auto& task = tasks.tasks[j];
    const auto bound = model.bind(model.latents().col(static_cast<Index>(j)));
    double error = 0;
    for (Index p = 0; p < task.x.cols(); ++p)
      error +=
          (bound(task.x.col(p)) - task.dx.col(p)).cwiseQuotient(model.scaling().rate_scale).squaredNorm();
    data += error / static_cast<double>(task.x.size()) / mean_square;
  }
  const auto members = static_cast<double>(tasks.tasks.size());
  Vector<double> ignored = 0 * model.parameters();
  const Index slopes = model.latent() * Small::code_size;
  return data / members + options.latent_penalty * model.latents().squaredNorm() / members +
         options.hyper_penalty * Eigen::Map<const Vector<double>>(model.hyper(), slopes).squaredNorm() +
         model.regularizer(options.basis_penalty, ignored);
}

/// Finds a gradient from the first step of Adam that it made, rate g / (|g| + epsilon).
Vector<double> gradient_of_step(const Vector<double>& before, const Vector<double>& after, double rate,
                                double epsilon) {
  const Vector<double> u = (before - after) / rate;
  return (epsilon * u.array() / (1 - u.array().abs())).matrix();
}

/// Trains for some steps from a fresh model, and returns parameters and latents behind one another.
Vector<double> trained(const TaskSet<2>& family, const Options& options, int steps) {
  Small model(3);
  Trainer trainer(model, family, options);
  for (int i = 0; i < steps; ++i) trainer.step();
  Vector<double> all(model.parameters().size() + model.latents().size());
  all << model.parameters(), model.latents().reshaped();
  return all;
}

}  // namespace

TEST_CASE("the gradient of the whole meta-training objective is that of differences",
          "[train][auto_decoder]") {
  // 600 points are two blocks of work a system; with all points in the batch the objective is one number.
  const TaskSet<2> family = test::oscillator_family(3, 600);
  const Options options{.steps = 1,
                        .points = 600,
                        .rate = 1,
                        .latent_rate = 1,
                        .schedule = {.final = 1},
                        .latent_spread = 1,
                        .latent_penalty = 0.3,
                        .hyper_penalty = 0.02,
                        .basis_penalty = 0.5,
                        .optimizer = {.epsilon = 1}};
  Small model(3);
  Trainer trainer(model, family, options);
  const Small before = model;
  const double loss = trainer.step().loss;

  Options data_only = options;
  data_only.latent_penalty = data_only.hyper_penalty = data_only.basis_penalty = 0;
  CHECK(loss == Approx(objective(before, family, data_only, trainer.mean_square())).epsilon(1e-12));
  Vector<double, 2> square(0, 0);
  for (const auto& task : family.tasks) square += task.dx.rowwise().squaredNorm() / (3 * 600);
  for (int i = 0; i < 2; ++i) CHECK(before.scaling().rate_scale[i] == Approx(std::sqrt(square[i])));
  CHECK(trainer.mean_square() == Approx(1).epsilon(1e-13));

  const Vector<double> gradient = gradient_of_step(before.parameters(), model.parameters(), 1, 1);
  Random random(2);
  constexpr int directions = 6;
  Matrix<double> along(gradient.size(), directions);
  for (double& value : along.reshaped()) value = random.normal();
  const auto by_parameters = [&](const Vector<double>& c) {
    Small moved = before;
    moved.parameters() += along * c;
    return objective(moved, family, options, trainer.mean_square());
  };
  const GradientCheck parameters =
      check_gradient(by_parameters, Vector<double>(Vector<double>::Zero(directions)),
                     Vector<double>(along.transpose() * gradient), {.tolerance = 1e-6});
  INFO(parameters.message);
  CHECK(parameters.ok);

  // The latents' Adam has the usual epsilon of 1e-8, so that their gradient is known to fewer digits.
  const Vector<double> d_latents =
      gradient_of_step(before.latents().reshaped(), model.latents().reshaped(), 1, 1e-8);
  const auto by_latents = [&](const Vector<double>& z) {
    Small moved = before;
    moved.latents().reshaped() = z;
    return objective(moved, family, options, trainer.mean_square());
  };
  const GradientCheck latents =
      check_gradient(by_latents, Vector<double>(before.latents().reshaped()), d_latents, {.tolerance = 1e-4});
  INFO(latents.message);
  CHECK(latents.ok);
}

TEST_CASE("meta-training a small family lowers the loss a hundredfold and reports every step",
          "[train][auto_decoder]") {
  const TaskSet<2> family = test::oscillator_family(6, 40);
  Small model(2);
  Trainer trainer(model, family, {.steps = 400, .points = 32, .rate = 1e-2, .latent_rate = 3e-2});
  std::vector<Trainer::Progress> seen;
  trainer.run([&](const Trainer::Progress& progress) { seen.push_back(progress); });
  REQUIRE(seen.size() == 400);
  CHECK(seen.front().step == 1);
  CHECK(seen.back().step == 400);
  CHECK(seen.back().steps == 400);
  CHECK(trainer.steps_done() == 400);
  INFO("loss from " << seen.front().loss << " to " << seen.back().loss);
  CHECK(seen.back().loss < 0.01 * seen.front().loss);
  CHECK(model.latents().cols() == 6);
  // Latents order the members by their stiffness, the one thing in which they differ.
  Vector<double> stiffness(6);
  for (std::size_t j = 0; j < 6; ++j) stiffness(static_cast<Index>(j)) = family.tasks[j].mu(0);
  double best = 0;
  for (int i = 0; i < 2; ++i) {
    const Vector<double> a = model.latents().row(i).transpose().array() - model.latents().row(i).mean();
    const Vector<double> b = stiffness.array() - stiffness.mean();
    best = std::max(best, std::abs(a.dot(b)) / (a.norm() * b.norm()));
  }
  CHECK(best > 0.9);
}

TEST_CASE("meta-training gives the same bits for any number of threads", "[train][auto_decoder]") {
  const TaskSet<2> family = test::oscillator_family(5, 1100);
  const Options options{.steps = 10, .systems = 4, .points = 1030, .inner_steps = 1, .latent_penalty = 0.1};
  const Vector<double> one = trained(family, options, 2);
#ifdef _OPENMP
  const int before = omp_get_max_threads();
  for (const int threads : {1, 2, 3, 7}) {
    omp_set_num_threads(threads);
    CHECK((trained(family, options, 2) == one));
  }
  // Also where the number grows while training goes on.
  omp_set_num_threads(1);
  Small model(3);
  Trainer trainer(model, family, options);
  trainer.step();
  omp_set_num_threads(3);
  trainer.step();
  CHECK((model.parameters() == one.head(model.parameters().size())));
  omp_set_num_threads(before);
#endif
  Options other = options;
  other.seed = 1;
  CHECK((trained(family, options, 2) == one));
  CHECK((trained(family, other, 2) != one));
}

TEST_CASE("training goes on where it was left, with the same options and data alone",
          "[train][auto_decoder]") {
  const TaskSet<2> family = test::oscillator_family(5, 40);
  const Options options{.steps = 12, .systems = 3, .points = 16, .inner_steps = 2};
  test::goes_on<Trainer>(family, options, 3);

  Small model(3);
  StateArchive saved;
  Trainer trainer(model, family, options);
  saved(trainer);
  const auto refused = [&](const TaskSet<2>& other_family, const Options& other, Index latent) {
    Small fresh(latent);
    Trainer from(fresh, other_family, other);
    return error_text([&] {
      StateArchive restored(saved.numbers());
      restored(from);
    });
  };
  Options other = options;
  other.rate = 0.5;
  CHECK(refused(family, other, 3) ==
        "expected the option rate of the state that is restored, 0.005, got 0.5");
  CHECK(refused(family, options, 4).find("expected the size of the state that is restored") == 0);
  CHECK(
      refused(test::oscillator_family(5, 40, 2), options, 3).find("expected the data's mean of the state") ==
      0);
}

TEST_CASE("a step's memory does not grow with the points, and a later step allocates nothing",
          "[train][auto_decoder]") {
#ifdef _OPENMP
  const int threads = omp_get_max_threads();
  omp_set_num_threads(1);  // allocations are counted on this thread
#endif
  constexpr std::size_t systems = 3;
  const auto bytes_of_step = [](Index measured, Index points) {
    const TaskSet<2> family = test::oscillator_family(systems, measured);
    Small model(3);
    Trainer trainer(model, family, {.points = points});
    const AllocationCounter first;
    trainer.step();
    const std::size_t bytes = first.bytes();
    const AllocationCounter second;
    trainer.step();
    CHECK(second.count() == 0);
    return bytes;
  };
  // Past 32 blocks of 512 points nothing grows with a step that takes all points, and with one that draws some, 4
  // bytes for each that it draws from and for each that it draws.
  CHECK(bytes_of_step(10'000, 10'000) == bytes_of_step(200'000, 200'000));
  CHECK(bytes_of_step(200'000, 100'000) - bytes_of_step(20'000, 10'000) == 4 * systems * (180'000 + 90'000));
#ifdef _OPENMP
  omp_set_num_threads(threads);
#endif
}

TEST_CASE("a meta-batch moves the latents of its own systems only, and every system comes up",
          "[train][auto_decoder]") {
  const TaskSet<2> family = test::oscillator_family(7, 20);
  Small model(2);
  Trainer trainer(model, family, {.steps = 40, .systems = 2, .points = 50});
  const Matrix<double> first = model.latents();
  for (int step = 0; step < 40; ++step) {
    const Matrix<double> before = model.latents();
    trainer.step();
    CHECK(((model.latents() - before).colwise().norm().array() > 0).count() == 2);
  }
  CHECK(((model.latents() - first).colwise().norm().array() > 0).all());
}

TEST_CASE("inner steps move the latents before the weights", "[train][auto_decoder]") {
  const TaskSet<2> family = test::oscillator_family(3, 40);
  Small joint(2), inner(2), twice(2);
  const Options options{.steps = 2, .points = 40, .schedule = {.final = 1}};
  Options with_inner = options, with_outer = options;
  with_inner.inner_steps = 1;
  with_outer.inner_steps = 1;
  with_outer.outer_steps = 2;
  Trainer joint_trainer(joint, family, options), inner_trainer(inner, family, with_inner),
      twice_trainer(twice, family, with_outer);
  const Small start = joint;
  const double loss = joint_trainer.step().loss;
  CHECK(inner_trainer.step().loss == loss);
  CHECK(twice_trainer.step().loss == loss);
  CHECK((joint.latents() == inner.latents()));  // the first latent step is the same
  CHECK((inner.latents() == twice.latents()));
  CHECK((joint.parameters() != inner.parameters()));  // that of the weights sees other latents
  // A second step of the weights, on the same points and with moments kept, goes further.
  CHECK((twice.parameters() - start.parameters()).norm() >
        1.5 * (inner.parameters() - start.parameters()).norm());
}

TEST_CASE("clipping bounds the gradient of the weights", "[train][auto_decoder]") {
  const TaskSet<2> family = test::oscillator_family(3, 40);
  Small model(2);
  const Options options{.steps = 1,
                        .points = 40,
                        .rate = 1,
                        .schedule = {.final = 1},
                        .clip = 1e-3,
                        .optimizer = {.epsilon = 1}};
  Trainer trainer(model, family, options);
  const Vector<double> before = model.parameters();
  trainer.step();
  CHECK(gradient_of_step(before, model.parameters(), 1, 1).norm() == Approx(1e-3).epsilon(1e-9));
}

TEST_CASE("a diverging training ends in one line and leaves the model that last had a finite loss",
          "[train][auto_decoder]") {
  const TaskSet<2> family = test::oscillator_family(3, 40);
  for (const int inner_steps : {0, 2}) {
    Small model(2);
    Options options{.steps = 9, .points = 40, .inner_steps = inner_steps, .schedule = {.final = 1}};
    (inner_steps > 0 ? options.latent_rate : options.rate) = 1e150;
    Trainer trainer(model, family, options);
    const Small before = model;
    const std::string text = error_text([&] { trainer.run(); });
    CHECK(one_line_with(text, "training expects a finite loss and gradient; got loss "));
    CHECK(one_line_with(text, "lower the learning rates"));
    CHECK(one_line_with(text, "in step " + std::to_string(trainer.steps_done() + 1)));
    CHECK(model.parameters().allFinite());
    CHECK(model.latents().allFinite());
    CHECK((model.parameters() == before.parameters()));
    CHECK((model.latents() == before.latents()));
    CHECK(error_text([&] { model.bind(model.latents().col(0)); }).empty());
  }
}

TEST_CASE("training that leaves the numbers with its last step is an error too, and changes nothing",
          "[train][auto_decoder]") {
  const TaskSet<2> family = test::oscillator_family(3, 40);
  constexpr double most = std::numeric_limits<double>::max();
  for (const Options& options :
       {Options{.steps = 1, .rate = most}, Options{.steps = 1, .latent_rate = most},
        Options{.steps = 1, .inner_steps = 1, .rate = 1e200}, Options{.steps = 1, .rate = 1e200}}) {
    Small model(2);
    Trainer trainer(model, family, options);
    const Small before = model;
    CHECK(one_line_with(error_text([&] { trainer.run(); }), "training expects a finite loss and gradient"));
    CHECK((model.parameters() == before.parameters()));
    CHECK((model.scaling().rate_error == before.scaling().rate_error));
  }
  Small model(2);
  Trainer trainer(model, family, {.latent_spread = 1e300});
  CHECK(one_line_with(error_text([&] { trainer.step(); }), "before any step: lower latent_spread"));
}

TEST_CASE("more points than a system has are all of them", "[train][auto_decoder]") {
  const TaskSet<2> family = test::oscillator_family(3, 40);
  Small all(2), more(2);
  Trainer(all, family, {.steps = 3, .points = 40}).run();
  Trainer(more, family, {.steps = 3, .points = std::numeric_limits<Index>::max()}).run();
  CHECK((all.parameters() == more.parameters()));
}

TEST_CASE("training refuses options and families that make no sense", "[train][auto_decoder]") {
  const TaskSet<2> family = test::oscillator_family(2, 10);
  const auto refused = [&](const Options& options) {
    return error_text([&] {
      Small model(2);
      Trainer trainer(model, family, options);
    });
  };
  const double undefined = std::numeric_limits<double>::quiet_NaN();
  CHECK(refused({}).empty());
  CHECK(one_line_with(refused({.steps = 0}), "training option 'steps' must be at least 1; got 0"));
  CHECK(one_line_with(refused({.systems = -1}), "'systems' must be at least 0 (0: all); got -1"));
  CHECK(one_line_with(refused({.points = 0}), "'points' must be at least 1; got 0"));
  CHECK(one_line_with(refused({.inner_steps = -1}), "'inner_steps' must be at least 0; got -1"));
  CHECK(one_line_with(refused({.outer_steps = 0}), "'outer_steps' must be at least 1; got 0"));
  CHECK(one_line_with(refused({.rate = 0}), "'rate' must be positive; got 0"));
  CHECK(one_line_with(refused({.rate = undefined}), "'rate' must be positive; got nan"));
  CHECK(one_line_with(refused({.latent_rate = -1}), "'latent_rate' must be positive; got -1"));
  CHECK(
      one_line_with(refused({.latent_penalty = undefined}), "'latent_penalty' must be at least 0; got nan"));

  Small model(2);
  TaskSet<2> bad = family;
  bad.tasks[1].dx(0, 3) = undefined;
  CHECK(one_line_with(
      error_text([&] { Trainer(model, bad, {}); }),
      "expected finite numbers in dX, got nan at member 1, trajectory 0, sample 3, component 0"));
  CHECK(one_line_with(error_text([&] { Trainer(model, TaskSet<2>{}, {}); }), "expected at least one member"));
}

TEST_CASE("one step of meta-training with SGD moves the weights along the gradient that Adam sees",
          "[train][auto_decoder]") {
  const TaskSet<2> family = test::oscillator_family(3, 40);
  // Adam with a huge epsilon is gradient descent: rate · g/(|g| + epsilon).
  Small with_adam(2), with_sgd(2);
  AutoDecoder<Small, Adam, ConstantSchedule>(with_adam, family,
                                             {.points = 40, .rate = 1e6, .optimizer = {.epsilon = 1e9}})
      .step();
  AutoDecoder<Small, Sgd, ConstantSchedule>(with_sgd, family, {.points = 40, .rate = 1e-3}).step();
  Small start(2);
  Random random(0, 0);
  start.initialize(random);
  const Vector<double> moved = with_sgd.parameters() - start.parameters();
  CHECK(moved.norm() > 1e-6);
  CHECK((with_adam.parameters() - start.parameters() - moved).norm() < 1e-6 * moved.norm());
}

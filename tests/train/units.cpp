// Other units of states, time and energy change no number that has no unit: in training, adaptation, a stream, certificates
// and measures. Factors are powers of two, which no rounding tells apart, but for the last case.

#include "metriplex/adapt/adapt.hpp"
#include "metriplex/adapt/latent_estimator.hpp"
#include "metriplex/data/sample_family.hpp"
#include "metriplex/model/certify.hpp"
#include "metriplex/modulation/shift.hpp"
#include "metriplex/structure/generic.hpp"
#include "metriplex/structure/generic_bracket.hpp"
#include "metriplex/structure/generic_learned.hpp"
#include "metriplex/structure/hamiltonian.hpp"
#include "metriplex/systems/dno.hpp"
#include "metriplex/systems/mass_spring.hpp"
#include "metriplex/train/auto_decoder.hpp"
#include "metriplex/train/integral_loss.hpp"
#include "metriplex/train/metrics.hpp"
#include "support/catch.hpp"

using namespace metriplex;

namespace {

template <int Dim>
using Units = Vector<double, Dim>;

/// Tells a family in other units: of each component of the state, and of time.
template <int Dim>
TaskSet<Dim> in_units(TaskSet<Dim> family, const Units<Dim>& units, double time) {
  family.times *= time;
  for (auto& task : family.tasks)
    for (int i = 0; i < Dim; ++i) {
      task.x.row(i) *= units[i];
      task.dx.row(i) *= units[i] / time;
    }
  return family;
}

/// Trains, identifies, and measures; lists all that has no unit.
template <class M>
std::vector<double> pure_numbers(const TaskSet<M::dimension>& family, const Units<M::dimension>& units,
                                 double time) {
  constexpr int dim = M::dimension;
  using Scalar = typename M::Scalar;
  const auto [training, unseen] = in_units(family, units, time).split(family.tasks.size() - 1);
  std::vector<double> numbers;
  M model(2);
  AutoDecoder(model, training, {.steps = 40, .points = 16}).run([&](const auto& progress) {
    numbers.push_back(progress.loss);
  });
  const auto note = [&](const auto& values) {
    for (const auto value : values.reshaped()) numbers.push_back(static_cast<double>(value));
  };
  note(model.latents());
  {
    M of_states(2);
    AutoDecoder<M, Soap, CosineSchedule, IntegralLoss> trainer(of_states, Recordings<dim>(training),
                                                               {.steps = 20, .points = 16});
    trainer.run([&](const auto& progress) { numbers.push_back(progress.loss); });
    note(of_states.latents());
  }

  const Matrix<double, dim> x = unseen.states(0, 0), dx = unseen.derivatives(0, 0);
  const auto rates = adapt(model, x, dx);
  const auto states = adapt(model, Motion<dim>{unseen.times, x});
  for (const auto& found : {rates, states}) {
    note(found.z);
    note(found.covariance);
    numbers.insert(numbers.end(), {found.loss, found.noise, double(found.iterations), double(found.status)});
  }
  const auto member = model.bind(rates.z);
  for (const auto& errors : {field_errors(member, x, dx), trajectory_errors(member, unseen, 0)}) {
    note(errors.component);
    numbers.push_back(errors.together());
  }

  Vector<Scalar, dim> noise;
  for (int i = 0; i < dim; ++i) noise[i] = static_cast<Scalar>(0.01 * units[i] / time);
  LatentEstimator<M> estimator(model, noise);
  for (Index k = 0; k < x.cols(); ++k)
    numbers.push_back(
        estimator.update(x.col(k).template cast<Scalar>(), dx.col(k).template cast<Scalar>()).square);
  note(estimator.z());

  Box<dim> box;
  for (int i = 0; i < dim; ++i) {
    box.lo[static_cast<std::size_t>(i)] = -units[i];
    box.hi[static_cast<std::size_t>(i)] = units[i];
  }
  for (const auto& entry : certify(member, box, {.states = 20}).entries())
    if (entry.name != "production") numbers.push_back(entry.value);
  return numbers;
}

/// Compares them in other units with those in the family's own.
template <class M>
void check(const TaskSet<M::dimension>& family, const Units<M::dimension>& units, double time,
           double tolerance = 0) {
  INFO(M::Structure::name << " in units " << units.transpose() << " and " << time);
  const std::vector<double> here = pure_numbers<M>(family, Units<M::dimension>::Ones(), 1),
                            there = pure_numbers<M>(family, units, time);
  REQUIRE(here.size() == there.size());
  for (std::size_t i = 0; i < here.size(); ++i) {
    INFO("number " << i << " of " << here.size());
    CHECK(std::abs(there[i] - here[i]) <= tolerance * (1e-3 + std::abs(here[i])));
  }
}

template <class S>
TaskSet<S::dim> small_family() {
  FamilyOptions options{.members = 5, .trajectories = 2};
  options.times = Vector<double>::LinSpaced(12, 0, 3);
  return sample_family<S>(options);
}

constexpr double tera = 1099511627776.0, pico = 1 / tera;  // 2⁴⁰

template <class Scalar = double>
using Spring = Model<Hamiltonian<2>, Mlp<Tanh, 2, 8, 8, 1>, Shift, Scalar>;
using Damped = Networks<Mlp<Tanh, 3, 8, 1>, Mlp<Tanh, 3, 6, 6>>;

}  // namespace

TEST_CASE("a family without friction is learned alike in all units", "[train][units]") {
  const auto family = small_family<MassSpring>();
  check<Spring<>>(family, {tera, pico}, 1);
  check<Spring<>>(family, {pico, tera}, tera);
  check<Spring<>>(family, {1, 1}, pico);
  check<Spring<>>(family, {tera, 4}, pico);
  check<Spring<float>>(family, {1048576.0, 1 / 1048576.0}, 1024.0);
}

TEST_CASE("families with friction are learned alike in all units", "[train][units]") {
  const auto family = small_family<Dno>();
  check<Model<Generic<3, 1>, Damped, Shift>>(family, {tera, pico, 1}, 1);
  check<Model<Generic<3, 1>, Damped, Shift>>(family, {pico, tera, tera}, tera);
  check<Model<Generic<3, 1>, Damped, Shift>>(family, {tera, 1, pico}, pico);
  using Learned = Networks<Mlp<Tanh, 3, 8, 1>, Mlp<Tanh, 3, 8, 1>, Mlp<Tanh, 3, 6, 3>, Mlp<Tanh, 3, 6, 6>>;
  check<Model<GenericLearned<3>, Learned, Shift>>(family, {tera, pico, 4}, pico);
  check<Model<GenericBracket<3>, Mlp<Tanh, 3, 8, 1>, Shift>>(family, {tera, 1, pico}, tera);
}

TEST_CASE("factors that are no powers of two change roundings alone", "[train][units]") {
  check<Spring<>>(small_family<MassSpring>(), {1e12, 1e-12}, 1e12, 1e-5);
  check<Model<Generic<3, 1>, Damped, Shift>>(small_family<Dno>(), {1e-12, 1e12, 3e6}, 1e-12, 1e-5);
}

#pragma once

#include <algorithm>
#include <bit>
#include <cmath>
#include <type_traits>
#include <vector>

#include "metriplex/adapt/measurements.hpp"
#include "metriplex/core/arrays.hpp"
#include "metriplex/data/recordings.hpp"
#include "metriplex/data/task_set.hpp"
#include "metriplex/model/energy_unit.hpp"
#include "metriplex/model/model.hpp"
#include "metriplex/train/adam.hpp"
#include "metriplex/train/batch_gradient.hpp"
#include "metriplex/train/batch_sampler.hpp"
#include "metriplex/train/rate_loss.hpp"
#include "metriplex/train/schedule.hpp"
#include "metriplex/train/soap.hpp"
#include "metriplex/train/training_options.hpp"

namespace metriplex {

/// Meta-trains a model on a family: one latent a system, trained with the weights that all systems share; these by `Soap`
/// unless told otherwise, the latents by `Adam`.
///
/// Math: minimises over parameters and latents: the mean over systems and terms of the loss's squared residuals, relative to
/// those of a field that is zero (`RateLoss`: |(f − ẋ) ⊘ r|²/(dim · mean |ẋ ⊘ r|²) with r the scale of each component's rate) +
/// latent_penalty · mean‖z‖² + hyper_penalty · ‖hypernetwork's slopes‖² + basis_penalty · the modulation's
/// penalty (Jing et al. 2025, meta-training with evolving latents; Park et al. 2019 for auto-decoding).
/// Cost: a step is one pass of the batch through the loss; the same bits for any number of threads. Memory is that
/// of the data, their order (4 bytes a point, unless steps take all), and what does not depend on the points.
template <class ModelType, template <class> class OptimizerType = Soap,
          Schedule ScheduleType = CosineSchedule, template <class> class LossType = RateLoss>
class AutoDecoder {
 public:
  using Model = ModelType;
  using Scalar = typename Model::Scalar;
  using Optimizer = OptimizerType<Scalar>;
  using Loss = LossType<typename Model::Bound>;
  static constexpr int dim = Model::dimension;

  using Options = TrainingOptions<Optimizer, ScheduleType, typename Loss::Options>;

  /// What a step has to tell.
  struct Progress {
    Index step, steps;
    double loss;  ///< the data term, on this step's points, before the step
  };

  /// Prepares training of `model` on a family: draws parameters and latents, fits the scaling inside the potential.
  /// Errors: an empty or invalid family, one that the loss cannot learn from, options out of range.
  AutoDecoder(Model& model, const Recordings<dim>& family,
              const Options& options = {}) requires(!std::is_const_v<Model>)
      : model_(model),
        options_(options),
        random_(options.seed, 1),
        batch_gradient_(Loss(options.loss), options.ranks),
        optimizer_(make_optimizer(options.optimizer, model)) {
    options.validate();
    Loss& loss = batch_gradient_.loss();
    const FirstSight<dim> seen = loss.look(family);
    fit_units(model, seen.states, seen.rates);
    loss.prepare(family, model.scaling(), seen);
    for (Index system = 0; system < systems(); ++system) {
      latent_optimizers_.emplace_back(typename Adam<Scalar>::Options{}, model.latent());
      sampler_.add(loss.terms(system));
    }
    terms_ =
        std::clamp<Index>((options_.points + loss.points() / 2) / loss.points(), 1, sampler_.most_points());

    Random init(options.seed, 0);
    model.initialize(init);
    model.latents().resize(model.latent(), systems());
    for (Index i = 0; i < model.latents().size(); ++i)
      model.latents().data()[i] = static_cast<Scalar>(options.latent_spread * init.normal());
  }

  /// Prepares it likewise on a family of one time axis.
  AutoDecoder(Model& model, const TaskSet<dim>& tasks,
              const Options& options = {}) requires(!std::is_const_v<Model>)
      : AutoDecoder(model, checked(tasks), options) {}

  /// Says in one sentence what does not fit.
  template <int Other>
  AutoDecoder(const std::type_identity_t<Model>& model, const TaskSet<Other>&, const Options& options = {})
      : AutoDecoder(const_cast<Model&>(model), TaskSet<dim>(), options) {
    static_assert(Other == dim, "the family's states have another number of components than the model's");
    static_assert(Other != dim,
                  "training changes the model: it takes one that is neither const nor a temporary");
  }

  Index systems() const { return batch_gradient_.systems(); }
  Index steps_done() const { return step_; }
  /// Mean square of the residuals of a field that is zero, by which losses are divided.
  double mean_square() const { return batch_gradient_.loss().mean_square(); }

  /// Takes one step and returns what the loss was before it.
  ///
  /// Errors: a loss, gradient or parameter that is not finite; the model goes back to where all of them last were.
  Progress step() {
    if constexpr (LinearisedLoss<Loss>)
      if (step_ >= Loss::first_linearisation && std::has_single_bit(static_cast<std::uint64_t>(step_)))
        batch_gradient_.linearise(model_);
    sampler_.draw(options_.systems, terms_, random_);
    const double rate = options_.schedule(step_, options_.steps);
    require(
        std::isfinite(rate) && rate >= 0,
        {"training expects a schedule's factor to be finite and >= 0; got ", rate, " in step ", step_ + 1});
    double loss = 0.0;
    if (options_.inner_steps == 0) {
      loss = gradient();
      move_latents(rate);
      move_weights(rate);
    } else {
      for (int i = 0; i < options_.inner_steps; ++i) {
        const double now = gradient();
        if (i == 0) loss = now;
        move_latents(rate);
      }
      for (int i = 0; i < options_.outer_steps; ++i) {
        gradient();
        move_weights(rate);
      }
    }
    if (!all_finite(model_.parameters()) || !all_finite(model_.latents())) diverge(loss);
    return {++step_, options_.steps, loss};
  }

  /// Takes all remaining steps; calls progress(Progress) after each. The model then knows its error (`Scaling::rate_error`).
  ///
  /// Errors: as `step`, and a field that is not finite at the measurements after the last.
  template <class Callback = void (*)(const Progress&)>
  void run(Callback&& progress = [](const Progress&) {}) {
    while (step_ < options_.steps) progress(step());
    const Vector<double, dim> error = batch_gradient_.rate_error(model_);
    if (!all_finite(error)) diverge(error.norm());
    for (int i = 0; i < dim; ++i) model_.scaling().rate_error[i] = static_cast<Scalar>(error[i]);
  }

  /// Lists all that the next step goes on from, for `StateArchive`: a trainer of the same types goes on with the same bits.
  /// Errors: other options or data than those that the state is of.
  template <class Archive>
  void serialize(Archive& archive) {
    static_assert(
        requires(Archive & a) { optimizer_.serialize(a); },
        "an optimizer whose training is saved has a serialize(archive) that lists its moments");
    options_.agree(archive);
    for (int i = 0; i < dim; ++i) {  // which tell data apart
      archive.same("data's mean", static_cast<double>(model_.scaling().mean[i]));
      archive.same("rates' scale", static_cast<double>(model_.scaling().rate_scale[i]));
    }
    archive.same("number of terms", static_cast<double>(terms_));
    archive(model_.parameters(), model_.latents(), random_, step_, sampler_, optimizer_, latent_optimizers_);
    if constexpr (requires { batch_gradient_.loss().serialize(archive); })
      batch_gradient_.loss().serialize(archive);
    if (!archive.restores()) return;
    require(all_finite(model_.parameters()) && all_finite(model_.latents()) && step_ <= options_.steps,
            "expected a state of finite parameters within its steps, got another");
    last_parameters_ = model_.parameters(), last_latents_ = model_.latents();
  }

 private:
  static Recordings<dim> checked(const TaskSet<dim>& tasks) {
    require_valid(tasks, "the training set");
    return Recordings<dim>(tasks);
  }

  static Optimizer make_optimizer(const typename Optimizer::Options& options, const Model& model) {
    if constexpr (MatrixOptimizer<Optimizer>)
      return Optimizer(options, model.parameters().size(), model.optimizer_matrices());
    else
      return Optimizer(options, model.parameters().size());
  }

  /// Evaluates loss and gradients at the batch.
  double gradient() {
    const Batch& batch = sampler_.batch();
    const double loss = batch_gradient_(model_, batch, terms_, mean_square(), d_parameters_, d_latents_);
    const auto penalty =
        static_cast<Scalar>(2.0 * options_.latent_penalty / static_cast<double>(batch.systems.size()));
    Scalar* d_z = d_latents_.data();
    for (const Index system : batch.systems)
      for (Index k = 0; k < model_.latent(); ++k) *d_z++ += penalty * model_.latents()(k, system);
    model_.regularizer(static_cast<Scalar>(options_.basis_penalty), d_parameters_);
    if (options_.hyper_penalty > 0) penalise_slopes();

    const double norm = clip_norm<Scalar>(
        d_parameters_, options_.clip > 0 ? options_.clip : batch_gradient_.largest_gradient());
    if (!std::isfinite(loss) || !std::isfinite(norm) || !all_finite(d_latents_)) diverge(loss);
    last_parameters_ = model_.parameters();
    last_latents_ = model_.latents();
    return loss;
  }

  /// Goes back to where loss and gradient were last finite, and says what happened.
  [[noreturn]] void diverge(double loss) {
    if (last_parameters_.size() == 0)
      fail({"training expects a finite loss and gradient; got loss ", loss,
            " before any step: lower latent_spread or the penalties, or check the size of the data"});
    model_.parameters() = last_parameters_;
    model_.latents() = last_latents_;
    fail({"training expects a finite loss and gradient; got loss ", loss, " in step ", step_ + 1,
          ": lower the learning rates (", options_.rate, ", latents ", options_.latent_rate,
          ") or set a clip"});
  }

  /// Adds the gradient of hyper_penalty · ‖slopes‖²: not of offsets.
  void penalise_slopes() {
    constexpr Index shared = Model::base_size + Model::basis_size;
    for (const NamedMatrix& m : Model::Hypernetwork::matrices(model_.latent(), Model::code_size))
      if (m.slope)
        for (Index i = shared + m.offset; i < shared + m.offset + m.rows * m.columns; ++i)
          d_parameters_[i] += static_cast<Scalar>(2.0 * options_.hyper_penalty) * model_.parameters()[i];
  }

  void move_weights(double rate) {
    optimizer_.step(model_.parameters(), d_parameters_, options_.rate * rate);
  }

  /// Moves each latent with moments of its own: one that is not in the batch rests.
  void move_latents(double rate) {
    Index j = 0;
    for (const Index system : sampler_.batch().systems)
      latent_optimizers_[static_cast<std::size_t>(system)].step(
          model_.latents().col(system), d_latents_.col(j++), options_.latent_rate * rate);
  }

  Model& model_;
  Options options_;
  Random random_;
  Index step_ = 0;
  Index terms_ = 1;  // of each system a step
  BatchGradient<Model, Loss> batch_gradient_;
  Optimizer optimizer_;
  std::vector<Adam<Scalar>> latent_optimizers_;  // one a system
  BatchSampler sampler_;
  Vector<Scalar> d_parameters_, last_parameters_;
  Matrix<Scalar> d_latents_, last_latents_;  // the first one column a system of the batch
};

template <class Model, int Dim>
AutoDecoder(const Model&, const TaskSet<Dim>&, typename AutoDecoder<Model>::Options = {})
    -> AutoDecoder<Model>;
template <class Model, int Dim>
AutoDecoder(const Model&, const Recordings<Dim>&, typename AutoDecoder<Model>::Options = {})
    -> AutoDecoder<Model>;

}  // namespace metriplex

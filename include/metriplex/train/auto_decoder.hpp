#pragma once

#include <cmath>
#include <string>
#include <utility>
#include <vector>

#include "metriplex/core/threads.hpp"
#include "metriplex/data/task_set.hpp"
#include "metriplex/model/model.hpp"
#include "metriplex/train/adam.hpp"
#include "metriplex/train/batch_sampler.hpp"
#include "metriplex/train/field_loss.hpp"
#include "metriplex/train/schedule.hpp"
#include "metriplex/train/training_options.hpp"

namespace metriplex {

/// Meta-trains a model on a family: one latent a system, trained with the weights that all systems share.
///
/// Math: minimises over parameters and latents: mean over systems and points of |f − ẋ|²/(dim · mean ẋ²) +
/// latent_penalty · mean‖z‖² + hyper_penalty · ‖hypernetwork's slopes‖² + basis_penalty · the modulation's
/// penalty (Jing et al. 2025, meta-training with evolving latents; Park et al. 2019 for auto-decoding).
/// Cost: a step is one pass of the batch through `FieldLoss`; the same bits for any number of threads.
template <class ModelType, template <class> class OptimizerType = Adam,
          Schedule ScheduleType = CosineSchedule>
class AutoDecoder {
 public:
  using Model = ModelType;
  using Scalar = typename Model::Scalar;
  using Optimizer = OptimizerType<Scalar>;
  static constexpr int dim = Model::dimension;

  using Options = TrainingOptions<typename Optimizer::Options, ScheduleType>;

  /// What a step has to tell.
  struct Progress {
    Index step, steps;
    double loss;  ///< the data term, on this step's points, before the step
  };

  /// Prepares training of `model` on `tasks`: draws parameters and latents, fits the scaling inside the
  /// potential.
  ///
  /// Errors: an empty or invalid task set, options out of range.
  AutoDecoder(Model& model, const TaskSet<dim>& tasks, const Options& options)
      : model_(model),
        options_(options),
        random_(options.seed, 1),
        optimizer_(options.optimizer, model.parameters().size()) {
    require_valid(tasks, "the training set");
    options.validate();
    Index count = 0;
    double square = 0.0;
    for (const auto& task : tasks.tasks) {
      count += task.x.cols();
      square += task.dx.squaredNorm();
      x_.push_back(task.x.template cast<Scalar>());
      dx_.push_back(task.dx.template cast<Scalar>());
      sampler_.add(task.x.cols());
    }
    mean_square_ = square > 0 ? square / static_cast<double>(count * dim) : 1.0;
    Matrix<Scalar, dim> all_x(dim, count), all_dx(dim, count);
    for (Index i = 0, at = 0; i < systems(); at += x(i).cols(), ++i) {
      all_x.middleCols(at, x(i).cols()) = x(i);
      all_dx.middleCols(at, x(i).cols()) = dx(i);
    }
    model.scaling() = Model::Scale::fit(all_x, all_dx);

    Random init(options.seed, 0);
    model.initialize(init);
    model.latents().resize(model.latent(), systems());
    for (Scalar& z : model.latents().reshaped())
      z = static_cast<Scalar>(options.latent_spread * init.normal());

    latent_optimizers_.assign(static_cast<std::size_t>(systems()), Optimizer({}, model.latent()));
  }

  Index systems() const { return static_cast<Index>(x_.size()); }
  Index steps_done() const { return step_; }
  /// Mean square of the training derivatives, by which losses are divided.
  double mean_square() const { return mean_square_; }

  /// Takes one step and returns what the loss was before it.
  ///
  /// Errors: a loss or gradient that is not finite; the model stays as it was before the step.
  Progress step() {
    batch_ = sampler_.draw(options_.systems, options_.points, random_);
    const double rate = options_.schedule(step_, options_.steps);
    double loss = 0.0;
    if (options_.inner_steps == 0) {
      loss = gradient();
      move_latents(rate);
      move_weights(rate);
    } else {
      const Matrix<Scalar> latents = model_.latents();
      const Vector<Scalar> parameters = model_.parameters();
      try {
        for (int i = 0; i < options_.inner_steps; ++i) {
          const double now = gradient();
          if (i == 0) loss = now;
          move_latents(rate);
        }
        for (int i = 0; i < options_.outer_steps; ++i) {
          gradient();
          move_weights(rate);
        }
      } catch (const Error&) {  // a part of a step that fails undoes the parts before it
        model_.latents() = latents;
        model_.parameters() = parameters;
        throw;
      }
    }
    return {++step_, options_.steps, loss};
  }

  /// Takes all remaining steps; calls progress(Progress) after each.
  template <class Callback = void (*)(const Progress&)>
  void run(Callback&& progress = [](const Progress&) {}) {
    while (step_ < options_.steps) progress(step());
  }

 private:
  const auto& x(Index system) const { return x_[static_cast<std::size_t>(system)]; }
  const auto& dx(Index system) const { return dx_[static_cast<std::size_t>(system)]; }

  /// Evaluates loss and gradients at the batch.
  ///
  /// The work is cut into units of a system and up to 512 points, the units into runs, by the problem's size
  /// alone; runs are summed in order, so that the number of threads does not change a bit.
  double gradient() {
    const auto members = static_cast<Index>(batch_.systems.size());
    Matrix<Scalar> z(model_.latent(), members);
    for (Index j = 0; j < members; ++j)
      z.col(j) = model_.latents().col(batch_.systems[static_cast<std::size_t>(j)]);
    const Matrix<Scalar> codes = model_.encode(z);

    constexpr Index unit_points = 512, most_runs = 32;
    const Index blocks = (options_.points + unit_points - 1) / unit_points, units = members * blocks;
    const Index runs = std::min(units, most_runs);
    const Index shared = Model::base_size + Model::basis_size;
    const auto weight =
        static_cast<Scalar>(1.0 / (mean_square_ * static_cast<double>(members * options_.points * dim)));
    d_codes_.setZero(Model::code_size, units);
    d_shared_.setZero(shared, runs);
    weights_.setZero(Model::base_size, thread_count());
    d_weights_.resize(Model::base_size, thread_count());
    unit_loss_.setZero(units);
    while (static_cast<int>(losses_.size()) < thread_count()) losses_.emplace_back();
    parallel_for(runs, [&](Index run, int worker) {
      for (Index unit = run * units / runs; unit < (run + 1) * units / runs; ++unit) {
        const Index j = unit / blocks, start = unit % blocks * unit_points;
        const Index system = batch_.systems[static_cast<std::size_t>(j)];
        model_.apply(codes.col(j).data(), weights_.col(worker).data());
        d_weights_.col(worker).setZero();
        unit_loss_[unit] = losses_[static_cast<std::size_t>(worker)](
            weights_.col(worker).data(), model_.scaling(), x(system), dx(system),
            batch_.columns.data() + j * options_.points + start,
            std::min(unit_points, options_.points - start), weight, d_weights_.col(worker).data());
        model_.pullback(codes.col(j).data(), d_weights_.col(worker).data(), d_shared_.col(run).data(),
                        d_shared_.col(run).data() + Model::base_size, d_codes_.col(unit).data());
      }
    });
    for (Index j = 0; j < members && blocks > 1; ++j)  // the blocks of a system share one code
      d_codes_.col(j) = d_codes_.middleCols(j * blocks, blocks).rowwise().sum();

    d_parameters_.setZero(model_.parameters().size());
    d_parameters_.head(shared) = d_shared_.rowwise().sum();
    d_latents_ = static_cast<Scalar>(2.0 * options_.latent_penalty / static_cast<double>(members)) * z;
    const Matrix<Scalar> d_codes = d_codes_.leftCols(members);
    model_.encode_pullback(z, d_codes, d_parameters_, d_latents_);
    model_.regularizer(static_cast<Scalar>(options_.basis_penalty), d_parameters_);
    if (options_.hyper_penalty > 0) penalise_slopes();

    const double loss = unit_loss_.sum();
    const double norm = clip_norm<Scalar>(d_parameters_, options_.clip);
    require(std::isfinite(loss) && std::isfinite(norm) && d_latents_.allFinite(), [&] {
      return "training expects a finite loss and gradient; got loss " + std::to_string(loss) + " in step " +
             std::to_string(step_ + 1) + ": lower the learning rates (" + std::to_string(options_.rate) +
             ", latents " + std::to_string(options_.latent_rate) + ") or set a clip";
    });
    return loss;
  }

  /// Adds the gradient of hyper_penalty · ‖slopes‖²: not of offsets.
  void penalise_slopes() {
    const Index from = Model::base_size + Model::basis_size;
    for (const NamedMatrix& m : Model::Hypernetwork::matrices(model_.latent(), Model::code_size))
      if (m.slope)
        d_parameters_.segment(from + m.offset, m.rows * m.columns) +=
            static_cast<Scalar>(2.0 * options_.hyper_penalty) *
            model_.parameters().segment(from + m.offset, m.rows * m.columns);
  }

  void move_weights(double rate) {
    optimizer_.step(model_.parameters(), d_parameters_, options_.rate * rate);
  }

  /// Moves each latent with moments of its own: one that is not in the batch rests.
  void move_latents(double rate) {
    for (std::size_t j = 0; j < batch_.systems.size(); ++j)
      latent_optimizers_[static_cast<std::size_t>(batch_.systems[j])].step(
          model_.latents().col(batch_.systems[j]), d_latents_.col(static_cast<Index>(j)),
          options_.latent_rate * rate);
  }

  Model& model_;
  Options options_;
  Random random_;
  Index step_ = 0;
  double mean_square_ = 1.0;
  std::vector<Matrix<Scalar, dim>> x_, dx_;
  Optimizer optimizer_;
  std::vector<Optimizer> latent_optimizers_;              // one a system
  std::vector<FieldLoss<typename Model::Bound>> losses_;  // one a thread
  BatchSampler sampler_;
  Batch batch_;
  Matrix<Scalar> d_codes_, d_shared_, weights_, d_weights_, d_latents_;
  Vector<Scalar> d_parameters_;
  Vector<double> unit_loss_;
};

template <class Model>
AutoDecoder(Model&, const TaskSet<Model::dimension>&, typename AutoDecoder<Model>::Options)
    -> AutoDecoder<Model>;

}  // namespace metriplex

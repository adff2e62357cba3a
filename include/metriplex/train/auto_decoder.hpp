#pragma once

#include <algorithm>
#include <cmath>
#include <vector>

#include "metriplex/core/arrays.hpp"
#include "metriplex/core/threads.hpp"
#include "metriplex/data/task_set.hpp"
#include "metriplex/model/model.hpp"
#include "metriplex/train/adam.hpp"
#include "metriplex/train/batch_runs.hpp"
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
/// Cost: a step is one pass of the batch through `FieldLoss`; the same bits for any number of threads. Memory is that
/// of the data, 8 bytes a point for their order, and what does not depend on the number of points.
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
    for (const auto& task : tasks.tasks) count += task.x.cols();
    Matrix<double, dim> all_x(dim, count), all_dx(dim, count);
    count = 0;
    for (const auto& task : tasks.tasks) {
      std::copy_n(task.x.data(), task.x.size(), all_x.data() + count * dim);
      std::copy_n(task.dx.data(), task.dx.size(), all_dx.data() + count * dim);
      count += task.x.cols();
      systems_.push_back({task.x.template cast<Scalar>(), task.dx.template cast<Scalar>()});
      latent_optimizers_.emplace_back(typename Optimizer::Options{}, model.latent());
      sampler_.add(task.x.cols());
    }
    const double square = squared_norm(all_dx);
    mean_square_ = square > 0 ? square / static_cast<double>(count * dim) : 1.0;
    model.scaling() = Model::Scale::fit(all_x, all_dx);

    Random init(options.seed, 0);
    model.initialize(init);
    model.latents().resize(model.latent(), systems());
    for (Index i = 0; i < model.latents().size(); ++i)
      model.latents().data()[i] = static_cast<Scalar>(options.latent_spread * init.normal());
  }

  Index systems() const { return static_cast<Index>(systems_.size()); }
  Index steps_done() const { return step_; }
  /// Mean square of the training derivatives, by which losses are divided.
  double mean_square() const { return mean_square_; }

  /// Takes one step and returns what the loss was before it.
  ///
  /// Errors: a loss or gradient that is not finite; the model stays as it was before the step.
  Progress step() {
    sampler_.draw(options_.systems, options_.points, random_);
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
  /// What was measured of one system, [dim x points].
  struct System {
    Matrix<Scalar, dim> x, dx;
  };

  /// What one thread works with: one system's weights, and the codes of all systems of a run.
  struct Workspace {
    Vector<Scalar> weights = Vector<Scalar>::Zero(Model::base_size);
    Vector<Scalar> d_weights = Vector<Scalar>::Zero(Model::base_size);
    Matrix<Scalar> z, codes, d_codes, d_z;  // one column a system
    FieldLoss<typename Model::Bound> loss;
  };

  /// Evaluates loss and gradients at the batch.
  double gradient() {
    const Batch& batch = sampler_.batch();
    const BatchRuns runs{static_cast<Index>(batch.systems.size()), options_.points};
    const Index size = model_.parameters().size();
    d_runs_.resize(size, runs.count);
    d_parts_.resize(model_.latent(), runs.systems + runs.count);
    losses_.resize(runs.count);
    while (static_cast<int>(workspaces_.size()) < thread_count()) workspaces_.emplace_back();
    for (Workspace& work : workspaces_) {
      work.z.resize(model_.latent(), runs.most_systems());
      work.d_z.resize(model_.latent(), runs.most_systems());
      work.codes.resize(Model::code_size, runs.most_systems());
      work.d_codes.resize(Model::code_size, runs.most_systems());
    }
    parallel_for(runs.count, [&](Index run, int worker) {
      take_run(runs, run, workspaces_[static_cast<std::size_t>(worker)]);
    });

    // All sums over runs are in their order.
    d_parameters_.resize(size);
    constexpr Index chunk = 4096;
    parallel_for((size + chunk - 1) / chunk, [&](Index i, int) {
      const Index from = i * chunk, count = std::min(chunk, size - from);
      std::copy_n(column(d_runs_, 0) + from, count, d_parameters_.data() + from);
      for (Index run = 1; run < runs.count; ++run)
        add_to(count, column(d_runs_, run) + from, d_parameters_.data() + from);
    });
    d_latents_.resize(model_.latent(), runs.systems);
    for (Index j = 0; j < runs.systems; ++j)
      std::copy_n(latent_of(j), model_.latent(), column(d_latents_, j));
    scale_by(d_latents_.size(), 2.0 * options_.latent_penalty / static_cast<double>(runs.systems),
             d_latents_.data());
    double loss = 0.0;
    for (Index run = 0; run < runs.count; ++run) {
      loss += losses_[run];
      runs.for_each_part(run, [&](const BatchRuns::Part& part) {
        add_to(model_.latent(), column(d_parts_, part.system + run), column(d_latents_, part.system));
      });
    }
    model_.regularizer(static_cast<Scalar>(options_.basis_penalty), d_parameters_);
    if (options_.hyper_penalty > 0) penalise_slopes();

    const double norm = clip_norm<Scalar>(d_parameters_, options_.clip);
    require(std::isfinite(loss) && std::isfinite(norm) && all_finite(d_latents_),
            {"training expects a finite loss and gradient; got loss ", loss, " in step ", step_ + 1,
             ": lower the learning rates (", options_.rate, ", latents ", options_.latent_rate,
             ") or set a clip"});
    return loss;
  }

  /// Takes one run: encodes its systems at once, takes one after the other, and pulls their codes back at once.
  void take_run(const BatchRuns& runs, Index run, Workspace& work) {
    const Batch& batch = sampler_.batch();
    const double terms = mean_square_ * static_cast<double>(runs.systems * runs.points * dim);
    const Index first = runs.first_system(run), last = runs.last_system(run);
    for (Index j = 0; j < work.z.cols(); ++j)  // runs may differ by a system; what one lacks repeats its last
      std::copy_n(latent_of(std::min(first + j, last)), work.z.rows(), column(work.z, j));
    model_.encode(work.z, work.codes);
    work.d_codes.setZero();
    work.d_z.setZero();
    Scalar* d_parameters = column(d_runs_, run);
    std::fill_n(d_parameters, d_runs_.rows(), Scalar(0));
    losses_[run] = 0.0;
    runs.for_each_part(run, [&](const BatchRuns::Part& part) {
      const System& system =
          systems_[static_cast<std::size_t>(batch.systems[static_cast<std::size_t>(part.system)])];
      const Scalar* code = column(work.codes, part.system - first);
      model_.apply(code, work.weights.data());
      losses_[run] += work.loss(work.weights.data(), model_.scaling(), system.x, system.dx,
                                batch.columns.data() + part.system * runs.points + part.from,
                                part.to - part.from, static_cast<Scalar>(1.0 / terms), work.d_weights.data());
      model_.pullback(code, work.d_weights.data(), d_parameters, d_parameters + Model::base_size,
                      column(work.d_codes, part.system - first));
    });
    model_.encode_pullback(work.z, work.d_codes, d_parameters, work.d_z);
    for (Index system = first; system <= last; ++system)
      std::copy_n(column(work.d_z, system - first), work.z.rows(), column(d_parts_, system + run));
  }

  /// Points to the latent of system j of the batch.
  const Scalar* latent_of(Index j) const {
    return column(model_.latents(), sampler_.batch().systems[static_cast<std::size_t>(j)]);
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
  double mean_square_ = 1.0;
  std::vector<System> systems_;
  Optimizer optimizer_;
  std::vector<Optimizer> latent_optimizers_;  // one a system
  std::vector<Workspace> workspaces_;         // one a thread
  BatchSampler sampler_;
  Matrix<Scalar> d_runs_, d_parts_, d_latents_;  // parameters, a run; latents, a run and system; a system
  Vector<double> losses_;                        // one a run
  Vector<Scalar> d_parameters_;
};

template <class Model>
AutoDecoder(Model&, const TaskSet<Model::dimension>&, typename AutoDecoder<Model>::Options)
    -> AutoDecoder<Model>;

}  // namespace metriplex

#pragma once

#include <algorithm>
#include <vector>

#include "metriplex/core/arrays.hpp"
#include "metriplex/core/ranks.hpp"
#include "metriplex/core/threads.hpp"
#include "metriplex/model/model.hpp"
#include "metriplex/train/batch_runs.hpp"
#include "metriplex/train/batch_sampler.hpp"
#include "metriplex/train/rate_loss.hpp"

namespace metriplex {

/// A loss that weighs its residuals by the field, of which it asks to be told after its `first_linearisation`-th step, and after
/// twice as many, and so on.
template <class Loss>
concept LinearisedLoss = requires(Loss loss) {
  loss.linearised();
  Loss::first_linearisation;
};

/// Evaluates a loss over a batch of systems, each at its own latent, and pulls it back to the parameters that they share
/// and to their latents; on all threads, and all ranks, with the same bits for any number of them.
///
/// Math: Σ over systems, terms and residuals of residual²/(mean square · their number); what a term is and what its
/// residuals are, the loss knows (`RateLoss`, `IntegralLoss`).
/// Cost: one pass of the batch through the loss's sweep. After the first call it allocates nothing; its memory does not
/// grow with the points.
template <class Model, class Loss = RateLoss<typename Model::Bound>>
class BatchGradient {
  using Scalar = typename Model::Scalar;
  static constexpr int dim = Model::dimension;

 public:
  /// Shares the work out among `ranks` too, where there are any: all must ask for the same.
  explicit BatchGradient(Loss loss = Loss(), Ranks* ranks = nullptr)
      : loss_(std::move(loss)), ranks_(ranks) {}

  Loss& loss() { return loss_; }
  const Loss& loss() const { return loss_; }
  Index systems() const { return loss_.systems(); }

  /// Returns the largest norm of the weights' gradient that the structure, or else the loss, asks for; 0: any.
  double largest_gradient() const {
    constexpr double asked = metriplex::largest_gradient<typename Model::Structure>;
    if constexpr (requires { loss_.largest_gradient(); })
      return asked > 0 ? asked : loss_.largest_gradient();
    else
      return asked;
  }

  /// Returns the root mean square error of the field, [dim], as far as the measurements tell.
  Vector<double, dim> rate_error(const Model& model) const {
    Vector<Scalar> z(model.latent());
    return loss_.rate_error(
        model.scaling(), [&](Index system, const Matrix<Scalar, dim>& x, Matrix<Scalar, dim>& f) {
          std::copy_n(column(model.latents(), system), z.size(), z.data());
          typename Model::Bound(model.bind(z).weights(), model.scaling().centred()).batch(x, f);
        });
  }

  /// Lets the loss look at the field of each system, as it is now.
  void linearise(const Model& model) requires LinearisedLoss<Loss> {
    workspaces_.resize(static_cast<std::size_t>(thread_count()));
    parallel_for(systems(), [&](Index system, int worker) {
      Workspace& work = workspaces_[static_cast<std::size_t>(worker)];
      if (work.z.cols() == 0) work.resize(model.latent(), 1);
      for (Index j = 0; j < work.z.cols(); ++j)
        std::copy_n(column(model.latents(), system), work.z.rows(), column(work.z, j));
      model.encode(work.z, work.codes);
      model.apply(column(work.codes, 0), work.weights.data());
      loss_.linearise(work.sweep, work.weights.data(), model.scaling(), system);
    });
    loss_.linearised();
  }

  /// Returns the mean over the batch of residual²/mean_square, and writes its gradients.
  ///
  /// Shapes: batch: `points` terms of each of its systems, whose latents are the model's; d_parameters as the model's
  /// parameters; d_latents [latent x systems of the batch]. Both are resized.
  double operator()(const Model& model, const Batch& batch, Index points, double mean_square,
                    Vector<Scalar>& d_parameters, Matrix<Scalar>& d_latents) {
    const BatchRuns runs{static_cast<Index>(batch.systems.size()), points, loss_.points()};
    const Index size = model.parameters().size(), latent = model.latent();
    const Index begin = ranks_ != nullptr ? ranks_->first(runs.count, ranks_->rank()) : 0;
    const Index end = ranks_ != nullptr ? ranks_->first(runs.count, ranks_->rank() + 1) : runs.count;
    d_runs_.resize(size, runs.count);
    d_parts_.resize(latent, runs.systems + runs.count);
    losses_.resize(runs.count);
    workspaces_.resize(static_cast<std::size_t>(thread_count()));
    for (Workspace& work : workspaces_) work.resize(latent, runs.most_systems());
    const double terms = mean_square * static_cast<double>(runs.systems * points * loss_.residuals());
    parallel_for(end - begin, [&](Index i, int worker) {
      take_run(model, batch, runs, begin + i, 1.0 / terms, workspaces_[static_cast<std::size_t>(worker)]);
    });

    // All sums over runs are in their order.
    d_parameters.resize(size);
    d_latents.setZero(latent, runs.systems);
    double loss = 0.0;
    const auto all = [&](auto&& exchange) {
      exchange(d_parameters.data(), static_cast<std::size_t>(size) * sizeof(Scalar));
      exchange(d_latents.data(), static_cast<std::size_t>(d_latents.size()) * sizeof(Scalar));
      exchange(&loss, sizeof loss);
    };
    if (ranks_ != nullptr) all([&](void* sum, std::size_t bytes) { ranks_->receive(sum, bytes); });
    constexpr Index chunk = 4096;
    parallel_for((size + chunk - 1) / chunk, [&](Index i, int) {
      const Index from = i * chunk, count = std::min(chunk, size - from);
      Scalar* const sum = d_parameters.data() + from;
      if (begin == 0 && end > 0) std::copy_n(column(d_runs_, 0) + from, count, sum);
      for (Index run = std::max<Index>(begin, 1); run < end; ++run)
        add_to(count, column(d_runs_, run) + from, sum);
    });
    for (Index run = begin; run < end; ++run) {
      loss += losses_[run];
      runs.for_each_part(run, [&](const BatchRuns::Part& part) {
        add_to(latent, column(d_parts_, part.system + run), column(d_latents, part.system));
      });
    }
    if (ranks_ != nullptr) {
      all([&](void* sum, std::size_t bytes) { ranks_->pass_on(sum, bytes); });
      all([&](void* sum, std::size_t bytes) { ranks_->share(sum, bytes); });
    }
    return loss;
  }

 private:
  /// What one thread works with: one system's weights, and the codes of all systems of a run.
  struct Workspace {
    Vector<Scalar> weights = Vector<Scalar>::Zero(Model::base_size);
    Vector<Scalar> d_weights = Vector<Scalar>::Zero(Model::base_size);
    Matrix<Scalar> z, codes, d_codes, d_z;  // one column a system
    typename Loss::Sweep sweep;

    void resize(Index latent, Index systems) {
      z.resize(latent, systems);
      d_z.resize(latent, systems);
      codes.resize(Model::code_size, systems);
      d_codes.resize(Model::code_size, systems);
    }
  };

  /// Takes one run: encodes its systems at once, takes one after the other, and pulls their codes back at once.
  void take_run(const Model& model, const Batch& batch, const BatchRuns& runs, Index run, double weight,
                Workspace& work) {
    const Index first = runs.first_system(run), last = runs.last_system(run);
    const auto number = [&](Index j) { return batch.systems[static_cast<std::size_t>(j)]; };
    for (Index j = 0; j < work.z.cols(); ++j)  // runs may differ by a system; what one lacks repeats its last
      std::copy_n(column(model.latents(), number(std::min(first + j, last))), work.z.rows(),
                  column(work.z, j));
    model.encode(work.z, work.codes);
    work.d_codes.setZero();
    work.d_z.setZero();
    Scalar* d_parameters = column(d_runs_, run);
    std::fill_n(d_parameters, d_runs_.rows(), Scalar(0));
    losses_[run] = 0.0;
    runs.for_each_part(run, [&](const BatchRuns::Part& part) {
      const std::uint32_t* columns =
          batch.columns.empty() ? nullptr : batch.columns.data() + part.system * runs.points;
      const Scalar* code = column(work.codes, part.system - first);
      model.apply(code, work.weights.data());
      losses_[run] +=
          loss_(work.sweep, work.weights.data(), model.scaling(), number(part.system), columns, part.from,
                part.to - part.from, static_cast<Scalar>(weight), work.d_weights.data());
      model.pullback(code, work.d_weights.data(), d_parameters, d_parameters + Model::base_size,
                     column(work.d_codes, part.system - first));
    });
    model.encode_pullback(work.z, work.d_codes, d_parameters, work.d_z);
    for (Index system = first; system <= last; ++system)
      std::copy_n(column(work.d_z, system - first), work.z.rows(), column(d_parts_, system + run));
  }

  Loss loss_;
  Ranks* ranks_;
  std::vector<Workspace> workspaces_;  // one a thread
  Matrix<Scalar> d_runs_, d_parts_;    // parameters, one column a run; latents, one a run and system in it
  Vector<double> losses_;              // one a run
};

}  // namespace metriplex

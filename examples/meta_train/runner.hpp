#pragma once

#include <future>
#include <utility>

#include "any_optimizer.hpp"
#include "checkpoints.hpp"
#include "evaluation.hpp"
#include "job.hpp"
#include "metriplex/adapt/identifiability.hpp"
#include "metriplex/adapt/latent_fit.hpp"
#include "metriplex/adapt/parameter_map.hpp"
#include "metriplex/data/csv.hpp"
#include "metriplex/data/data_checks.hpp"
#include "metriplex/data/local_polynomial.hpp"
#include "metriplex/io/checkpoint.hpp"
#include "metriplex/io/model_file.hpp"
#include "metriplex/io/model_header.hpp"
#include "metriplex/model/cast_model.hpp"
#include "metriplex/model/certify.hpp"
#include "metriplex/modulation/none.hpp"
#include "metriplex/train/adapt_by_adam.hpp"
#include "metriplex/train/auto_decoder.hpp"
#include "metriplex/train/fine_tune.hpp"
#include "metriplex/train/integral_loss.hpp"
#include "metriplex/train/rollout_loss.hpp"
#include "progress.hpp"
#include "results_directory.hpp"
#include "stop_signals.hpp"

namespace metriplex::driver {

/// Chooses `shots` complete samples of a motion, evenly spread from the first to the last, or all where it has fewer.
template <int Dim>
Motion<Dim> spread(const Motion<Dim>& motion, Index shots) {
  const std::vector<Index> complete = motion.complete_samples();
  const auto all = static_cast<Index>(complete.size());
  shots = std::min(shots, all);
  std::vector<Index> chosen;
  for (Index k = 0; k < shots; ++k)
    chosen.push_back(complete[static_cast<std::size_t>(shots == 1 ? 0 : k * (all - 1) / (shots - 1))]);
  return motion.pick(chosen);
}

/// Says which member of the family this is.
template <int Dim>
std::string describe_member(const Family<Dim>& family, std::size_t index, const Vector<double>& mu) {
  std::string text = "member " + std::to_string(index + 1);
  for (Index k = 0; k < mu.size(); ++k) {
    char value[32];
    std::snprintf(value, sizeof value, "%.2f", mu[k]);
    text += (k == 0 ? ": " : ", ") + family.parameter_names.at(static_cast<std::size_t>(k)) + " = " + value;
  }
  return text;
}

constexpr double least_noise = 1e-3;  ///< of the states' spread, that adaptation supposes

/// Certifies the members of latents, one a column, at random states of the family's box.
template <class Model, int Dim>
CertificateOf certify_latents(const Model& model, const Family<Dim>& family, const std::string& which,
                              const Matrix<typename Model::Scalar>& latents) {
  constexpr Index states = 2000;
  return {which,
          certify(model, latents, family.box, {.states = std::max<Index>(10, states / latents.cols())})};
}

/// Adapts to the unseen members from few measurements and from many, by Levenberg and Marquardt's method and by Adam.
template <class Model, int Dim>
std::vector<SweepRow> sweep_shots(const Model& model, const Family<Dim>& family,
                                  const std::vector<Unseen<Dim>>& unseen) {
  LatentFit<Model> fit(model);
  std::vector<SweepRow> rows;
  for (const Index shots : {1, 2, 3, 5, 10, 50}) {
    if (std::any_of(unseen.begin(), unseen.end(),
                    [&](const auto& member) { return member.seen.samples() < shots; }))
      break;
    SweepRow row{shots, 0, 0, 0, 0};
    const double share = 1.0 / static_cast<double>(unseen.size());
    for (const Unseen<Dim>& member : unseen) {
      const Motion<Dim> few = spread(member.seen, shots);
      const Matrix<double, Dim>&x = few.states, &dx = few.rates;
      const Stopwatch lm_watch;
      fit.fit(x, dx);
      row.lm_seconds += share * lm_watch.seconds();
      const Stopwatch adam_watch;
      const auto z = adapt_by_adam(model, x, dx).z;
      row.adam_seconds += share * adam_watch.seconds();
      const auto error = [&](const auto& latent) {
        return measure_field(family, member, AnyField<Dim>(cast_model<double>(model.bind(latent))))
            ->together();
      };
      row.lm += share * error(fit.z());
      row.adam += share * error(z);
    }
    rows.push_back(row);
  }
  return rows;
}

/// Tries how well the training latents tell the parameters, where these are known and there are members enough.
template <class Model, int Dim>
std::vector<ParameterFit> fit_parameters(const Model& model, const Family<Dim>& family,
                                         const Recordings<Dim>& training) {
  const Index count = training.members[0].mu.size(), systems = model.latents().cols();
  Matrix<double> mu(count, systems);
  for (Index j = 0; j < systems; ++j) mu.col(j) = training.members[static_cast<std::size_t>(j)].mu;
  std::vector<ParameterFit> fits;
  for (Index i = 0; i < count; ++i) {
    double lowest = mu(i, 0), highest = lowest;
    for (Index j = 0; j < systems; ++j)
      lowest = std::min(lowest, mu(i, j)), highest = std::max(highest, mu(i, j));
    const bool varies = highest - lowest > 1e-12 * std::max(std::abs(lowest), std::abs(highest));
    fits.push_back({family.parameter_names.at(static_cast<std::size_t>(i)), varies});
  }
  const Index n = model.latent();
  for (const int degree : {1, 2}) {
    if (count == 0 || systems <= (degree == 1 ? n + 1 : (n + 1) * (n + 2) / 2)) break;
    const ParameterMap<Model> map(model, mu, degree);
    for (Index i = 0; i < count; ++i) {
      auto& fit = fits[static_cast<std::size_t>(i)];
      if (!fit.varies) continue;
      (degree == 1 ? fit.linear : fit.quadratic) = map.r_squared()[i];
    }
  }
  return fits;
}

/// Adapts to unseen members and measures them; fills the report as it goes.
template <bool by_rates, class Model, int Dim>
void adapt_and_measure(Report& report, const Model& model, const Family<Dim>& family,
                       const std::vector<Unseen<Dim>>& unseen) {
  const Request& request = report.request;
  using Scalar = typename Model::Scalar;
  constexpr bool joint = std::is_same_v<typename Model::Modulation, None>;
  // States are as good as their noise says.
  LatentFitOptions options;
  if (!by_rates) options.noise = std::max(least_noise, report.noise_share);
  LatentFit<Model> latent_fit(model, options);
  const LatentPrior<Model> prior(model);
  Matrix<Scalar> adapted(request.latent, static_cast<Index>(unseen.size()));
  for (std::size_t i = 0; i < unseen.size(); ++i) {
    const Vector<double>& mu = unseen[i].mu;
    const Motion<Dim> few = spread(unseen[i].seen, report.shots);
    MemberResult result;
    result.description = describe_member(family, static_cast<std::size_t>(report.training_members) + i, mu);
    result.mu.assign(mu.data(), mu.data() + mu.size());
    const double share = 1.0 / static_cast<double>(unseen.size());
    const Stopwatch adaptation_watch;
    auto bound = [&] {
      if constexpr (joint) {  // nothing to adapt: the joint baseline, all weights move
        auto base = model.bind(model.mean_latent());
        adapted.col(static_cast<Index>(i)) = model.mean_latent();
        result.loss = fine_tune(base, few.states, by_rates ? few.rates : estimate_rates(few));
        return base;
      } else if (!by_rates || request.adapt == "lm") {
        if constexpr (by_rates)
          result.status = latent_fit.fit(few.states, few.rates);
        else
          result.status = latent_fit.fit(few);
        result.loss = latent_fit.loss();
        report.effective_dimension =
            report.effective_dimension.value_or(0) +
            share * identifiability(prior, latent_fit.covariance()).effective_dimension;
        adapted.col(static_cast<Index>(i)) = latent_fit.z();
        return model.bind(latent_fit.z());
      } else if constexpr (by_rates) {
        const auto found = adapt_by_adam(model, few.states, few.rates);
        result.loss = found.loss;
        adapted.col(static_cast<Index>(i)) = found.z;
        return model.bind(found.z);
      }
    }();
    report.adapt_seconds += share * adaptation_watch.seconds();
    for (Index k = 0; k < request.latent; ++k)
      result.latent.push_back(static_cast<double>(adapted(k, static_cast<Index>(i))));
    const AnyField<Dim> learned(cast_model<double>(bound));  // which a float's long run needs
    measure(family, unseen[i], learned, result);
    if (i == 0) {
      report.pictures = picture_data(family, unseen[i], learned, few.states);
      report.pictures.member = "unseen " + result.description;
      if (request.long_run > 0) report.long_runs = long_runs(unseen[i], learned, request.long_run);
    }
    report.members.push_back(std::move(result));
  }
  if constexpr (!joint) {
    report.parameter_fits = fit_parameters(
        model, family, family.recordings.split(static_cast<std::size_t>(report.training_members)).first);
    if constexpr (by_rates)
      if (request.sweep) report.sweep = sweep_shots(model, family, unseen);
  }
  Random random(request.seed);
  Matrix<Scalar> far(request.latent, 20);
  for (Index j = 0; j < far.cols(); ++j) {
    for (Index k = 0; k < far.rows(); ++k) far(k, j) = static_cast<Scalar>(random.normal());
    far.col(j) *= Scalar(100) / far.col(j).norm();
  }
  report.certificates = {certify_latents(model, family, "trained", model.latents()),
                         certify_latents(model, family, "unseen", adapted),
                         certify_latents(model, family, "far", far)};
}

/// Saves checkpoints of a training, with how the loss fell, at the interval that the request says.
template <class Trainer>
class CheckpointWriter {
 public:
  CheckpointWriter(Report& report, Trainer& trainer) : report_(report), trainer_(trainer) {}

  /// Goes on from the newest checkpoint.
  void restore(const Job& job) {
    const Checkpoint newest = newest_checkpoint(report_.request.out, job.first());
    const std::string where = " in " + newest.path.string();
    const std::string& checksum = detail::metadata(newest.file, "data_crc32", where);
    require(checksum == report_.checksum, {"expected the run's data, of CRC-32 ", checksum, ", got ",
                                           report_.checksum, " in ", report_.request.data, where});
    restore_checkpoint(newest.file, trainer_, where);
    const auto loss = newest.file.tensors.find("loss");
    require(loss != newest.file.tensors.end(), {"expected an array 'loss', got none", where});
    for (std::size_t i = 0; i + 1 < loss->second.values.size(); i += 2)
      report_.loss.push_back({loss->second.values[i], loss->second.values[i + 1]});
    started_ = true;  // what is in the folder is of this run
  }

  /// Saves one after a step where one is due; after the last, or where training is to stop, waits until it is on the disk. A disk
  /// that is full does not cost the training.
  void after(Index step, bool stop) {
    const Request& request = report_.request;
    const bool last = stop || step == request.steps;
    if (!last && step % request.checkpoint != 0) return;
    finish(false);  // one at a time
    Tensor loss{{static_cast<Index>(report_.loss.size()), 2}, {}};
    for (const auto& row : report_.loss) loss.values.insert(loss.values.end(), row.begin(), row.end());
    writing_ =
        std::async(std::launch::async,
                   [replace = !std::exchange(started_, true) && request.overwrite, step, folder = request.out,
                    file = take_checkpoint(trainer_, notes_of_run(request, report_.checksum),
                                           {{"loss", std::move(loss)}})]() mutable {
                     const auto path = checkpoint_path(folder, step);
                     write_checkpoint(path, std::move(file));
                     if (replace) remove_results(folder, path);
                     prune_checkpoints(folder, 2);
                   });
    if (last) finish(stop);
  }

 private:
  /// Waits for what is being written; says once that it failed, or fails.
  void finish(bool must) {
    try {
      if (writing_.valid()) writing_.get();
    } catch (const std::exception& error) {
      if (must) throw;
      if (!std::exchange(told_, true))
        std::fprintf(stderr, "meta_train: warning: %s: training goes on without\n", error.what());
    }
  }

  Report& report_;
  Trainer& trainer_;
  std::future<void> writing_;
  bool started_ = false, told_ = false;
};

/// Sums up where a training begins, and with which data, by which ranks tell whether all begin alike.
template <class Trainer>
std::uint32_t state_checksum(Trainer& trainer, const std::string& data) {
  StateArchive archive;
  archive(trainer);
  const auto& numbers = archive.numbers();
  return crc32({reinterpret_cast<const char*>(numbers.data()), 8 * numbers.size()}) ^ crc32(data);
}

/// Trains the model, or goes on with that, and notes in the report how the loss fell.
template <template <class> class Loss, class Model, int Dim>
void train(Report& report, Model& model, const Recordings<Dim>& training, Job& job) {
  using Trainer = AutoDecoder<Model, AnyOptimizer, CosineSchedule, Loss>;
  const Request& request = report.request;
  typename Trainer::Options options{.steps = request.steps,
                                    .points = request.batch,
                                    .latent_rate = request.latent_rate,
                                    .optimizer = {request.optimizer},
                                    .seed = request.seed,
                                    .ranks = job.ranks()};
  if constexpr (requires { options.loss.noise; })
    options.loss.noise = Vector<double, Dim>::Map(report.noise.data());
  if constexpr (requires { options.loss.scheme; }) {
    options.loss.scheme = rollout_scheme(request.rollout_scheme);
    options.loss.substeps = request.rollout_steps;
  }
  options.rate = request.rate.value_or(AnyOptimizer<typename Model::Scalar>::rate(request.optimizer));
  report.request.rate = options.rate;
  Trainer trainer(model, training, options);
  CheckpointWriter<Trainer> checkpoints(report, trainer);
  if (request.resume) checkpoints.restore(job);
  ProgressLine progress(request.voice, trainer.steps_done());
  require(job.ranks() == nullptr || job.same(state_checksum(trainer, report.checksum)),
          "expected all ranks to begin with the same data and state, got others: can all of them read the "
          "folder?");
  const StopSignals signals;
  const auto stop_if_asked = [&] {
    if (!job.any(signals.stop())) return;
    if (job.first()) checkpoints.after(trainer.steps_done(), true);
    job.meet();  // until all is on the disk
    if (job.first())
      std::fprintf(stderr, "\nmeta_train: stopped after step %td of %td; to go on: meta_train --resume %s\n",
                   trainer.steps_done(), request.steps, quote(request.out.string()).c_str());
    StopSignals::end();
  };
  while (trainer.steps_done() < request.steps) {
    const auto p = trainer.step();
    progress.update(p.step, p.steps, p.loss);
    report.loss.push_back({static_cast<double>(p.step), p.loss});
    if (job.first()) checkpoints.after(p.step, false);
    stop_if_asked();
  }
  trainer.run();  // no step is left, but to measure
  stop_if_asked();
}

/// Trains on the family, saves the model, adapts it to the unseen members and measures them.
template <template <class> class Loss, class Model, int Dim>
Report run(const Request& request, const Family<Dim>& family, Job& job) {
  using Scalar = typename Model::Scalar;
  const auto members = family.recordings.members.size();
  require(members >= 2, [&] {
    return "expected at least 2 members, one to train on and one unseen, got " + std::to_string(members) +
           " of " + family.name;
  });
  require_range<Scalar>(family.recordings, family.name);
  // The last eighth of the members is unseen: 10 of 80.
  const std::size_t trained = members - std::max<std::size_t>(1, members / 8);
  const auto parts = family.recordings.split(trained);
  std::vector<Unseen<Dim>> unseen;
  for (const Member<Dim>& member : parts.second.members) unseen.push_back(part(member));

  Report report;
  report.request = request;
  report.system = family.name;
  report.checksum = family.checksum;
  report.state_names = family.state_names;
  report.warnings = family.warnings;
  report.exact = static_cast<bool>(family.exact);
  report.training_members = static_cast<Index>(trained);
  report.shots = 0;
  for (const Unseen<Dim>& member : unseen)
    report.shots = std::max(report.shots, std::min(request.shots, member.seen.samples()));
  constexpr bool by_rates = std::is_same_v<Loss<typename Model::Bound>, RateLoss<typename Model::Bound>>;
  require(by_rates || (request.adapt == "lm" && !request.sweep),
          "expected --adapt lm and no --sweep with --loss integral or rollout, got others, which need "
          "measured rates");
  for (int i = 0; i < Dim; ++i)
    report.noise.push_back(family.noise[i]), report.spread.push_back(family.spread[i]);
  report.noise_share = std::sqrt(family.noise.cwiseQuotient(family.spread).squaredNorm() / Dim);
  Model model(request.latent);
  report.parameters = model.parameter_count();
  const Stopwatch watch;
  train<Loss>(report, model, parts.first, job);
  const bool first = job.first();
  job.end();
  if (!first) std::exit(0);  // one adapts, measures and writes
  report.train_seconds = watch.seconds();
  const auto& scaling = model.scaling();
  report.rate_error = std::sqrt(
      static_cast<double>(scaling.rate_error.cwiseQuotient(scaling.rate_scale).squaredNorm()) / Dim);

  // What training cost is saved before anything is made of it.
  report.write("model.safetensors", [&](const auto& path) {
    std::string components;
    for (const std::string& name : family.state_names) components += (components.empty() ? "" : ",") + name;
    save_model(path, model,
               {{"system", family.name},
                {"seed", std::to_string(request.seed)},
                {"combination", METRIPLEX_COMBINATION},
                {"components", components}});
  });
  report.write("loss.csv", [&](const auto& path) { write_csv(path, {"step", "loss"}, report.loss); });
  if (!request.header.empty())
    report.write(request.header + ".hpp",
                 [&](const auto& path) { model_to_header(path, model, request.header); });
  report.attempt("measuring", [&] { adapt_and_measure<by_rates>(report, model, family, unseen); });

  report.pictures.system = family.name;
  report.pictures.modulation = request.modulation;
  report.pictures.loss_steps.resize(static_cast<Index>(report.loss.size()));
  report.pictures.loss.resize(report.pictures.loss_steps.size());
  for (std::size_t i = 0; i < report.loss.size(); ++i) {
    report.pictures.loss_steps[static_cast<Index>(i)] = report.loss[i][0];
    report.pictures.loss[static_cast<Index>(i)] = report.loss[i][1];
  }
  return report;
}

}  // namespace metriplex::driver

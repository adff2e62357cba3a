#pragma once

#include <cstdio>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "evaluation.hpp"
#include "load_family.hpp"
#include "metriplex/adapt/fit_start.hpp"
#include "metriplex/adapt/latent_fit.hpp"
#include "metriplex/adapt/uncertainty.hpp"
#include "metriplex/core/file.hpp"
#include "metriplex/data/csv.hpp"
#include "metriplex/data/unwrap.hpp"
#include "metriplex/files/read_recordings.hpp"
#include "metriplex/io/model_file.hpp"
#include "pictures.hpp"
#include "use_options.hpp"

namespace metriplex::driver {

/// Names the components of a model's states, as its file tells, or x1, x2, ….
inline std::vector<std::string> state_names(const Use& use, int dim) {
  const auto metadata = read_model_file(use.model).metadata;
  const auto told = metadata.find("components");
  std::vector<std::string> names = detail::split_names(told == metadata.end() ? "" : told->second);
  if (static_cast<int>(names.size()) == dim) return names;
  names.clear();
  for (int i = 0; i < dim; ++i) names.push_back("x" + std::to_string(i + 1));
  return names;
}

/// A motion predicted, with the standard deviations that an uncertain latent and an uncertain start leave.
template <int Dim>
struct Prediction {
  Vector<double> times;  ///< from the start on
  Matrix<double, Dim> mean, deviation;
};

/// Gives a prediction in steps of length h the inputs of a motion, each held from its sample on, or linear between samples.
template <int Dim>
class InputsOf {
 public:
  InputsOf(const Motion<Dim>& motion, Index inputs, double h, bool linear)
      : motion_(motion), inputs_(inputs), h_(h), linear_(linear) {}

  template <class State>
  void operator()(Index step, State& x, State& rate) {
    const double now = motion_.times[0] + static_cast<double>(step) * h_;
    for (Index i = Dim - inputs_; i < Dim; ++i) {
      const double value = linear_ ? at(now, i) : motion_.states(i, sample_before(now + h_ / 2));
      x[i] = static_cast<typename State::Scalar>(value);
      if (linear_) rate[i] = static_cast<typename State::Scalar>((at(now + h_, i) - value) / h_);
    }
  }

 private:
  /// Tells the last sample not after a time; times never fall by more than a step.
  Index sample_before(double time) {
    while (sample_ > 0 && motion_.times[sample_] > time) --sample_;
    while (sample_ + 1 < motion_.samples() && motion_.times[sample_ + 1] <= time) ++sample_;
    return sample_;
  }
  double at(double time, Index i) {
    const Index k = sample_before(time);
    if (k + 1 == motion_.samples()) return motion_.states(i, k);
    const double part = (time - motion_.times[k]) / (motion_.times[k + 1] - motion_.times[k]);
    return motion_.states(i, k) + part * (motion_.states(i, k + 1) - motion_.states(i, k));
  }

  const Motion<Dim>& motion_;
  Index inputs_, sample_ = 0;
  double h_;
  bool linear_;
};

/// Predicts how a motion of a member goes on from a state on, in steps of the field's own time, under its own inputs.
template <class Model, class Fit>
Prediction<Model::dimension> predict(const Model& model, const Fit& fit,
                                     const Motion<Model::dimension>& motion, Index inputs,
                                     const Vector<double, Model::dimension>& start,
                                     const Vector<double, Model::dimension>& deviation, double until,
                                     Index samples, bool linear) {
  constexpr int dim = Model::dimension;
  using Scalar = typename Model::Scalar;
  Uncertainty<Model> uncertainty(model);
  uncertainty.condition(fit.z(), fit.covariance());
  Matrix<double, dim, dim> initial = Matrix<double, dim, dim>::Zero();
  for (int i = 0; i < dim; ++i) initial(i, i) = deviation[i] * deviation[i];
  const auto& scaling = model.scaling();
  // A twentieth of the time in which a component goes through its spread.
  double fastest = 0;
  for (int i = 0; i < dim; ++i)
    fastest = std::max(fastest, static_cast<double>(scaling.rate_scale[i] * scaling.inverse_scale[i]));
  const auto substeps = static_cast<Index>(
      std::min(1e6, std::max(1.0, std::ceil(20 * fastest * until / static_cast<double>(samples)))));
  const double h = until / static_cast<double>(samples * substeps);
  const auto band =
      uncertainty.rollout(start.template cast<Scalar>(), static_cast<Scalar>(h), samples * substeps, initial,
                          InputsOf<dim>(motion, inputs, h, linear));
  Prediction<dim> found{Vector<double>::LinSpaced(samples + 1, 0, until),
                        Matrix<double, dim>(dim, samples + 1), Matrix<double, dim>(dim, samples + 1)};
  for (Index k = 0; k <= samples; ++k) {
    found.mean.col(k) = band.mean.col(k * substeps).template cast<double>();
    found.deviation.col(k) = band.deviation.col(k * substeps);
  }
  return found;
}

/// Adapts to every member of a file, and writes what was found and how their motions go on.
template <class Model>
int adapt_to(const Model& model, Given given, const Use& use) {
  constexpr int dim = Model::dimension;
  const bool linear = use.between == "linear";
  require(!linear || given == Given::inputs,
          "expected no --inputs-between with a model that has no inputs, got one");
  Recordings<dim> family = read_recordings<dim>(use.data, use.names, given);
  constexpr auto angles = angle_components<typename Model::Structure, typename Model::Bound::Network>;
  for (int i = 0; i < dim; ++i)
    if (angles[static_cast<std::size_t>(i)]) unwrap(family, i);
  const Index inputs = given == Given::inputs ? given_count<typename Model::Structure> : 0;
  std::filesystem::create_directories(use.out);
  const Vector<double, dim> noise =
      noise_of(family, use.noise, given, given_count<typename Model::Structure>);
  Vector<double, dim> spread;
  for (int i = 0; i < dim; ++i) spread[i] = 1 / static_cast<double>(model.scaling().inverse_scale[i]);
  const bool rates = family.have_rates();
  LatentFitOptions options;
  if (!rates) options.noise = std::max(1e-3, std::sqrt(noise.cwiseQuotient(spread).squaredNorm() / dim));
  LatentFit<Model> fit(model, options);

  const std::vector<std::string> names = state_names(use, dim);
  std::vector<std::string> header{"member", "motion", "time"};
  for (const auto& name : names) header.push_back(name);
  for (const auto& name : names) header.push_back(name + "_deviation");
  std::vector<std::vector<double>> rows;
  nlohmann::ordered_json report;
  report["model"] = use.model;
  report["data"] = use.data;
  if (given == Given::inputs) report["inputs_between"] = use.between;
  report["noise"] = std::vector<double>(noise.data(), noise.data() + dim);
  PictureData pictures;
  pictures.state_names = names;
  pictures.momentum_row = dim > 1 ? std::max(1, dim / 2) : 0;
  std::printf("%-12s %10s  %-28s %s\n", "member", "misfit", "latent", "verdict");
  for (std::size_t m = 0; m < family.members.size(); ++m) {
    const auto& motions = family.members[m].motions;
    FitStatus status;
    if (rates) {
      const auto [x, dx] = points_of(motions);
      status = fit.fit(x, dx);
    } else {
      status = fit.fit(std::span<const Motion<dim>>(motions));
    }
    const auto covariance = fit.covariance();
    std::string latent;
    nlohmann::ordered_json entry;
    for (Index k = 0; k < model.latent(); ++k) {
      char text[40];
      std::snprintf(text, sizeof text, "%s%.3g ± %.1g", k > 0 ? ", " : "", static_cast<double>(fit.z()[k]),
                    std::sqrt(covariance(k, k)));
      latent += text;
      entry["latent"].push_back(static_cast<double>(fit.z()[k]));
      entry["deviation"].push_back(std::sqrt(covariance(k, k)));
      for (Index l = 0; l < model.latent(); ++l)
        entry["covariance"][static_cast<std::size_t>(k)].push_back(covariance(k, l));
    }
    entry["misfit"] = std::sqrt(fit.loss());
    entry["verdict"] = std::string(describe(status));
    entry["in_family"] = status == FitStatus::converged || status == FitStatus::stopped;
    report["members"].push_back(entry);
    std::printf("%-12zu %10.2e  %-28s %s\n", m + 1, std::sqrt(fit.loss()), latent.c_str(),
                std::string(describe(status)).c_str());

    const auto field = model.bind(fit.z());
    for (std::size_t j = 0; j < motions.size(); ++j) {
      const Motion<dim>& motion = motions[j];
      if (motion.samples() < 2 || !motion.complete(0)) continue;
      const Vector<double, dim> start = linear ? start_of<GivenLinearly>(field, motion, noise, spread)
                                               : start_of(field, motion, noise, spread);
      const double recorded = motion.times[motion.samples() - 1] - motion.times[0],
                   until = use.until.value_or(recorded);
      // As dense as the recording, and not so few that a curve has corners.
      const auto samples = static_cast<Index>(std::min(
          1e5, std::max(100.0, std::ceil(static_cast<double>(motion.samples() - 1) * until / recorded))));
      // Eight samples tell a start of `dim` components about twice as well as one.
      const auto found =
          predict(model, fit, motion, inputs, start, Vector<double, dim>(noise / 2), until, samples, linear);
      for (Index k = 0; k <= samples; ++k) {
        std::vector<double> row{static_cast<double>(m + 1), static_cast<double>(j + 1),
                                motion.times[0] + found.times[k]};
        row.insert(row.end(), found.mean.col(k).begin(), found.mean.col(k).end());
        row.insert(row.end(), found.deviation.col(k).begin(), found.deviation.col(k).end());
        rows.push_back(std::move(row));
      }
      if (m == 0 && pictures.measured.size() < 3) {
        const Motion<dim> complete = motion.pick(motion.complete_samples());
        pictures.measured.push_back({complete.times.array() - motion.times[0], complete.states, {}, {}});
        pictures.predicted.push_back({found.times, found.mean, {}, found.deviation});
      }
    }
  }
  pictures.system = std::filesystem::path(use.data).stem().string();
  pictures.modulation = Model::Modulation::name;
  pictures.member = "member 1, adapted";
  write_atomically(use.out / "adapted.json",
                   report.dump(2, ' ', false, nlohmann::json::error_handler_t::replace) + "\n");
  write_csv(use.out / "predicted.csv", header, rows);
  draw_pictures(use.out, pictures);
  std::printf("written to %s: adapted.json, predicted.csv, trajectories.svg\n", use.out.c_str());
  return 0;
}

/// Finds the latent that was asked for: one that was told, that of a trained member, or the mean of these.
template <class Model>
typename Model::Latent latent_of(const Model& model, const Use& use) {
  require(use.latent.empty() || static_cast<Index>(use.latent.size()) == model.latent(), [&] {
    return "expected --latent of " + std::to_string(model.latent()) + " components, got " +
           std::to_string(use.latent.size());
  });
  require(!use.member || *use.member <= model.latents().cols(), [&] {
    return "expected --member of 1 to " + std::to_string(model.latents().cols()) + ", got " +
           std::to_string(*use.member);
  });
  typename Model::Latent z = model.mean_latent();
  for (Index k = 0; k < static_cast<Index>(use.latent.size()); ++k)
    z[k] = static_cast<typename Model::Scalar>(use.latent[static_cast<std::size_t>(k)]);
  if (use.member) z = model.latents().col(*use.member - 1);
  return z;
}

/// Draws the energy and the field of a member about the states that it was trained on, over its first position and momentum.
template <class Model>
int draw_member(const Model& model, const Use& use) {
  constexpr int dim = Model::dimension, half = std::max(1, dim / 2);
  using State = Vector<typename Model::Scalar, dim>;
  require(dim >= 2, "expected a model of at least two components to draw, got one");
  const auto field = model.bind(latent_of(model, use));
  const auto& scaling = model.scaling();
  PictureData data;
  data.system = std::filesystem::path(use.model).stem().string();
  data.modulation = Model::Modulation::name;
  data.member = use.member           ? "member " + std::to_string(*use.member)
                : use.latent.empty() ? "mean member"
                                     : "member of --latent";
  data.state_names = state_names(use, dim);
  data.momentum_row = half;
  const auto axis = [&](int i, Index points) {
    const double mean = static_cast<double>(scaling.mean[i]),
                 reach = 2.5 / static_cast<double>(scaling.inverse_scale[i]);
    return Eigen::VectorXd(Eigen::VectorXd::LinSpaced(points, mean - reach, mean + reach));
  };
  const auto at = [&](double q, double p) {
    State x = scaling.mean;
    x[0] = static_cast<typename Model::Scalar>(q);
    x[half] = static_cast<typename Model::Scalar>(p);
    return x;
  };
  data.grid_q = axis(0, 121), data.grid_p = axis(half, 121);
  data.field_q = axis(0, 13), data.field_p = axis(half, 11);
  data.dq_learned.resize(13, 11), data.dp_learned.resize(13, 11);
  for (Index i = 0; i < 13; ++i)
    for (Index j = 0; j < 11; ++j) {
      const State rate = field(at(data.field_q[i], data.field_p[j]));
      data.dq_learned(i, j) = static_cast<double>(rate[0]);
      data.dp_learned(i, j) = static_cast<double>(rate[half]);
    }
  if constexpr (HasEnergy<typename Model::Bound>) {
    data.energy_learned.resize(121, 121);
    for (Index i = 0; i < 121; ++i)
      for (Index j = 0; j < 121; ++j)
        data.energy_learned(i, j) = static_cast<double>(field.energy(at(data.grid_q[i], data.grid_p[j])));
  }
  std::filesystem::create_directories(use.out);
  for (const auto& picture : draw_pictures(use.out, data))
    std::printf("%-14s %s\n", "picture", picture.c_str());
  return 0;
}

/// Writes a motion of a member as a table.
template <class Model>
int simulate(const Model& model, const Use& use) {
  constexpr int dim = Model::dimension;
  using Scalar = typename Model::Scalar;
  require(use.start.size() == dim, [&] {
    return "expected --start of " + std::to_string(dim) + " components, got " +
           std::to_string(use.start.size());
  });
  const auto field = model.bind(latent_of(model, use));
  const Vector<double> times = Vector<double>::LinSpaced(use.samples + 1, 0, *use.until);
  const Vector<Scalar, dim> start = Vector<double, dim>::Map(use.start.data()).template cast<Scalar>();
  constexpr int substeps = 8;
  const auto path = rollout(field, Rk4{}, start, times, substeps);
  std::vector<std::string> header{"time"};
  for (int i = 0; i < dim; ++i) header.push_back("x" + std::to_string(i + 1));
  constexpr bool has_energy = HasEnergy<typename Model::Bound>;
  if (has_energy) header.emplace_back("energy");
  std::vector<std::vector<double>> rows;
  for (Index k = 0; k < path.completed; ++k) {
    std::vector<double> row{times[k]};
    for (int i = 0; i < dim; ++i) row.push_back(static_cast<double>(path.states(i, k)));
    if constexpr (has_energy) row.push_back(static_cast<double>(field.energy(path.states.col(k))));
    rows.push_back(std::move(row));
  }
  write_csv(use.out, header, rows);
  require(path.completed > use.samples, [&] {
    return "expected a motion until " + std::to_string(*use.until) + ", got one of " +
           std::to_string(path.completed) + " finite states in " + use.out.string();
  });
  return 0;
}

/// Does what was asked of a model.
template <class Model>
int use_model(const Use& use, Given given) {
  const Model model = load_model<Model>(use.model);
  if (use.command == "simulate") return simulate(model, use);
  return use.command == "info" ? draw_member(model, use) : adapt_to(model, given, use);
}

}  // namespace metriplex::driver

#pragma once

#include <optional>
#include <string>
#include <vector>

#include "metriplex/model/certificate.hpp"
#include "pictures.hpp"
#include "request.hpp"

namespace metriplex::driver {

/// One unseen member after adaptation.
struct MemberResult {
  std::string description;
  double loss, e_field, e_traj;
  double e_energy;               ///< largest drift of the learned energy along predictions, over its range
  std::optional<double> min_dS;  ///< least gain of entropy from a sample to the next, if the system has one
};

/// What a scheme made of energy and entropy in a long run of the first unseen member.
struct LongRun {
  std::string scheme;
  Index steps = 0;                     ///< taken before it failed or ended
  double step = 0, drift = 0;          ///< largest |E − E₀| / |E₀|
  std::optional<double> least_gain{};  ///< of entropy in a step
};

/// What the laws of some members came to.
struct CertificateOf {
  std::string which;  ///< trained, unseen, or far: latents of norm 100
  Certificate found;
};

/// Field errors over the unseen members, adapted from so many measurements.
struct SweepRow {
  Index shots;
  double lm, adam, lm_seconds, adam_seconds;
};

/// How well latents tell the known parameters, by linear and by quadratic maps: R² of members left out.
struct ParameterFit {
  std::string name;
  std::optional<double> linear{}, quadratic{};
};

/// What a run found, ready to be printed, written and drawn.
struct Report {
  Request request;
  std::string system;
  Index parameters = 0;
  std::vector<MemberResult> members;
  std::vector<CertificateOf> certificates;
  std::vector<LongRun> long_runs;
  std::vector<SweepRow> sweep;
  std::vector<ParameterFit> parameter_fits;
  std::optional<double> effective_dimension{};  ///< of the latent, mean over the unseen members
  double train_seconds = 0, adapt_seconds = 0;
  std::vector<std::vector<double>> loss;  ///< rows of step, loss
  PictureData pictures;
};

/// Prints the tables: unseen members with their means, and certificates.
void print_table(const Report& report);

/// Writes report.json and loss.csv into the directory. Errors: a directory that cannot be written.
void write_report(const Report& report);

/// Makes the directory of the results and tries it out, so that hours of training are not lost to a typing
/// error.
///
/// Errors: one that cannot be made or written.
void prepare_directory(const std::filesystem::path& directory);

}  // namespace metriplex::driver

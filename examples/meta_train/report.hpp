#pragma once

#include <exception>
#include <limits>
#include <optional>
#include <string>
#include <vector>

#include "metriplex/adapt/latent_fit_options.hpp"
#include "metriplex/model/certificate.hpp"
#include "pictures.hpp"
#include "request.hpp"

namespace metriplex::driver {

/// Errors relative to the truth: `RelativeErrors` of any dimension.
struct ErrorsOf {
  double together, pooled;
  std::vector<double> component;
};

/// One unseen member after adaptation.
struct MemberResult {
  std::string description;
  std::vector<double> mu, latent;
  std::optional<FitStatus> status{};  ///< of a fit by least squares
  double loss = 0;                    ///< relative mean square, at the measurements adapted to
  std::optional<ErrorsOf>
      field{};  ///< of the rates, on the exact field or on measured ones, if there are any
  std::optional<ErrorsOf> trajectory{};  ///< none of motions of one sample
  /// Largest drift of the learned energy along predictions, over its range, if the structure keeps it.
  double e_energy = std::numeric_limits<double>::quiet_NaN();
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
  bool varies = true;
  std::optional<double> linear{}, quadratic{};
};

/// What a run found, ready to be printed, written and drawn.
struct Report {
  Request request;
  std::string system, checksum;
  std::vector<std::string> state_names, warnings;
  bool exact = false;                 ///< whether fields are measured by the exact one, or by measured rates
  std::vector<double> noise, spread;  ///< deviations of each component's noise, and of the states
  double noise_share = 0;             ///< root mean square of noise/spread
  double rate_error =
      0;  ///< of the trained members' fields, relative to the rates, root mean square over components
  Index parameters = 0, training_members = 0, shots = 0;
  std::vector<MemberResult> members;
  std::vector<CertificateOf> certificates;
  std::vector<LongRun> long_runs;
  std::vector<SweepRow> sweep;
  std::vector<ParameterFit> parameter_fits;
  std::optional<double> effective_dimension{};  ///< of the latent, mean over the unseen members
  double train_seconds = 0, adapt_seconds = 0;
  std::vector<std::vector<double>> loss;  ///< rows of step, loss
  PictureData pictures;
  std::vector<std::string> written, failures;  ///< names of files; what went wrong after training

  /// Does what comes after training: if it fails, the rest is done nevertheless, and `failures` tells.
  template <class Action>
  void attempt(const std::string& what, Action&& action) {
    try {
      action();
    } catch (const std::exception& error) {
      failures.push_back(what + ": " + error.what());
    }
  }
  /// Writes one file into the directory of the results likewise: one that fails does not cost the others.
  template <class Write>
  void write(const std::string& name, Write&& write_to) {
    attempt(name, [&] {
      write_to(request.out / name);
      written.push_back(name);
    });
  }
};

/// Prints the tables, writes report.json, draws the pictures and says in one line whether it learned; returns the exit status.
int deliver(Report& report);

/// Replaces what is not UTF-8, as the name of a file may be: JSON and model files take nothing else.
std::string as_utf8(const std::string& text);

}  // namespace metriplex::driver

#include "load_family.hpp"

#include <algorithm>
#include <cstdio>

#include "combination.hpp"
#include "evaluation.hpp"
#include "metriplex/core/file.hpp"
#include "metriplex/data/data_checks.hpp"
#include "metriplex/data/noise_level.hpp"
#include "metriplex/data/sample_family.hpp"
#include "metriplex/data/unwrap.hpp"
#include "metriplex/data/zip_archive.hpp"
#include "metriplex/files/read_recordings.hpp"
#include "metriplex/systems/all_systems.hpp"
#include "metriplex/systems/exact_field.hpp"
#include "metriplex/train/metrics.hpp"

namespace metriplex::driver {

namespace {

/// Reads a family's members from a file, and notes what speaks against them.
template <int Dim>
void load_members(Family<Dim>& family, const Request& request) {
  const std::string& path = request.data;
  family.recordings = read_recordings<Dim>(path, request.names, given_in(request));
  for (const int angle : combination_of(request).angles) unwrap(family.recordings, angle);
  require_range<double>(family.recordings, path);
  family.warnings = data_doubts(family.recordings, family.entropies, path);
  const ArrayInfos arrays = list_arrays(path);
  const auto wanted = plan_arrays(arrays, request.names, path).wanted();
  std::string unused;
  for (const ArrayInfo& array : arrays)
    if (std::find(wanted.begin(), wanted.end(), array.name) == wanted.end())
      unused += (unused.empty() ? "" : ", ") + quote(array.name);
  if (!unused.empty())
    family.warnings.push_back("nobody reads the arrays " + unused + " (a family is " + request.names.time +
                              ", " + request.names.states + " and perhaps " + request.names.rates + " and " +
                              request.names.parameters + ")");
  char checksum[16];
  std::snprintf(checksum, sizeof checksum, "%08x", crc32(read_file(path)));
  family.checksum = checksum;
}

/// Notes how far measured rates are from the exact field that is to be the measure.
template <int Dim>
void compare_with_exact(Family<Dim>& family) {
  double total = 0, worst = 0;
  if (!family.recordings.have_rates()) return;
  for (const Member<Dim>& member : family.recordings.members) {
    const auto [x, dx] = points_of<Dim>(member.motions);
    const double error = field_error(family.exact(member.mu), x, dx);
    if (std::isnan(error)) continue;  // of a member at rest
    total += error / static_cast<double>(family.recordings.members.size());
    worst = std::max(worst, error);
  }
  char text[160];
  std::snprintf(text, sizeof text,
                "the data's rates differ from the exact field of %s by %.3g %% in the mean of the members, "
                "%.3g %% at most",
                family.name.c_str(), 100 * total, 100 * worst);
  if (!(worst < 0.01)) family.warnings.push_back(text);
}

/// The family of a known system: its exact field and potentials, its names and its box.
template <System S>
Family<S::dim> family_of() {
  Family<S::dim> family;
  family.entropies = entropies_of<S>;
  family.given = held_inputs<S>;
  family.name = S::name;
  for (int i = 0; i < S::dim; ++i) family.state_names.push_back(state_name<S>(i));
  for (int i = 0; i < S::parameters; ++i) family.parameter_names.push_back(parameter_name<S>(i));
  family.box = S::initial_box;
  family.exact = [](const Vector<double>& mu) {
    return AnyField<S::dim>(exact_field<S>(Vector<double, S::parameters>(mu)));
  };
  return family;
}

/// A family of which there is nothing but measurements.
template <int Dim>
Family<Dim> measured_family(const Request& request) {
  Family<Dim> family;
  family.entropies = request.entropies;
  family.name = as_utf8(std::filesystem::path(request.data).stem().string());
  load_members(family, request);
  family.given = combination_of(request).tail - request.entropies;
  family.state_names =
      state_names(Dim, request.entropies, given_in(request), family.given, request.structure);
  for (int i = 0; i < Dim; ++i) {
    double low = std::numeric_limits<double>::infinity(), high = -low;
    for_each_sample(family.recordings, [&](const Motion<Dim>& motion, Index k) {
      low = std::min(low, motion.states(i, k));
      high = std::max(high, motion.states(i, k));
    });
    family.box.lo[static_cast<std::size_t>(i)] = low;
    family.box.hi[static_cast<std::size_t>(i)] = high;
  }
  for (Index k = 0; k < family.recordings.members[0].mu.size(); ++k)
    family.parameter_names.push_back("mu" + std::to_string(k + 1));
  return family;
}

}  // namespace

template <int Dim>
Vector<double, Dim> noise_of(const Recordings<Dim>& recordings, const std::vector<double>& told, Given given,
                             Index tail) {
  const Index measured = Dim - tail;
  require(told.empty() || static_cast<Index>(told.size()) == measured, [&] {
    return "expected --noise of " + std::to_string(measured) + " components, as 0.01,0.02, got " +
           std::to_string(told.size());
  });
  Vector<double, Dim> noise = Vector<double, Dim>::Zero();
  if (!told.empty())
    noise.head(measured) = Vector<double>::Map(told.data(), measured);
  else if (given != Given::inputs)  // which bend motions at every sample: no estimate tells that from noise
    noise = noise_deviation(recordings);
  noise.tail(tail).setZero();
  return noise;
}

template <int Dim>
Family<Dim> load_family(const Request& request) {
  Family<Dim> family;
  if (request.system.empty()) family = measured_family<Dim>(request);
  if (!request.system.empty())
    visit_system(
        request.system,
        [&]<class S>() {
          if constexpr (S::dim == Dim) {
            family = family_of<S>();
            if (request.data.empty()) {
              family.recordings = Recordings<Dim>(sample_family<S>({.seed = request.seed}));
            } else {
              load_members(family, request);
              require(family.recordings.members[0].mu.size() == S::parameters, [&] {
                return "expected 'mu' with the " + std::to_string(S::parameters) + " parameters of " +
                       std::string(S::name) + ", got " +
                       std::to_string(family.recordings.members[0].mu.size()) + " in " + request.data +
                       " (leave --system out to train without an exact field)";
              });
              compare_with_exact(family);
            }
          }
        },
        AllSystems{});
  if (given_in(request) == Given::time) family.given = 1;
  family.noise = noise_of(family.recordings, request.noise, given_in(request), family.given);
  family.spread = state_deviations(family.recordings);
  for (double& spread : family.spread)
    if (!(spread > 0)) spread = 1;
  return family;
}

template Vector<double, METRIPLEX_DIM> noise_of(const Recordings<METRIPLEX_DIM>&, const std::vector<double>&,
                                                Given, Index);
template Family<METRIPLEX_DIM> load_family(const Request& request);

}  // namespace metriplex::driver

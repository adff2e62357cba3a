#pragma once

#include "family.hpp"
#include "metriplex/files/read_recordings.hpp"
#include "request.hpp"

namespace metriplex::driver {

/// Reads the family of `request.data`, or generates that of `request.system`; with both, the file's members
/// and the system's exact field. Compiled once for each Dim.
///
/// Errors: an unknown system, a file that cannot be used or that is of another dimension than the system.
template <int Dim>
Family<Dim> load_family(const Request& request);

/// Returns the deviation of the noise in each component of the states, as it was told, or else as it is estimated; none of the
/// last `tail` components, which are given, and none untold where motions have inputs.
///
/// Errors: told of another number of components.
template <int Dim>
Vector<double, Dim> noise_of(const Recordings<Dim>& recordings, const std::vector<double>& told, Given given,
                             Index tail);

}  // namespace metriplex::driver

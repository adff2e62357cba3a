#pragma once

#include "family.hpp"
#include "report.hpp"

namespace metriplex::driver {

/// Trains on the family, adapts to its unseen members, measures them and saves the model; one translation
/// unit a modulation, so that they build side by side.
template <class Modulation>
Report run(const Request& request, const AnyFamily& family);

}  // namespace metriplex::driver

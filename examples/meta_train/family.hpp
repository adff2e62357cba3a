#pragma once

#include <functional>
#include <string>
#include <vector>

#include "any_field.hpp"
#include "metriplex/data/recordings.hpp"
#include "metriplex/systems/system.hpp"

namespace metriplex::driver {

/// What the driver trains on: measured members, and, where the system is known, the truth about them.
template <int Dim>
struct Family {
  std::string name;
  std::vector<std::string> state_names, parameter_names;
  int entropies = 0;  ///< how many of the state's components, at its end
  int given = 0;      ///< likewise: inputs, or the time
  Recordings<Dim> recordings;
  Vector<double, Dim> noise,
      spread;    ///< deviations of the white noise in each component of the states, and of these
  Box<Dim> box;  ///< of the initial states; of the data where the system is not known
  std::function<AnyField<Dim>(const Vector<double>& mu)> exact;  ///< empty where the system is not known
  std::string checksum;               ///< CRC-32 of the file that it came from, empty without one
  std::vector<std::string> warnings;  ///< what speaks against the data, a sentence each
};

}  // namespace metriplex::driver

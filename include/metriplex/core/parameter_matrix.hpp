#pragma once

#include <string_view>

#include "metriplex/core/types.hpp"

namespace metriplex {

/// A matrix among the trainable parameters of a model: column-major in their flat vector from `offset` on, columns
/// `leading` apart.
struct ParameterMatrix {
  Index offset, rows, columns, leading;
  int network, layer;     ///< of which it is a part; both -1: of the hypernetwork
  std::string_view name;  ///< "W", "b", or as a modulation or a hypernetwork calls it
};

}  // namespace metriplex

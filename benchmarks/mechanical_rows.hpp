#pragma once

#include "row.hpp"

namespace metriplex::bench {

/// Adds the rows of positions and velocities, and of a Hamiltonian of as many components beside.
void add_mechanical_rows(Plan& plan);

}  // namespace metriplex::bench

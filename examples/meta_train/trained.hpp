#pragma once

#include "metriplex/model/model.hpp"
#include "modulations.hpp"
#include "networks.hpp"
#include "structures.hpp"

namespace metriplex::driver {

/// The model of this program's combination.
constexpr int dim = METRIPLEX_DIM;
using Choice = structures::METRIPLEX_STRUCTURE;
using Structure = Choice::type<dim, METRIPLEX_TAIL>;
using Modulation = modulations::METRIPLEX_MODULATION::type<METRIPLEX_RANK>;
using Trained =
    Model<Structure,
          NetworksOf<Choice, Structure, Angles<METRIPLEX_ANGLES>, METRIPLEX_WIDTH, METRIPLEX_DEPTH>,
          Modulation, METRIPLEX_SCALAR>;

}  // namespace metriplex::driver

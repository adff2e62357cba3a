#pragma once

// What a program needs that loads a trained model, adapts it to the system at hand and steps it in a loop of
// its own: no meta-training, no benchmark system.

#include "metriplex/integrate/adaptive_runge_kutta.hpp"
#include "metriplex/integrate/average_vector_field.hpp"
#include "metriplex/integrate/batch_rollout.hpp"
#include "metriplex/integrate/composition.hpp"
#include "metriplex/integrate/discrete_gradient.hpp"
#include "metriplex/integrate/extended_phase_space.hpp"
#include "metriplex/integrate/gauss_legendre.hpp"
#include "metriplex/integrate/projection.hpp"
#include "metriplex/integrate/rollout.hpp"
#include "metriplex/integrate/runge_kutta.hpp"
#include "metriplex/integrate/splitting.hpp"
#include "metriplex/io/model_file.hpp"
#include "metriplex/model/model.hpp"
#include "metriplex/modulation/except.hpp"
#include "metriplex/modulation/film.hpp"
#include "metriplex/modulation/full_weight.hpp"
#include "metriplex/modulation/low_rank.hpp"
#include "metriplex/modulation/none.hpp"
#include "metriplex/modulation/shift.hpp"
#include "metriplex/modulation/svd.hpp"
#include "metriplex/structure/hamiltonian.hpp"
#include "metriplex/structure/separable_hamiltonian.hpp"
#include "metriplex/train/adapt.hpp"

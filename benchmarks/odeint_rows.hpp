#pragma once

#include "row.hpp"

namespace metriplex::bench {

/// Adds simulations by our integrators and by those of Boost.odeint, same fields, tolerances and times.
void add_odeint_rows(Plan& plan);

}  // namespace metriplex::bench

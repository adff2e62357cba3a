#include "metriplex/modulation/shift.hpp"
#include "runner.hpp"

template metriplex::driver::Report metriplex::driver::run<metriplex::Shift>(const Request&, const AnyFamily&);

#include "metriplex/modulation/none.hpp"
#include "runner.hpp"

template metriplex::driver::Report metriplex::driver::run<metriplex::None>(const Request&, const AnyFamily&);

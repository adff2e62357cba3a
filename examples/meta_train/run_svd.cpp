#include "metriplex/modulation/svd.hpp"
#include "runner.hpp"

template metriplex::driver::Report metriplex::driver::run<metriplex::Svd<5>>(const Request&,
                                                                             const AnyFamily&);

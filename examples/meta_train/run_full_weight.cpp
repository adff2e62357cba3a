#include "metriplex/modulation/full_weight.hpp"
#include "runner.hpp"

template metriplex::driver::Report metriplex::driver::run<metriplex::FullWeight>(const Request&,
                                                                                 const AnyFamily&);

#include "metriplex/modulation/low_rank.hpp"
#include "runner.hpp"

template metriplex::driver::Report metriplex::driver::run<metriplex::LowRank<1>>(const Request&,
                                                                                 const AnyFamily&);

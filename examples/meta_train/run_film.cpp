#include "metriplex/modulation/film.hpp"
#include "runner.hpp"

template metriplex::driver::Report metriplex::driver::run<metriplex::Film>(const Request&, const AnyFamily&);

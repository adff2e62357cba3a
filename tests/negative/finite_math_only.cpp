// expect: Metriplex needs NaN and Inf, which -ffast-math and -Ofast fold away: add -fno-finite-math-only
#ifndef METRIPLEX_CONTROL
#undef __FINITE_MATH_ONLY__
#define __FINITE_MATH_ONLY__ 1  // as -ffinite-math-only, a part of -ffast-math and of -Ofast, defines it
#endif
#include "metriplex/core/arrays.hpp"

int main() {
  const double one = 1.0;
  return metriplex::all_finite(&one, 1) ? 0 : 1;
}

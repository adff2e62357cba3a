// expect: a GENERIC state (q, p, S) has as many momenta as positions and at least one entropy
#include "metriplex/structure/generic.hpp"

using namespace metriplex;

#ifdef METRIPLEX_CONTROL
constexpr int entropies = 2;
#else
constexpr int entropies = 1;
#endif

int main() {
  return Generic<4, entropies>::dim == 4 ? 0 : 1;
}

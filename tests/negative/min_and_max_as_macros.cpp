// expect: the macros min and max of <windows.h> are in the way: define NOMINMAX before it
#ifndef METRIPLEX_CONTROL
#define min(a, b) (((a) < (b)) ? (a) : (b))
#define max(a, b) (((a) > (b)) ? (a) : (b))
#endif
#include "metriplex/core/types.hpp"

int main() {
  return 0;
}

// expect: Metriplex keeps matrices column by column
#ifndef METRIPLEX_CONTROL
#define EIGEN_DEFAULT_TO_ROW_MAJOR
#endif
#include "metriplex/core/types.hpp"

int main() {
  return metriplex::Matrix<double>::IsRowMajor ? 1 : 0;
}

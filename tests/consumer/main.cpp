#include <metriplex/core/types.hpp>
#include <metriplex/version.hpp>

int main() {
  const metriplex::Vector<double, 2> x(3.0, 4.0);
  return x.norm() == 5.0 && METRIPLEX_VERSION_MAJOR >= 0 ? 0 : 1;
}

#include "metriplex/model/energy_unit.hpp"

#include "metriplex/structure/poisson.hpp"
#include "support/catch.hpp"
#include "support/error_text.hpp"

using namespace metriplex;

TEST_CASE("the unit of an energy is what moves the states through the bracket, in any units",
          "[model][energy_unit]") {
  using S = Poisson<So3>;
  Matrix<double, 3> x = Matrix<double, 3>::Random(3, 200), dx(3, 200);
  // A body whose energy has slopes ω of size about 7: |m × ω| is that of the measured rates.
  Matrix<double, 3> omega = 7 * Matrix<double, 3>::Random(3, 200);
  for (Index p = 0; p < 200; ++p) So3::apply(x.col(p).data(), omega.col(p).data(), dx.col(p).data());
  const auto unit = energy_unit<S>(Scaling<double, 3>::fit(x, dx, 0), x, dx);
  const double spread = std::sqrt(1.0 / 3);  // of x; and of ω, as large as the unit by that
  CHECK(unit == Approx(7 * spread * spread).epsilon(0.2));
  const Matrix<double, 3> small = 1e-3 * x, fast = 1e-3 * 50 * dx;  // other units of momentum and time
  CHECK(energy_unit<S>(Scaling<double, 3>::fit(small, fast, 0), small, fast) == Approx(unit * 50 * 1e-3));
  const Matrix<double, 3> still = Matrix<double, 3>::Zero(3, 200);
  CHECK(error_text([&] {
          energy_unit<S>(Scaling<double, 3>::fit(x, dx, 0), still, dx);
        }).find("the bracket of poisson_so3 is expected to move the measured states") == 0);
}

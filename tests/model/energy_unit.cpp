#include "metriplex/model/energy_unit.hpp"

#include "metriplex/nn/periodic.hpp"
#include "metriplex/structure/hamiltonian.hpp"
#include "metriplex/structure/poisson.hpp"
#include "support/catch.hpp"
#include "support/error_text.hpp"

using namespace metriplex;

namespace {

/// What a model is to `fit_units`: its parts' types, and a scaling.
struct Swinging {
  using Structure = Hamiltonian<2>;
  using Network = Periodic<Mlp<Tanh, 3, 4, 1>, 0>;
  using Scale = Scaling<double, 2>;
  static constexpr int dimension = 2;
  Scale units;
  Scale& scaling() { return units; }
};

}  // namespace

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

TEST_CASE("a model's units are those of its structure; angles have none", "[model][energy_unit]") {
  Swinging model;
  const Matrix<double, 2> x = 3 * Matrix<double, 2>::Random(2, 100),
                          dx = 5 * Matrix<double, 2>::Random(2, 100);
  fit_units(model, x, dx);
  const auto fitted = Scaling<double, 2>::fit(x, dx, 1);
  CHECK(model.units.mean == Vector<double, 2>(0, fitted.mean[1]));
  CHECK(model.units.inverse_scale == Vector<double, 2>(1, fitted.inverse_scale[1]));
  CHECK(model.units.rate_scale == fitted.rate_scale);
  CHECK(model.units.energy == fitted.energy);
}

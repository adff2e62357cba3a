#include "metriplex/integrate/average_vector_field.hpp"

#include <cmath>

#include "support/catch.hpp"
#include "support/integrator_suite.hpp"
#include "support/long_run.hpp"

using namespace metriplex;

namespace {

// H = p²/2 + q⁴/4, of degree 4: two points are exact.
struct Quartic {
  using State = Vector<double, 2>;
  static constexpr int dim() { return 2; }
  static double energy(const State& x) { return x(1) * x(1) / 2 + std::pow(x(0), 4) / 4; }
  void operator()(const State& x, State& dx) const { dx << x(1), -std::pow(x(0), 3); }
  void jacobian(const State& x, Matrix<double, 2, 2>& J) const { J << 0, 1, -3 * x(0) * x(0), 0; }
};

template <int Points>
void check_quadrature() {
  for (int degree = 0; degree <= 2 * Points; ++degree) {
    double sum = 0;
    for (int k = 0; k < Points; ++k)
      sum += GaussQuadrature<Points>::weights[k] * std::pow(GaussQuadrature<Points>::nodes[k], degree);
    if (degree < 2 * Points)
      CHECK(sum == Approx(1.0 / (degree + 1)).epsilon(1e-15));
    else
      CHECK(std::abs(sum - 1.0 / (degree + 1)) > 1e-8);
  }
}

}  // namespace

TEST_CASE("quadratures are exact up to their degree", "[integrate][average_vector_field]") {
  check_quadrature<2>();
  check_quadrature<3>();
  check_quadrature<4>();
  check_quadrature<5>();
}

TEST_CASE("the average vector field has order 2", "[integrate][average_vector_field]") {
  check_integrator(AverageVectorField<>{});
}

TEST_CASE("the average vector field keeps polynomial energies to rounding",
          "[integrate][average_vector_field]") {
  CHECK(energy_drift(AverageVectorField<2>{}, Quartic{}, {1.0, 0.5}, 0.2, 5000) < 1e-12);
}

TEST_CASE("the average vector field keeps a learned energy as well as its quadrature",
          "[integrate][average_vector_field]") {
  const auto field = test::random_bound<LearnedHamiltonian>(2);
  const Vector<double, 2> x(0.8, -1.4);
  const double rough = energy_drift(AverageVectorField<2>{}, field, x, 0.5, 500),
               fine = energy_drift(AverageVectorField<5>{}, field, x, 0.1, 5000);
  CHECK(rough > 1e-9);
  CHECK(fine < 1e-12);
}

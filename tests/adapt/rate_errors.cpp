#include "metriplex/adapt/rate_errors.hpp"

#include "support/catch.hpp"
#include "support/random_family.hpp"

using namespace metriplex;
using Family = test::SmallFamily;

namespace {

/// Collects the errors at z, and their derivatives.
struct Collected {
  std::vector<double> errors;
  std::vector<Vector<double>> rows;

  Collected(RateErrors<Family>& at, const Vector<double>& z) {
    at(z, nullptr, true, [&](double error, double* row, int) {
      errors.push_back(error);
      rows.push_back(Vector<double>::Map(row, 2));
    });
  }
};

}  // namespace

TEST_CASE("errors of rates are relative and weighed, and their derivatives agree with differences",
          "[adapt][rate_errors]") {
  Family model = test::random_family<Family>(1);
  model.scaling().rate_scale = {0.5, 2.0};
  const Vector<double> z{{0.2, 0.5}};
  const test::Shots<Family> shots(model, Vector<double>{{0.7, -0.9}}, 70);
  Matrix<double, 2> weights = Matrix<double, 2>::Constant(2, 70, 4.0);
  weights(1, 5) = 0;
  RateErrors<Family> errors(model);
  errors.measure(shots.x, shots.dx, &weights);
  CHECK(errors.terms() == 139);
  const Collected at(errors, z);
  REQUIRE(at.errors.size() == 139);

  double reference = 0;
  for (Index p = 0; p < 70; ++p)
    for (int i = 0; i < 2; ++i)
      if (weights(i, p) > 0) reference += (i == 0 ? 4.0 : 0.25) * shots.dx(i, p) * shots.dx(i, p) / 139;
  const Vector<double, 2> off = model.bind(z)(Vector<double, 2>(shots.x.col(0))) - shots.dx.col(0);
  CHECK(at.errors[0] == Approx(std::sqrt(4.0 * 4.0 / reference) * off[0]));
  CHECK(at.errors[1] == Approx(std::sqrt(4.0 * 0.25 / reference) * off[1]));

  constexpr double h = 1e-6;
  for (int k = 0; k < 2; ++k) {
    Vector<double> there = z, back = z;
    there[k] += h;
    back[k] -= h;
    const Collected after(errors, there), before(errors, back);
    for (std::size_t i = 0; i < at.errors.size(); ++i)
      CHECK(at.rows[i][k] ==
            Approx((after.errors[i] - before.errors[i]) / (2 * h)).epsilon(1e-6).margin(1e-8));
  }
}

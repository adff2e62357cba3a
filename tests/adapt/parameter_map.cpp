#include "metriplex/adapt/parameter_map.hpp"

#include <limits>

#include "support/catch.hpp"
#include "support/error_text.hpp"
#include "support/random_family.hpp"

using namespace metriplex;
using Family = test::SmallFamily;

namespace {

Family family_with(Index systems, Random& random) {
  Family model(3);
  model.latents() = Matrix<double>::NullaryExpr(3, systems, [&] { return 2 + random.normal(); });
  return model;
}

}  // namespace

TEST_CASE("a parameter map finds parameters that depend on latents as it supposes",
          "[adapt][parameter_map]") {
  Random random(1);
  const Family model = family_with(40, random);
  const auto& z = model.latents();
  Matrix<double> mu(3, 40);
  for (Index j = 0; j < 40; ++j) {
    mu(0, j) = 1 + 2 * z(0, j) - z(2, j);
    mu(1, j) = z(0, j) * z(1, j) - 3 * z(2, j) * z(2, j);
    mu(2, j) = random.normal();
  }
  const ParameterMap<Family> linear(model, mu, 1), quadratic(model, mu, 2);
  CHECK(linear.r_squared()[0] == Approx(1));
  CHECK(linear.r_squared()[1] < 0.97);
  CHECK(linear.r_squared()[2] < 0.2);  // chance explains nothing of those left out
  CHECK(quadratic.r_squared()[1] == Approx(1));
  CHECK(quadratic.r_squared()[2] < 0.2);
  const Vector<double> at{{1.0, 2.5, 1.5}};
  CHECK(linear(at)[0] == Approx(1 + 2 * 1.0 - 1.5));
  CHECK(quadratic(at)[1] == Approx(2.5 - 3 * 1.5 * 1.5));
}

TEST_CASE("R² is that of maps fitted again without each system", "[adapt][parameter_map]") {
  Random random(2);
  const Family model = family_with(12, random);
  const Matrix<double> mu = Matrix<double>::NullaryExpr(1, 12, [&] { return random.normal(); });
  const ParameterMap<Family> all(model, mu, 1);
  double left = 0;
  for (Index j = 0; j < 12; ++j) {
    Family fewer(3);
    fewer.latents().resize(3, 11);
    Matrix<double> rest(1, 11);
    for (Index k = 0, to = 0; k < 12; ++k) {
      if (k == j) continue;
      fewer.latents().col(to) = model.latents().col(k);
      rest(0, to++) = mu(0, k);
    }
    left += std::pow(ParameterMap<Family>(fewer, rest, 1)(model.latents().col(j))[0] - mu(0, j), 2);
  }
  const double spread = (mu.array() - mu.mean()).square().sum();
  CHECK(all.r_squared()[0] == Approx(1 - left / spread).epsilon(1e-6));
}

TEST_CASE("parameters that are alike but for rounding have no R²", "[adapt][parameter_map]") {
  Random random(4);
  const Family model = family_with(20, random);
  Matrix<double> mu(3, 20);
  for (Index j = 0; j < 20; ++j) mu.col(j) << 0.1, 0.1 * (1 + 1e-15 * static_cast<double>(j % 3)), 0;
  for (const int degree : {1, 2}) {
    const ParameterMap<Family> map(model, mu, degree);
    for (int i = 0; i < 3; ++i) CHECK(std::isnan(map.r_squared()[i]));
    CHECK(map(model.latents().col(0))[0] == Approx(0.1));
  }
}

TEST_CASE("a parameter takes the degree that explains more of systems left out, in any unit",
          "[adapt][parameter_map]") {
  Random random(5);
  const Family model = family_with(12, random);  // for 10 coefficients of degree 2
  const auto& z = model.latents();
  Matrix<double> mu(1, 12);
  for (Index j = 0; j < 12; ++j) mu(0, j) = z(0, j) - z(2, j) + 0.2 * random.normal();
  const ParameterMap<Family> linear(model, mu, 1), best(model, mu, 2), huge(model, 1e200 * mu, 2);
  CHECK(linear.r_squared()[0] > 0.8);
  CHECK(best.r_squared()[0] >= linear.r_squared()[0]);
  CHECK(huge.r_squared()[0] == Approx(best.r_squared()[0]));
  const Vector<double> at{{10.0, 10.0, -10.0}};  // where squares would show
  CHECK(best(at)[0] == linear(at)[0]);
}

TEST_CASE("a parameter map refuses what it cannot fit in one line", "[adapt][parameter_map]") {
  Random random(3);
  const Family model = family_with(8, random);
  const auto refused = [&](const Matrix<double>& mu, int degree) {
    return error_text([&] { ParameterMap<Family>(model, mu, degree); });
  };
  const Matrix<double> mu = Matrix<double>::Ones(1, 8);
  CHECK(one_line_with(refused(mu.leftCols(7), 1), "parameters of the 8 training systems; got 7"));
  CHECK(one_line_with(refused(mu, 2), "needs more than 10 training systems; got 8"));
  CHECK(one_line_with(refused(mu, 3), "degree 1 or 2; got 3"));
  CHECK(one_line_with(refused(mu * std::numeric_limits<double>::quiet_NaN(), 1), "finite parameters"));
  CHECK(std::isnan(ParameterMap<Family>(model, mu, 1).r_squared()[0]));  // does not vary
}

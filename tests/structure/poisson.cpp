#include "metriplex/structure/poisson.hpp"

#include "support/catch.hpp"
#include "support/structure_suite.hpp"

using namespace metriplex;

namespace {

/// Checks that Casimirs stay whatever the energy's gradient is.
template <class S>
void check_casimirs() {
  Random random(5);
  using T = Dual<double, 1>;
  for (int draw = 0; draw < 20; ++draw) {
    const test::Seen<S> seen(random);
    const auto slope = test::random_vector<test::Outputs<S>>(random);
    Vector<double, S::dim> dx;
    S::field(seen.place(), slope.data(), dx.data());
    Vector<T, S::dim> moved = seen.x.template cast<T>();
    for (int i = 0; i < S::dim; ++i) moved[i].tangent[0] = dx[i];
    T values[S::casimirs];
    S::casimir(moved.data(), values);
    for (const T& value : values) CHECK(std::abs(value.tangent[0]) <= 1e-13 * seen.x.norm() * dx.norm());
  }
}

}  // namespace

TEST_CASE("a Poisson structure conserves its energy and pulls back to the state", "[structure][poisson]") {
  test::check_structure<Poisson<So3>>();
  test::check_structure<Poisson<Se3>>();
  test::check_structure<Poisson<LotkaVolterraBracket<3>>>();
}

TEST_CASE("brackets keep their Casimirs, whatever the energy", "[structure][poisson]") {
  check_casimirs<Poisson<So3>>();
  check_casimirs<Poisson<Se3>>();
}

TEST_CASE("brackets give the equations of the books", "[structure][poisson]") {
  // Euler: ṁ = m × ω.
  const Vector<double, 3> m(1, 2, 3), omega(0.5, -1, 2);
  Vector<double, 3> dm;
  So3::apply(m.data(), omega.data(), dm.data());
  CHECK(dm == Vector<double, 3>(2 * 2 - 3 * -1, 3 * 0.5 - 1 * 2, 1 * -1 - 2 * 0.5));
  // Lotka & Volterra: ẋ = x(α − βy), ẏ = −y(γ − δx) of H = γ ln x − δx + α ln y − βy.
  const double alpha = 0.7, beta = 0.5, gamma = 0.6, delta = 0.4;
  const Vector<double, 2> x(2, 3), slope(gamma / x[0] - delta, alpha / x[1] - beta);
  Vector<double, 2> dx;
  LotkaVolterraBracket<2>::apply(x.data(), slope.data(), dx.data());
  CHECK(dx[0] == Approx(x[0] * (alpha - beta * x[1])));
  CHECK(dx[1] == Approx(-x[1] * (gamma - delta * x[0])));
}

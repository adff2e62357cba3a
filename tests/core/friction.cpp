#include "metriplex/core/friction.hpp"

#include "metriplex/autodiff/jacobian.hpp"
#include "metriplex/core/random.hpp"
#include "support/catch.hpp"
#include "support/random_model.hpp"

using namespace metriplex;

TEST_CASE("skew matrices are kept by their entries above the diagonal, row by row", "[core][friction]") {
  STATIC_REQUIRE(pair_count(4) == 6);
  const double entries[] = {1, 2, 3};  // A01, A02, A12
  const double v[] = {10, 20, 30};
  double to[3];
  apply_skew<3>(entries, 1, v, to);
  CHECK(to[0] == 1 * 20 + 2 * 30);
  CHECK(to[1] == -1 * 10 + 3 * 30);
  CHECK(to[2] == -2 * 10 - 3 * 20);
}

TEST_CASE("pullbacks of friction and its parts agree with dual numbers, and accumulate", "[core][friction]") {
  constexpr int dim = 3, rank = 2, skews = 2, pairs = pair_count(dim);
  // In: ξ, σ, ∇E, v; out: M v with C = ξᵀσ.
  constexpr int size = skews * pairs + skews * rank + 2 * dim;
  constexpr int sigma = skews * pairs, slope = sigma + skews * rank, along = slope + dim;
  const auto product = [](const auto& in) {
    using T = typename std::decay_t<decltype(in)>::Scalar;
    Vector<T, dim> to = Vector<T, dim>::Zero();
    add_combined_friction<dim, skews, rank>(in.data(), in.data() + sigma, in.data() + slope,
                                            in.data() + along, to.data());
    return to;
  };
  Random random(1);
  for (int draw = 0; draw < 10; ++draw) {
    const auto in = test::random_state<Vector<double, size>>(random);
    const auto d_to = test::random_state<Vector<double, dim>>(random);
    Vector<double, size> d_in = Vector<double, size>::Constant(0.25);
    add_combined_friction_pullback<dim, skews, rank>(
        in.data(), in.data() + sigma, in.data() + slope, in.data() + along, d_to.data(), d_in.data(),
        d_in.data() + sigma, d_in.data() + slope, d_in.data() + along);
    const Vector<double, size> expected = jacobian(product, in).transpose() * d_to;
    CHECK(((d_in.array() - 0.25).matrix() - expected).norm() <= 1e-13 * expected.norm());
  }
}

TEST_CASE("friction is a sum of squares of what combined skew maps make of the slope", "[core][friction]") {
  const double xi[] = {1, 0, 2, 0, 3, 0}, sigma[] = {0.5, -1};  // two skew matrices, rank 1
  const double slope[] = {1, 2, 3}, v[] = {0.2, -0.1, 0.4};
  double c[3], u[3], to[3] = {};
  combine_skew<3, 2, 1>(xi, sigma, c);
  CHECK(c[0] == 0.5);
  CHECK(c[1] == -3);
  CHECK(c[2] == 1);
  apply_skew<3>(c, 1, slope, u);
  const double along = u[0] * v[0] + u[1] * v[1] + u[2] * v[2];
  CHECK(add_combined_friction<3, 2, 1>(xi, sigma, slope, v, to) == Approx(along * along));
  for (int i = 0; i < 3; ++i) CHECK(to[i] == Approx(u[i] * along));
}

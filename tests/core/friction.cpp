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
    T c[pairs * rank];
    combine_skew<dim, skews, rank>(in.data(), in.data() + sigma, c);
    Vector<T, dim> to = Vector<T, dim>::Zero();
    add_friction<dim, rank>(c, in.data() + slope, in.data() + along, to.data());
    return to;
  };
  Random random(1);
  for (int draw = 0; draw < 10; ++draw) {
    const auto in = test::random_state<Vector<double, size>>(random);
    const auto d_to = test::random_state<Vector<double, dim>>(random);
    double c[pairs * rank], d_c[pairs * rank] = {};
    combine_skew<dim, skews, rank>(in.data(), in.data() + sigma, c);
    Vector<double, size> d_in = Vector<double, size>::Constant(0.25);
    add_friction_pullback<dim, rank>(c, in.data() + slope, in.data() + along, d_to.data(), d_c,
                                     d_in.data() + slope, d_in.data() + along);
    combine_skew_pullback<dim, skews, rank>(in.data(), in.data() + sigma, d_c, d_in.data(),
                                            d_in.data() + sigma);
    const Vector<double, size> expected = jacobian(product, in).transpose() * d_to;
    CHECK(((d_in.array() - 0.25).matrix() - expected).norm() <= 1e-13 * expected.norm());
  }
}

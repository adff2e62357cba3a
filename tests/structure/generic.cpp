#include "metriplex/structure/generic.hpp"

#include "support/catch.hpp"
#include "support/structure_suite.hpp"

using namespace metriplex;

TEST_CASE("a GENERIC structure conserves energy and never loses entropy", "[structure][generic]") {
  test::check_structure<Generic<3, 1>>();
  test::check_structure<Generic<4, 2>>();
  test::check_structure<Generic<4, 2, 1>>();
  test::check_structure<Generic<10, 2, 3>>();
  test::check_structure<Generic<2, 2>>();
}

TEST_CASE("a GENERIC structure is the canonical motion and friction by pairs of coordinates",
          "[structure][generic]") {
  // M = Σ (Λ_i∇E) D_ij (Λ_j∇E)ᵀ with the 4-index tensor formed, as on paper.
  using S = Generic<4, 2>;
  Random random(3);
  const auto outputs = test::random_vector<test::Outputs<S>>(random);
  const Vector<double, 4> slope = outputs.head<4>(), entropy(0, 0, 1, 1);
  std::vector<Vector<double, 4>> maps;
  for (int i = 0; i < 4; ++i)
    for (int j = i + 1; j < 4; ++j) {
      Matrix<double, 4, 4> skew = Matrix<double, 4, 4>::Zero();
      skew(i, j) = 1;
      skew(j, i) = -1;
      maps.push_back(skew * slope);
    }
  Matrix<double> c(6, 2);
  for (int k = 0; k < 6; ++k)
    for (int r = 0; r < 2; ++r) c(k, r) = outputs[4 + 2 * k + r];
  const Matrix<double> d = c * c.transpose();
  Vector<double, 4> expected(slope[1], -slope[0], 0, 0);
  for (std::size_t i = 0; i < 6; ++i)
    for (std::size_t j = 0; j < 6; ++j)
      expected += maps[i] * d(static_cast<Index>(i), static_cast<Index>(j)) * maps[j].dot(entropy);
  Vector<double, 4> dx;
  S::field(outputs.data(), dx.data());
  CHECK((dx - expected).norm() <= 1e-14 * expected.norm());
}

#include "metriplex/structure/generic_bracket.hpp"

#include "support/catch.hpp"
#include "support/structure_suite.hpp"

using namespace metriplex;

TEST_CASE("a bracket structure conserves energy and never loses entropy", "[structure][generic_bracket]") {
  test::check_structure<GenericBracket<3>>();
  test::check_structure<GenericBracket<4, 2, 2>>();
  test::check_structure<GenericBracket<5, 3>>();
  test::check_structure<GenericBracket<10, 4, 2>>();
}

TEST_CASE("a bracket structure is its formula with all tensors formed", "[structure][generic_bracket]") {
  constexpr int dim = 3, skews = 2, rank = 2;
  using S = GenericBracket<dim, skews, rank>;
  Random random(5);
  const auto outputs = test::random_vector<test::Outputs<S>>(random);
  const Vector<double, dim> energy = outputs.head<dim>(), entropy = outputs.segment<dim>(dim);
  const double* at = outputs.data() + 2 * dim;
  const double xi = *at++;
  Matrix<double, dim, dim> L;  // ξ_ijk = ξ ε_ijk
  L << 0, xi * entropy[2], -xi * entropy[1], -xi * entropy[2], 0, xi * entropy[0], xi * entropy[1],
      -xi * entropy[0], 0;
  std::vector<Matrix<double, dim, dim>> maps(skews, Matrix<double, dim, dim>::Zero());
  for (auto& map : maps)
    for (int i = 0; i < dim; ++i)
      for (int j = i + 1; j < dim; ++j) {
        map(i, j) = *at++;
        map(j, i) = -map(i, j);
      }
  Matrix<double> c(skews, rank);
  for (int k = 0; k < skews; ++k)
    for (int r = 0; r < rank; ++r) c(k, r) = *at++;
  const Matrix<double> d = c * c.transpose();
  Vector<double, dim> expected = L * energy;
  for (int i = 0; i < dim; ++i)
    for (int j = 0; j < dim; ++j)
      for (int k = 0; k < dim; ++k)
        for (int l = 0; l < dim; ++l) {
          double zeta = 0;
          for (std::size_t m = 0; m < skews; ++m)
            for (std::size_t n = 0; n < skews; ++n)
              zeta += maps[m](i, k) * d(static_cast<Index>(m), static_cast<Index>(n)) * maps[n](j, l);
          expected[i] += zeta * energy[k] * energy[l] * entropy[j];
        }
  Vector<double, dim> dx;
  S::field(outputs.data(), dx.data());
  CHECK((dx - expected).norm() <= 1e-14 * (1 + expected.norm()));
}

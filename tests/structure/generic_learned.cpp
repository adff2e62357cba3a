#include "metriplex/structure/generic_learned.hpp"

#include "support/catch.hpp"
#include "support/structure_suite.hpp"

using namespace metriplex;

TEST_CASE("a learned GENERIC structure conserves energy and never loses entropy",
          "[structure][generic_learned]") {
  test::check_structure<GenericLearned<3>>();
  test::check_structure<GenericLearned<4, 3, 1>>();
  test::check_structure<GenericLearned<4>>();
  test::check_structure<GenericLearned<10, 3, 2>>();
}

TEST_CASE("a learned GENERIC structure is its formula with all matrices formed",
          "[structure][generic_learned]") {
  constexpr int dim = 3, skews = 2, rank = 2;
  using S = GenericLearned<dim, skews, rank>;
  Random random(4);
  const auto outputs = test::random_vector<test::Outputs<S>>(random);
  const Vector<double, dim> energy = outputs.head<dim>(), entropy = outputs.segment<dim>(dim);
  const double* at = outputs.data() + 2 * dim;
  Matrix<double> sigma_l = Matrix<double>::Zero(skews, skews), sigma_m(skews, rank), b_s(skews, dim),
                 b_e(skews, dim);
  sigma_l(0, 1) = *at++;
  for (int k = 0; k < skews; ++k)
    for (int r = 0; r < rank; ++r) sigma_m(k, r) = *at++;
  const auto rows = [&](const Vector<double, dim>& slope, Matrix<double>& b) {
    for (int k = 0; k < skews; ++k) {
      Matrix<double, dim, dim> xi = Matrix<double, dim, dim>::Zero();
      for (int i = 0; i < dim; ++i)
        for (int j = i + 1; j < dim; ++j) {
          xi(i, j) = *at++;
          xi(j, i) = -xi(i, j);
        }
      b.row(k) = (xi * slope).transpose();
    }
  };
  rows(entropy, b_s);
  rows(energy, b_e);
  const Matrix<double> L = b_s.transpose() * (sigma_l - sigma_l.transpose()) * b_s;
  const Matrix<double> M = b_e.transpose() * sigma_m * sigma_m.transpose() * b_e;
  const Vector<double, dim> expected = L * energy + M * entropy;
  Vector<double, dim> dx;
  S::field(outputs.data(), dx.data());
  CHECK((dx - expected).norm() <= 1e-14 * (1 + expected.norm()));
}

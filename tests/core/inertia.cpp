#include "metriplex/core/inertia.hpp"

#include "metriplex/core/random.hpp"
#include "metriplex/core/types.hpp"
#include "support/catch.hpp"

using namespace metriplex;

TEST_CASE("an inertia is solved as Eigen solves it, and positive definite where its root is singular",
          "[core][inertia]") {
  using In = Inertia<3>;
  Random random(1);
  for (int draw = 0; draw < 20; ++draw) {
    double jets[In::roots * 4], roots[3][3] = {};
    for (double& jet : jets) jet = random.normal();
    if (draw == 0)
      for (int i : {0, 2, 5}) jets[i * 4] = -1;  // a diagonal of zeros
    In::root_of(jets, roots);
    Matrix<double, 3, 3> B = Matrix<double, 3, 3>::Zero();
    In::for_each_root([&](int i, int j, int index) { B(i, j) = (i == j ? 1 : 0) + jets[index * 4]; });
    const Matrix<double, 3, 3> M =
        B * B.transpose() + Matrix<double, 3, 3>::Identity() * static_cast<double>(In::least);
    const Vector<double, 3> right(random.normal(), random.normal(), random.normal());
    Vector<double, 3> x = right, product;
    In::Factors<double> factors;
    factors.factor(roots);
    factors.solve(x.data());
    CHECK((M * x - right).norm() <= 1e-13 * M.norm() * x.norm());
    CHECK(right.dot(x) > 0);
    In::multiply(roots, right.data(), product.data());
    CHECK((product - B * right).norm() <= 1e-14 * B.norm() * right.norm());
    In::multiply_transposed(roots, right.data(), product.data());
    CHECK((product - B.transpose() * right).norm() <= 1e-14 * B.norm() * right.norm());
  }
}

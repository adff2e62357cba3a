#include "metriplex/modulation/svd.hpp"

#include "support/modulation_suite.hpp"

using namespace metriplex;

TEST_CASE("svd modulation adds U diag(relu(d(z))) Vᵀ", "[modulation][svd]") {
  constexpr int rank = 3;
  test::check_modulation<Svd<rank>>([](const test::NamedLayer& l) {
    std::pair<Matrix<double>, Matrix<double>> effective(l.W, l.b + l.s());
    for (Index i = 0; i < l.shape.out; ++i)
      for (Index j = 0; j < l.shape.in; ++j)
        for (Index k = 0; k < rank; ++k)
          effective.first(i, j) +=
              l.basis.at("U")(i, k) * std::max(l.code.at("d")(k), 0.0) * l.basis.at("V")(j, k);
    return effective;
  });
  STATIC_REQUIRE(code_size_of<Svd<rank>, test::ModulatedNet> == 9 + 4 + 3 * rank);
  STATIC_REQUIRE(basis_size_of<Svd<rank>, test::ModulatedNet> == rank * ((9 + 3) + (4 + 9) + (1 + 4)));
}

TEST_CASE("a singular value below zero acts as zero and has no gradient", "[modulation][svd]") {
  using Parts = test::ModulationParts<Svd<3>, double>;
  Parts parts = Parts::random(6);
  Parts::for_each_layer([&](const LayerShape& shape, Index, Index code_at) {
    const int shift = shift_block(shape).size();
    parts.code.segment(code_at, shift).setZero();
    parts.code.segment(code_at + shift, 3) << -0.5, -1.0, 0.0;
  });
  CHECK(parts.apply() == parts.base);
  Parts d;
  parts.pullback(Parts::random(7).base, d);
  CHECK(d.basis.isZero(0));
  Parts::for_each_layer([&](const LayerShape& shape, Index, Index code_at) {
    CHECK(d.code.segment(code_at + shift_block(shape).size(), 3).isZero(0));
  });
}

TEST_CASE("svd bases start with columns of length one on average", "[modulation][svd]") {
  const LayerShape shape = test::ModulatedNet::shape(1);
  for (const Block& block : Svd<2>::basis(shape))
    CHECK(block.slope == Approx(1 / std::sqrt(block.rows)).epsilon(1e-14));
  for (const Block& block : Svd<2>::code(shape)) CHECK(block.offset == (block.name == "d" ? 0.1 : 0.0));
}

TEST_CASE("the penalty of svd bases is their distance from orthonormal columns", "[modulation][svd]") {
  STATIC_REQUIRE(HasRegularizer<Svd<2>>);
  const LayerShape shape{4, 3, 1, false};
  Random random(8);
  Vector<double> basis(2 * (4 + 3));
  for (double& value : basis) value = random.normal();
  const Matrix<double> u = basis.head(8).reshaped(4, 2), v = basis.tail(6).reshaped(3, 2);
  const Matrix<double> identity = Matrix<double>::Identity(2, 2);
  const double truth =
      (u.transpose() * u - identity).squaredNorm() + (v.transpose() * v - identity).squaredNorm();

  Vector<double> d_basis = Vector<double>::Ones(basis.size()), ignored = 0 * basis;
  CHECK(Svd<2>::regularizer(shape, basis.data(), 0.7, d_basis.data()) == Approx(0.7 * truth).epsilon(1e-14));
  const auto penalty = [&](const Vector<double>& values) {
    return Svd<2>::regularizer(shape, values.data(), 0.7, ignored.data());
  };
  d_basis.array() -= 1;  // it accumulated
  const GradientCheck check = check_gradient(penalty, basis, d_basis, {.tolerance = 1e-9});
  INFO(check.message);
  CHECK(check.ok);

  Vector<float> basis_f = basis.cast<float>(), d_basis_f = Vector<float>::Zero(basis.size());
  CHECK(Svd<2>::regularizer(shape, basis_f.data(), 0.7f, d_basis_f.data()) ==
        Approx(0.7 * truth).epsilon(1e-5));
  CHECK((d_basis_f.cast<double>() - d_basis).norm() < 1e-5 * d_basis.norm());
}

TEST_CASE("orthonormal svd bases cost nothing, and a factor with too few rows is left out",
          "[modulation][svd]") {
  Vector<double> basis = Vector<double>::Zero(2 * (4 + 3)), d_basis = 0 * basis;
  basis(0) = basis(5) = 1;   // U = (e1, e2)
  basis(8) = basis(12) = 1;  // V = (e1, e2)
  CHECK(Svd<2>::regularizer(LayerShape{4, 3, 0, false}, basis.data(), 1.0, d_basis.data()) == 0);
  CHECK(d_basis.isZero(0));

  // U [1 x 2] of an output layer cannot have orthonormal columns; V [3 x 2] can, and is e1 twice.
  Vector<double> output = Vector<double>::Zero(2 * (1 + 3)), d_output = 0 * output;
  output(0) = 5;
  output(2) = output(5) = 1;
  CHECK(Svd<2>::regularizer(LayerShape{1, 3, 2, true}, output.data(), 1.0, d_output.data()) == 2);
  CHECK(d_output.head(2).isZero(0));
  CHECK(d_output(2) == 4);
}

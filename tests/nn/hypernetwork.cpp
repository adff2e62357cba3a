#include "metriplex/nn/hypernetwork.hpp"

#include <cmath>

#include "metriplex/autodiff/check_gradient.hpp"
#include "support/catch.hpp"

using namespace metriplex;

static_assert(Hypernetwork<LinearHypernetwork> && Hypernetwork<MlpHypernetwork<5>>);
static_assert(!Hypernetwork<int> && !Hypernetwork<CodeScales>);

namespace {

constexpr Index latent_size = 3, code_size = 7, systems = 4;

Matrix<double> random_matrix(Index rows, Index columns, Random& random) {
  return Matrix<double>::NullaryExpr(rows, columns, [&] { return random.normal(); });
}

template <class H>
Matrix<double> codes_of(const Vector<double>& parameters, const Matrix<double>& latents) {
  Matrix<double> codes(code_size, latents.cols());
  H::apply(parameters.data(), latents, codes);
  return codes;
}

/// Reads a named matrix out of the flat parameters, as files do.
template <class H>
Matrix<double> named(const Vector<double>& parameters, std::string_view name) {
  for (const NamedMatrix& m : H::matrices(latent_size, code_size))
    if (m.name == name)
      return Eigen::Map<const Matrix<double>>(parameters.data() + m.offset, m.rows, m.columns);
  FAIL("no matrix of this name");
  return {};
}

template <class H>
Vector<double> drawn(Index latents, const CodeScales& scales, std::uint64_t seed) {
  Vector<double> parameters =
      Vector<double>::Constant(hypernetwork_size<H>(latents, scales.slope.size()), NAN);
  Random random(seed);
  H::initialize(latents, scales, parameters.data(), random);
  return parameters;
}

double deviation(const Matrix<double>& entries) {
  return std::sqrt(entries.array().square().mean());
}

}  // namespace

TEST_CASE("the linear hypernetwork is one affine map", "[nn][hypernetwork]") {
  using H = LinearHypernetwork;
  Random random(1);
  const Vector<double> parameters = random_matrix(hypernetwork_size<H>(latent_size, code_size), 1, random);
  const Matrix<double> latents = random_matrix(latent_size, systems, random);
  const Matrix<double> expected =
      (named<H>(parameters, "A") * latents).colwise() + Vector<double>(named<H>(parameters, "c"));
  CHECK(codes_of<H>(parameters, latents).isApprox(expected, 1e-14));
  CHECK(H::name == "linear");
}

TEST_CASE("the Mlp hypernetwork has one hidden layer of tanh", "[nn][hypernetwork]") {
  using H = MlpHypernetwork<5>;
  Random random(2);
  const Vector<double> parameters = random_matrix(hypernetwork_size<H>(latent_size, code_size), 1, random);
  const Matrix<double> latents = random_matrix(latent_size, systems, random);
  Matrix<double> hidden =
      (named<H>(parameters, "B") * latents).colwise() + Vector<double>(named<H>(parameters, "b"));
  hidden = hidden.unaryExpr([](double z) { return std::tanh(z); }).eval();
  const Matrix<double> expected =
      (named<H>(parameters, "A") * hidden).colwise() + Vector<double>(named<H>(parameters, "c"));
  CHECK(codes_of<H>(parameters, latents).isApprox(expected, 1e-14));
  CHECK(H::name == "mlp");
}

TEMPLATE_TEST_CASE("a hypernetwork's matrices fill its parameters without gaps", "[nn][hypernetwork]",
                   LinearHypernetwork, MlpHypernetwork<1>, MlpHypernetwork<5>) {
  Index end = 0;
  for (const NamedMatrix& m : TestType::matrices(latent_size, code_size)) {
    CHECK(m.offset == end);
    CHECK((m.rows > 0 && m.columns > 0));
    CHECK(m.slope == (m.name == "A" || m.name == "B"));
    end += m.rows * m.columns;
  }
  CHECK(hypernetwork_size<TestType>(latent_size, code_size) == end);
}

TEMPLATE_TEST_CASE("a hypernetwork's pullback agrees with differences, and accumulates", "[nn][hypernetwork]",
                   LinearHypernetwork, MlpHypernetwork<5>) {
  Random random(3);
  const Index size = hypernetwork_size<TestType>(latent_size, code_size);
  const Matrix<double> d_codes = random_matrix(code_size, systems, random);
  // Parameters and latents as one vector.
  const Vector<double> all = random_matrix(size + latent_size * systems, 1, random);
  const auto latents_of = [&](const Vector<double>& x) {
    return Matrix<double>(Eigen::Map<const Matrix<double>>(x.data() + size, latent_size, systems));
  };
  const auto loss = [&](const Vector<double>& x) {
    return codes_of<TestType>(x, latents_of(x)).cwiseProduct(d_codes).sum();
  };

  const Vector<double> start = random_matrix(all.size(), 1, random);
  Vector<double> d_all = start;
  Matrix<double> d_latents = latents_of(start);
  TestType::pullback(all.data(), latents_of(all), d_codes, d_all.data(), d_latents);
  Eigen::Map<Matrix<double>>(d_all.data() + size, latent_size, systems) = d_latents;
  const Vector<double> claimed = d_all - start;
  const GradientCheck check = check_gradient(loss, all, claimed, {.tolerance = 1e-8});
  INFO(check.message);
  CHECK(check.ok);
}

TEST_CASE("a hypernetwork gives the same in float, up to rounding", "[nn][hypernetwork]") {
  using H = MlpHypernetwork<5>;
  Random random(4);
  const Vector<double> parameters = random_matrix(hypernetwork_size<H>(latent_size, code_size), 1, random);
  const Matrix<double> latents = random_matrix(latent_size, systems, random);
  const Vector<float> rounded = parameters.cast<float>();
  Matrix<float> codes(code_size, systems);
  H::apply(rounded.data(), Matrix<float>(latents.cast<float>()), codes);
  CHECK(codes.cast<double>().isApprox(codes_of<H>(parameters, latents), 1e-6));
}

TEMPLATE_TEST_CASE("a hypernetwork's first parameters are reproducible and all drawn", "[nn][hypernetwork]",
                   LinearHypernetwork, MlpHypernetwork<5>) {
  const CodeScales scales{Vector<double>::Constant(code_size, 0.1), Vector<double>::Constant(code_size, 0.2)};
  const Vector<double> first = drawn<TestType>(latent_size, scales, 5);
  CHECK(first.allFinite());
  CHECK(first == drawn<TestType>(latent_size, scales, 5));
  CHECK(first != drawn<TestType>(latent_size, scales, 6));
}

TEMPLATE_TEST_CASE("initial codes have the scales asked for, code by code", "[nn][hypernetwork]",
                   LinearHypernetwork, MlpHypernetwork<16>) {
  // Many codes alike, a tenth of which is wider and starts elsewhere, and one in which all is zero.
  constexpr Index narrow = 2000, wide = 200;
  CodeScales scales{Vector<double>::Constant(narrow + wide + 1, 0.1),
                    Vector<double>::Zero(narrow + wide + 1)};
  scales.slope.segment(narrow, wide).setConstant(10);
  scales.offset.segment(narrow, wide).setConstant(3);
  scales.slope.tail(1).setZero();
  const Vector<double> parameters = drawn<TestType>(latent_size, scales, 7);
  Matrix<double> codes(narrow + wide + 1, 1 + latent_size);
  Matrix<double> latents = Matrix<double>::Zero(latent_size, 1 + latent_size);
  latents.rightCols(latent_size).setIdentity();
  TestType::apply(parameters.data(), latents, codes);

  CHECK(codes.col(0).head(narrow).isZero(0));
  CHECK(deviation(codes.col(0).segment(narrow, wide)) == Approx(3).epsilon(0.2));
  CHECK(codes.bottomRows(1).isZero(0));
  // tanh and the draw of 16 units shrink what unit latents move; the ratio of the scales stays.
  const Matrix<double> moved = codes.rightCols(latent_size).colwise() - Vector<double>(codes.col(0));
  const double narrow_slope = deviation(moved.topRows(narrow)),
               wide_slope = deviation(moved.middleRows(narrow, wide));
  if (TestType::name == "linear") CHECK(narrow_slope == Approx(0.1).epsilon(0.05));
  CHECK(narrow_slope > 0.02);
  CHECK(narrow_slope < 0.12);
  CHECK(wide_slope == Approx(100 * narrow_slope).epsilon(0.2));
}

TEMPLATE_TEST_CASE("a hypernetwork's derivative by the latent is that of differences", "[nn][hypernetwork]",
                   LinearHypernetwork, MlpHypernetwork<5>) {
  using H = TestType;
  Random random(11);
  const Vector<double> parameters = random_matrix(hypernetwork_size<H>(latent_size, code_size), 1, random);
  const Matrix<double> z = random_matrix(latent_size, 1, random);
  Matrix<double> tangents = Matrix<double>::Constant(code_size, latent_size, NAN);
  H::pushforward(parameters.data(), z, tangents);
  for (Index k = 0; k < latent_size; ++k) {
    const double step = 1e-5;
    Matrix<double> ahead = z, behind = z;
    ahead(k, 0) += step;
    behind(k, 0) -= step;
    const Matrix<double> expected =
        (codes_of<H>(parameters, ahead) - codes_of<H>(parameters, behind)) / (2 * step);
    CHECK((tangents.col(k) - expected).norm() <= 1e-9 * expected.norm());
  }
}

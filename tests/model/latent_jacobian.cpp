#include "metriplex/model/latent_jacobian.hpp"

#include "metriplex/modulation/except.hpp"
#include "metriplex/modulation/film.hpp"
#include "metriplex/modulation/full_weight.hpp"
#include "metriplex/modulation/low_rank.hpp"
#include "metriplex/modulation/none.hpp"
#include "metriplex/modulation/shift.hpp"
#include "metriplex/modulation/svd.hpp"
#include "metriplex/structure/generic.hpp"
#include "metriplex/structure/generic_bracket.hpp"
#include "metriplex/structure/generic_learned.hpp"
#include "metriplex/structure/hamiltonian.hpp"
#include "metriplex/structure/lagrangian.hpp"
#include "metriplex/structure/mechanical.hpp"
#include "metriplex/structure/poisson.hpp"
#include "metriplex/structure/separable_hamiltonian.hpp"
#include "support/allocation_counter.hpp"
#include "support/catch.hpp"
#include "support/error_text.hpp"
#include "support/random_model.hpp"

using namespace metriplex;

namespace {

constexpr Index latent = 3, shots = 37;  // more than a tile, and not whole tiles

template <class M>
M random_family(std::uint64_t seed) {
  Random random(seed);
  M model(latent);
  model.initialize(random);
  for (auto& value : model.parameters())
    value *= static_cast<typename M::Scalar>(std::exp(0.3 * random.normal()));
  model.scaling() = test::random_scaling<typename M::Scalar, M::dimension>(random);
  return model;
}

/// Compares with differences of bound models.
template <class M>
void check_jacobian() {
  INFO(M::Structure::name << " " << M::Modulation::name << " " << M::Hypernetwork::name);
  constexpr int dim = M::dimension;
  const M model = random_family<M>(3);
  const Matrix<double, dim> x = Matrix<double, dim>::Random(dim, shots);
  const Vector<double> z{{0.4, -0.7, 0.2}};
  LatentJacobian<M> jacobian(model);
  jacobian.move_to(z);
  Vector<double> f(dim * shots), alone(dim * shots);
  Matrix<double> J = Matrix<double>::Constant(dim * shots + 2, latent, 7);
  jacobian(x, 0, shots, f.data(), J.data(), J.rows());
  jacobian(x, 0, shots, alone.data(), nullptr, 0);
  CHECK(alone == f);
  const auto fields = [&](const Vector<double>& at) {
    Matrix<double, dim> rates(dim, shots);
    model.bind(at).batch(x, rates);
    return Vector<double>(rates.reshaped());
  };
  CHECK((f - fields(z)).norm() <= 1e-13 * f.norm());
  for (Index k = 0; k < latent; ++k) {
    const double step = 1e-5;
    Vector<double> ahead = z, behind = z;
    ahead[k] += step;
    behind[k] -= step;
    const Vector<double> expected = (fields(ahead) - fields(behind)) / (2 * step);
    CHECK((J.col(k).head(dim * shots) - expected).norm() <= 1e-8 * (expected.norm() + f.norm()));
    CHECK(J(dim * shots, k) == 7);
  }
}

/// One state at a time has kernels of its own, and gives the derivative by the state too: compares with tiles.
template <class M>
void check_single() {
  INFO(M::Structure::name);
  constexpr int dim = M::dimension;
  const M model = random_family<M>(3);
  const Matrix<double, dim> x = Matrix<double, dim>::Random(dim, shots);
  const Vector<double> z{{0.4, -0.7, 0.2}};
  LatentJacobian<M> tiles(model);
  tiles.move_to(z);
  Vector<double> f(dim * shots), f_one(dim * shots);
  Matrix<double> J(dim * shots, latent), J_one(dim * shots, latent);
  tiles(x, 0, shots, f.data(), J.data(), J.rows());
  LatentJacobian<M, 1> single(model);
  single.move_to(z);
  single(x, 0, shots, f_one.data(), J_one.data(), J_one.rows());
  CHECK((f_one - f).norm() <= 1e-13 * f.norm());
  CHECK((J_one - J).norm() <= 1e-12 * J.norm());
  Matrix<double, dim, dim> by_state, expected;
  single.by_state(by_state);
  single.member().jacobian(x.col(shots - 1), expected);
  CHECK(by_state == expected);
}

using Net = Mlp<Tanh, 2, 9, 5, 1>;
using Jointed = Networks<Mlp<Tanh, 2, 8, 7, 3>, Mlp<Tanh, 2, 12, 1>>;

}  // namespace

TEMPLATE_TEST_CASE("the field's derivative by the latent is that of differences, for every modulation",
                   "[model][latent_jacobian]", None, Shift, Film, FullWeight, LowRank<1>, LowRank<3>, Svd<3>,
                   (Except<Svd<2>, 0>)) {
  check_jacobian<Model<Hamiltonian<2>, Net, TestType>>();
  check_jacobian<Model<Generic<3, 1>, Networks<Mlp<Tanh, 3, 9, 5, 1>, Mlp<Tanh, 3, 4, 6>>, TestType>>();
}

TEST_CASE(
    "the field's derivative by the latent is that of differences, for every structure, activation and "
    "hypernetwork",
    "[model][latent_jacobian]") {
  check_jacobian<Model<Hamiltonian<4>, Mlp<Silu, 4, 33, 9, 7, 1>, Svd<2>, double, MlpHypernetwork<4>>>();
  check_jacobian<Model<Hamiltonian<2>, Mlp<Sin, 2, 6, 1>, LowRank<2>>>();
  check_jacobian<Model<SeparableHamiltonian<4>, Mlp<Softplus, 2, 7, 6, 1>, Film>>();
  using Learned = Networks<Mlp<Tanh, 3, 12, 1>, Mlp<Tanh, 3, 8, 1>, Mlp<Tanh, 3, 8, 3>, Mlp<Tanh, 3, 8, 6>>;
  check_jacobian<Model<GenericLearned<3>, Learned, Svd<3>>>();
  check_jacobian<Model<GenericBracket<3>, Mlp<Tanh, 3, 12, 1>, Film>>();
  check_jacobian<Model<Poisson<So3>, Mlp<Tanh, 3, 12, 1>, Film>>();
  check_jacobian<Model<Mechanical<2>, Jointed, Svd<2>>>();
  check_jacobian<Model<Lagrangian<2>, Mlp<Tanh, 4, 9, 5, 1>, Svd<3>>>();
}

TEST_CASE("states that come one at a time have the same derivatives", "[model][latent_jacobian]") {
  check_single<Model<Hamiltonian<4>, Mlp<Silu, 4, 33, 9, 7, 1>, Svd<2>, double, MlpHypernetwork<4>>>();
  check_single<Model<SeparableHamiltonian<4>, Mlp<Softplus, 2, 7, 6, 1>, Film>>();
  using Learned = Networks<Mlp<Tanh, 3, 12, 1>, Mlp<Tanh, 3, 8, 1>, Mlp<Tanh, 3, 8, 3>, Mlp<Tanh, 3, 8, 6>>;
  check_single<Model<GenericLearned<3>, Learned, Svd<3>>>();
  check_single<Model<GenericBracket<3>, Mlp<Tanh, 3, 12, 1>, Film>>();
  check_single<Model<Poisson<So3>, Mlp<Tanh, 3, 12, 1>, Film>>();
  check_single<Model<Mechanical<2>, Jointed, Svd<2>>>();
  check_single<Model<Lagrangian<2>, Mlp<Tanh, 4, 9, 5, 1>, Svd<3>>>();
}

TEST_CASE("float and small tiles give the same derivative", "[model][latent_jacobian]") {
  using M = Model<Hamiltonian<2>, Net, Svd<2>>;
  using F = Model<Hamiltonian<2>, Net, Svd<2>, float>;
  F single = random_family<F>(5);
  M model(latent);
  Random random(1);
  const Matrix<float, 2> x = Matrix<float, 2>::Random(2, shots);
  LatentJacobian<F> tile(single);
  LatentJacobian<F, lanes<float>> small(single);
  const Vector<float> z{{0.4f, -0.7f, 0.2f}};
  tile.move_to(z);
  small.move_to(z);
  Vector<float> f(2 * shots), g(2 * shots);
  Matrix<float> J(2 * shots, latent), K(2 * shots, latent);
  tile(x, 0, shots, f.data(), J.data(), J.rows());
  small(x, 0, shots, g.data(), K.data(), K.rows());
  CHECK((f - g).norm() <= 1e-5f * f.norm());
  CHECK((J - K).norm() <= 1e-5f * J.norm());
  small(x, 5, 1, g.data(), K.data(), K.rows());
  CHECK((f.segment<2>(10) - g.head<2>()).norm() <= 1e-5f * f.norm());
}

TEST_CASE("a latent Jacobian allocates when it is built, and refuses other latents",
          "[model][latent_jacobian]") {
  using M = Model<Hamiltonian<2>, Net, Svd<2>>;
  const M model = random_family<M>(6);
  LatentJacobian<M> jacobian(model);
  const Matrix<double, 2> x = Matrix<double, 2>::Random(2, shots);
  Vector<double> z = Vector<double>::Ones(latent), f(2 * shots);
  Matrix<double> J(2 * shots, latent);
  const AllocationCounter counter;
  jacobian.move_to(z);
  jacobian(x, 0, shots, f.data(), J.data(), J.rows());
  CHECK(counter.count() == 0);
  CHECK(error_text([&] { jacobian.move_to(Vector<double>::Ones(2)); }) ==
        "a latent Jacobian needs a latent of length 3; got 2");
}

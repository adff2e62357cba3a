#include "metriplex/model/bound_model.hpp"

#include "metriplex/autodiff/check_gradient.hpp"
#include "metriplex/integrate/gauss_legendre.hpp"
#include "metriplex/integrate/runge_kutta.hpp"
#include "metriplex/integrate/splitting.hpp"
#include "metriplex/model/cast_model.hpp"
#include "metriplex/structure/generic.hpp"
#include "metriplex/structure/generic_bracket.hpp"
#include "metriplex/structure/generic_learned.hpp"
#include "metriplex/structure/hamiltonian.hpp"
#include "metriplex/structure/separable_hamiltonian.hpp"
#include "support/allocation_counter.hpp"
#include "support/catch.hpp"
#include "support/error_text.hpp"
#include "support/random_model.hpp"

using namespace metriplex;

namespace {

using Plain = BoundModel<Hamiltonian<2>, Mlp<Tanh, 2, 9, 5, 1>, double>;
using PlainFloat = BoundModel<Hamiltonian<2>, Mlp<Tanh, 2, 9, 5, 1>, float>;
using Known = BoundModel<Generic<4, 2>, Networks<Mlp<Tanh, 4, 9, 1>, Mlp<Silu, 4, 5, 12>>, double>;
using Learned =
    BoundModel<GenericLearned<3>,
               Networks<Mlp<Tanh, 3, 9, 1>, Mlp<Sin, 3, 5, 1>, Mlp<Tanh, 3, 4, 3>, Mlp<Tanh, 3, 4, 6>>,
               double>;
using Bracket = BoundModel<GenericBracket<5>, Mlp<Tanh, 5, 9, 1>, double>;
using Split = BoundModel<SeparableHamiltonian<4>, Mlp<Softplus, 2, 7, 1>, double>;

template <class Bound>
constexpr bool has_entropy = requires(const Bound& model, const typename Bound::State& x) {
  model.entropy(x);
};

/// Checks field, potentials and Jacobian of one state against differences and against each other.
template <class Bound>
void check_derivatives(const Bound& model) {
  constexpr int dim = Bound::dimension, half = dim / 2;
  using State = typename Bound::State;
  const auto check_slope = [](const auto& potential, const State& x, const State& slope) {
    const GradientCheck check = check_gradient(potential, x, slope, {.tolerance = 1e-8});
    INFO(check.message);
    CHECK(check.ok);
  };
  Random random(3);
  for (int draw = 0; draw < 5; ++draw) {
    const auto x = test::random_state<State>(random);
    const auto field = model(x);
    State slope;
    if constexpr (DissipativeStructure<typename Bound::Structure>) {
      State entropy_slope, rate;
      model.gradients(x, slope, entropy_slope);
      check_slope([&](const State& at) { return model.entropy(at); }, x, entropy_slope);
      model.generic_rate(x, slope, entropy_slope, rate);
      CHECK((rate - field).norm() <= 1e-14 * field.norm());
      typename Bound::Jacobian L, M;
      model.operators(x, L, M);
      CHECK((L * slope + M * entropy_slope - field).norm() <= 1e-13 * (L * slope).norm());
    } else {
      slope << -field.tail(half), field.head(half);
    }
    check_slope([&](const State& at) { return model.energy(at); }, x, slope);

    typename Bound::Jacobian jacobian;
    model.jacobian(x, jacobian);
    for (int i = 0; i < dim; ++i) {
      const auto component = [&](const State& at) { return model(at)(i); };
      const GradientCheck row =
          check_gradient(component, x, jacobian.row(i).transpose(), {.tolerance = 1e-7});
      INFO(row.message);
      CHECK(row.ok);
    }
  }
}

}  // namespace

TEST_CASE("a bound model is a vector field with a Jacobian; only separable structures give separable fields",
          "[model][bound_model]") {
  STATIC_REQUIRE(VectorField<Plain>);
  STATIC_REQUIRE(HasJacobian<Plain>);
  STATIC_REQUIRE(VectorField<PlainFloat>);
  STATIC_REQUIRE(!SeparableField<Plain>);
  STATIC_REQUIRE(SeparableField<Split>);
  STATIC_REQUIRE(HasJacobian<Split>);
  STATIC_REQUIRE(IntegratorFor<Rk4, Plain>);
  STATIC_REQUIRE(IntegratorFor<ImplicitMidpoint, PlainFloat>);
  STATIC_REQUIRE(!IntegratorFor<StormerVerlet, Plain>);
  STATIC_REQUIRE(IntegratorFor<StormerVerlet, Split>);
}

TEST_CASE("the field of a bound model is its energy's slope turned, and the Jacobian its derivative",
          "[model][bound_model]") {
  check_derivatives(test::random_bound<Plain>(1));
  check_derivatives(test::random_bound<Split>(2));
}

TEST_CASE("the scaling acts inside the potential: H(x) = c N((x - m) / s)", "[model][bound_model]") {
  const Plain model = test::random_bound<Plain>(4);
  const Plain bare(model.weights(), {});
  const auto& scaling = model.scaling();
  const Plain::State x(0.3, -0.8);
  const Plain::State scaled = (x - scaling.mean).cwiseProduct(scaling.inverse_scale);
  CHECK(model.energy(x) == Approx(scaling.energy * bare.energy(scaled)).epsilon(1e-14));
  CHECK(model(x)(0) == Approx(scaling.energy * scaling.inverse_scale(1) * bare(scaled)(0)).epsilon(1e-13));
  CHECK(model(x)(1) == Approx(scaling.energy * scaling.inverse_scale(0) * bare(scaled)(1)).epsilon(1e-13));
}

TEST_CASE("the halves of a separable bound model depend on their own half of the state",
          "[model][bound_model]") {
  const Split model = test::random_bound<Split>(5);
  Random random(6);
  const auto x = test::random_state<Split::State>(random);
  const Split::State field = model(x);
  Split::Half dq, dp;
  model.velocity(x.tail<2>(), dq);
  model.force(x.head<2>(), dp);
  CHECK(dq == field.head<2>());
  CHECK(dp == field.tail<2>());
  Split::Jacobian jacobian;
  model.jacobian(x, jacobian);
  CHECK(jacobian.topLeftCorner<2, 2>().isZero(0));
  CHECK(jacobian.bottomRightCorner<2, 2>().isZero(0));
}

TEST_CASE("a batch gives what single states give, also where its last tile is not full",
          "[model][bound_model]") {
  const Plain model = test::random_bound<Plain>(7);
  Random random(8);
  for (const Index count : {1, tile_points<double>, tile_points<double> + 3}) {
    Matrix<double, 2> x(2, count), dx(2, count);
    for (double& value : x.reshaped()) value = random.normal();
    Vector<double> energies;
    model.batch(x, dx, &energies);
    REQUIRE(energies.size() == count);
    Matrix<double, 2> alone(2, count);
    model.batch(x, alone);
    CHECK(alone == dx);
    for (Index p = 0; p < count; ++p) {
      CHECK((model(x.col(p)) - dx.col(p)).norm() <= 1e-13 * dx.norm());
      CHECK(model.energy(x.col(p)) == Approx(energies(p)).epsilon(1e-13));
    }
  }
  Matrix<double, 2> none(2, 0);
  CHECK_NOTHROW(model.batch(none, none));
}

TEST_CASE("a bound model in float does what it does in double", "[model][bound_model]") {
  const Plain model = test::random_bound<Plain>(9);
  const PlainFloat single = cast_model<float>(model);
  Random random(10);
  for (int draw = 0; draw < 5; ++draw) {
    const auto x = test::random_state<Plain::State>(random);
    const PlainFloat::State x_f = x.cast<float>();
    CHECK((single(x_f).cast<double>() - model(x)).norm() < 1e-5 * model(x).norm());
    CHECK(single.energy(x_f) == Approx(model.energy(x)).epsilon(1e-5).margin(1e-5));
    Plain::Jacobian jacobian;
    PlainFloat::Jacobian jacobian_f;
    model.jacobian(x, jacobian);
    single.jacobian(x_f, jacobian_f);
    CHECK((jacobian_f.cast<double>() - jacobian).norm() < 1e-4 * jacobian.norm());
  }
}

TEST_CASE("evaluating a bound model allocates nothing", "[model][bound_model]") {
  const Plain model = test::random_bound<Plain>(11);
  const Split split = test::random_bound<Split>(12);
  const Plain::State x(0.3, -0.8);
  const Split::State y(0.1, 0.2, 0.3, 0.4);
  Plain::State dx;
  Plain::Jacobian jacobian;
  Split::Half dq, dp;
  double sum = 0;
  const AllocationCounter counter;
  model(x, dx);
  sum += model.energy(x);
  model.jacobian(x, jacobian);
  split.velocity(y.tail<2>(), dq);
  split.force(y.head<2>(), dp);
  Plain::State moved = x;
  const StepStatus status = ImplicitMidpoint{}.step(model, moved, 0.01);
  CHECK(counter.count() == 0);
  CHECK(status == StepStatus::ok);
  CHECK(std::isfinite(sum));
}

TEST_CASE("a bound model with friction has an entropy, gradients and operators", "[model][bound_model]") {
  STATIC_REQUIRE(has_entropy<Known>);
  STATIC_REQUIRE(!has_entropy<Plain>);
  check_derivatives(test::random_bound<Known>(21));
  check_derivatives(test::random_bound<Learned>(22));
  check_derivatives(test::random_bound<Bracket>(23));
}

TEST_CASE(
    "with any two vectors in the place of its gradients, a model with friction keeps one and gains along the "
    "other",
    "[model][bound_model]") {
  const auto check = []<class Bound>(const Bound& model) {
    Random random(24);
    for (int draw = 0; draw < 50; ++draw) {
      const auto x = test::random_state<typename Bound::State>(random);
      const auto e = test::random_state<typename Bound::State>(random);
      typename Bound::State gradient, s, dx;
      model.gradients(x, gradient, s);
      if constexpr (!std::is_same_v<Bound, Known>)  // whose ∇S is known
        s = test::random_state<typename Bound::State>(random);
      model.generic_rate(x, e, s, dx);
      CHECK(std::abs(e.dot(dx)) <= 1e-13 * e.norm() * dx.norm());
      CHECK(s.dot(dx) >= -1e-13 * s.norm() * dx.norm());
    }
  };
  check(test::random_bound<Known>(25));
  check(test::random_bound<Learned>(26));
  check(test::random_bound<Bracket>(27));
}

TEST_CASE("a tile of a model with friction moves as each of its points", "[model][bound_model]") {
  const auto model = test::random_bound<Learned>(28);
  const Matrix<double, 3> x = Matrix<double, 3>::Random(3, 41);
  Matrix<double, 3> dx(3, 41);
  Vector<double> energies;
  model.batch(x, dx, &energies);
  const AllocationCounter counter;
  double worst = 0;
  for (Index p = 0; p < x.cols(); ++p) {
    const Learned::State state = x.col(p);
    Learned::State rate, energy_slope, entropy_slope;
    Learned::Jacobian L, M;
    model(state, rate);
    worst = std::max({worst, (rate - dx.col(p)).norm(), std::abs(model.energy(state) - energies[p])});
    model.gradients(state, energy_slope, entropy_slope);
    model.generic_rate(state, energy_slope, entropy_slope, rate);
    model.operators(state, L, M);
    worst = std::max(worst, (rate - dx.col(p)).norm());
  }
  CHECK(counter.count() == 0);
  CHECK(worst < 1e-13);
}

TEST_CASE("a bound model refuses wrong sizes and names both", "[model][bound_model]") {
  constexpr int size = Plain::Sweep<1>::weights_size;
  CHECK(error_text([] { Plain(Vector<double>::Zero(size - 1), {}); }) ==
        "a bound model needs " + std::to_string(size) + " weights; got " + std::to_string(size - 1));
  const Plain model = test::random_bound<Plain>(13);
  const Matrix<double, 2> x = Matrix<double, 2>::Zero(2, 5);
  Matrix<double, 2> dx(2, 4);
  CHECK(error_text([&] { model.batch(x, dx); }) ==
        "a batch of 5 states needs as many columns for the field; got 4");
}

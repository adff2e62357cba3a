#include "metriplex/model/field_sweep.hpp"

#include <memory>

#include "metriplex/autodiff/check_gradient.hpp"
#include "metriplex/model/cast_model.hpp"
#include "metriplex/model/supply.hpp"
#include "metriplex/structure/driven.hpp"
#include "metriplex/structure/generic.hpp"
#include "metriplex/structure/generic_bracket.hpp"
#include "metriplex/structure/generic_learned.hpp"
#include "metriplex/structure/hamiltonian.hpp"
#include "metriplex/structure/lagrangian.hpp"
#include "metriplex/structure/mechanical.hpp"
#include "metriplex/structure/poisson.hpp"
#include "metriplex/structure/port_hamiltonian.hpp"
#include "metriplex/structure/separable_hamiltonian.hpp"
#include "metriplex/structure/unstructured.hpp"
#include "metriplex/structure/varying.hpp"
#include "metriplex/structure/with_given.hpp"
#include "support/catch.hpp"
#include "support/random_model.hpp"

using namespace metriplex;

namespace {

struct Swell {
  static constexpr std::string_view name = "swell";
  template <class T>
  static T energy(const Vector<T, 3>& x) {
    return (x[0] * x[0] + x[0] * x[1]) * (x[2] + 2);
  }
};

/// A bead on a wire, whose inertia depends on where it is.
struct Swing {
  static constexpr std::string_view name = "swing";
  template <class T>
  static T lagrangian(const Vector<T, 2>& x) {
    return x[1] * x[1] * (2 + x[0] * x[0]) + x[0] * x[1];
  }
};

template <class Scalar>
using Joint = BoundModel<Hamiltonian<2>, Mlp<Tanh, 2, 9, 5, 1>, Scalar>;
using Known = BoundModel<Generic<3, 1>, Networks<Mlp<Tanh, 3, 9, 1>, Mlp<Silu, 3, 5, 6>>, double>;
using Constant = BoundModel<Generic<3, 1>, Networks<Mlp<Tanh, 3, 9, 1>, Constants<6>>, double>;
using Learned =
    BoundModel<GenericLearned<3, 2, 2>,
               Networks<Mlp<Tanh, 3, 9, 1>, Mlp<Sin, 3, 5, 1>, Mlp<Tanh, 3, 4, 1>, Mlp<Tanh, 3, 4, 4>>,
               double>;
using Bracket = BoundModel<GenericBracket<3>, Networks<Mlp<Tanh, 3, 9, 1>, Mlp<Tanh, 3, 5, 1>>, double>;
using Jointed = BoundModel<Mechanical<2, true>,
                           Networks<Mlp<Tanh, 2, 9, 3>, Mlp<Tanh, 2, 5, 1>, Mlp<Tanh, 2, 5, 4>>, double>;
using Turning =
    BoundModel<Mechanical<2>,
               Networks<Periodic<Mlp<Tanh, 4, 9, 3>, 0, 1>, Periodic<Mlp<Tanh, 4, 5, 1>, 0, 1>>, double>;
using Moving = BoundModel<Lagrangian<2>, Mlp<Tanh, 4, 9, 5, 1>, double>;
using Revolving = BoundModel<Lagrangian<1>, Plus<Periodic<Mlp<Tanh, 3, 5, 1>, 0>, Swing>, double>;
using Body = BoundModel<Poisson<So3>, Mlp<Tanh, 3, 9, 1>, double>;
using Free = BoundModel<Unstructured<3>, Mlp<Silu, 3, 9, 3>, double>;
using Ported = BoundModel<PortHamiltonian<2>, Networks<Mlp<Tanh, 2, 9, 1>, Mlp<Tanh, 2, 5, 1>>, double>;
using Chained = BoundModel<SeparableHamiltonian<6>,
                           Networks<SumOf<Shared<Mlp<Tanh, 1, 7, 1>, Chain<3>>,
                                          Shared<Mlp<Tanh, 2, 4, 1>, AllPairs<3, Sees::positions>>>,
                                    Shared<Mlp<Tanh, 1, 5, 1>, Sites<3>>>,
                           double>;
// V(q, t) and T(p, t), whose rows lie apart; what an input changes beside pushing; a known part that changes with the time.
using Timed = BoundModel<Varying<WithTime<SeparableHamiltonian<4>>>, Mlp<Tanh, 3, 7, 1>, double>;
using Fed =
    BoundModel<Varying<Driven<PortHamiltonian<2>>>,
               Networks<Plus<Mlp<Tanh, 3, 7, 1>, Swell>, Mlp<Tanh, 3, 5, 1>, Mlp<Tanh, 2, 5, 1>>, double>;
using Split = BoundModel<SeparableHamiltonian<4>, Mlp<Softplus, 2, 7, 1>, double>;

/// Is a tile of random states with cotangents of field and energy, and what comes of pulling those back.
template <class Bound>
struct Pulled {
  using Scalar = typename Bound::Scalar;
  static constexpr int points = tile_points<Scalar>;
  using Sweep = typename Bound::template Sweep<points>;
  using Tile = Eigen::Matrix<Scalar, points, Bound::dimension>;
  using Column = Vector<Scalar, points>;

  std::unique_ptr<Sweep> sweep = std::make_unique<Sweep>();
  Bound model;
  Tile x, d_dx, d_x;
  Column d_energy;
  Vector<Scalar> d_weights;

  explicit Pulled(const Bound& bound) : model(bound) {
    Random random(5);
    x = test::random_state<Tile>(random);
    d_dx = test::random_state<Tile>(random);
    d_energy = test::random_state<Column>(random);
    d_weights = Vector<Scalar>::Zero(model.weights().size());
    d_x.setConstant(Scalar(7));
  }

  /// Computes <d_dx, field> + <d_energy, energy>.
  double paired(const Vector<Scalar>& weights, const Tile& states, bool with_energy) {
    Tile dx;
    Column energy;
    sweep->template forward<false>(weights.data(), model.scaling(), states.data(), dx.data(), energy.data());
    return static_cast<double>(d_dx.cwiseProduct(dx).sum()) +
           (with_energy ? static_cast<double>(d_energy.dot(energy)) : 0.0);
  }

  void pull(bool with_energy) {
    Tile dx;
    sweep->template forward<true>(model.weights().data(), model.scaling(), x.data(), dx.data());
    sweep->pullback(model.weights().data(), model.scaling(), with_energy ? d_energy.data() : nullptr,
                    d_dx.data(), d_weights.data(), d_x.data());
  }
};

template <class Bound>
void check_pullback(const Bound& model, bool with_energy) {
  Pulled<Bound> pulled(model);
  pulled.pull(with_energy);
  const auto by_weights = [&](const Vector<double>& w) { return pulled.paired(w, pulled.x, with_energy); };
  // Padding is no parameter: moved, it must not matter; and it gets no gradient.
  const GradientCheck weights = check_gradient(by_weights, pulled.model.weights(), pulled.d_weights, {1e-7});
  INFO(weights.message);
  CHECK(weights.ok);
  const auto by_x = [&](const Vector<double>& x) {
    const typename Pulled<Bound>::Tile states = x.reshaped(pulled.points, Bound::dimension);
    return pulled.paired(pulled.model.weights(), states, with_energy);
  };
  const GradientCheck states = check_gradient(by_x, Vector<double>(pulled.x.reshaped()),
                                              Vector<double>(pulled.d_x.reshaped()), {1e-7});
  INFO(states.message);
  CHECK(states.ok);

  // Weights accumulate, states are overwritten.
  const Vector<double> once = pulled.d_weights;
  const auto d_x = pulled.d_x;
  pulled.pull(with_energy);
  CHECK((pulled.d_weights - 2 * once).norm() <= 1e-13 * once.norm());
  CHECK(pulled.d_x == d_x);
}

}  // namespace

TEST_CASE("cotangents of field and energy pull back to weights and states through a scaling",
          "[model][field_sweep]") {
  const auto joint = test::random_bound<Joint<double>>(1);
  check_pullback(joint, false);
  check_pullback(joint, true);
  check_pullback(test::random_bound<Split>(2), true);
}

TEST_CASE("cotangents pull back through several networks of different kinds", "[model][field_sweep]") {
  check_pullback(test::random_bound<Known>(5), true);
  check_pullback(test::random_bound<Constant>(6), true);
  check_pullback(test::random_bound<Learned>(7), true);
  check_pullback(test::random_bound<Bracket>(8), true);
  check_pullback(test::random_bound<Ported>(9), true);
  check_pullback(test::random_bound<Free>(10), false);
}

TEST_CASE("cotangents pull back through structures that see the state, whatever states are relative to",
          "[model][field_sweep]") {
  check_pullback(test::random_bound<Body>(11), true);
  check_pullback(test::random_bound<Turning>(13), true);
  check_pullback(test::random_bound<Moving>(14), true);
  check_pullback(test::random_bound<Revolving>(18), true);
  const auto jointed = test::random_bound<Jointed>(12);
  check_pullback(jointed, true);
  const Jointed centred(jointed.weights(), jointed.scaling().centred());
  const Jointed::State x = Jointed::State::Constant(0.3);
  const Jointed::State relative = x - jointed.scaling().mean;
  CHECK((centred(relative) - jointed(x)).norm() <= 1e-13 * jointed(x).norm());
  CHECK(centred.energy(relative) == Approx(jointed.energy(x)));
}

TEST_CASE("cotangents pull back through networks that see what is given", "[model][field_sweep]") {
  const auto timed = test::random_bound<Timed>(15);
  check_pullback(timed, true);
  check_pullback(test::random_bound<Fed>(16), true);
  Matrix<double, 5> rates(5, 1), x(5, 1), later(5, 1);
  x << 0.3, -0.4, 0.2, 0.7, 1.5;
  later = x + 1e-5 * Vector<double, 5>::Unit(4);
  timed.batch(x, rates);
  CHECK((rates.col(0) - timed(x)).norm() <= 1e-13 * rates.norm());
  CHECK(rates(4) == 1);
  // What is supplied is how the energy changes where nothing moves.
  CHECK(supplied_power(timed, x) == Approx((timed.energy(later) - timed.energy(x)) / 1e-5).epsilon(1e-3));
}

TEST_CASE("cotangents pull back through networks that groups share, and one state goes as many do",
          "[model][field_sweep]") {
  const auto chained = test::random_bound<Chained>(14);
  check_pullback(chained, true);
  const Chained::State x{{0.3, -0.4, 0.2, 0.7, -0.1, 0.5}};
  Matrix<double, 6> rates(6, 1);
  Vector<double> energies;
  chained.batch(x, rates, &energies);
  CHECK((rates.col(0) - chained(x)).norm() <= 1e-13 * rates.norm());
  CHECK(chained.energy(x) == Approx(energies[0]));
  const Chained centred(chained.weights(), chained.scaling().centred());
  CHECK((centred(x - chained.scaling().mean) - chained(x)).norm() <= 1e-13 * rates.norm());
}

TEST_CASE("the pullback in float is that in double", "[model][field_sweep]") {
  const auto model = test::random_bound<Joint<double>>(3);
  const auto single = cast_model<float>(model);
  Pulled<Joint<float>> f(single);
  // The same states and cotangents in double, two tiles of them.
  Vector<double> d_weights = Vector<double>::Zero(model.weights().size());
  Pulled<Joint<double>> d(model);
  STATIC_REQUIRE(f.points == 2 * d.points);
  Eigen::Matrix<double, f.points, 2> d_x;
  for (int half = 0; half < 2; ++half) {
    d.x = f.x.middleRows<d.points>(half * d.points).cast<double>();
    d.d_dx = f.d_dx.middleRows<d.points>(half * d.points).cast<double>();
    d.d_energy = f.d_energy.segment<d.points>(half * d.points).cast<double>();
    d.pull(true);
    d_x.middleRows<d.points>(half * d.points) = d.d_x;
  }
  f.pull(true);
  CHECK((f.d_x.cast<double>() - d_x).norm() < 1e-5 * d_x.norm());
  const auto converted = cast_model<double>(Joint<float>(f.d_weights, single.scaling()));
  CHECK((converted.weights() - d.d_weights).norm() < 1e-5 * d.d_weights.norm());
}

TEST_CASE("one point is pulled back along several directions after one evaluation", "[model][field_sweep]") {
  const auto model = test::random_bound<Joint<double>>(4);
  typename Joint<double>::Sweep<1> sweep;
  const Vector<double, 2> x(0.4, -1.1), forth(1, 2), back = -forth;
  Vector<double, 2> dx, first, between, again;
  sweep.forward<true>(model.weights().data(), model.scaling(), x.data(), dx.data());
  sweep.pullback(model.weights().data(), model.scaling(), nullptr, forth.data(), nullptr, first.data());
  sweep.pullback(model.weights().data(), model.scaling(), nullptr, back.data(), nullptr, between.data());
  sweep.pullback(model.weights().data(), model.scaling(), nullptr, forth.data(), nullptr, again.data());
  CHECK(first == again);
  CHECK((first + between).norm() <= 1e-14 * first.norm());
}

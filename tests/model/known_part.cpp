#include "metriplex/model/known_part.hpp"

#include "metriplex/adapt/latent_fit.hpp"
#include "metriplex/autodiff/check_gradient.hpp"
#include "metriplex/model/model.hpp"
#include "metriplex/modulation/svd.hpp"
#include "metriplex/structure/hamiltonian.hpp"
#include "metriplex/structure/mechanical.hpp"
#include "support/catch.hpp"
#include "support/random_model.hpp"

using namespace metriplex;

namespace {

/// A body in the field of another that rests, of mass 1.
struct Kepler {
  static constexpr std::string_view name = "kepler";
  template <class T>
  static T energy(const Vector<T, 4>& x) {
    return (x[2] * x[2] + x[3] * x[3]) / 2 - 1 / sqrt(x[0] * x[0] + x[1] * x[1]);
  }
};
struct Weight {
  static constexpr std::string_view name = "weight";
  template <class T>
  static T energy(const Vector<T, 2>& q) {
    using std::cos;
    return -3 * cos(q[0]) - cos(q[1]);
  }
};

using Net = Mlp<Tanh, 4, 6, 1>;
using Orbit = BoundModel<Hamiltonian<4>, Plus<Net, Kepler>, double>;
using Arm = BoundModel<Mechanical<2>, Networks<Mlp<Tanh, 2, 5, 3>, Plus<Mlp<Tanh, 2, 5, 1>, Weight>>, double>;

/// Compares field and energy, one at a time and in tiles, Jacobian and energy's gradient with differences.
template <class Bound>
void check_derivatives(const Bound& model) {
  const typename Bound::State x{{0.9, -0.6, 0.3, 0.8}};
  typename Bound::Jacobian jacobian;
  typename Bound::State slope;
  model.jacobian(x, jacobian);
  model.energy_gradient(x, slope);
  for (int i = 0; i < 4; ++i) {
    const auto rate = [&](const typename Bound::State& at) { return model(at)[i]; };
    const GradientCheck check = check_gradient(rate, x, jacobian.row(i).transpose().eval(), {1e-8});
    INFO(check.message);
    CHECK(check.ok);
  }
  CHECK(
      check_gradient([&](const typename Bound::State& at) { return model.energy(at); }, x, slope, {1e-8}).ok);
  Matrix<double, 4> states = x.replicate(1, 3), rates(4, 3);
  Vector<double> energies;
  model.batch(states, rates, &energies);
  CHECK((rates.col(2) - model(x)).norm() <= 1e-12 * rates.col(2).norm());
  CHECK(energies[2] == Approx(model.energy(x)));
}

}  // namespace

TEST_CASE("a known part adds to the learned one, in the units of the data", "[model][known_part]") {
  const auto known = test::random_bound<Orbit>(3);
  const BoundModel<Hamiltonian<4>, Net, double> rest(known.weights(), known.scaling());
  const Orbit::State x{{0.9, -0.6, 0.3, 0.8}};
  CHECK(known.energy(x) == Approx(rest.energy(x) + Kepler::energy(x)));
  const double r3 = std::pow(x.head<2>().norm(), 3);
  const Orbit::State exact{{x[2], x[3], -x[0] / r3, -x[1] / r3}};
  CHECK((known(x) - rest(x) - exact).norm() <= 1e-13);
  const Orbit centred(known.weights(), known.scaling().centred());
  CHECK((centred(x - known.scaling().mean) - known(x)).norm() <= 1e-13);
  check_derivatives(known);
  check_derivatives(test::random_bound<Arm>(4));
}

TEST_CASE("what is beside a known part starts from nothing", "[model][known_part]") {
  Model<Hamiltonian<4>, Plus<Net, Kepler>, Svd<2>> model(2);
  Random random(1);
  model.initialize(random);
  const auto base = Vector<double>(model.parameters().head(model.base_size));
  const Orbit bound(base, model.scaling());
  const Orbit::State x{{0.9, -0.6, 0.3, 0.8}};
  CHECK(bound.energy(x) == Approx(Kepler::energy(x)));
}

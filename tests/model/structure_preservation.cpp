// The promise of the library, on everything it modulates: whatever the weights and the latent, the learned
// field conserves its energy and keeps volumes.
#include <limits>

#include "metriplex/model/cast_model.hpp"
#include "metriplex/modulation/film.hpp"
#include "metriplex/modulation/full_weight.hpp"
#include "metriplex/modulation/low_rank.hpp"
#include "metriplex/modulation/none.hpp"
#include "metriplex/modulation/shift.hpp"
#include "metriplex/modulation/svd.hpp"
#include "metriplex/structure/hamiltonian.hpp"
#include "support/catch.hpp"
#include "support/random_model.hpp"

using namespace metriplex;

namespace {

/// Computes ∇H by pulling back the energy alone: another way than the field takes.
template <class Bound>
typename Bound::State energy_slope(const Bound& model, const typename Bound::State& x) {
  typename Bound::template Sweep<1> sweep;
  const typename Bound::Scalar one = 1;
  typename Bound::State dx, slope;
  const typename Bound::State zero = Bound::State::Zero();
  sweep.template forward<true>(model.weights().data(), model.scaling(), x.data(), dx.data());
  sweep.pullback(model.weights().data(), model.scaling(), &one, zero.data(), nullptr, slope.data());
  return slope;
}

/// Takes the worst of what random states show, relative to its terms.
struct Defects {
  double rate = 0, divergence = 0;

  template <class Bound>
  void look_at(const Bound& model, Random& random) {
    using Scalar = typename Bound::Scalar;
    // Below this a saturated network's slopes are lost to underflow.
    constexpr double tiny = 1e10 * static_cast<double>(std::numeric_limits<Scalar>::min());
    for (int point = 0; point < 10; ++point) {
      const auto x = test::random_state<typename Bound::State>(random);
      const auto f = model(x);
      const auto slope = energy_slope(model, x);
      typename Bound::Jacobian jacobian;
      model.jacobian(x, jacobian);
      REQUIRE(f.allFinite());
      REQUIRE(jacobian.allFinite());
      double change = 0;
      for (int i = 0; i < Bound::dimension; ++i)
        change += static_cast<double>(slope(i)) * static_cast<double>(f(i));
      rate = std::max(rate, std::abs(change) / (static_cast<double>(slope.norm() * f.norm()) + tiny));
      divergence = std::max(divergence, std::abs(static_cast<double>(jacobian.trace())) /
                                            (static_cast<double>(jacobian.norm()) + tiny));
    }
  }
};

template <class Modulation, int Dim>
void check_preservation() {
  using Net = Mlp<Tanh, Dim, 12, 12, 1>;
  using M = Model<Hamiltonian<Dim>, Net, Modulation>;
  Random random(11);
  Defects in_double, in_float;
  for (int draw = 0; draw < 40; ++draw) {
    M model(3);
    model.initialize(random);
    for (double& value : model.parameters()) value *= std::exp(random.normal());
    model.scaling() = test::random_scaling<double, Dim>(random);
    Vector<double> z = test::random_state<Vector<double, 3>>(random);
    z *= std::pow(10.0, random.uniform(-2, 2)) / z.norm();
    const auto bound = model.bind(z);
    in_double.look_at(bound, random);
    in_float.look_at(cast_model<float>(bound), random);
  }
  // The slopes that are compared come from two sums of many terms that cancel, so they are not equal to the
  // bit.
  constexpr double epsilon = std::numeric_limits<double>::epsilon();
  constexpr double epsilon_f = static_cast<double>(std::numeric_limits<float>::epsilon());
  INFO("dim " << Dim << ", largest dH/dt " << in_double.rate << " and " << in_float.rate
              << ", largest divergence " << in_double.divergence << " and " << in_float.divergence);
  CHECK(in_double.rate < 1000 * epsilon);
  CHECK(in_double.divergence < 100 * epsilon);
  CHECK(in_float.rate < 1000 * epsilon_f);
  CHECK(in_float.divergence < 100 * epsilon_f);
}

}  // namespace

TEMPLATE_TEST_CASE("every modulation conserves energy and volume at any weights and latents", "[model]", None,
                   Shift, Film, FullWeight, LowRank<1>, LowRank<3>, Svd<3>) {
  check_preservation<TestType, 2>();
  check_preservation<TestType, 4>();
}

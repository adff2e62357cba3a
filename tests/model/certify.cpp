#include "metriplex/model/certify.hpp"

#include "metriplex/modulation/film.hpp"
#include "metriplex/modulation/full_weight.hpp"
#include "metriplex/modulation/low_rank.hpp"
#include "metriplex/modulation/none.hpp"
#include "metriplex/modulation/shift.hpp"
#include "metriplex/modulation/svd.hpp"
#include "metriplex/structure/driven.hpp"
#include "metriplex/structure/forced.hpp"
#include "metriplex/structure/generic.hpp"
#include "metriplex/structure/generic_bracket.hpp"
#include "metriplex/structure/generic_learned.hpp"
#include "metriplex/structure/hamiltonian.hpp"
#include "metriplex/structure/lagrangian.hpp"
#include "metriplex/structure/mechanical.hpp"
#include "metriplex/structure/poisson.hpp"
#include "metriplex/structure/port_hamiltonian.hpp"
#include "metriplex/structure/unstructured.hpp"
#include "metriplex/structure/varying.hpp"
#include "support/catch.hpp"
#include "support/error_text.hpp"
#include "support/random_model.hpp"

using namespace metriplex;

namespace {

template <int Dim>
Box<Dim> box_of(double half) {
  Box<Dim> box;
  box.lo.fill(-half);
  box.hi.fill(half);
  return box;
}

std::string text_of(const Certificate& certificate) {
  std::string text;
  for (const auto& entry : certificate.entries()) {
    char line[100];
    std::snprintf(line, sizeof line, "%s %.2e\n", std::string(entry.name).c_str(), entry.value);
    text += line;
  }
  return text;
}

/// Certifies models with random weights of any size at random latents of up to 100 and random states.
template <class M>
void check_family(double tolerance) {
  Random random(7);
  for (int draw = 0; draw < 30; ++draw) {
    M model(3);
    model.initialize(random);
    for (auto& value : model.parameters())
      value *= static_cast<typename M::Scalar>(std::exp(random.normal()));
    model.scaling() = test::random_scaling<typename M::Scalar, M::dimension>(random);
    auto z = test::random_state<Vector<typename M::Scalar, 3>>(random);
    z *= static_cast<typename M::Scalar>(std::pow(10.0, random.uniform(-2, 2))) / z.norm();
    const Certificate found = certify(model, z, box_of<M::dimension>(2), {.states = 50, .seed = 1});
    INFO(M::Structure::name << " " << M::Modulation::name << ", |z| = " << z.norm() << "\n"
                            << text_of(found));
    CHECK(found.states == 50);
    CHECK(found.holds(tolerance));
  }
}

/// Has friction that is not positive: M is minus what it should be.
struct Broken : Generic<3, 1> {
  static constexpr std::string_view name = "broken";
  template <class T>
  static T friction(const T* outputs, const T* v, T* to) {
    const T total = Generic<3, 1>::friction(outputs, v, to);
    for (int i = 0; i < 3; ++i) to[i] = -to[i];
    return -total;
  }
  template <class T>
  static void field(const T* outputs, T* dx) {
    T slope[3] = {T{}, T{}, T{} + 1.0f}, irreversible[3];
    poisson(outputs, outputs, dx);
    friction(outputs, slope, irreversible);
    for (int i = 0; i < 3; ++i) dx[i] += irreversible[i];
  }
};

/// Leaks energy: ṗ has friction that goes nowhere.
struct Leaking : Hamiltonian<2> {
  static constexpr std::string_view name = "leaking";
  template <class T>
  static void field(const T* gradient, T* dx) {
    Hamiltonian<2>::field(gradient, dx);
    dx[1] -= 1e-3 * gradient[1];
  }
  template <class T>
  static void pullback(const T* outputs, const T* d_dx, T* d_gradient) {
    Hamiltonian<2>::pullback(outputs, d_dx, d_gradient);
    d_gradient[1] -= 1e-3 * d_dx[1];
  }
};

}  // namespace

TEMPLATE_TEST_CASE("every structure keeps its laws to rounding at any weights, latents and states",
                   "[model][certify]", None, Shift, Film, FullWeight, LowRank<1>, LowRank<3>, Svd<3>) {
  check_family<Model<Hamiltonian<4>, Mlp<Tanh, 4, 12, 12, 1>, TestType>>(1e-12);
  using Known = Networks<Mlp<Tanh, 4, 12, 12, 1>, Mlp<Tanh, 4, 8, 12>>;
  check_family<Model<Generic<4, 2>, Known, TestType>>(1e-12);
  check_family<Model<Generic<4, 2>, Known, TestType, float>>(1e-4);
  using Learned = Networks<Mlp<Tanh, 3, 12, 1>, Mlp<Tanh, 3, 8, 1>, Mlp<Tanh, 3, 8, 3>, Mlp<Tanh, 3, 8, 6>>;
  check_family<Model<GenericLearned<3>, Learned, TestType>>(1e-12);
  check_family<Model<GenericBracket<3>, Mlp<Tanh, 3, 12, 1>, TestType>>(1e-12);
}

TEST_CASE("structures of an energy law keep it to rounding at any weights, latents and states",
          "[model][certify]") {
  using Ported = Networks<Mlp<Tanh, 4, 12, 1>, Mlp<Tanh, 4, 8, 4>>;
  check_family<Model<PortHamiltonian<4>, Ported, Svd<3>>>(1e-12);
  check_family<Model<PortHamiltonian<4>, Ported, Svd<3>, float>>(1e-4);
  check_family<Model<Poisson<So3>, Mlp<Tanh, 3, 12, 1>, Svd<3>>>(1e-12);
  check_family<Model<Poisson<Se3>, Mlp<Tanh, 6, 12, 1>, Svd<3>>>(1e-12);
  using Jointed = Networks<Mlp<Tanh, 2, 8, 3>, Mlp<Tanh, 2, 12, 1>, Mlp<Tanh, 2, 8, 4>>;
  check_family<Model<Mechanical<2>, Jointed, Svd<3>>>(1e-11);
  check_family<Model<Mechanical<2, true>, Jointed, Svd<3>>>(1e-11);
  check_family<Model<Lagrangian<2>, Mlp<Tanh, 4, 9, 5, 1>, Svd<3>>>(1e-11);
  check_family<Model<Unstructured<2>, Mlp<Tanh, 2, 12, 2>, Svd<3>>>(0);  // has none
}

TEST_CASE("what is driven gains no more energy than is supplied", "[model][certify]") {
  using Pushed = Networks<Mlp<Tanh, 2, 8, 3>, Mlp<Tanh, 2, 12, 1>, Mlp<Tanh, 2, 8, 2>>;
  check_family<Model<Driven<Mechanical<2>>, Pushed, Svd<3>>>(1e-11);
  using Shaken = Networks<Mlp<Tanh, 2, 12, 1>, Mlp<Tanh, 2, 8, 1>, Mlp<Tanh, 1, 8, 1>>;
  check_family<Model<Forced<PortHamiltonian<2>>, Shaken, Svd<3>>>(1e-12);
  using Varied = Networks<Mlp<Tanh, 3, 12, 1>, Mlp<Tanh, 3, 8, 1>, Mlp<Tanh, 1, 8, 1>>;
  check_family<Model<Varying<Forced<PortHamiltonian<2>>>, Varied, Svd<3>>>(1e-12);
  using Fed = Networks<Mlp<Tanh, 2, 8, 3>, Mlp<Tanh, 3, 12, 1>, Mlp<Tanh, 3, 8, 2>>;
  check_family<Model<Varying<Driven<Mechanical<2>>>, Fed, Svd<3>>>(1e-11);
}

TEST_CASE("a certificate shows broken laws", "[model][certify]") {
  const auto broken =
      test::random_bound<BoundModel<Broken, Networks<Mlp<Tanh, 3, 9, 1>, Mlp<Tanh, 3, 5, 6>>, double>>(1);
  const Certificate found = certify(broken, box_of<3>(1), {.states = 100});
  CHECK(!found.holds());
  CHECK(*found.eigenvalue < -0.1);
  CHECK(*found.production < 0);
  CHECK(*found.entropy_rate < -1e-3);
  CHECK(*found.energy_rate < 1e-12);
  CHECK(*found.skew < 1e-12);

  const auto leaking = test::random_bound<BoundModel<Leaking, Mlp<Tanh, 2, 9, 1>, double>>(2);
  const Certificate lost = certify(leaking, box_of<2>(1), {.states = 100});
  CHECK(!lost.holds());
  CHECK(*lost.energy_rate > 1e-4);
  CHECK(*lost.divergence > 1e-5);
  CHECK(*lost.symplecticity > 1e-6);
  CHECK(!lost.production.has_value());
}

TEST_CASE("a certificate of many latents is the worst of them, and lists what applies", "[model][certify]") {
  using M = Model<Hamiltonian<2>, Mlp<Tanh, 2, 9, 1>, Shift>;
  M model(2);
  Random random(3);
  model.initialize(random);
  const Matrix<double> z = Matrix<double>::Random(2, 3);
  const Certificate all = certify(model, z, box_of<2>(1), {.states = 20});
  CHECK(all.states == 60);
  double worst = 0;
  for (Index j = 0; j < 3; ++j)
    worst = std::max(worst, *certify(model.bind(z.col(j)), box_of<2>(1),
                                     {.states = 20, .seed = static_cast<std::uint64_t>(j)})
                                 .divergence);
  CHECK(*all.divergence == worst);
  CHECK(all.entries().size() == 3);
  CHECK(all.entries()[0].name == "energy_rate");
  CHECK(error_text([&] { certify(model, z, box_of<2>(1), {.states = 0}); }) ==
        "certify needs at least one state; got 0");
}

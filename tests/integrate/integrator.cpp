#include "metriplex/integrate/integrator.hpp"

#include <Eigen/Core>
#include <string>

#include "metriplex/integrate/average_vector_field.hpp"
#include "metriplex/integrate/composition.hpp"
#include "metriplex/integrate/discrete_gradient.hpp"
#include "metriplex/integrate/extended_phase_space.hpp"
#include "metriplex/integrate/gauss_legendre.hpp"
#include "metriplex/integrate/projection.hpp"
#include "metriplex/integrate/splitting.hpp"
#include "support/allocation_counter.hpp"
#include "support/catch.hpp"
#include "support/integrator_suite.hpp"

using namespace metriplex;

namespace {

struct Decay {
  using State = Vector<double, 1>;
  static constexpr int dim() { return 1; }
  void operator()(const State& x, State& dx) const { dx = -x; }
};
struct WithoutState {
  static constexpr int dim() { return 1; }
  void operator()(const Vector<double, 1>& x, Vector<double, 1>& dx) const { dx = -x; }
};
struct WithoutRate {
  using State = Vector<double, 1>;
  static constexpr int dim() { return 1; }
};
struct WithoutDim {
  using State = Vector<double, 1>;
  void operator()(const State& x, State& dx) const { dx = -x; }
};
struct DynamicState {
  using State = Vector<double>;
  static constexpr int dim() { return 1; }
  void operator()(const State& x, State& dx) const { dx = -x; }
};
struct WithoutForce : Kepler<double> {
  void force(const Half&, Half&) const = delete;
};

struct PlainEuler {
  static constexpr std::string_view name = "euler";
  static constexpr int order = 1;
  static constexpr bool symplectic = false;
  static constexpr bool symmetric = false;
  template <VectorField F>
  StepStatus step(const F& f, typename F::State& x, ScalarOf<F> dt) const {
    typename F::State rate;
    f(x, rate);
    const typename F::State next = x + dt * rate;
    if (!next.allFinite()) return StepStatus::non_finite;
    x = next;
    return StepStatus::ok;
  }
};
struct Nameless {
  static constexpr int order = 1;
  static constexpr bool symplectic = false;
  static constexpr bool symmetric = false;
  StepStatus step(const auto&, auto&, auto) const { return StepStatus::ok; }
};

}  // namespace

TEST_CASE("a field is what has a state, a rate and a size", "[integrate][integrator]") {
  STATIC_REQUIRE(VectorField<Decay>);
  STATIC_REQUIRE(!VectorField<WithoutState>);
  STATIC_REQUIRE(!VectorField<WithoutRate>);
  STATIC_REQUIRE(!VectorField<WithoutDim>);
  STATIC_REQUIRE(!VectorField<DynamicState>);
  STATIC_REQUIRE(!HasJacobian<Decay>);
  STATIC_REQUIRE(HasJacobian<Kepler<float>>);
  STATIC_REQUIRE(SeparableField<Kepler<double>>);
  STATIC_REQUIRE(!SeparableField<Decay>);
  STATIC_REQUIRE(!SeparableField<WithoutForce>);
}

TEST_CASE("an integrator is what has traits and a step", "[integrate][integrator]") {
  STATIC_REQUIRE(IntegratorFor<PlainEuler, Decay>);
  STATIC_REQUIRE(!IntegratorFor<PlainEuler, WithoutRate>);
  STATIC_REQUIRE(!IntegratorFor<Nameless, Decay>);
  STATIC_REQUIRE(!IntegratorFor<Decay, Decay>);
}

TEST_CASE("the suite takes an integrator of a user's own", "[integrate][integrator]") {
  check_integrator(PlainEuler{});
}

TEST_CASE("a step of a field that does not throw does not", "[integrate][integrator]") {
  const auto nothrow = []<class Integrator, class Field>(const Integrator& integrator, const Field& field,
                                                         typename Field::State x) {
    return noexcept(integrator.step(field, x, 0.1));
  };
  const auto learned = metriplex::test::random_bound<LearnedHamiltonian>(2);
  const auto separable = metriplex::test::random_bound<LearnedSeparable>(2);
  const ExtendedField doubled(learned, 1);
  const Vector<double, 2> x(0.8, -1.4);
  CHECK(nothrow(Rk4{}, learned, x));
  CHECK(nothrow(Yoshida4{}, separable, x));
  CHECK(nothrow(GaussLegendre<2>{}, learned, x));
  CHECK(nothrow(AverageVectorField<5>{}, learned, x));
  CHECK(nothrow(Suzuki<Gonzalez>{}, learned, x));
  CHECK(nothrow(Projection<Rk4>{}, learned, x));
  CHECK(nothrow(Suzuki<Tao>{}, doubled, doubled.extend(x)));
  CHECK(!nothrow(Rk4{}, Decay{}, Vector<double, 1>(1.0)));
  CHECK(!nothrow(Suzuki<Gonzalez>{}, Kepler<double>{}, Kepler<double>::State::Zero()));
}

TEST_CASE("every status has a description that says what to do", "[integrate][integrator]") {
  CHECK(describe(StepStatus::ok) == "the step was taken");
  for (const StepStatus status : {StepStatus::not_converged, StepStatus::non_finite})
    CHECK(std::string(describe(status)).find("take smaller steps") != std::string::npos);
}

TEST_CASE("the allocation counter counts operator new and Eigen's own allocations",
          "[integrate][integrator]") {
  const AllocationCounter counter;
  const std::string text(1000, 'x');
  CHECK(counter.count() >= 1);
  const std::size_t before = counter.count();
  const Vector<double> vector = Vector<double>::Zero(text.size());
  CHECK(vector.sum() == 0);
#if defined(__GLIBC__)
  CHECK(counter.count() > before);
#endif
}

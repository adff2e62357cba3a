#include "metriplex/integrate/extended_phase_space.hpp"

#include <algorithm>
#include <cmath>

#include "metriplex/autodiff/gradient.hpp"
#include "metriplex/integrate/composition.hpp"
#include "support/catch.hpp"
#include "support/integrator_suite.hpp"

using namespace metriplex;

namespace {

/// Doubles the states on the way in, with a coupling that fits the suite's problems.
template <class Field>
struct Doubled {
  ExtendedField<Field> field;
  explicit Doubled(const Field& inner) : field(inner, 3) {}
  static auto start(const typename Field::State& x) { return ExtendedField<Field>::extend(x); }
  static auto end(const typename ExtendedField<Field>::State& both) {
    return ExtendedField<Field>::restrict(both);
  }
};

}  // namespace

TEST_CASE("Tao's integrator has order 2 and is symplectic in the extended space",
          "[integrate][extended_phase_space]") {
  check_integrator<Doubled>(Tao{});
  check_integrator<Doubled>(TripleJump<Tao>{});
}

TEST_CASE("an extended state holds two copies", "[integrate][extended_phase_space]") {
  using Extended = ExtendedField<Kepler<double>>;
  const Vector<double, 4> x(1, 2, 3, 4);
  const Extended::State both = Extended::extend(x);
  CHECK(both == Vector<double, 8>{{1, 2, 1, 2, 3, 4, 3, 4}});
  CHECK(Extended::restrict(both) == x);
  const Vector<double, 8> apart{{1, 2, 5, 6, 3, 4, 7, 8}};  // q, x, p, y
  CHECK(Extended::first(apart) == Vector<double, 4>(1, 2, 7, 8));
  CHECK(Extended::second(apart) == Vector<double, 4>(5, 6, 3, 4));
  CHECK(Extended::restrict(apart) == x);
}

TEST_CASE("the extended field is canonical of its energy, and the field itself where the copies agree",
          "[integrate][extended_phase_space]") {
  const Kepler<double> kepler;
  const ExtendedField field(kepler, 2.5);
  const Vector<double, 8> both{{0.8, -0.3, 0.7, -0.2, 0.4, 0.9, 0.5, 1.1}};
  Vector<double, 8> rate, slope;
  field(both, rate);
  undo_canonical(rate, slope);
  for (int i = 0; i < 8; ++i) {
    const double h = 1e-5;
    const Vector<double, 8> unit = Vector<double, 8>::Unit(i);
    const double difference = (field.energy(both + h * unit) - field.energy(both - h * unit)) / (2 * h);
    CHECK(slope(i) == Approx(difference).margin(1e-8));
  }
  const Vector<double, 4> x(0.8, -0.3, 0.4, 0.9);
  Vector<double, 4> dx;
  kepler(x, dx);
  field(field.extend(x), rate);
  CHECK(rate == field.extend(dx));
  CHECK(field.energy(field.extend(x)) == Approx(2 * kepler.energy(x)));
}

TEST_CASE("Tao's integrator keeps the energy of a learned field bounded",
          "[integrate][extended_phase_space]") {
  const auto learned = test::random_bound<LearnedHamiltonian>(2);
  const ExtendedField field(learned, 10);
  auto both = field.extend({0.8, -1.4});
  const double start = learned.energy(field.restrict(both));
  double early = 0, late = 0;
  for (int i = 0; i < 20000; ++i) {
    REQUIRE(Tao{}.step(field, both, 0.02) == StepStatus::ok);
    double& worst = i < 10000 ? early : late;
    worst = std::max(worst, std::abs(learned.energy(field.restrict(both)) - start));
  }
  CHECK(early < 1e-3);
  CHECK(late < 1.2 * early);
}

TEST_CASE("Tao's integrator takes extended fields only", "[integrate][extended_phase_space]") {
  STATIC_REQUIRE(CanonicalField<ExtendedField<Kepler<double>>>);
  STATIC_REQUIRE(!IntegratorFor<Tao, Kepler<double>>);
}

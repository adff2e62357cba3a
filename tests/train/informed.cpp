// A known part of an energy, whose parameter each member has of its own, beside a network that learns the rest.

#include "metriplex/structure/informed.hpp"

#include "metriplex/data/sample_family.hpp"
#include "metriplex/modulation/shift.hpp"
#include "metriplex/structure/hamiltonian.hpp"
#include "metriplex/systems/duffing.hpp"
#include "metriplex/train/auto_decoder.hpp"
#include "metriplex/train/metrics.hpp"
#include "support/catch.hpp"

using namespace metriplex;

namespace {

/// Hooke's law and a kinetic energy: of a Duffing oscillator all but the fourth power.
struct Spring {
  static constexpr std::string_view name = "spring";
  static constexpr int parameters = 1;
  template <class T>
  static T energy(const Vector<T, 2>& x, const Vector<T, 1>& theta) {
    return (x[1] * x[1] + theta[0] * x[0] * x[0]) / 2;
  }
};

using Known = Model<Informed<Hamiltonian<2>, Spring>, Networks<Mlp<Tanh, 2, 12, 1>, Constants<1>>, Shift>;

}  // namespace

TEST_CASE("an informed model begins as what is known, and learns the rest and each member's parameter",
          "[train][informed]") {
  const auto family = sample_family<Duffing>({.members = 12, .trajectories = 3});
  Known model(2);
  AutoDecoder<Known> trainer(model, Recordings<2>(family), {.steps = 1000});
  const auto at_first = model.bind(model.latents().col(0));
  const Vector<double, 2> x(0.7, -0.4);
  const double theta = at_first.outputs(x)[2];
  CHECK((at_first(x) - Vector<double, 2>(x[1], -theta * x[0])).norm() < 1e-12);
  CHECK(at_first.energy(x) == Approx(Spring::energy<double>(x, Vector<double, 1>(theta))));

  trainer.run();
  for (Index member = 0; member < 12; ++member) {
    const auto field = model.bind(model.latents().col(member));
    const Vector<double, 2> mu = family.tasks[static_cast<std::size_t>(member)].mu;
    CHECK(e_field<Duffing>(field, mu) < 0.05);
    Vector<double, 2> slope;
    field.energy_gradient(x, slope);
    CHECK(std::abs(slope.dot(field(x))) < 1e-13);
  }
}

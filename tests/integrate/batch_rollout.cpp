#include "metriplex/integrate/batch_rollout.hpp"

#include <limits>

#include "metriplex/integrate/gauss_legendre.hpp"
#include "metriplex/integrate/runge_kutta.hpp"
#include "metriplex/integrate/splitting.hpp"
#include "support/catch.hpp"
#include "support/error_text.hpp"
#include "support/integrator_suite.hpp"

using namespace metriplex;

namespace {

/// Compares each column with a rollout of its own.
template <class Field, class Integrator>
void check_columns(const Field& field, const Integrator& integrator, Index count) {
  const Vector<double> times = Vector<double>::LinSpaced(6, 0, 2);
  Matrix<double, 2> x0 = Matrix<double, 2>::Random(2, count);
  if (count > 1) x0(1, 1) = std::numeric_limits<double>::quiet_NaN();
  const auto batch = batch_rollout(field, integrator, x0, times, 3);
  REQUIRE(batch.states.size() == 6);
  for (Index j = 0; j < count; ++j) {
    const auto alone = rollout(field, integrator, Vector<double, 2>(x0.col(j)), times, 3);
    const auto at = static_cast<std::size_t>(j);
    REQUIRE(batch.completed[at] == alone.completed);
    REQUIRE(batch.status[at] == alone.status);
    for (Index k = 0; k < times.size(); ++k) {
      const auto state = batch.states[static_cast<std::size_t>(k)].col(j);
      if (k < alone.completed)
        REQUIRE((state - alone.states.col(k)).norm() < 1e-13);
      else
        REQUIRE(state.array().isNaN().all());
    }
  }
}

// dx/dt = x², y' = 0, which leaves the numbers at t = 1/x(0).
struct BlowUp {
  using State = Vector<double, 2>;
  static constexpr int dim() { return 2; }
  void operator()(const State& x, State& dx) const { dx << x(0) * x(0), 0; }
  void batch(const Matrix<double, 2>& x, Matrix<double, 2>& dx) const {
    dx.row(0) = x.row(0).cwiseProduct(x.row(0));
    dx.row(1).setZero();
  }
};

}  // namespace

TEST_CASE("a batch of trajectories is each of them alone", "[integrate][batch_rollout]") {
  const auto learned = test::random_bound<LearnedHamiltonian>(2);
  const auto separable = test::random_bound<LearnedSeparable>(2);
  STATIC_REQUIRE(BatchIntegratorFor<Rk4, LearnedHamiltonian>);
  STATIC_REQUIRE(BatchIntegratorFor<Yoshida4, LearnedSeparable>);
  STATIC_REQUIRE(!BatchIntegratorFor<Yoshida4, LearnedHamiltonian>);
  STATIC_REQUIRE(!BatchIntegratorFor<Rk4, Kepler<double>>);
  for (const Index count : {1, 3, 255, 256, 257, 700}) {
    check_columns(learned, Rk4{}, count);
    check_columns(separable, BlanesMoan4{}, count);
  }
  check_columns(learned, DormandPrince5{}, 40);
  check_columns(separable, StormerVerlet{}, 40);
  check_columns(learned, ImplicitMidpoint{}, 300);
}

TEST_CASE("a trajectory that fails leaves the others alone", "[integrate][batch_rollout]") {
  Matrix<double, 2> x0(2, 3);
  x0 << 0.1, 8, -1, 0, 0, 0;
  const auto result = batch_rollout(BlowUp{}, Rk4{}, x0, Vector<double>::LinSpaced(11, 0, 2), 20);
  CHECK(result.status[0] == StepStatus::ok);
  CHECK(result.status[1] == StepStatus::non_finite);
  CHECK(result.status[2] == StepStatus::ok);
  CHECK(result.completed[1] < 11);
  CHECK(result.completed[2] == 11);
  CHECK(result.states[10](0, 0) == Approx(0.1 / (1 - 0.2)).epsilon(1e-9));
  CHECK(result.states[10](0, 2) == Approx(-1.0 / 3).epsilon(1e-6));
}

TEST_CASE("no states give no trajectories, and wrong requests one line", "[integrate][batch_rollout]") {
  const auto learned = test::random_bound<LearnedHamiltonian>(2);
  const Matrix<double, 2> none(2, 0);
  CHECK(batch_rollout(learned, Rk4{}, none, Vector<double>::LinSpaced(3, 0, 1)).status.empty());
  CHECK(one_line_with(
      error_text([&] { batch_rollout(learned, Rk4{}, none, Vector<double>::LinSpaced(3, 0, 1), 0); }),
      "expected substeps >= 1, got 0 in batch_rollout"));
  CHECK(one_line_with(error_text([&] { batch_rollout(learned, Rk4{}, none, Vector<double>(0)); }),
                      "at least one time"));
}

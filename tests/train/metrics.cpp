#include "metriplex/train/metrics.hpp"

#include "metriplex/data/sample_family.hpp"
#include "metriplex/systems/mass_spring.hpp"
#include "metriplex/systems/pendulum.hpp"
#include "support/catch.hpp"
#include "support/error_text.hpp"

using namespace metriplex;

namespace {

/// Is an exact field, too fast by a factor.
template <class Inner>
struct Scaled {
  Inner inner;
  double factor;
  using State = typename Inner::State;
  static constexpr int dim() { return Inner::dim(); }
  void operator()(const State& x, State& dx) const {
    inner(x, dx);
    dx *= factor;
  }
};
struct Still {
  using State = Vector<double, 2>;
  static constexpr int dim() { return 2; }
  void operator()(const State&, State& dx) const { dx.setZero(); }
};
struct Exploding {
  using State = Vector<float, 2>;
  static constexpr int dim() { return 2; }
  void operator()(const State& x, State& dx) const { dx = x.array().exp().exp(); }
};

}  // namespace

TEST_CASE("a grid lies on its box, the last coordinate fastest", "[train][metrics]") {
  const Matrix<double, 2> grid = grid_over<2>({{-1, 10}, {1, 14}}, 3);
  Matrix<double, 2> truth(2, 9);
  truth << -1, -1, -1, 0, 0, 0, 1, 1, 1, 10, 12, 14, 10, 12, 14, 10, 12, 14;
  CHECK(grid == truth);
  CHECK(grid_over<2>({{0, 0}, {1, 1}}).cols() == 40 * 40);
  CHECK(grid_over<3>({{0, 0, 0}, {1, 1, 1}}).cols() == 16 * 16 * 16);
  CHECK(grid_over<4>({{0, 0, 0, 0}, {1, 1, 1, 1}}).cols() == 9 * 9 * 9 * 9);
}

TEST_CASE("the field error is zero for the exact field, and relative", "[train][metrics]") {
  const Vector<double, 2> mu(0.8, 1.1);
  const auto exact = hamiltonian_field<Pendulum>(mu);
  CHECK(e_field<Pendulum>(exact, mu) == 0);
  CHECK(e_field<Pendulum>(Scaled<decltype(exact)>{exact, 1.25}, mu) == Approx(0.25).epsilon(1e-13));
  CHECK(e_field<Pendulum>(Still{}, mu) == 1);

  // Two points by hand: errors (0, 1) and (2, 0), rates (3, 0) and (0, 4).
  const Matrix<double, 2> x = Matrix<double, 2>::Zero(2, 2);
  Matrix<double, 2> dx(2, 2);
  dx << 3, 0, 0, 4;
  CHECK(field_error(Still{}, x, dx) == 1);
  CHECK(one_line_with(error_text([&] { field_error(Still{}, x, dx.leftCols(1)); }), "field_error needs"));
  CHECK(one_line_with(error_text([&] { field_error(Still{}, x.leftCols(0), dx.leftCols(0)); }),
                      "at least one"));
}

TEST_CASE("the trajectory error is zero for the exact field, and leaves seen trajectories out",
          "[train][metrics]") {
  FamilyOptions options{.members = 2, .trajectories = 3};
  options.times = Vector<double>::LinSpaced(11, 0, 2);
  const TaskSet<2> family = sample_family<MassSpring>(options);
  const auto exact = hamiltonian_field<MassSpring>(Vector<double, 2>(family.tasks[1].mu));
  CHECK(e_traj(exact, family, 1) < 1e-5);
  CHECK(e_traj(exact, family, 1, 1, 20) < 1e-8);

  // A field that stands still stays at the start.
  double error = 0, size = 0;
  for (Index k = 2; k < 3; ++k) {
    const Matrix<double, 2> truth = family.states(0, k);
    error += (truth.colwise() - truth.col(0)).squaredNorm();
    size += truth.squaredNorm();
  }
  CHECK(e_traj(Still{}, family, 0, 2) == Approx(std::sqrt(error / size)).epsilon(1e-13));

  CHECK(std::isinf(e_traj(Exploding{}, family, 0)));
  CHECK(one_line_with(error_text([&] { e_traj(exact, family, 0, 3); }), "more than 3 trajectories; got 3"));
  CHECK(one_line_with(error_text([&] { e_traj(exact, family, 2); }), "of member 2"));
}

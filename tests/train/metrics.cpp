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
  CHECK(one_line_with(error_text([&] { field_error(Still{}, x, dx.leftCols(1)); }), "field_errors needs"));
  CHECK(one_line_with(error_text([&] { field_error(Still{}, x.leftCols(0), dx.leftCols(0)); }),
                      "at least one"));
}

TEST_CASE("each component counts by its own size, and one that does not move not at all",
          "[train][metrics]") {
  Matrix<double, 2> x = Matrix<double, 2>::Zero(2, 2), dx(2, 2);
  dx << 3e-6, -3e-6, 4e6, 4e6;
  const auto exact = hamiltonian_field<MassSpring>(Vector<double, 2>(1e-6, 1e6));  // at rest in the origin
  const auto all = field_errors(exact, x, dx);
  CHECK(all.component == Vector<double, 2>(1, 1));
  CHECK(all.pooled == 1);

  // Half of q's rate is missed; beside p's nobody would see it.
  x << 1.5, -1.5, 0, 0;
  x.row(1).setConstant(-4e6);
  struct Slow {
    using State = Vector<double, 2>;
    static constexpr int dim() { return 2; }
    void operator()(const State& at, State& rate) const { rate = {1e-6 * at[0], -at[1]}; }
  };
  const auto errors = field_errors(Slow{}, x, dx);
  CHECK(errors.component[0] == Approx(0.5));
  CHECK(errors.component[1] == 0);
  CHECK(errors.together() == Approx(std::sqrt(0.125)));
  CHECK(errors.pooled < 1e-12);

  dx.row(0).setZero();
  const auto rest = field_errors(Slow{}, x, dx);
  CHECK(std::isnan(rest.component[0]));
  CHECK(rest.together() == 0);
  dx.setZero();
  CHECK(std::isnan(field_error(Slow{}, x, dx)));
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
  const Matrix<double, 2> truth = family.states(0, 2), off = truth.colwise() - truth.col(0),
                          away = truth.colwise() - truth.rowwise().mean();
  const auto errors = trajectory_errors(Still{}, family, 0, 2);
  for (int i = 0; i < 2; ++i)
    CHECK(errors.component[i] == Approx(off.row(i).norm() / away.row(i).norm()).epsilon(1e-12));
  CHECK(errors.pooled == Approx(off.norm() / truth.norm()).epsilon(1e-13));
  CHECK(e_traj(Still{}, family, 0, 2) == errors.together());

  // An offset is no motion to be relative to.
  TaskSet<2> far = family;
  for (auto& task : far.tasks) task.x.array() += 1e5;
  const auto there = trajectory_errors(Still{}, far, 0, 2);
  for (int i = 0; i < 2; ++i) CHECK(there.component[i] == Approx(errors.component[i]).epsilon(1e-9));

  CHECK(std::isinf(e_traj(Exploding{}, family, 0)));
  CHECK(one_line_with(error_text([&] { e_traj(exact, family, 0, 3); }), "more than 3 trajectories; got 3"));
  CHECK(one_line_with(error_text([&] { e_traj(exact, family, 2); }), "of member 2"));
}

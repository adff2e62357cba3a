#include "metriplex/compat/sundials.hpp"

#include <cvode/cvode.h>
#include <sunlinsol/sunlinsol_dense.h>

#include <cmath>
#include <limits>
#include <stdexcept>

#include "metriplex/systems/benchmark_systems.hpp"
#include "metriplex/systems/hamiltonian_field.hpp"
#include "support/catch.hpp"
#include "support/golden_trajectories.hpp"
#include "support/integrator_suite.hpp"

using namespace metriplex;

namespace {

// Van der Pol's oscillator, x'' = mu (1 - x²) x' - x.
struct VanDerPol {
  using State = Vector<double, 2>;
  double mu = 1000;
  static constexpr int dim() { return 2; }
  void operator()(const State& x, State& dx) const { dx << x(1), mu * (1 - x(0) * x(0)) * x(1) - x(0); }
  void jacobian(const State& x, Matrix<double, 2, 2>& J) const {
    J << 0, 1, -2 * mu * x(0) * x(1) - 1, mu * (1 - x(0) * x(0));
  }
};

struct Throws {
  using State = Vector<double, 2>;
  static constexpr int dim() { return 2; }
  void operator()(const State&, State&) const { throw std::runtime_error("no rate"); }
  void jacobian(const State&, Matrix<double, 2, 2>&) const { throw std::runtime_error("no Jacobian"); }
};

/// Is CVODE with backward differentiation and Newton's method on a dense Jacobian.
template <class F>
class Cvode {
 public:
  Cvode(const F& f, const typename F::State& start, double t0, double relative, double absolute) {
#ifdef SUN_COMM_NULL  // SUNDIALS 7
    REQUIRE(SUNContext_Create(SUN_COMM_NULL, &context_) == 0);
    REQUIRE(SUNContext_ClearErrHandlers(context_) == 0);
#else
    REQUIRE(SUNContext_Create(nullptr, &context_) == 0);
#endif
    y_ = N_VNew_Serial(dim, context_);
    for (int i = 0; i < dim; ++i) N_VGetArrayPointer(y_)[i] = static_cast<double>(start(i));
    matrix_ = SUNDenseMatrix(dim, dim, context_);
    solver_ = SUNLinSol_Dense(y_, matrix_, context_);
    cvode_ = CVodeCreate(CV_BDF, context_);
    REQUIRE(CVodeInit(cvode_, sundials_rate<F>, t0, y_) == CV_SUCCESS);
    REQUIRE(CVodeSetUserData(cvode_, sundials_user_data(f)) == CV_SUCCESS);
    REQUIRE(CVodeSStolerances(cvode_, relative, absolute) == CV_SUCCESS);
    REQUIRE(CVodeSetLinearSolver(cvode_, solver_, matrix_) == CV_SUCCESS);
    REQUIRE(CVodeSetJacFn(cvode_, sundials_jacobian<F>) == CV_SUCCESS);
    REQUIRE(CVodeSetMaxNumSteps(cvode_, 100'000) == CV_SUCCESS);
  }
  ~Cvode() {
    CVodeFree(&cvode_);
    SUNLinSolFree(solver_);
    SUNMatDestroy(matrix_);
    N_VDestroy(y_);
    SUNContext_Free(&context_);
  }
  Cvode(const Cvode&) = delete;
  Cvode& operator=(const Cvode&) = delete;

  int advance_to(double t) {
    CVodeSetStopTime(cvode_, t);
#ifndef SUN_COMM_NULL
    CVodeSetErrFile(cvode_, nullptr);
#endif
    double reached;
    const int flag = CVode(cvode_, t, y_, &reached, CV_NORMAL);
    return flag == CV_TSTOP_RETURN ? CV_SUCCESS : flag;
  }
  Vector<double, F::State::RowsAtCompileTime> state() const {
    return Vector<double, F::State::RowsAtCompileTime>::Map(N_VGetArrayPointer(y_));
  }
  long steps() const {
    long count = 0;
    CVodeGetNumSteps(cvode_, &count);
    return count;
  }
  N_Vector vector() const {
    return y_;
  }
  SUNMatrix matrix() const {
    return matrix_;
  }
  SUNContext context() const {
    return context_;
  }

 private:
  static constexpr int dim = F::State::RowsAtCompileTime;
  SUNContext context_;
  N_Vector y_;
  SUNMatrix matrix_;
  SUNLinearSolver solver_;
  void* cvode_;
};

}  // namespace

TEST_CASE("CVODE integrates our fields to its tolerance", "[compat][sundials]") {
  const Kepler<double> kepler;
  Cvode cvode(kepler, kepler.exact(0, 0.3), 0, 1e-11, 1e-12);
  for (const double t : {1.0, 2.5, 6.0}) {
    REQUIRE(cvode.advance_to(t) == CV_SUCCESS);
    CHECK((cvode.state() - kepler.exact(t, 0.3)).norm() < 1e-7);
  }
  const Kepler<float> single;
  Cvode coarse(single, single.exact(0, 0.3), 0, 1e-5, 1e-6);
  REQUIRE(coarse.advance_to(1) == CV_SUCCESS);
  CHECK((coarse.state() - kepler.exact(1, 0.3)).norm() < 1e-3);
}

TEST_CASE("CVODE gives SciPy's trajectories", "[compat][sundials]") {
  for (const auto& golden : golden_trajectories(Pendulum::name)) {
    const auto field = hamiltonian_field<Pendulum>(golden.mu);
    Cvode cvode(field, golden.states.col(0), golden.times(0), 1e-12, 1e-13);
    for (Index k = 1; k < golden.times.size(); ++k) {
      REQUIRE(cvode.advance_to(golden.times(k)) == CV_SUCCESS);
      CHECK((cvode.state() - golden.states.col(k)).norm() < 1e-7);
    }
  }
}

TEST_CASE("CVODE takes a stiff field in few steps, with the field's Jacobian", "[compat][sundials]") {
  const VanDerPol stiff;
  Cvode cvode(stiff, {2, 0}, 0, 1e-8, 1e-10);
  REQUIRE(cvode.advance_to(2000) == CV_SUCCESS);
  // The reference solution of Mazzia & Magherini 2008, "Test set for IVP solvers", VDPOL, whose time is mu times ours.
  CHECK(cvode.state()(0) == Approx(1.7061677).epsilon(1e-5));
  CHECK(cvode.state()(1) == Approx(-0.89280970e-3).epsilon(1e-5));
  CHECK(cvode.steps() < 5000);
}

TEST_CASE("what the functions of C return says what CVODE can do about it", "[compat][sundials]") {
  const Kepler<double> kepler;
  Cvode cvode(kepler, kepler.exact(0, 0.3), 0, 1e-6, 1e-6);
  void* data = sundials_user_data(kepler);
  N_Vector rate = N_VClone(cvode.vector()), three = N_VNew_Serial(3, cvode.context());
  N_Vector two = N_VNew_Serial(2, cvode.context());
  SUNMatrix small = SUNDenseMatrix(3, 4, cvode.context()), square = SUNDenseMatrix(2, 2, cvode.context());
  const auto rate_of = [&](N_Vector y, N_Vector into) {
    return sundials_rate<Kepler<double>>(0, y, into, data);
  };
  const auto jacobian_of = [&](N_Vector y, SUNMatrix into) {
    return sundials_jacobian<Kepler<double>>(0, y, rate, into, data, nullptr, nullptr, nullptr);
  };
  CHECK(rate_of(cvode.vector(), rate) == 0);
  CHECK(rate_of(three, rate) == -1);
  CHECK(rate_of(cvode.vector(), three) == -1);
  CHECK(jacobian_of(cvode.vector(), cvode.matrix()) == 0);
  CHECK(jacobian_of(three, cvode.matrix()) == -1);
  CHECK(jacobian_of(cvode.vector(), small) == -1);

  Kepler<double>::State expected;
  Matrix<double, 4, 4> J;
  kepler(kepler.exact(0, 0.3), expected);
  kepler.jacobian(kepler.exact(0, 0.3), J);
  for (int i = 0; i < 4; ++i) {
    CHECK(N_VGetArrayPointer(rate)[i] == expected(i));
    for (int j = 0; j < 4; ++j) CHECK(SM_ELEMENT_D(cvode.matrix(), i, j) == J(i, j));
  }

  N_VConst(0, cvode.vector());  // the force is infinite here
  CHECK(rate_of(cvode.vector(), rate) == 1);
  CHECK(jacobian_of(cvode.vector(), cvode.matrix()) == 1);

  const Throws throws;
  N_VConst(0, two);
  CHECK(sundials_rate<Throws>(0, two, two, sundials_user_data(throws)) == -1);
  CHECK(sundials_jacobian<Throws>(0, two, two, square, sundials_user_data(throws), two, two, two) == -1);

  for (N_Vector vector : {rate, three, two}) N_VDestroy(vector);
  SUNMatDestroy(small);
  SUNMatDestroy(square);
}

TEST_CASE("a field that fails ends CVODE with a flag", "[compat][sundials]") {
  const Throws throws;
  Cvode cvode(throws, {1, 1}, 0, 1e-6, 1e-6);
  CHECK(cvode.advance_to(1) == CV_RHSFUNC_FAIL);
}

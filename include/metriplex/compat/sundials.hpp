#pragma once

#include <nvector/nvector_serial.h>
#include <sundials/sundials_matrix.h>
#include <sundials/sundials_nvector.h>
#include <sunmatrix/sunmatrix_dense.h>

#include "metriplex/core/arrays.hpp"
#include "metriplex/integrate/integrator.hpp"

// For programs that have SUNDIALS: our fields as right-hand sides for CVODE and ARKODE, which take their state as a
// serial vector and their Jacobian as a dense matrix:
//
//   CVodeInit(cvode, sundials_rate<F>, t0, y);
//   CVodeSetUserData(cvode, sundials_user_data(f));
//   CVodeSetJacFn(cvode, sundials_jacobian<F>);
//
// They return 0, 1 where the numbers are not finite, on which CVODE tries a smaller step, and -1 where vector or matrix
// do not fit or the field throws: no exception passes through C.
//
// Before SUNDIALS 6.7.0 take ARKStep rather than ERKStep, which has not the order that it is asked for
// (docs/integrators.md, "What other integrators do").

namespace metriplex {

/// Gives the pointer that `CVodeSetUserData` passes on to the functions below; the field must outlive the solver.
template <VectorField F>
void* sundials_user_data(const F& f) {
  return const_cast<F*>(&f);  // only ever read
}
template <VectorField F>
void* sundials_user_data(const F&& f) = delete;

namespace detail {

inline constexpr int sundials_ok = 0, sundials_recoverable = 1, sundials_fatal = -1;

// Copies a vector of SUNDIALS into a state; false where its size is another.
template <class State>
bool from_sundials(N_Vector from, State& to) {
  const sunrealtype* values = N_VGetArrayPointer(from);
  if (values == nullptr || N_VGetLength(from) != State::RowsAtCompileTime) return false;
  for (int i = 0; i < State::RowsAtCompileTime; ++i) to[i] = static_cast<typename State::Scalar>(values[i]);
  return true;
}

}  // namespace detail

/// Evaluates a field for SUNDIALS (`CVRhsFn`, `ARKRhsFn`).
///
/// Shapes: y, rate [Dim].
template <VectorField F>
int sundials_rate(sunrealtype /*t*/, N_Vector y, N_Vector rate, void* field) noexcept {
  try {
    typename F::State x, dx;
    sunrealtype* values = N_VGetArrayPointer(rate);
    if (!detail::from_sundials(y, x) || values == nullptr || N_VGetLength(rate) != x.size())
      return detail::sundials_fatal;
    (*static_cast<const F*>(field))(x, dx);
    for (int i = 0; i < F::State::RowsAtCompileTime; ++i) values[i] = static_cast<sunrealtype>(dx[i]);
    return all_finite(dx) ? detail::sundials_ok : detail::sundials_recoverable;
  } catch (...) {
    return detail::sundials_fatal;
  }
}

/// Evaluates the Jacobian of a field for SUNDIALS (`CVLsJacFn`, `ARKLsJacFn`).
///
/// Shapes: y [Dim], jacobian a dense matrix [Dim x Dim].
template <HasJacobian F>
int sundials_jacobian(sunrealtype /*t*/, N_Vector y, N_Vector /*rate*/, SUNMatrix jacobian, void* field,
                      N_Vector, N_Vector, N_Vector) noexcept {
  try {
    constexpr int dim = F::State::RowsAtCompileTime;
    typename F::State x;
    JacobianOf<F> J;
    if (!detail::from_sundials(y, x) || SUNMatGetID(jacobian) != SUNMATRIX_DENSE ||
        SUNDenseMatrix_Rows(jacobian) != dim || SUNDenseMatrix_Columns(jacobian) != dim)
      return detail::sundials_fatal;
    static_cast<const F*>(field)->jacobian(x, J);
    for (int j = 0; j < dim; ++j) {
      sunrealtype* column = SUNDenseMatrix_Column(jacobian, j);
      for (int i = 0; i < dim; ++i) column[i] = static_cast<sunrealtype>(J(i, j));
    }
    return all_finite(J) ? detail::sundials_ok : detail::sundials_recoverable;
  } catch (...) {
    return detail::sundials_fatal;
  }
}

}  // namespace metriplex

#pragma once

#if defined(__FINITE_MATH_ONLY__) && __FINITE_MATH_ONLY__
#error "Metriplex needs NaN and Inf, which -ffast-math and -Ofast fold away: add -fno-finite-math-only"
#endif
#ifdef EIGEN_DEFAULT_TO_ROW_MAJOR
#error "Metriplex keeps matrices column by column: compile without EIGEN_DEFAULT_TO_ROW_MAJOR"
#endif
#if defined(min) || defined(max)
#error "the macros min and max of <windows.h> are in the way: define NOMINMAX before it"
#endif

#include <Eigen/Core>
#include <type_traits>

// Eigen aligns matrices, and we cut kernels, as wide as the registers of a unit's target: units of one program that
// differ in that corrupt memory. These are thread-local at some widths only, a mixture that GNU's linkers refuse by
// name (LLVM's lld does not).
#if defined(__GNUC__) && defined(__ELF__) && (defined(__x86_64__) || defined(__i386__))
namespace metriplex::detail {
#ifdef __AVX__
thread_local
#endif
    inline char avx asm("metriplex_needs_the_same_march_in_all_units_avx") __attribute__((used));
#ifdef __AVX512F__
thread_local
#endif
    inline char avx512 asm("metriplex_needs_the_same_march_in_all_units_avx512") __attribute__((used));
}  // namespace metriplex::detail
#endif

namespace metriplex {

/// Signed integer for sizes and positions.
using Index = Eigen::Index;

/// Column vector with `Rows` rows (`Eigen::Dynamic` by default).
template <class Scalar, int Rows = Eigen::Dynamic>
using Vector = Eigen::Matrix<Scalar, Rows, 1>;

/// Column-major matrix. A set of points is a matrix with one column a point: `[dim x points]`.
template <class Scalar, int Rows = Eigen::Dynamic, int Cols = Eigen::Dynamic>
using Matrix = Eigen::Matrix<Scalar, Rows, Cols>;

/// Scalars that the library computes with.
template <class T>
concept RealScalar = std::is_same_v<T, float> || std::is_same_v<T, double>;

}  // namespace metriplex

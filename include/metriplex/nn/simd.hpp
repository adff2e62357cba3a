#pragma once

#include <cstdint>
#include <cstring>
#include <type_traits>
#include <utility>

#include "metriplex/core/types.hpp"
#include "metriplex/nn/one_lane.hpp"

namespace metriplex {

// Vector types, and with them all kernels, need GCC 12 or Clang. METRIPLEX_EIGEN_KERNELS asks for what other
// compilers get: packs of one lane, and products by Eigen.
#if defined(__has_builtin) && !defined(METRIPLEX_EIGEN_KERNELS)
#if __has_builtin(__builtin_shufflevector)
#define METRIPLEX_VECTOR_KERNELS
#endif
#endif
#ifdef METRIPLEX_VECTOR_KERNELS
inline constexpr bool vector_kernels = true;

/// Bytes of a vector register of the target; it follows the compiler's flags, since a type wider than the
/// register is taken apart by the compiler, slowly.
#if defined(__AVX512F__)
inline constexpr int register_bytes = 64;
inline constexpr int register_count = 32;
#elif defined(__AVX__)
inline constexpr int register_bytes = 32;
inline constexpr int register_count = 16;
#else
inline constexpr int register_bytes = 16;
#if defined(__aarch64__)
inline constexpr int register_count = 32;
#else
inline constexpr int register_count = 16;
#endif
#endif

/// How many scalars a `Pack` holds.
template <RealScalar Scalar>
inline constexpr int lanes = register_bytes / static_cast<int>(sizeof(Scalar));

template <RealScalar Scalar>
struct PackOf {
  using Integer = std::conditional_t<sizeof(Scalar) == 8, std::int64_t, std::int32_t>;
  typedef Scalar type __attribute__((vector_size(register_bytes)));
  typedef Integer integer __attribute__((vector_size(register_bytes)));
};
#else
#ifndef __GNUC__
#define __attribute__(attributes)  // on lambdas, where C++20 has no other place for them
#endif
inline constexpr bool vector_kernels = false;
inline constexpr int register_count = 16;

template <RealScalar Scalar>
inline constexpr int lanes = 1;

template <RealScalar Scalar>
struct PackOf {
  using Integer = std::conditional_t<sizeof(Scalar) == 8, std::int64_t, std::int32_t>;
  using type = OneLane<Scalar>;
  using integer = OneLane<Integer>;
};
#endif

/// One vector register of scalars: arithmetic acts on every lane (GCC's and Clang's vector extension).
template <RealScalar Scalar>
using Pack = typename PackOf<Scalar>::type;

/// Integers as wide as the scalars of a `Pack`; comparisons of packs give 0 or −1 in each.
template <RealScalar Scalar>
using IntegerPack = typename PackOf<Scalar>::integer;

/// Reads a pack from memory of any alignment.
template <RealScalar Scalar>
[[gnu::always_inline]] inline Pack<Scalar> load(const Scalar* from) {
  Pack<Scalar> pack;
  std::memcpy(&pack, from, sizeof pack);
  return pack;
}

/// Writes a pack to memory of any alignment.
template <RealScalar Scalar>
[[gnu::always_inline]] inline void store(Scalar* to, const std::type_identity_t<Pack<Scalar>>& pack) {
  std::memcpy(to, &pack, sizeof pack);
}

/// Reads the bits of a pack as those of another (libc++ of 2022 has no std::bit_cast).
template <class To, class From>
[[gnu::always_inline]] inline To bits_as(const From& from) {
  static_assert(sizeof(To) == sizeof(From));
  To to;
  std::memcpy(&to, &from, sizeof to);
  return to;
}

/// Fills every lane with one value.
template <RealScalar Scalar>
[[gnu::always_inline]] inline Pack<Scalar> broadcast(Scalar value) {
  return value - Pack<Scalar>{};
}

/// Hides from the optimiser where a pointer comes from: what lies at fixed distances from it is then addressed
/// by them, where GCC would keep a pointer for each in a register, and run out of registers.
template <class T>
[[gnu::always_inline]] inline T* opaque(T* pointer) {
#ifdef __GNUC__
  asm("" : "+r"(pointer));
#endif
  return pointer;
}

/// Hides from the optimiser how a pack was computed, and rounds it to its type: what is subtracted again must not
/// be taken apart by flags that reassociate, nor kept in the wider registers of an x87.
template <RealScalar Scalar>
[[gnu::always_inline]] inline Pack<Scalar> opaque(Pack<Scalar> pack) {
#ifdef __GNUC__
#if defined(__SSE2__)
  if constexpr (vector_kernels) asm("" : "+v"(pack));
#elif defined(__aarch64__)
  if constexpr (vector_kernels) asm("" : "+w"(pack));
#else
  if constexpr (vector_kernels) asm("" : "+m"(pack));
#endif
  if constexpr (!vector_kernels) asm("" : "+m"(pack));
#endif
  return pack;
}

/// Calls `body` with std::integral_constant 0 … Count−1, written out: accumulators indexed so stay in
/// registers at -O2 too, where GCC does not unroll loops by itself.
template <int Count, class Body>
[[gnu::always_inline]] constexpr void unroll(Body&& body) {
  [&]<int... I>(std::integer_sequence<int, I...>) __attribute__((always_inline)) {
    (body(std::integral_constant<int, I>{}), ...);
  }
  (std::make_integer_sequence<int, Count>{});
}

/// Rounds `size` up to a multiple of `step`.
constexpr int round_up(int size, int step) {
  return (size + step - 1) / step * step;
}

}  // namespace metriplex

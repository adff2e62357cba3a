#pragma once

#include <cmath>
#include <cstring>

#include "metriplex/nn/simd.hpp"
#include "metriplex/nn/transpose.hpp"

namespace metriplex {

/// Calls body(i, V) for all of 0 … n−1: a pack at a time with V a `Pack`, then the rest one by one with V a
/// `Scalar`; V is handed over as a value of that type. A body reads with `read<V>` and writes with `write`.
template <RealScalar Scalar, class Body>
[[gnu::always_inline]] inline void elementwise(Index n, Body&& body) {
  const Index whole = n / lanes<Scalar> * lanes<Scalar>;
  for (Index i = 0; i < whole; i += lanes<Scalar>) body(i, Pack<Scalar>{});
  for (Index i = whole; i < n; ++i) body(i, Scalar{});
}

/// Reads one V, a scalar or a pack, from memory of any alignment.
template <class V, RealScalar Scalar>
[[gnu::always_inline]] inline V read(const Scalar* from) {
  V value;
  std::memcpy(&value, from, sizeof value);
  return value;
}

/// Writes one V to memory of any alignment.
template <class V, RealScalar Scalar>
[[gnu::always_inline]] inline void write(Scalar* to, const V& value) {
  std::memcpy(to, &value, sizeof value);
}

/// Takes the square root of every lane, in the processor's own instruction, which plain loops do not become
/// without -ffast-math.
template <RealScalar Scalar>
[[gnu::always_inline]] inline Pack<Scalar> square_root(const Pack<Scalar>& x) {
  using Packet = typename Eigen::internal::packet_traits<Scalar>::type;
  Pack<Scalar> root;
  if constexpr (sizeof(Packet) == sizeof root) {
    Packet packet;
    std::memcpy(&packet, &x, sizeof x);
    packet = Eigen::internal::psqrt(packet);
    std::memcpy(&root, &packet, sizeof root);
  } else {
    for (int i = 0; i < lanes<Scalar>; ++i) root[i] = std::sqrt(x[i]);
  }
  return root;
}
template <RealScalar Scalar>
[[gnu::always_inline]] inline Scalar square_root(Scalar x) {
  return std::sqrt(x);
}

/// Returns x · y.
template <RealScalar Scalar>
Scalar dot(Index n, const Scalar* x, const Scalar* y) {
  Pack<Scalar> packs{};
  Scalar rest{};
  elementwise<Scalar>(
      n, [&]<class V>(Index i, V) __attribute__((always_inline)) {
        const V product = read<V>(x + i) * read<V>(y + i);
        if constexpr (std::is_same_v<V, Scalar>)
          rest += product;
        else
          packs += product;
      });
  return sum<Scalar>(packs) + rest;
}

/// y += x.
template <RealScalar Scalar>
void add_to(Index n, const Scalar* x, Scalar* y) {
  elementwise<Scalar>(
      n, [&]<class V>(Index i, V)
             __attribute__((always_inline)) { write(y + i, read<V>(y + i) + read<V>(x + i)); });
}

/// x *= by.
template <RealScalar Scalar>
void scale_by(Index n, double by, Scalar* x) {
  const auto factor = static_cast<Scalar>(by);
  elementwise<Scalar>(
      n, [&]<class V>(Index i, V) __attribute__((always_inline)) { write(x + i, factor * read<V>(x + i)); });
}

}  // namespace metriplex

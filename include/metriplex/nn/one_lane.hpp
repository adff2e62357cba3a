#pragma once

#include <cstdint>
#include <type_traits>

namespace metriplex {

/// A register of one lane: what a `Pack` is where the compiler has no vector types (neither GCC nor Clang), so that
/// the same kernels compile there; products go through Eigen then.
template <class T>
struct OneLane {
  T value;

  OneLane() = default;
  OneLane(T from) : value(from) {}
  T& operator[](int) { return value; }
  const T& operator[](int) const { return value; }

  explicit operator bool() const { return value != T(0); }

  /// What comparisons give, as vector types do: an integer of the same size, −1 or 0.
  using Mask = OneLane<std::conditional_t<sizeof(T) == 8, std::int64_t, std::int32_t>>;
  friend Mask operator>(OneLane a, OneLane b) { return -(a.value > b.value); }
  friend Mask operator<(OneLane a, OneLane b) { return -(a.value < b.value); }
  friend Mask operator!=(OneLane a, OneLane b) { return -(a.value != b.value); }

  friend OneLane operator+(OneLane a, OneLane b) { return a.value + b.value; }
  friend OneLane operator-(OneLane a, OneLane b) { return a.value - b.value; }
  friend OneLane operator*(OneLane a, OneLane b) { return a.value * b.value; }
  friend OneLane operator/(OneLane a, OneLane b) { return a.value / b.value; }
  friend OneLane operator&(OneLane a, OneLane b) { return a.value & b.value; }
  friend OneLane operator<<(OneLane a, int bits) { return a.value << bits; }
  friend OneLane operator-(OneLane a) { return -a.value; }
  friend OneLane& operator+=(OneLane& a, OneLane b) { return a = a + b; }
  friend OneLane& operator-=(OneLane& a, OneLane b) { return a = a - b; }
  friend OneLane& operator*=(OneLane& a, OneLane b) { return a = a * b; }
};

}  // namespace metriplex

#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <limits>
#include <string_view>
#include <utility>
#include <vector>

#include "metriplex/core/bytes.hpp"
#include "metriplex/core/types.hpp"

namespace metriplex {

/// Says how the numbers of an array lie in a file.
struct NumberFormat {
  enum class Kind { floating, integer, natural } kind = Kind::floating;
  std::size_t size = 8;  ///< bytes of a number: 2, 4 or 8 where floating, else 1, 2, 4 or 8
  bool big_endian = false;
};

namespace detail {

/// Reads an IEEE 754 half: 1 bit of sign, 5 of exponent, 10 of significand.
inline double half_value(std::uint16_t bits) {
  const int exponent = bits >> 10 & 31, significand = bits & 1023;
  const double magnitude = exponent == 0      ? std::ldexp(significand, -24)
                           : exponent != 31   ? std::ldexp(1024 + significand, exponent - 25)
                           : significand == 0 ? std::numeric_limits<double>::infinity()
                                              : std::numeric_limits<double>::quiet_NaN();
  return (bits & 0x8000) != 0 ? -magnitude : magnitude;
}

/// Appends numbers that lie as T, or as its bytes in reverse; `value` makes a double of one.
template <class T, class Value>
void append_values(std::vector<double>& values, std::string_view bytes, bool swapped, Value value) {
  const std::size_t before = values.size(), count = bytes.size() / sizeof(T);
  values.resize(before + count);
  for (std::size_t k = 0; k < count; ++k) {
    const char* const from = bytes.data() + k * sizeof(T);
    T number;
    if (swapped) {
      char reversed[sizeof(T)];
      std::reverse_copy(from, from + sizeof(T), reversed);
      std::memcpy(&number, reversed, sizeof(T));
    } else {
      std::memcpy(&number, from, sizeof(T));
    }
    values[before + k] = value(number);
  }
}

}  // namespace detail

/// Appends the numbers that `bytes` holds in some format, a whole number of them; integers beyond 2⁵³ are rounded.
inline void append_numbers(std::vector<double>& values, std::string_view bytes, const NumberFormat& format) {
  using Kind = NumberFormat::Kind;
  const auto as = [&]<class T>(T) {
    detail::append_values<T>(values, bytes, format.big_endian, [](T n) { return static_cast<double>(n); });
  };
  const bool natural = format.kind == Kind::natural;
  if (format.kind == Kind::floating) {
    if (format.size == 8 && !format.big_endian) {
      const std::size_t before = values.size();
      values.resize(before + bytes.size() / 8);
      if (!bytes.empty()) std::memcpy(values.data() + before, bytes.data(), bytes.size());
    } else if (format.size == 8) {
      as(double{});
    } else if (format.size == 4) {
      as(float{});
    } else {
      detail::append_values<std::uint16_t>(values, bytes, format.big_endian, detail::half_value);
    }
  } else if (format.size == 8) {
    natural ? as(std::uint64_t{}) : as(std::int64_t{});
  } else if (format.size == 4) {
    natural ? as(std::uint32_t{}) : as(std::int32_t{});
  } else if (format.size == 2) {
    natural ? as(std::uint16_t{}) : as(std::int16_t{});
  } else {
    natural ? as(std::uint8_t{}) : as(std::int8_t{});
  }
}

/// Returns an array that lies in Fortran order (the first axis runs fastest) in C order (the last one does).
inline std::vector<double> c_order(std::vector<double> values, const std::vector<Index>& shape) {
  const auto longer = std::count_if(shape.begin(), shape.end(), [](Index size) { return size > 1; });
  if (longer < 2 || values.empty()) return values;
  std::vector<double> ordered;
  ordered.reserve(values.size());
  std::vector<Index> at(shape.size(), 0), strides(shape.size(), 1);
  for (std::size_t axis = 1; axis < shape.size(); ++axis) strides[axis] = strides[axis - 1] * shape[axis - 1];
  Index from = 0;
  while (ordered.size() < values.size()) {
    ordered.push_back(values[static_cast<std::size_t>(from)]);
    for (std::size_t axis = shape.size(); axis-- > 0;) {
      from += strides[axis];
      if (++at[axis] < shape[axis]) break;
      from -= at[axis] * strides[axis];
      at[axis] = 0;
    }
  }
  return ordered;
}

}  // namespace metriplex

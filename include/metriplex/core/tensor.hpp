#pragma once

#include <cmath>
#include <cstddef>
#include <cstring>
#include <limits>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "metriplex/core/bytes.hpp"
#include "metriplex/core/error.hpp"
#include "metriplex/core/text.hpp"
#include "metriplex/core/types.hpp"

namespace metriplex {

/// Names the number type in which a file stores an array.
enum class Dtype { float32, float64 };

/// Returns the name of a number type, as numpy spells it.
constexpr const char* name(Dtype dtype) {
  return dtype == Dtype::float32 ? "float32" : "float64";
}

/// Returns the bytes that one number takes.
constexpr std::size_t byte_size(Dtype dtype) {
  return dtype == Dtype::float32 ? 4 : 8;
}

/// Holds an array of a file: its values in row-major (C) order, and the type in which they are stored.
///
/// A float is exact as a double, so a float32 array survives reading and writing to the bit.
/// Not: something to compute with; map `values` into an Eigen matrix for that.
struct Tensor {
  std::vector<Index> shape;
  std::vector<double> values;
  Dtype dtype = Dtype::float64;
};

/// Arrays by name.
using Tensors = std::map<std::string, Tensor>;

/// Returns the bytes that an array takes, or nothing where a size is negative or the product overflows.
inline std::optional<std::size_t> byte_count(const std::vector<Index>& shape, Dtype dtype) {
  constexpr auto most = static_cast<std::size_t>(std::numeric_limits<Index>::max());
  std::size_t count = byte_size(dtype);
  for (const Index size : shape) {
    if (size < 0 || (size > 0 && count > most / static_cast<std::size_t>(size))) return std::nullopt;
    count *= static_cast<std::size_t>(size);
  }
  return count;
}

/// Reads an array from its raw little-endian bytes.
///
/// Errors: bytes that do not fit the shape, found before anything is allocated; the message ends in `where`.
inline Tensor decode_tensor(std::string_view bytes, std::vector<Index> shape, Dtype dtype,
                            const std::string& where) {
  require(shape.size() <= 64, [&] {
    return "expected an array of at most 64 axes, got " + std::to_string(shape.size()) + " in " + where;
  });
  const std::optional<std::size_t> expected = byte_count(shape, dtype);
  require(expected == bytes.size(), [&] {
    return "expected " + (expected ? std::to_string(*expected) : "an addressable number of") + " bytes for " +
           name(dtype) + " " + shape_text(shape) + ", got " + std::to_string(bytes.size()) + " in " + where;
  });
  Tensor tensor{std::move(shape), std::vector<double>(bytes.size() / byte_size(dtype)), dtype};
  if (dtype == Dtype::float32) {
    for (std::size_t i = 0; i < tensor.values.size(); ++i) tensor.values[i] = load_bytes<float>(bytes, 4 * i);
  } else if (!bytes.empty()) {
    std::memcpy(tensor.values.data(), bytes.data(), bytes.size());
  }
  return tensor;
}

/// Appends the values of an array to bytes, raw and little-endian, in its type; float32 rounds to nearest.
///
/// Errors: a number of values that is not the shape's, a finite value too large for float32.
inline void append_tensor(std::string& bytes, const Tensor& tensor, const std::string& where) {
  require(byte_count(tensor.shape, tensor.dtype) == tensor.values.size() * byte_size(tensor.dtype), [&] {
    return "expected as many values as the shape " + shape_text(tensor.shape) + " has, got " +
           std::to_string(tensor.values.size()) + " in " + where;
  });
  if (tensor.dtype == Dtype::float64) {
    bytes.append(reinterpret_cast<const char*>(tensor.values.data()), 8 * tensor.values.size());
    return;
  }
  for (const double value : tensor.values) {
    require(!std::isfinite(value) || std::abs(value) <= std::numeric_limits<float>::max(),
            [&] { return "expected values that fit float32, got " + number_text(value) + " in " + where; });
    append_bytes(bytes, static_cast<float>(value));
  }
}

}  // namespace metriplex

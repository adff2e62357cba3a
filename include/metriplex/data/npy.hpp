#pragma once

#include <algorithm>
#include <charconv>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

#include "metriplex/core/bytes.hpp"
#include "metriplex/core/error.hpp"
#include "metriplex/core/tensor.hpp"
#include "metriplex/core/text.hpp"
#include "metriplex/core/types.hpp"

namespace metriplex {

/// Describes an array in numpy's .npy format: what its header says and the bytes that follow.
struct NpyView {
  std::vector<Index> shape;
  Dtype dtype = Dtype::float64;
  std::string_view data;
};

namespace detail {

/// Returns what follows `'key':` in the Python dictionary of an .npy header; empty where the key is missing.
inline std::string_view npy_field(std::string_view header, const std::string& key) {
  const std::size_t at = header.find("'" + key + "':");
  if (at == std::string_view::npos) return {};
  header.remove_prefix(at + key.size() + 3);
  header.remove_prefix(std::min(header.find_first_not_of(' '), header.size()));
  return header;
}

/// Reads the tuple of sizes at the start of `text`, as `(80, 10)`, `(50,)` or `()`.
inline bool parse_npy_shape(std::string_view text, std::vector<Index>& shape) {
  if (!text.starts_with('(')) return false;
  const char* at = text.data() + 1;
  const char* const end = text.data() + text.size();
  const auto skip_spaces = [&] { at = std::find_if(at, end, [](char c) { return c != ' '; }); };
  for (skip_spaces(); at != end && *at != ')'; skip_spaces()) {
    const auto [rest, error] = std::from_chars(at, end, shape.emplace_back());
    if (error != std::errc{} || shape.back() < 0) return false;
    at = rest;
    skip_spaces();
    if (at != end && *at == ',')
      ++at;
    else if (at != end && *at != ')')
      return false;
  }
  return at != end;
}

}  // namespace detail

/// Reads the header of an .npy file (versions 1 to 3); the data stays where it is.
///
/// Errors: another format, a truncated header, a dtype that is not `<f4` or `<f8`, Fortran order.
inline NpyView parse_npy(std::string_view bytes, const std::string& where) {
  const bool magic = bytes.size() >= 12 && bytes.starts_with("\x93NUMPY");
  const int version = magic ? bytes[6] : 0;
  require(1 <= version && version <= 3, [&] {
    return "expected an .npy array of version 1 to 3, got " +
           (magic ? "version " + std::to_string(version) : quote(bytes.substr(0, 8))) + " in " + where;
  });
  const std::size_t start = version == 1 ? 10 : 12;
  const std::size_t size =
      version == 1 ? load_bytes<std::uint16_t>(bytes, 8) : load_bytes<std::uint32_t>(bytes, 8);
  require(size <= bytes.size() - start, [&] {
    return "expected an .npy header of " + std::to_string(size) + " bytes, got " +
           std::to_string(bytes.size() - start) + " in " + where;
  });
  const std::string_view header = bytes.substr(start, size);

  NpyView array{{}, Dtype::float64, bytes.substr(start + size)};
  const std::string_view descr = detail::npy_field(header, "descr");
  const std::string_view type = descr.starts_with('\'') ? descr.substr(1, descr.find('\'', 1) - 1)
                                                        : descr.substr(0, descr.find(", 'fortran"));
  require(type == "<f4" || type == "<f8", [&] {
    return "expected dtype '<f8' or '<f4' (numpy: array.astype('<f8')), got " + quote(type) + " in " + where;
  });
  if (type == "<f4") array.dtype = Dtype::float32;
  const std::string_view fortran = detail::npy_field(header, "fortran_order");
  require(fortran.starts_with("False"), [&] {
    return "expected an array in C order (numpy.ascontiguousarray), got fortran_order " +
           quote(fortran.substr(0, fortran.find(','))) + " in " + where;
  });
  const std::string_view shape = detail::npy_field(header, "shape");
  require(detail::parse_npy_shape(shape, array.shape), [&] {
    return "expected a shape as (80, 10), got " + quote(shape.substr(0, shape.find('}'))) + " in " + where;
  });
  return array;
}

/// Reads an array from the bytes of an .npy file.
///
/// Errors: as `parse_npy`, and data that does not fill the shape exactly.
inline Tensor decode_npy(std::string_view bytes, const std::string& where) {
  NpyView array = parse_npy(bytes, where);
  return decode_tensor(array.data, std::move(array.shape), array.dtype, where);
}

/// Writes an array as the bytes of an .npy file of version 1, as numpy lays it out: C order, data at a
/// multiple of 64 bytes.
inline std::string encode_npy(const Tensor& tensor, const std::string& where) {
  const std::string descr = tensor.dtype == Dtype::float32 ? "<f4" : "<f8";
  std::string shape;
  for (const Index size : tensor.shape) shape += std::to_string(size) + ", ";
  if (tensor.shape.size() > 1) shape.resize(shape.size() - 2);
  if (tensor.shape.size() == 1) shape.pop_back();
  std::string header = "{'descr': '" + descr + "', 'fortran_order': False, 'shape': (" + shape + "), }";
  constexpr std::size_t before = 10;
  header.resize((before + header.size() + 1 + 63) / 64 * 64 - before - 1, ' ');
  header += '\n';
  require(header.size() <= 0xffff, [&] {
    return "expected an array of fewer axes than an .npy header can name, got " +
           std::to_string(tensor.shape.size()) + " in " + where;
  });

  std::string bytes = "\x93NUMPY";
  bytes += {'\1', '\0'};
  append_bytes(bytes, static_cast<std::uint16_t>(header.size()));
  return bytes + header + encode_tensor(tensor, where);
}

}  // namespace metriplex

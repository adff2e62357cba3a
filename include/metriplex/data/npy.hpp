#pragma once

#include <algorithm>
#include <charconv>
#include <cstddef>
#include <cstdint>
#include <optional>
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
#include "metriplex/data/number_format.hpp"

namespace metriplex {

/// Describes an array in numpy's .npy format: what its header says and the bytes that follow.
struct NpyView {
  std::vector<Index> shape;
  NumberFormat format;
  bool fortran = false;  ///< the first axis runs fastest
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

/// Says what to do about an array whose type is no real number's.
inline const char* npy_remedy(std::string_view type) {
  const char kind = type.size() > 1 ? type[1] : '\0';
  if (kind == 'O')
    return "objects, which only Python reads; ragged motions: one array each, numpy.savez(file, X_0=..., "
           "X_1=..., t_0=...)";
  if (kind == 'U' || kind == 'S') return "text; leave it out, or give it another name";
  if (kind == 'M' || kind == 'm') return "dates; for seconds (t - t[0])/numpy.timedelta64(1, 's')";
  if (kind == 'c') return "complex numbers; array.real and array.imag apart";
  return "numpy: array.astype('<f8')";
}

/// Reads the type in an .npy header: `<f8`, `>i4`, `|b1`; false where it is no real number's that the machine has.
inline bool parse_npy_type(std::string_view type, NumberFormat& format) {
  if (type.size() != 3 || std::string_view("<>|=").find(type[0]) == std::string_view::npos) return false;
  using Kind = NumberFormat::Kind;
  const char kind = type[1], size = type[2];
  format.kind = kind == 'f' ? Kind::floating : kind == 'i' ? Kind::integer : Kind::natural;
  format.size = static_cast<std::size_t>(size - '0');
  format.big_endian = type[0] == '>';
  if (kind == 'f') return size == '2' || size == '4' || size == '8';
  if (kind == 'i' || kind == 'u') return size == '1' || size == '2' || size == '4' || size == '8';
  return kind == 'b' && size == '1';
}

}  // namespace detail

/// The first bytes of an .npy file, enough to tell how long its header is.
inline constexpr std::size_t npy_prefix = 12;

/// Tells from the first `npy_prefix` bytes of an .npy file where its data begin.
///
/// Errors: another format, a version other than 1 to 3.
inline std::size_t npy_data_offset(std::string_view prefix, const std::string& where) {
  const bool magic = prefix.size() >= npy_prefix && prefix.starts_with("\x93NUMPY");
  const int version = magic ? prefix[6] : 0;
  require(1 <= version && version <= 3, [&] {
    return "expected an .npy array of version 1 to 3, got " +
           (magic ? "version " + std::to_string(version) : quote(prefix.substr(0, 8))) + " in " + where;
  });
  return version == 1 ? std::size_t{10} + load_bytes<std::uint16_t>(prefix, 8)
                      : std::size_t{12} + load_bytes<std::uint32_t>(prefix, 8);
}

/// Reads the header of an .npy file (versions 1 to 3); the data stays where it is.
///
/// Errors: another format, a truncated header, an array that is not of real numbers (with what to do).
inline NpyView parse_npy(std::string_view bytes, const std::string& where) {
  const std::size_t end = npy_data_offset(bytes, where);
  require(end <= bytes.size(), [&] {
    return "expected an .npy header of " + std::to_string(end) + " bytes, got " +
           std::to_string(bytes.size()) + " in " + where;
  });
  const std::size_t start = bytes[6] == 1 ? 10 : 12;
  const std::string_view header = bytes.substr(start, end - start);

  NpyView array{{}, {}, false, bytes.substr(end)};
  const std::string_view descr = detail::npy_field(header, "descr");
  const std::string_view type = descr.starts_with('\'') ? descr.substr(1, descr.find('\'', 1) - 1)
                                                        : descr.substr(0, descr.find(", 'fortran"));
  require(detail::parse_npy_type(type, array.format), [&] {
    return "expected an array of real numbers, got dtype " + quote(type) + " (" + detail::npy_remedy(type) +
           ") in " + where;
  });
  const std::string_view fortran = detail::npy_field(header, "fortran_order");
  array.fortran = fortran.starts_with("True");
  require(array.fortran || fortran.starts_with("False"), [&] {
    return "expected fortran_order True or False, got " + quote(fortran.substr(0, fortran.find(','))) +
           " in " + where;
  });
  const std::string_view shape = detail::npy_field(header, "shape");
  require(detail::parse_npy_shape(shape, array.shape), [&] {
    return "expected a shape as (80, 10), got " + quote(shape.substr(0, shape.find('}'))) + " in " + where;
  });
  return array;
}

/// Checks that `bytes` bytes of data fill the array of a header, before anything is allocated for it.
///
/// Errors: another number of bytes, more than 64 axes.
inline void require_npy_size(const NpyView& header, std::uint64_t bytes, const std::string& where) {
  require(header.shape.size() <= 64, [&] {
    return "expected an array of at most 64 axes, got " + std::to_string(header.shape.size()) + " in " +
           where;
  });
  const std::optional<std::size_t> doubles = byte_count(header.shape, Dtype::float64);
  const std::size_t expected = doubles.value_or(0) / 8 * header.format.size;
  require(doubles && expected == bytes, [&] {
    return "expected " + (doubles ? std::to_string(expected) : "an addressable number of") +
           " bytes for numbers of " + std::to_string(header.format.size) + " bytes in " +
           shape_text(header.shape) + ", got " + std::to_string(bytes) + " in " + where;
  });
}

/// Makes the array of a header whose numbers have been read in the order of the file.
inline Tensor finish_npy(NpyView header, std::vector<double> values) {
  using Kind = NumberFormat::Kind;
  const bool single = header.format.kind == Kind::floating && header.format.size < 8;
  if (header.fortran) values = c_order(std::move(values), header.shape);
  return {std::move(header.shape), std::move(values), single ? Dtype::float32 : Dtype::float64};
}

/// Reads an array from the bytes of an .npy file: of any real numbers, in either order of bytes and of axes.
///
/// Errors: as `parse_npy`, and data that does not fill the shape exactly.
inline Tensor decode_npy(std::string_view bytes, const std::string& where) {
  NpyView header = parse_npy(bytes, where);
  require_npy_size(header, header.data.size(), where);
  std::vector<double> values;
  values.reserve(header.data.size() / header.format.size);
  append_numbers(values, header.data, header.format);
  return finish_npy(std::move(header), std::move(values));
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
  bytes += header;
  append_tensor(bytes, tensor, where);
  return bytes;
}

}  // namespace metriplex

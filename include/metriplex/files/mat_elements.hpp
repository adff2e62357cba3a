#pragma once

#ifdef METRIPLEX_ZLIB
#include <zlib.h>
#endif

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "metriplex/core/error.hpp"

namespace metriplex {

/// What the elements of a MATLAB file tell that matio does not.
struct MatElements {
  std::size_t variables = 0;  ///< 0 where the version has no such elements
  bool objects = false;       ///< whether MATLAB appended a variable without a name, for objects and tables
};

namespace detail {

/// Whether the next bytes of a file inflate, and have the checksum that follows them; true where there is no zlib to tell.
inline bool inflates(std::ifstream& file, std::uint64_t bytes) {
#ifdef METRIPLEX_ZLIB
  std::vector<unsigned char> in(1 << 16), out(1 << 18);
  z_stream stream{};
  if (inflateInit(&stream) != Z_OK) return false;
  int state = Z_OK;
  while (state == Z_OK && bytes > 0) {
    const auto piece = static_cast<std::size_t>(std::min<std::uint64_t>(bytes, in.size()));
    if (!file.read(reinterpret_cast<char*>(in.data()), static_cast<std::streamsize>(piece))) break;
    bytes -= piece;
    stream.next_in = in.data();
    stream.avail_in = static_cast<uInt>(piece);
    do {
      stream.next_out = out.data();
      stream.avail_out = static_cast<uInt>(out.size());
      state = inflate(&stream, Z_NO_FLUSH);
    } while (state == Z_OK && (stream.avail_in > 0 || stream.avail_out == 0));
    if (state == Z_BUF_ERROR) state = Z_OK;  // it wants the next piece
  }
  inflateEnd(&stream);
  return state == Z_STREAM_END;
#else
  return static_cast<void>(file), static_cast<void>(bytes), true;
#endif
}

}  // namespace detail

/// Checks that the elements of a MATLAB file of version 5 (`save -v6`, `-v7`) fill it and, where they are compressed, that they
/// are what was written: matio takes damage for the end, or for other numbers.
///
/// Math: Adler-32 at the end of each compressed element (RFC 1950).
/// Errors: an element that is no variable, ends behind the file, or has another checksum.
inline MatElements check_mat_elements(const std::filesystem::path& path) {
  MatElements found;
  std::ifstream file(path, std::ios::binary);
  char head[128];
  const auto size = static_cast<std::uint64_t>(std::filesystem::file_size(path));
  // Version 1.0 in the order of bytes of this machine; what others are is left to matio.
  if (!file.read(head, sizeof head) || head[124] != 0 || head[125] != 1 || head[126] != 'I') return found;
  found.objects = std::any_of(head + 116, head + 124, [](char c) { return c != 0 && c != ' '; });
  constexpr std::uint32_t matrix = 14, compressed = 15;
  for (std::uint64_t at = sizeof head; at < size; ++found.variables) {
    std::uint32_t tag[2]{};  // kind and bytes
    const bool whole =
        size - at >= sizeof tag &&
        file.seekg(static_cast<std::streamoff>(at)).read(reinterpret_cast<char*>(tag), sizeof tag) &&
        tag[1] <= size - at - sizeof tag;
    require(whole && (tag[0] == matrix || (tag[0] == compressed && detail::inflates(file, tag[1]))), [&] {
      return "expected the variables that were written, got another at byte " + std::to_string(at) + " of " +
             std::to_string(size) + " (damaged, or cut short?) in " + path.string();
    });
    at += sizeof tag + tag[1];
  }
  return found;
}

}  // namespace metriplex

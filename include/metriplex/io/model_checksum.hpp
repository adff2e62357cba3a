#pragma once

#include <cstdio>
#include <filesystem>
#include <string>
#include <string_view>

#include "metriplex/core/bytes.hpp"
#include "metriplex/core/error.hpp"
#include "metriplex/core/text.hpp"
#include "metriplex/io/safetensors.hpp"

namespace metriplex {

namespace detail {

inline constexpr const char* model_format = "metriplex-model-3";

/// Reads one entry of the metadata.
inline const std::string& metadata(const TensorFile& file, const std::string& key, const std::string& where) {
  const auto found = file.metadata.find(key);
  require(found != file.metadata.end(), {"expected metadata '", key, "', got none", where});
  return found->second;
}

/// Writes the checksum of everything else that a file holds: the CRC-32 of its bytes without that, as `encode_safetensors` lays
/// them out, whoever laid them out before.
inline std::string checksum_text(std::string_view bytes) {
  char text[16];
  std::snprintf(text, sizeof text, "%08x", static_cast<unsigned>(crc32(bytes)));
  return text;
}
inline std::string checksum_text(TensorFile file) {
  file.metadata.erase("checksum");
  return checksum_text(encode_safetensors(file, "a checksum"));
}

/// Writes a file with its checksum.
inline void write_with_checksum(const std::filesystem::path& path, TensorFile& file) {
  const std::string where = path.string();
  file.metadata.erase("checksum");
  std::string bytes = encode_safetensors(file, where);
  const std::size_t header = safetensors_header(file, where).size();
  file.metadata["checksum"] = checksum_text(bytes);
  write_atomically(path, bytes.replace(0, header, safetensors_header(file, where)));
}

}  // namespace detail

/// Tells whether a model's file is as it was written; a file without a checksum (formats 1 and 2) cannot tell.
enum class Intact { yes, no, untold };

/// Compares the checksum in a model's file with its contents.
inline Intact intact(const TensorFile& file) {
  const auto stored = file.metadata.find("checksum");
  if (stored == file.metadata.end()) return Intact::untold;
  return stored->second == detail::checksum_text(file) ? Intact::yes : Intact::no;
}

namespace detail {

/// Refuses a damaged model, and makes one of format 2, which had no checksum, one of today's.
inline void require_intact(TensorFile& file, const std::string& where) {
  require(intact(file) != Intact::no, [&] {
    return "expected the checksum " + quote(file.metadata.at("checksum")) + ", got '" + checksum_text(file) +
           "' (damaged, or changed by another program: take another copy, or train again)" + where;
  });
  if (std::string& format = file.metadata["format"]; format == "metriplex-model-2")
    format = model_format;
  else if (format == model_format)
    metadata(file, "checksum", where);
}

}  // namespace detail

/// Reads a model's file whatever the make of the model, one of format 2 as one of today's.
///
/// Errors: as `read_safetensors`; a checksum that does not hold, none in a file of format 3.
inline TensorFile read_model_file(const std::filesystem::path& path) {
  TensorFile file = read_safetensors(path);
  detail::require_intact(file, " in " + path.string());
  return file;
}

}  // namespace metriplex

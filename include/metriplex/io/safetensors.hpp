#pragma once

#if !__has_include(<nlohmann/json.hpp>)
#error "model files need nlohmann-json 3.9 or newer: install it and link nlohmann_json::nlohmann_json"
#endif

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <iterator>
#include <limits>
#include <map>
#include <nlohmann/json.hpp>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "metriplex/core/bytes.hpp"
#include "metriplex/core/error.hpp"
#include "metriplex/core/file.hpp"
#include "metriplex/core/tensor.hpp"
#include "metriplex/core/text.hpp"
#include "metriplex/core/types.hpp"

namespace metriplex {

/// Holds the contents of a safetensors file: arrays by name, and free text by name.
struct TensorFile {
  std::map<std::string, std::string> metadata;
  Tensors tensors;
};

namespace detail {

inline constexpr const char* metadata_key = "__metadata__";
inline constexpr std::pair<Dtype, const char*> safetensors_dtypes[] = {{Dtype::float64, "F64"},
                                                                       {Dtype::float32, "F32"}};

/// Where a tensor lies in the data.
struct TensorSlot {
  std::size_t begin, end;
  Dtype dtype;
  std::vector<Index> shape;
};

/// Parses JSON, and refuses what nlohmann lets pass: a name that comes twice, and nesting.
inline nlohmann::json parse_flat_json(std::string_view text, const std::string& where) {
  using Json = nlohmann::json;
  std::vector<std::set<std::string>> names;
  const auto check = [&](int depth, Json::parse_event_t event, Json& value) {
    if (event == Json::parse_event_t::object_start) names.emplace_back();
    if (event == Json::parse_event_t::object_end) names.pop_back();
    if (event == Json::parse_event_t::key) {
      const auto& name = value.get_ref<const std::string&>();
      require(names.back().insert(name).second, [&] {
        return "expected each name once, got " + quote(name) + " twice in the header of " + where;
      });
    }
    require(depth <= 3, [&] { return "expected a header of three levels, got deeper ones in " + where; });
    return true;
  };
  try {
    return Json::parse(text.begin(), text.end(), check);
  } catch (const Json::exception& error) {
    throw Error("expected a JSON header, got " + quote(error.what(), 160) + " in " + where);
  }
}

/// Reads a list of sizes or offsets.
inline std::vector<Index> parse_sizes(const nlohmann::json& list, const char* key, const std::string& what) {
  constexpr auto most = static_cast<std::uint64_t>(std::numeric_limits<Index>::max());
  std::vector<Index> sizes;
  bool good = list.is_array();
  for (std::size_t i = 0; good && i < list.size(); ++i) {
    good = list[i].is_number_unsigned() && list[i].get<std::uint64_t>() <= most;
    if (good) sizes.push_back(list[i].get<Index>());
  }
  require(good, [&] { return std::string("expected a list of sizes as ") + key + " of " + what; });
  return sizes;
}

inline TensorSlot parse_slot(const nlohmann::json& entry, const std::string& what) {
  for (const char* key : {"dtype", "shape", "data_offsets"})
    require(entry.is_object() && entry.contains(key), [&] {
      return "expected dtype, shape and data_offsets, got no " + std::string(key) + " for " + what;
    });
  const auto dtype = std::find_if(std::begin(safetensors_dtypes), std::end(safetensors_dtypes),
                                  [&](const auto& known) { return entry["dtype"] == known.second; });
  require(dtype != std::end(safetensors_dtypes), [&] {
    const auto& got = entry["dtype"];
    return "expected dtype F64 or F32, got " +
           (got.is_string() ? quote(got.get_ref<const std::string&>()) : got.type_name()) + " for " + what;
  });
  const std::vector<Index> offsets = parse_sizes(entry["data_offsets"], "data_offsets", what);
  require(offsets.size() == 2 && offsets[0] <= offsets[1],
          [&] { return "expected data_offsets [begin, end], got " + shape_text(offsets) + " for " + what; });
  return {static_cast<std::size_t>(offsets[0]), static_cast<std::size_t>(offsets[1]), dtype->first,
          parse_sizes(entry["shape"], "shape", what)};
}

}  // namespace detail

/// Reads a safetensors file from memory, as for a model that is compiled in.
///
/// Errors: anything the format forbids (a header that is not JSON or runs past the end, names twice, data
/// that overlaps, leaves gaps or does not fit its shape), and dtypes other than F32 and F64; ends in `where`.
inline TensorFile decode_safetensors(std::string_view bytes, const std::string& where) {
  require(bytes.size() >= 8, [&] {
    return "expected a safetensors file, got " + std::to_string(bytes.size()) + " bytes in " + where;
  });
  const auto header_size = load_bytes<std::uint64_t>(bytes, 0);
  require(header_size <= bytes.size() - 8, [&] {
    return "expected a header of " + std::to_string(header_size) + " bytes, got a file of " +
           std::to_string(bytes.size()) + " (truncated, or no safetensors?): " + where;
  });
  const nlohmann::json header = detail::parse_flat_json(bytes.substr(8, header_size), where);
  require(header.is_object(), [&] {
    return std::string("expected a JSON object as header, got ") + header.type_name() + " in " + where;
  });
  const std::string_view data = bytes.substr(8 + header_size);

  TensorFile file;
  std::map<std::string, detail::TensorSlot> slots;
  for (const auto& [name, entry] : header.items()) {
    if (name != detail::metadata_key) {
      slots.emplace(name, detail::parse_slot(entry, "tensor " + quote(name) + " of " + where));
      continue;
    }
    require(entry.is_object(), [&] { return "expected named texts as metadata, got others in " + where; });
    for (const auto& item : entry.items()) {
      require(item.value().is_string(),
              [&] { return "expected a text as metadata " + quote(item.key()) + " of " + where; });
      file.metadata.emplace(item.key(), item.value().get<std::string>());
    }
  }

  // All slots are checked before the first is decoded: overlapping ones could fill any amount of memory.
  std::vector<std::pair<std::size_t, std::size_t>> ranges;
  for (const auto& [name, slot] : slots) ranges.emplace_back(slot.begin, slot.end);
  std::sort(ranges.begin(), ranges.end());
  ranges.emplace_back(data.size(), data.size());
  std::size_t covered = 0;
  for (const auto& range : ranges) {
    require(range.first == covered, [&] {
      return "expected tensors that fill " + std::to_string(data.size()) +
             " bytes without overlap, got one to " + std::to_string(covered) + " and the next from " +
             std::to_string(range.first) + " in " + where;
    });
    covered = range.second;
  }
  for (auto& [name, slot] : slots) {
    const std::string what = "tensor " + quote(name) + " of " + where;
    file.tensors.emplace(name, decode_tensor(data.substr(slot.begin, slot.end - slot.begin),
                                             std::move(slot.shape), slot.dtype, what));
  }
  return file;
}

namespace detail {

/// Writes the beginning of a safetensors file, all but the tensors' bytes.
inline std::string safetensors_header(const TensorFile& file, const std::string& where) {
  require(!file.tensors.contains(metadata_key),
          [&] { return std::string("expected tensors, got one named ") + metadata_key + " for " + where; });
  nlohmann::json header = nlohmann::json::object();
  if (!file.metadata.empty()) header[metadata_key] = file.metadata;
  std::size_t begin = 0;
  for (const auto& [dtype, spelling] : safetensors_dtypes)
    for (const auto& [name, tensor] : file.tensors) {
      if (tensor.dtype != dtype) continue;
      const std::size_t end = begin + tensor.values.size() * byte_size(dtype);
      header[name] = {{"dtype", spelling}, {"shape", tensor.shape}, {"data_offsets", {begin, end}}};
      begin = end;
    }
  std::string text;
  try {
    text = header.dump();
  } catch (const nlohmann::json::exception& error) {
    throw Error("expected names and metadata in UTF-8, got " + quote(error.what(), 160) + " for " + where);
  }
  text.resize((text.size() + 7) / 8 * 8, ' ');
  std::string bytes;
  append_bytes(bytes, static_cast<std::uint64_t>(text.size()));
  return bytes + text;
}

}  // namespace detail

/// Writes a safetensors file to memory: F64 tensors first, so that each lies at a multiple of its number's
/// size.
///
/// Errors: as `append_tensor`; names or texts that are not UTF-8; a tensor named `__metadata__`.
inline std::string encode_safetensors(const TensorFile& file, const std::string& where) {
  std::string bytes = detail::safetensors_header(file, where);
  std::size_t size = bytes.size();
  for (const auto& entry : file.tensors) size += entry.second.values.size() * byte_size(entry.second.dtype);
  bytes.reserve(size);
  for (const auto& [dtype, spelling] : detail::safetensors_dtypes)
    for (const auto& [name, tensor] : file.tensors)
      if (tensor.dtype == dtype) append_tensor(bytes, tensor, "tensor " + quote(name) + " for " + where);
  return bytes;
}

/// Reads a safetensors file.
///
/// Errors: as `read_file` and `decode_safetensors`.
inline TensorFile read_safetensors(const std::filesystem::path& path) {
  return decode_safetensors(read_file(path), path.string());
}

/// Writes a safetensors file; the old file stays unless all went well.
///
/// Errors: as `encode_safetensors` and `write_atomically`.
inline void write_safetensors(const std::filesystem::path& path, const TensorFile& file) {
  write_atomically(path, encode_safetensors(file, path.string()));
}

}  // namespace metriplex

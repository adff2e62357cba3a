#pragma once

#include <algorithm>
#include <filesystem>
#include <initializer_list>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "metriplex/core/file.hpp"
#include "metriplex/core/tensor.hpp"
#include "metriplex/core/text.hpp"
#include "metriplex/data/npy.hpp"
#include "metriplex/data/zip_archive.hpp"

namespace metriplex {

/// Reads the arrays of a numpy .npz file; with `only`, those of these names that it has.
///
/// Errors: a file that is not a zip of stored members (files/npz_file.hpp reads compressed ones as well); an array that was asked
/// for and is not of real numbers. Other arrays, and members that are not arrays, do not matter.
inline Tensors read_npz(const std::filesystem::path& path,
                        std::initializer_list<std::string_view> only = {}) {
  const std::string bytes = read_file(path);
  Tensors arrays;
  for (const auto& [member, data] : unzip_stored(bytes, path.string(), ".npy")) {
    const std::string name = member.substr(0, member.size() - 4);
    if (only.size() != 0 && std::find(only.begin(), only.end(), name) == only.end()) continue;
    arrays.emplace(name, decode_npy(data, "array " + quote(name) + " of " + path.string()));
  }
  return arrays;
}

/// Lists the names of the arrays of a numpy .npz file, in alphabetical order.
///
/// Errors: a file that is not a zip of stored arrays.
inline std::vector<std::string> npz_names(const std::filesystem::path& path) {
  const std::string bytes = read_file(path);
  std::vector<std::string> names;
  for (const auto& [member, data] : unzip_stored(bytes, path.string(), ".npy"))
    names.push_back(member.substr(0, member.size() - 4));
  return names;
}

/// Writes arrays as a numpy .npz file, as numpy.savez does; the old file stays unless all went well.
///
/// Errors: as `append_tensor`, `zip_stored` and `write_atomically`.
inline void write_npz(const std::filesystem::path& path, const Tensors& arrays) {
  std::map<std::string, std::string> members;
  for (const auto& [name, array] : arrays)
    members.emplace(name + ".npy", encode_npy(array, "array " + quote(name) + " of " + path.string()));
  write_atomically(path, zip_stored(members, path.string()));
}

}  // namespace metriplex

#pragma once

#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "metriplex/files/read_recordings.hpp"
#include "metriplex/io/model_file.hpp"
#include "metriplex/modulation/svd.hpp"
#include "metriplex/structure/hamiltonian.hpp"

// What the sweeps and the fuzzers read, one function a format.
namespace metriplex::fuzz {

using Sample = Model<Hamiltonian<2>, Mlp<Tanh, 2, 64, 64, 64, 1>, Svd<5>>;  // which the C library knows too

/// Ends the program unless a message is one line that names the file, and no flood.
inline void require_clear(const Error& error, const std::filesystem::path& path) {
  const std::string text = error.what();
  if (text.size() <= 1000 && text.find('\n') == std::string::npos &&
      text.find(path.string()) != std::string::npos)
    return;
  std::fprintf(stderr, "no clear message: %s\n", text.substr(0, 2000).c_str());
  std::abort();
}

/// Everything that a reader made of a file.
struct Read {
  Tensors arrays;
  std::map<std::string, std::string> notes;  ///< on arrays that cannot be read

  /// Whether all numbers are the same to the bit.
  bool operator==(const Read& other) const {
    if (notes != other.notes || arrays.size() != other.arrays.size()) return false;
    for (const auto& [name, array] : arrays) {
      const auto found = other.arrays.find(name);
      if (found == other.arrays.end() || found->second.shape != array.shape ||
          found->second.values.size() != array.values.size() ||
          (!array.values.empty() && std::memcmp(found->second.values.data(), array.values.data(),
                                                array.values.size() * sizeof(double)) != 0))
        return false;
    }
    return true;
  }
  /// Whether all that is there is as in `other`, where there is more.
  bool lacks(const Read& other) const {
    Read part;
    for (const auto& entry : arrays)
      if (const auto found = other.arrays.find(entry.first); found != other.arrays.end())
        part.arrays.insert(*found);
    return arrays.size() < other.arrays.size() && part == Read{arrays, {}};
  }
};

/// Reads a model's file.
inline Read read_model(const std::filesystem::path& path) {
  const auto model = load_model<Sample>(path);
  Read read;
  auto copy = model;
  detail::write_views(detail::named_views(copy), read.arrays, "");
  return read;
}

/// Reads recordings of any format: all arrays, and then as a family, which may refuse what single arrays may be.
inline Read read_data(const std::filesystem::path& path) {
  Read read{read_arrays(path), {}};
  for (const ArrayInfo& array : list_arrays(path))
    if (!array.problem.empty())
      read.notes[array.name] = array.problem.substr(0, array.problem.find(path.string()));
  if (read.arrays.empty() && read.notes.empty()) fail("expected arrays, got none in " + path.string());
  try {
    const ArrayInfos arrays = list_arrays(path);
    if (state_dimension(arrays, plan_arrays(arrays, {}, path.string()), path.string()) == 2)
      read_recordings<2>(path);
  } catch (const Error&) {
  }
  return read;
}

inline Read read_any(const std::filesystem::path& path) {
  return path.extension() == ".safetensors" ? read_model(path) : read_data(path);
}

}  // namespace metriplex::fuzz

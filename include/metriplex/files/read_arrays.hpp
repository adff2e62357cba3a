#pragma once

#include <cstddef>
#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "metriplex/core/error.hpp"
#include "metriplex/core/tensor.hpp"
#include "metriplex/core/text.hpp"
#include "metriplex/data/file_kind.hpp"
#include "metriplex/files/array_info.hpp"
#include "metriplex/files/csv_file.hpp"
#include "metriplex/files/npz_file.hpp"
#ifdef METRIPLEX_MATIO
#include "metriplex/files/mat_file.hpp"
#endif
#ifdef METRIPLEX_HDF5
#include "metriplex/files/hdf5_file.hpp"
#endif

namespace metriplex {
namespace detail {

/// Opens a file by its first bytes, whatever its name, and hands it to `use`.
template <class Use>
auto with_array_file(const std::filesystem::path& path, const Use& use) {
  const std::string where = path.string();
  std::string start(1024, '\0');
  std::ifstream file(path, std::ios::binary);
  require(file && std::filesystem::is_regular_file(path),
          [&] { return "expected a file to read, got none, or a directory: " + where; });
  file.read(start.data(), static_cast<std::streamsize>(start.size()));
  start.resize(static_cast<std::size_t>(file.gcount()));
  const std::string_view kind = file_kind(start);
  if (start.starts_with("MATLAB ")) {
#ifdef METRIPLEX_MATIO
    return use(MatFile(path));
#else
    fail("expected a program built with matio (Debian: libmatio-dev) for a MATLAB file: " + where);
#endif
  }
  if (kind == "an HDF5 file") {
#ifdef METRIPLEX_HDF5
    return use(Hdf5File(path));
#else
    fail("expected a program built with HDF5 (Debian: libhdf5-dev) for an HDF5 file: " + where);
#endif
  }
  require(kind != "a single .npy array", [&] {
    return "expected arrays by name, got " + std::string(kind) +
           " (numpy.savez('family.npz', t=t, X=X) writes several): " + where;
  });
  if (kind == "text, such as CSV" || kind == "text") return use(CsvFile(path));
  require(start.starts_with("PK"), [&] {
    return "expected an .npz, .csv, .mat or HDF5 file, got " +
           (kind.empty() ? "something else (damaged?)" : std::string(kind)) + ": " + where;
  });
  return use(NpzFile(path));
}

}  // namespace detail

/// Lists the arrays of an .npz, .csv (columns), MATLAB or HDF5 file, in the order of the file, without their numbers; which
/// format it is, the first bytes tell.
///
/// Errors: a file of another format, or damaged; a format that the program was built without.
inline ArrayInfos list_arrays(const std::filesystem::path& path) {
  return detail::with_array_file(path, [](const auto& file) { return file.list(); });
}

/// Reads arrays by their names, or all that can be read where none is named, as doubles in C order.
///
/// Shapes: with axes in the order in which the writer indexes them, whatever the order in memory was.
/// Errors: as `list_arrays`; a name that there is not, with those that there are; an array that is not of real numbers.
inline Tensors read_arrays(const std::filesystem::path& path, const std::vector<std::string>& names = {}) {
  return detail::with_array_file(path, [&]<class File>(const File& file) {
    std::vector<std::string> wanted = names;
    if (names.empty())
      for (const ArrayInfo& array : file.list())
        if (array.problem.empty()) wanted.push_back(array.name);
    if constexpr (requires { file.read(wanted); }) {
      return file.read(wanted);
    } else {
      Tensors arrays;
      for (const std::string& name : wanted) arrays.emplace(name, file.read(name));
      return arrays;
    }
  });
}

}  // namespace metriplex

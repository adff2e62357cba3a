// What others write, read back: files that are kept in written/, and those that the same scripts write now, where the writer
// is installed.
#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <string>
#include <vector>

#include "metriplex/files/read_recordings.hpp"
#include "support/catch.hpp"
#include "support/error_text.hpp"
#include "support/temporary_directory.hpp"
#include "support/written_family.hpp"

using namespace metriplex;

namespace {

const std::filesystem::path written = std::filesystem::path(METRIPLEX_TEST_DIR) / "files" / "written";

/// Whether the program was built with what a file needs.
bool can_read(const std::string& name) {
#ifndef METRIPLEX_MATIO
  if (name.ends_with(".mat")) return false;
#endif
#ifndef METRIPLEX_HDF5
  if (name.ends_with(".h5")) return false;
#endif
  return !name.starts_with("write.");
}

/// Reads all files of a folder whose names begin in some way: each must be the family.
int check_folder(const std::filesystem::path& folder, const std::string& begin) {
  int count = 0;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    const std::string name = entry.path().filename().string();
    const bool other =
        name.find("kinds") != std::string::npos || name == "r_missing.csv" || name == "r_decimal_commas.csv";
    if (!name.starts_with(begin) || other || !can_read(name)) continue;
    INFO(name);
    CHECK(state_dimension(entry.path(), {}) == 2);
    check_written_family(read_recordings<2>(entry.path()));
    ++count;
  }
  return count;
}

bool succeeds(const std::string& command) {
  return std::system((command + " >/dev/null 2>&1").c_str()) == 0;
}

}  // namespace

TEST_CASE("files of Octave and R are read back", "[files][writers]") {
  CHECK(check_folder(written, "octave") + (can_read("a.mat") ? 0 : 2) + (can_read("a.h5") ? 0 : 1) == 3);
  CHECK(check_folder(written, "r_") == 2);
}

TEST_CASE("what Octave writes beside plain arrays", "[files][writers]") {
  for (const char* name : {"octave_kinds.mat", "octave_kinds.h5"}) {
    if (!can_read(name)) continue;
    INFO(name);
    const bool hdf5 = std::string(name).ends_with(".h5");  // whose cells count from 0
    const Tensors arrays = read_arrays(written / name);
    CHECK(arrays.at(hdf5 ? "cells_0" : "cells_1").shape == std::vector<Index>{2, 3});
    CHECK(arrays.at(hdf5 ? "cells_0" : "cells_1").values ==
          std::vector<double>{511, 611, 711, 911, 1011, 1111});
    CHECK(arrays.at(hdf5 ? "cells_1" : "cells_2").values == std::vector<double>{1, 2, 3});
    CHECK(arrays.at("part.column").shape == std::vector<Index>{3, 1});
    CHECK(arrays.at("small").values == std::vector<double>{-1, 2, 3, 4});
    CHECK(arrays.at("single_").dtype == Dtype::float32);
    CHECK(arrays.at("flag").values == std::vector<double>{1});
  }
}

TEST_CASE("missing values of R are masked, its decimal commas refused", "[files][writers]") {
  const Recordings<2> family = read_recordings<2>(written / "r_missing.csv");
  const Motion<2>& motion = family.members[0].motions[0];
  CHECK(motion.weight(0, 1) == 0);
  CHECK(motion.weight(1, 1) == 1);
  CHECK(motion.weight(0, 0) == 1);
  CHECK(family.members[0].motions[1].weights.size() == 0);
  CHECK(one_line_with(
      error_text([] { read_recordings<2>(written / "r_decimal_commas.csv"); }),
      "expected a number in column 't', got '0,5' (decimals need a point: write.csv in R, decimal='.' in "
      "pandas) in line 3 of"));
}

TEST_CASE("what numpy, h5py and pandas write now is read back", "[files][writers]") {
  const TemporaryDirectory directory;
  bool ran = false;
  for (const std::string python : {"python3", "/usr/bin/python3"})
    ran = ran ||
          succeeds(python + " '" + (written / "write.py").string() + "' '" + directory.path.string() + "'");
  if (!ran) return;
  CHECK(check_folder(directory.path, "numpy") >= 21);
  check_folder(directory.path, "h5py");
  check_folder(directory.path, "pandas");
}

TEST_CASE("what Octave and R write now is read back", "[files][writers]") {
  const TemporaryDirectory directory;
  const std::string enter = "cd '" + directory.path.string() + "' && ";
  if (succeeds("octave-cli --version")) {
    succeeds(enter + "octave-cli -q '" + (written / "write.m").string() + "'");
    CHECK(check_folder(directory.path, "octave") + (can_read("a.mat") ? 0 : 2) + (can_read("a.h5") ? 0 : 1) ==
          3);
  }
  if (succeeds("Rscript --version")) {
    CHECK(succeeds(enter + "Rscript '" + (written / "write.R").string() + "'"));
    CHECK(check_folder(directory.path, "r_") == 2);
  }
}

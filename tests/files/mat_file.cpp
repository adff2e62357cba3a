#include "metriplex/files/mat_file.hpp"

#include <filesystem>
#include <string>
#include <vector>

#include "metriplex/core/file.hpp"
#include "support/catch.hpp"
#include "support/error_text.hpp"
#include "support/temporary_directory.hpp"

using namespace metriplex;

namespace {

/// Writes X(i, j, k) = 100 i + 10 j + k [2, 3, 2], all from 1, and text, by matio.
void write_matlab(const std::filesystem::path& path, mat_ft version) {
  mat_t* const file = Mat_CreateVer(path.string().c_str(), nullptr, version);
  REQUIRE(file != nullptr);
  std::vector<double> values;
  for (int k = 1; k <= 2; ++k)
    for (int j = 1; j <= 3; ++j)
      for (int i = 1; i <= 2; ++i) values.push_back(100 * i + 10 * j + k);
  std::size_t shape[] = {2, 3, 2}, length[] = {1, 5};
  char text[] = "hello";
  matvar_t* const x = Mat_VarCreate("X", MAT_C_DOUBLE, MAT_T_DOUBLE, 3, shape, values.data(), 0);
  matvar_t* const words = Mat_VarCreate("words", MAT_C_CHAR, MAT_T_UTF8, 2, length, text, 0);
  Mat_VarWrite(file, x, MAT_COMPRESSION_ZLIB);
  Mat_VarWrite(file, words, MAT_COMPRESSION_NONE);
  Mat_VarFree(x);
  Mat_VarFree(words);
  Mat_Close(file);
}

}  // namespace

TEST_CASE("arrays of MATLAB's versions 5 and 7.3 have the axes that MATLAB indexes", "[files][mat_file]") {
  const TemporaryDirectory directory;
  for (const mat_ft version : {MAT_FT_MAT5, MAT_FT_MAT73}) {
    write_matlab(directory / "a.mat", version);
    const MatFile file(directory / "a.mat");
    REQUIRE(file.list().size() == 2);
    CHECK(find_array(file.list(), "X")->shape == std::vector<Index>{2, 3, 2});
    CHECK(find_array(file.list(), "X")->type == "double");
    CHECK(one_line_with(find_array(file.list(), "words")->problem, "got text in array 'words' of"));
    const Tensor x = file.read("X");
    CHECK(x.shape == std::vector<Index>{2, 3, 2});
    CHECK(x.values == std::vector<double>{111, 112, 121, 122, 131, 132, 211, 212, 221, 222, 231, 232});
    CHECK(one_line_with(error_text([&] { file.read("words"); }),
                        "expected an array of real numbers, got text"));
    CHECK(
        one_line_with(error_text([&] { file.read("Y"); }), "expected array 'Y', got 'X' [2, 3, 2], 'words'"));
  }
}

TEST_CASE("damage that matio takes for an array without a name, or for the end, is refused",
          "[files][mat_file]") {
  const TemporaryDirectory directory;
  const std::string bytes = read_file(METRIPLEX_TEST_DIR "/files/written/octave_v6.mat");
  const auto refusal = [&](std::size_t at, char value) {
    std::string changed = bytes;
    changed[at] = value;
    write_atomically(directory / "a.mat", changed);
    return error_text([&] { MatFile(directory / "a.mat").list(); });
  };
  CHECK(one_line_with(refusal(152, 4), "expected arrays with names, got one without (damaged?)"));
  CHECK(one_line_with(refusal(128, 13), "expected the variables that were written, got another at byte 128"));
}

TEST_CASE("what is no MATLAB file is refused", "[files][mat_file]") {
  const TemporaryDirectory directory;
  write_atomically(directory / "a.mat", "MATLAB 5.0, or so it says");
  CHECK(one_line_with(error_text([&] { MatFile(directory / "a.mat"); }), "expected a MATLAB file"));
  CHECK(one_line_with(error_text([&] { MatFile(directory.path); }), "got none, or a directory"));
}

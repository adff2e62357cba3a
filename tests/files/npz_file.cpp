#include "metriplex/files/npz_file.hpp"

#include <filesystem>
#include <string>
#include <vector>

#include "metriplex/core/file.hpp"
#include "metriplex/data/npz.hpp"
#include "support/catch.hpp"
#include "support/error_text.hpp"
#include "support/temporary_directory.hpp"

using namespace metriplex;

namespace {

std::filesystem::path numpy_file(const char* name) {
  return std::filesystem::path(METRIPLEX_TEST_DIR) / "data" / "npz" / name;
}

}  // namespace

TEST_CASE("arrays of numpy are listed and read, compressed or not", "[files][npz_file]") {
  const std::vector<double> values{0.1, -2.5, 3.0, 1e-300, 7.0, -0.0};
  for (const char* name : {"float64.npz", "zip64.npz", "compressed.npz", "fortran.npz"}) {
    INFO(name);
    const NpzFile file(numpy_file(name));
    REQUIRE(file.list().size() == 1);
    CHECK(file.list()[0].name == "a");
    CHECK(file.list()[0].shape == std::vector<Index>{2, 3});
    CHECK(file.list()[0].type == "float64");
    CHECK(file.read("a").values == values);
  }
  CHECK(NpzFile(numpy_file("integers.npz")).list()[0].type == "int64");
}

TEST_CASE("an array of more than one piece is read whole", "[files][npz_file]") {
  const TemporaryDirectory directory;
  Tensor tensor{{50'001, 2}, {}, Dtype::float64};
  for (int k = 0; k < 100'002; ++k) tensor.values.push_back(k * 0.1);
  write_npz(directory / "a.npz", {{"a", tensor}});
  CHECK(NpzFile(directory / "a.npz").read("a").values == tensor.values);
  tensor.dtype = Dtype::float32;
  for (double& value : tensor.values) value = static_cast<float>(value);
  write_npz(directory / "a.npz", {{"a", tensor}});
  CHECK(NpzFile(directory / "a.npz").read("a").values == tensor.values);
}

TEST_CASE("an array that is not there, or whose size lies, is refused", "[files][npz_file]") {
  CHECK(one_line_with(error_text([] { NpzFile(numpy_file("float64.npz")).read("b"); }),
                      "expected array 'b', got 'a' [2, 3] in"));
  const TemporaryDirectory directory;
  std::string bytes = encode_npy({{3}, {1, 2, 3}, Dtype::float64}, "w");
  bytes.replace(bytes.find("(3,)"), 4, "(9,)");
  write_atomically(directory / "a.npz", zip_stored({{"a.npy", bytes}}, "w"));
  CHECK(one_line_with(error_text([&] { NpzFile(directory / "a.npz").read("a"); }), "expected 72 bytes"));
  write_atomically(directory / "a.npz", zip_stored({{"a.npy", "no array"}}, "w"));
  CHECK(one_line_with(NpzFile(directory / "a.npz").list()[0].problem, "expected an .npy array, got 8 bytes"));
}

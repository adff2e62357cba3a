#include "metriplex/data/npz.hpp"

#include <filesystem>
#include <string>
#include <vector>

#include "support/catch.hpp"
#include "support/error_text.hpp"
#include "support/temporary_directory.hpp"

using namespace metriplex;

namespace {

/// Files that numpy 1.24 wrote from [[0.1, -2.5, 3], [1e-300, 7, -0]].
std::filesystem::path numpy_file(const char* name) {
  return std::filesystem::path(__FILE__).parent_path() / "npz" / name;
}

const std::vector<double> values{0.1, -2.5, 3.0, 1e-300, 7.0, -0.0};

std::string refusal(const std::filesystem::path& path) {
  return error_text([&] { read_npz(path); });
}

}  // namespace

TEST_CASE("files that numpy wrote are read", "[data][npz]") {
  for (const char* name : {"float64.npz", "zip64.npz"}) {
    const Tensors arrays = read_npz(numpy_file(name));
    REQUIRE(arrays.size() == 1);
    CHECK(arrays.at("a").shape == std::vector<Index>{2, 3});
    CHECK(arrays.at("a").values == values);
    CHECK(arrays.at("a").dtype == Dtype::float64);
  }
  const Tensors arrays = read_npz(numpy_file("float32.npz"));
  REQUIRE(arrays.size() == 2);
  CHECK(arrays.at("a").dtype == Dtype::float32);
  CHECK(arrays.at("a").values == std::vector<double>{0.1f, -2.5, 3.0, 0.0, 7.0, -0.0});
  CHECK(arrays.at("b").shape.empty());
  CHECK(arrays.at("b").values == std::vector<double>{1.5});
}

TEST_CASE("an array is written with the bytes that numpy writes", "[data][npz]") {
  const TemporaryDirectory directory;
  for (const char* name : {"float64.npz", "float32.npz"}) {
    write_npz(directory / name, read_npz(numpy_file(name)));
    const std::string ours = read_file(directory / name);
    const std::string theirs = read_file(numpy_file(name));
    const auto found = unzip_stored(ours, "ours");
    CHECK(found == unzip_stored(theirs, "theirs"));
  }
}

TEST_CASE("only the arrays that are asked for matter", "[data][npz]") {
  CHECK(read_npz(numpy_file("float32.npz"), {"b", "none"}).size() == 1);
  CHECK(read_npz(numpy_file("integers.npz"), {"b"}).empty());
}

TEST_CASE("integers and Fortran's order are read, what is compressed is refused", "[data][npz]") {
  CHECK(read_npz(numpy_file("fortran.npz")).at("a").values == values);
  CHECK(read_npz(numpy_file("integers.npz")).at("a").values == std::vector<double>{0, 1, 2});
  CHECK(refusal(numpy_file("compressed.npz")) ==
        "expected stored members, but member 'a.npy' of " + numpy_file("compressed.npz").string() +
            " is compressed; write it with numpy.savez, not savez_compressed");
}

TEST_CASE("a failed save leaves the old npz", "[data][npz]") {
  const TemporaryDirectory directory;
  write_npz(directory / "a.npz", {{"a", {{2}, {1.0, 2.0}, Dtype::float64}}});
  CHECK(error_text([&] {
          write_npz(directory / "a.npz", {{"a", {{3}, {1.0, 2.0}, Dtype::float64}}});
        }) == "expected as many values as the shape [3] has, got 2 in array 'a' of " +
                  (directory / "a.npz").string());
  CHECK(read_npz(directory / "a.npz").at("a").values == std::vector<double>{1.0, 2.0});
  CHECK(directory.entries() == 1);
}

TEST_CASE("every truncation and changed byte of a zip64 file is read or refused in one line", "[data][npz]") {
  const std::string bytes = read_file(numpy_file("zip64.npz"));
  const auto decode = [](const std::string& archive) {
    for (const auto& [name, data] : unzip_stored(archive, "w")) decode_npy(data, "w");
  };
  for (std::size_t at = 0; at < bytes.size(); ++at) {
    CHECK(one_line_with(error_text([&] { decode(bytes.substr(0, at)); }), "w"));
    for (const int bits : {0x01, 0x80, 0xff}) {
      std::string changed = bytes;
      changed[at] = static_cast<char>(changed[at] ^ bits);
      const std::string text = error_text([&] { decode(changed); });
      CHECK((text.empty() || one_line_with(text, "w")));
    }
  }
}

#include "metriplex/files/read_arrays.hpp"

#include <string>

#include "metriplex/core/file.hpp"
#include "metriplex/data/npz.hpp"
#include "support/catch.hpp"
#include "support/error_text.hpp"
#include "support/temporary_directory.hpp"

using namespace metriplex;

TEST_CASE("the first bytes tell the format, whatever the name", "[files][read_arrays]") {
  const TemporaryDirectory directory;
  const Tensor two{{2}, {1, 2}, Dtype::float64};
  write_npz(directory / "a.csv", {{"a", two}, {"b", two}});
  CHECK(list_arrays(directory / "a.csv").size() == 2);
  CHECK(read_arrays(directory / "a.csv").size() == 2);
  CHECK(read_arrays(directory / "a.csv", {"b"}).size() == 1);
  write_atomically(directory / "b.npz", "a\tb\n1\t2\n");
  CHECK(read_arrays(directory / "b.npz").at("b").values == std::vector<double>{2});
}

TEST_CASE("what is none of the formats is refused with what it looks like", "[files][read_arrays]") {
  const TemporaryDirectory directory;
  const auto refusal = [&](const std::string& bytes) {
    write_atomically(directory / "a.npz", bytes);
    return error_text([&] { read_arrays(directory / "a.npz"); });
  };
  CHECK(one_line_with(refusal(""), "expected an .npz, .csv, .mat or HDF5 file, got an empty file"));
  CHECK(one_line_with(refusal("\x80\4abc"), "got a Python pickle"));
  CHECK(one_line_with(refusal(std::string("\1\2\3\0", 4)), "got something else (damaged?)"));
  CHECK(one_line_with(refusal("\x93NUMPY\1"),
                      "got a single .npy array (numpy.savez('family.npz', t=t, X=X) writes several)"));
  CHECK(one_line_with(refusal("{\"a\": 1}"), "got text, such as JSON"));
  CHECK(one_line_with(error_text([&] { read_arrays(directory.path); }), "got none, or a directory"));
}

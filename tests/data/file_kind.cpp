#include "metriplex/data/file_kind.hpp"

#include <string>

#include "support/catch.hpp"

using namespace metriplex;

// The beginnings are those of files that h5py, SciPy, NumPy, pickle, gzip and pandas write.
TEST_CASE("files are told by how they begin", "[data][file_kind]") {
  using namespace std::string_literals;
  CHECK(file_kind("\x89HDF\r\n\x1a\n\0\0"s) == "an HDF5 file");
  CHECK(file_kind("MATLAB 5.0 MAT-file Platform: posix"s) == "a MATLAB file");
  CHECK(file_kind("\x93NUMPY\x01\0v\0"s) == "a single .npy array");
  CHECK(file_kind("\x80\4\x95\x18\0\0\0"s) == "a Python pickle");
  CHECK(file_kind("\x1f\x8b\x08\x08"s) == "a file compressed by gzip");
  CHECK(file_kind("\xfd"
                  "7zXZ\0"s) == "a file compressed by xz");
  CHECK(file_kind("PAR1\x15\4"s) == "a Parquet file");
  CHECK(file_kind("PK\3\4\x14\0"s) == "the beginning of a zip archive without its end (truncated?)");
  CHECK(file_kind("\x10\0\0\0\0\0\0\0{\"H.0.W\":"s) == "a safetensors file (a model?)");
  CHECK(file_kind("t,q,p,dq,dp\n0,1,0,0,-1\n"s) == "text, such as CSV");
  CHECK(file_kind("0\t1\t0\n"s) == "text, such as CSV");
  CHECK(file_kind("[[0, 1], [1, 2]]"s) == "text, such as JSON");
  CHECK(file_kind("größe"s) == "text");
  CHECK(file_kind(""s) == "an empty file");
  CHECK(file_kind("\1\2\3"s).empty());
}

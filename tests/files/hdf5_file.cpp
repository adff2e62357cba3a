#include "metriplex/files/hdf5_file.hpp"

#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include "metriplex/core/file.hpp"
#include "support/catch.hpp"
#include "support/error_text.hpp"
#include "support/temporary_directory.hpp"

using namespace metriplex;

namespace {

/// Writes g/X [2, 3] of int16, a scalar and an enumeration.
void write_hdf5(const std::filesystem::path& path) {
  const hid_t file = H5Fcreate(path.string().c_str(), H5F_ACC_TRUNC, H5P_DEFAULT, H5P_DEFAULT);
  const hid_t group = H5Gcreate2(file, "g", H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT);
  const hsize_t shape[] = {2, 3};
  const hid_t plane = H5Screate_simple(2, shape, nullptr), point = H5Screate(H5S_SCALAR);
  const short values[] = {1, 2, 3, -4, -5, -6};
  const hid_t x = H5Dcreate2(group, "X", H5T_STD_I16BE, plane, H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT);
  H5Dwrite(x, H5T_NATIVE_SHORT, H5S_ALL, H5S_ALL, H5P_DEFAULT, values);
  const double number = 2.5;
  const hid_t scalar =
      H5Dcreate2(file, "scalar", H5T_IEEE_F64LE, point, H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT);
  H5Dwrite(scalar, H5T_NATIVE_DOUBLE, H5S_ALL, H5S_ALL, H5P_DEFAULT, &number);
  const hid_t kinds = H5Tenum_create(H5T_NATIVE_CHAR);
  const char no = 0;
  H5Tenum_insert(kinds, "no", &no);
  const hid_t flag = H5Dcreate2(file, "flag", kinds, point, H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT);
  H5Lcreate_hard(file, "/", group, "again", H5P_DEFAULT, H5P_DEFAULT);  // a circle
  for (const hid_t dataset : {x, scalar, flag}) H5Dclose(dataset);
  H5Tclose(kinds);
  H5Sclose(plane);
  H5Sclose(point);
  H5Gclose(group);
  H5Fclose(file);
}

}  // namespace

TEST_CASE("datasets of an HDF5 file are listed and read", "[files][hdf5_file]") {
  const TemporaryDirectory directory;
  write_hdf5(directory / "a.h5");
  const Hdf5File file(directory / "a.h5");
  const ArrayInfos infos = file.list();
  REQUIRE(find_array(infos, "g/X") != nullptr);
  CHECK(find_array(infos, "g/X")->shape == std::vector<Index>{2, 3});
  CHECK(find_array(infos, "g/X")->type == "int16");
  CHECK(find_array(infos, "scalar")->shape.empty());
  CHECK(one_line_with(find_array(infos, "flag")->problem, "booleans (h5py: array.astype('u1'))"));
  CHECK(file.read("g/X").values == std::vector<double>{1, 2, 3, -4, -5, -6});
  CHECK(file.read("scalar").values == std::vector<double>{2.5});
  CHECK(one_line_with(error_text([&] { file.read("flag"); }), "expected an array of real numbers"));
  CHECK(one_line_with(error_text([&] { file.read("Y"); }), "expected array 'Y', got 'flag', "));
}

TEST_CASE("shapes and circles that a file cannot mean are refused before memory or time is spent",
          "[files][hdf5_file]") {
  const TemporaryDirectory directory;
  const hid_t file = H5Fcreate((directory / "a.h5").c_str(), H5F_ACC_TRUNC, H5P_DEFAULT, H5P_DEFAULT);
  const hsize_t shape[] = {hsize_t{1} << 40}, two = 2;
  const hid_t line = H5Screate_simple(1, shape, nullptr);
  H5Dclose(H5Dcreate2(file, "X", H5T_IEEE_F64LE, line, H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT));
  H5Sclose(line);
  const hid_t range = H5Tcreate(H5T_COMPOUND, 24), pair = H5Screate_simple(1, &two, nullptr);
  for (const auto& [name, at] : {std::pair{"base", 0}, std::pair{"limit", 8}, std::pair{"increment", 16}})
    H5Tinsert(range, name, static_cast<std::size_t>(at), H5T_NATIVE_DOUBLE);
  const double numbers[] = {0, 1, 0.5, 0, 1, 0.5};
  const hid_t ranges = H5Dcreate2(file, "ranges", range, pair, H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT);
  H5Dwrite(ranges, range, H5S_ALL, H5S_ALL, H5P_DEFAULT, numbers);
  H5Dclose(ranges);
  H5Sclose(pair);
  H5Tclose(range);
  H5Fflush(file, H5F_SCOPE_GLOBAL);
  CHECK(one_line_with(error_text([&] { Hdf5File(directory / "a.h5").read("ranges"); }),
                      "got compound numbers (complex, or a table"));
  CHECK(one_line_with(error_text([&] { Hdf5File(directory / "a.h5").read("X"); }),
                      " bytes can hold, got [1099511627776] (damaged?) in array 'X' of "));
  for (const char* name : {"one", "two"}) H5Lcreate_hard(file, "/", file, name, H5P_DEFAULT, H5P_DEFAULT);
  H5Fflush(file, H5F_SCOPE_GLOBAL);
  CHECK(
      one_line_with(error_text([&] { Hdf5File(directory / "a.h5").list(); }), "expected what HDF5 can open"));
  H5Fclose(file);
}

TEST_CASE("what is no HDF5 file, or half of one, is refused", "[files][hdf5_file]") {
  const TemporaryDirectory directory;
  write_hdf5(directory / "a.h5");
  const std::string bytes = read_file(directory / "a.h5");
  write_atomically(directory / "half.h5", bytes.substr(0, bytes.size() / 2));
  CHECK(one_line_with(error_text([&] { Hdf5File(directory / "half.h5"); }),
                      "got one that HDF5 cannot open (damaged?)"));
  CHECK(one_line_with(error_text([&] { Hdf5File("no such file"); }), "got none, or a directory"));
}

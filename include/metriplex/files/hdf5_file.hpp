#pragma once

#if !__has_include(<hdf5.h>)
#error "HDF5 files need its library (Debian: libhdf5-dev): install it and link metriplex::files"
#endif

#include <hdf5.h>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <filesystem>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "metriplex/core/bytes.hpp"
#include "metriplex/core/error.hpp"
#include "metriplex/core/tensor.hpp"
#include "metriplex/core/text.hpp"
#include "metriplex/data/number_format.hpp"
#include "metriplex/files/array_info.hpp"

namespace metriplex {

/// Reads HDF5 files, such as h5py and Octave (`save -hdf5`) write them.
///
/// A dataset X in a group g is the array g/X. Axes are as the writer indexes them: HDF5's own order for h5py, R and Julia's or
/// MATLAB's h5write (which turn theirs around), and Octave's, whose variables are groups of `type` and `value`, turned back;
/// fields and cells of these are s.f and c_0, c_1, …, a range 0:0.1:4 is the numbers that it stands for.
class Hdf5File {
 public:
  /// Errors: a file that is missing or that HDF5 cannot open.
  explicit Hdf5File(const std::filesystem::path& path) : where_(path.string()) {
    require(std::filesystem::is_regular_file(path),
            [&] { return "expected a file to read, got none, or a directory: " + where_; });
    const Quiet quiet;
    file_ = Handle(H5Fopen(where_.c_str(), H5F_ACC_RDONLY, H5P_DEFAULT), H5Fclose);
    require(file_.id >= 0,
            [&] { return "expected an HDF5 file, got one that HDF5 cannot open (damaged?): " + where_; });
  }

  /// Lists the arrays; those that cannot be read say why.
  ArrayInfos list() const {
    const Quiet quiet;
    ArrayInfos infos;
    int left = 100000;
    visit(file_.id, "", 0, left, [&](const std::string& name, hid_t dataset, bool reversed) {
      ArrayInfo& info = infos.emplace_back();
      info.name = name;
      info.shape = is_range(dataset) ? read_range(dataset, where_).shape : shape(dataset, reversed);
      info.type = type_name(dataset);
      if (!is_number(dataset) && !is_range(dataset))
        info.problem = "expected an array of real numbers, got " + info.type + " in array " + quote(name) +
                       " of " + where_;
    });
    return infos;
  }

  /// Reads an array.
  ///
  /// Errors: no such array, damage, an array that is not of real numbers.
  Tensor read(const std::string& wanted) const {
    const Quiet quiet;
    std::optional<Tensor> tensor;
    const std::string what = "array " + quote(wanted) + " of " + where_;
    int left = 100000;
    visit(file_.id, "", 0, left, [&](const std::string& name, hid_t dataset, bool reversed) {
      if (name != wanted || tensor) return;
      tensor = is_range(dataset) ? read_range(dataset, what) : read_numbers(dataset, reversed, what);
    });
    require(tensor.has_value(), [&] {
      return "expected array " + quote(wanted) + ", got " + names_text(list()) + " in " + where_;
    });
    return *std::move(tensor);
  }

 private:
  /// Closes what it holds.
  struct Handle {
    hid_t id;
    herr_t (*close)(hid_t);

    explicit Handle(hid_t opened = -1, herr_t (*closes)(hid_t) = nullptr) : id(opened), close(closes) {}
    Handle(Handle&& other) noexcept : id(std::exchange(other.id, -1)), close(other.close) {}
    Handle& operator=(Handle&& other) noexcept {
      std::swap(id, other.id);
      std::swap(close, other.close);
      return *this;
    }
    ~Handle() {
      if (id >= 0) close(id);
    }
  };

  /// Keeps HDF5 from printing its errors, as long as it lives.
  struct Quiet {
    H5E_auto2_t function = nullptr;
    void* data = nullptr;
    Quiet() {
      H5Eget_auto2(H5E_DEFAULT, &function, &data);
      H5Eset_auto2(H5E_DEFAULT, nullptr, nullptr);
    }
    ~Quiet() { H5Eset_auto2(H5E_DEFAULT, function, data); }
  };

  static bool has(hid_t group, const char* name) { return H5Lexists(group, name, H5P_DEFAULT) > 0; }

  /// Calls `use(name, dataset, reversed)` for each dataset of a group, at any depth; reversed: of Octave's axes. Fails
  /// where something cannot be opened, or after `left` links, which a few groups that hold each other can exceed.
  template <class Use>
  void visit(hid_t group, const std::string& path, int depth, int& left, const Use& use,
             bool octave = false) const {
    if (depth > 32) return;
    const auto check = [&](bool good, const char* part) {
      require(good, [&] {
        return "expected what HDF5 can open, got another (damaged?) in group " + quote(path + "/" + part) +
               " of " + where_;
      });
    };
    H5G_info_t about;
    check(H5Gget_info(group, &about) >= 0, "");
    for (hsize_t k = 0; k < about.nlinks; ++k) {
      char text[1024];
      constexpr auto order = H5_ITER_INC;
      check(left-- > 0 && H5Lget_name_by_idx(group, ".", H5_INDEX_NAME, order, k, text, sizeof text, 0) >= 0,
            "");
      const Handle object(H5Oopen(group, text, H5P_DEFAULT), H5Oclose);
      if (object.id < 0) {
        H5L_info_t link;
        check(H5Lget_info(group, text, &link, H5P_DEFAULT) >= 0 && link.type != H5L_TYPE_HARD, text);
        continue;  // a link by name, which may lead nowhere
      }
      const std::string part = text, between = !octave ? "/" : part.starts_with('_') ? "" : ".";
      const std::string name = path.empty() ? part : path + between + part;
      const H5I_type_t kind = H5Iget_type(object.id);
      if (kind == H5I_DATASET && !octave) {
        use(name, object.id, false);
      } else if (kind == H5I_GROUP && has(object.id, "type") && has(object.id, "value")) {
        if (H5Aexists(object.id, "OCTAVE_EMPTY_MATRIX") > 0) continue;  // whose value is its shape
        const Handle value(H5Oopen(object.id, "value", H5P_DEFAULT), H5Oclose);
        if (H5Iget_type(value.id) == H5I_DATASET)
          use(name, value.id, true);
        else
          visit(value.id, name, depth + 1, left, use, true);
      } else if (kind == H5I_GROUP) {
        visit(object.id, name, depth + 1, left, use, octave);
      }
    }
  }

  static std::vector<Index> shape(hid_t dataset, bool reversed) {
    const Handle space(H5Dget_space(dataset), H5Sclose);
    const int rank = std::max(0, H5Sget_simple_extent_ndims(space.id));
    std::vector<hsize_t> sizes(static_cast<std::size_t>(rank));
    if (rank > 0) H5Sget_simple_extent_dims(space.id, sizes.data(), nullptr);
    if (reversed) std::reverse(sizes.begin(), sizes.end());
    return {sizes.begin(), sizes.end()};
  }

  static bool is_number(hid_t dataset) {
    const Handle type(H5Dget_type(dataset), H5Tclose);
    const H5T_class_t kind = H5Tget_class(type.id);
    return kind == H5T_FLOAT || kind == H5T_INTEGER;
  }

  /// Whether a dataset is a range as Octave stores it: three doubles. HDF5 converts others, and trips over damaged ones.
  static bool is_range(hid_t dataset) {
    const Handle type(H5Dget_type(dataset), H5Tclose), space(H5Dget_space(dataset), H5Sclose);
    bool range = H5Tget_class(type.id) == H5T_COMPOUND && H5Tget_size(type.id) == 24 &&
                 H5Sget_simple_extent_npoints(space.id) == 1;
    for (const char* name : {"base", "limit", "increment"}) {
      const int index = range ? H5Tget_member_index(type.id, name) : -1;
      const auto member = static_cast<unsigned>(std::max(index, 0));
      const Handle kind(index < 0 ? -1 : H5Tget_member_type(type.id, member), H5Tclose);
      range =
          index >= 0 && H5Tequal(kind.id, H5T_IEEE_F64LE) > 0 && H5Tget_member_offset(type.id, member) <= 16;
    }
    return range;
  }

  static std::string type_name(hid_t dataset) {
    const Handle type(H5Dget_type(dataset), H5Tclose);
    const std::string bits = std::to_string(8 * H5Tget_size(type.id));
    switch (H5Tget_class(type.id)) {
      case H5T_FLOAT:
        return "float" + bits;
      case H5T_INTEGER:
        return (H5Tget_sign(type.id) == H5T_SGN_NONE ? "uint" : "int") + bits;
      case H5T_STRING:
        return "text";
      case H5T_ENUM:
        return "an enumeration or booleans (h5py: array.astype('u1'))";
      case H5T_COMPOUND:
        return is_range(dataset) ? "range"
                                 : "compound numbers (complex, or a table: store its columns apart)";
      default:
        return "something that is no number";
    }
  }

  Tensor read_numbers(hid_t dataset, bool reversed, const std::string& what) const {
    require(is_number(dataset),
            [&] { return "expected an array of real numbers, got " + type_name(dataset) + " in " + what; });
    const Handle type(H5Dget_type(dataset), H5Tclose);
    const bool single = H5Tget_class(type.id) == H5T_FLOAT && H5Tget_size(type.id) < 8;
    Tensor tensor{shape(dataset, reversed), {}, single ? Dtype::float32 : Dtype::float64};
    const std::size_t count = byte_count(tensor.shape, Dtype::float64).value_or(~std::size_t{0}) / 8;
    const Handle layout(H5Dget_create_plist(dataset), H5Pclose);
    const std::size_t most = H5Pget_nfilters(layout.id) == 0 ? 1 : 1032;  // what deflate makes of a byte
    require(count == 0 || H5Tget_size(type.id) <= most * std::filesystem::file_size(where_) / count, [&] {
      return "expected an array that a file of " + std::to_string(std::filesystem::file_size(where_)) +
             " bytes can hold, got " + shape_text(tensor.shape) + " (damaged?) in " + what;
    });
    std::vector<double> values(count);
    require(
        count == 0 || H5Dread(dataset, H5T_NATIVE_DOUBLE, H5S_ALL, H5S_ALL, H5P_DEFAULT, values.data()) >= 0,
        [&] {
          return "expected numbers, got what HDF5 cannot read (damaged, or a filter that is missing?): " +
                 what;
        });
    tensor.values = reversed ? c_order(std::move(values), tensor.shape) : std::move(values);
    return tensor;
  }

  /// Reads a range of Octave's: base, base + increment, … up to the limit.
  static Tensor read_range(hid_t dataset, const std::string& what) {
    const Handle type(H5Dget_type(dataset), H5Tclose);
    char bytes[24]{};
    const bool good = H5Dread(dataset, type.id, H5S_ALL, H5S_ALL, H5P_DEFAULT, bytes) >= 0;
    const auto number = [&](const char* name) {
      const auto member = static_cast<unsigned>(H5Tget_member_index(type.id, name));
      return load_bytes<double>({bytes, sizeof bytes}, H5Tget_member_offset(type.id, member));
    };
    const double base = number("base"), increment = number("increment");
    const double steps = good ? std::floor((number("limit") - base) / increment * (1 + 1e-12) + 1e-9) : -1;
    require(good && steps >= 0 && steps < 1e7,
            [&] { return "expected a range of numbers, got none in " + what; });
    Tensor tensor{{1, static_cast<Index>(steps) + 1}, {}, Dtype::float64};
    for (Index k = 0; k < tensor.shape[1]; ++k)
      tensor.values.push_back(base + static_cast<double>(k) * increment);
    return tensor;
  }

  std::string where_;
  Handle file_;
};

}  // namespace metriplex

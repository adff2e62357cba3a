#pragma once

#if !__has_include(<matio.h>)
#error "MATLAB's files need matio (Debian: libmatio-dev): install it and link metriplex::files"
#endif

#include <matio.h>

#include <algorithm>
#include <cstddef>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "metriplex/core/error.hpp"
#include "metriplex/core/tensor.hpp"
#include "metriplex/core/text.hpp"
#include "metriplex/data/number_format.hpp"
#include "metriplex/files/array_info.hpp"
#include "metriplex/files/mat_elements.hpp"

namespace metriplex {

/// Reads MATLAB's .mat files of versions 4, 5 (`save -v7` of MATLAB and Octave) and 7.3, through matio.
///
/// Axes are as MATLAB indexes them: X(member, motion, sample, component) has the shape [members, motions, samples, dim]. A
/// field f of a struct s is the array s.f, the cells of c are c_1, c_2, … in the order of c(:).
class MatFile {
 public:
  /// Errors: a file that is missing or that matio cannot open.
  explicit MatFile(const std::filesystem::path& path) : where_(path.string()) {
    require(std::filesystem::is_regular_file(path),
            [&] { return "expected a file to read, got none, or a directory: " + where_; });
    require(open() != nullptr,
            [&] { return "expected a MATLAB file, got one that matio cannot open: " + where_; });
    elements_ = check_mat_elements(where_);
  }

  /// Lists the arrays; those that cannot be read say why.
  ArrayInfos list() const {
    ArrayInfos infos;
    const File file = open();
    std::size_t seen = 0;
    for (; const Variable variable{Mat_VarReadNextInfo(file.get())}; ++seen) {
      if (is_nameless(*variable)) continue;
      visit(*variable, variable->name, [&](const matvar_t& array, const std::string& name) {
        ArrayInfo& info = infos.emplace_back();
        info.name = name;
        info.shape = shape(array);
        NumberFormat format;
        if (!number_format(array, format, info.type))
          info.problem = "expected an array of real numbers, got " + info.type + " in array " + quote(name) +
                         " of " + where_;
      });
    }
    require(seen + (elements_.objects ? 1 : 0) >= elements_.variables, [&] {
      return "expected " + std::to_string(elements_.variables) + " variables, got " + std::to_string(seen) +
             " that matio can read (damaged?) in " + where_;
    });
    return infos;
  }

  /// Reads an array.
  ///
  /// Errors: no such array, damage, an array that is not of real numbers.
  Tensor read(const std::string& wanted) const {
    const File file = open();
    Tensor tensor;
    bool found = false;
    const std::string what = "array " + quote(wanted) + " of " + where_;
    while (!found) {
      const Variable about{Mat_VarReadNextInfo(file.get())};
      if (!about) break;
      if (is_nameless(*about) || !wanted.starts_with(about->name)) continue;
      bool inside = false;
      std::size_t bytes = 0;
      visit(*about, about->name, [&](const matvar_t& array, const std::string& name) {
        inside |= name == wanted;
        bytes += byte_count(shape(array), Dtype::float64).value_or(most_bytes());
      });
      if (!inside) continue;
      require(bytes / 8 <= most_bytes(), [&] {
        return "expected an array that the file can hold, got " + std::to_string(bytes / 8) +
               " numbers (damaged?) in " + what;
      });
      const File again = open();
      const Variable variable{Mat_VarRead(again.get(), about->name)};
      require(variable != nullptr,
              [&] { return "expected numbers, got what matio cannot read (damaged?): " + what; });
      visit(*variable, variable->name, [&](const matvar_t& array, const std::string& name) {
        if (name == wanted && !found) tensor = convert(array, what), found = true;
      });
    }
    require(found, [&] {
      return "expected array " + quote(wanted) + ", got " + names_text(list()) + " in " + where_;
    });
    return tensor;
  }

 private:
  struct CloseFile {
    void operator()(mat_t* file) const { Mat_Close(file); }
  };
  struct FreeVariable {
    void operator()(matvar_t* variable) const { Mat_VarFree(variable); }
  };
  using File = std::unique_ptr<mat_t, CloseFile>;
  using Variable = std::unique_ptr<matvar_t, FreeVariable>;

  /// How many bytes a file of this size holds at most: a thousand times of its own, deflated.
  std::size_t most_bytes() const {
    return 1032 * static_cast<std::size_t>(std::filesystem::file_size(where_));
  }

  /// Whether a variable is what MATLAB appends for objects and tables, which alone has no name.
  bool is_nameless(const matvar_t& variable) const {
    require(variable.name != nullptr || elements_.objects,
            [&] { return "expected arrays with names, got one without (damaged?) in " + where_; });
    return variable.name == nullptr;
  }

  File open() const { return File(Mat_Open(where_.c_str(), MAT_ACC_RDONLY)); }

  static std::vector<Index> shape(const matvar_t& array) {
    std::vector<Index> sizes;
    for (int axis = 0; axis < array.rank; ++axis) sizes.push_back(static_cast<Index>(array.dims[axis]));
    return sizes;
  }

  /// Calls `use(array, name)` for what is neither struct nor cell, at any depth.
  template <class Use>
  static void visit(matvar_t& variable, const std::string& name, const Use& use) {
    const auto parts = static_cast<matvar_t* const*>(variable.data);
    std::size_t count = 1;
    for (int axis = 0; axis < variable.rank; ++axis) count *= variable.dims[axis];
    if (variable.class_type == MAT_C_CELL && parts != nullptr) {
      for (std::size_t k = 0; k < count; ++k)
        if (parts[k] != nullptr) visit(*parts[k], name + "_" + std::to_string(k + 1), use);
    } else if (variable.class_type == MAT_C_STRUCT && parts != nullptr) {
      char* const* const fields = Mat_VarGetStructFieldnames(&variable);
      const std::size_t of_each = Mat_VarGetNumberOfFields(&variable);
      for (std::size_t k = 0; fields != nullptr && k < count * of_each; ++k)
        if (parts[k] != nullptr)
          visit(*parts[k],
                name + (count == 1 ? "" : "_" + std::to_string(k / of_each + 1)) + "." + fields[k % of_each],
                use);
    } else {
      use(variable, name);
    }
  }

  /// Says how an array's numbers lie once matio has read them, and what they are; false where they are no real numbers.
  static bool number_format(const matvar_t& array, NumberFormat& format, std::string& type) {
    using Kind = NumberFormat::Kind;
    static constexpr struct {
      matio_classes matlab;
      Kind kind;
      std::size_t size;
      const char* type;
    } classes[] = {{MAT_C_DOUBLE, Kind::floating, 8, "double"}, {MAT_C_SINGLE, Kind::floating, 4, "single"},
                   {MAT_C_INT8, Kind::integer, 1, "int8"},      {MAT_C_UINT8, Kind::natural, 1, "uint8"},
                   {MAT_C_INT16, Kind::integer, 2, "int16"},    {MAT_C_UINT16, Kind::natural, 2, "uint16"},
                   {MAT_C_INT32, Kind::integer, 4, "int32"},    {MAT_C_UINT32, Kind::natural, 4, "uint32"},
                   {MAT_C_INT64, Kind::integer, 8, "int64"},    {MAT_C_UINT64, Kind::natural, 8, "uint64"}};
    type = array.class_type == MAT_C_CHAR     ? "text"
           : array.class_type == MAT_C_SPARSE ? "a sparse matrix (full(...) makes it a plain one)"
                                              : "something else (a function, an object or a table)";
    for (const auto& c : classes) {
      if (c.matlab != array.class_type) continue;
      type = array.isComplex ? "complex numbers (real(...) and imag(...) apart)" : c.type;
      format = {c.kind, c.size, false};
      return !array.isComplex;
    }
    return false;
  }

  static Tensor convert(const matvar_t& array, const std::string& what) {
    NumberFormat format;
    std::string type;
    require(number_format(array, format, type),
            [&] { return "expected an array of real numbers, got " + type + " in " + what; });
    Tensor tensor{shape(array), {}, array.class_type == MAT_C_SINGLE ? Dtype::float32 : Dtype::float64};
    const std::size_t count = byte_count(tensor.shape, Dtype::float64).value_or(0) / 8;
    require(count == 0 || (array.data != nullptr && array.nbytes == count * format.size), [&] {
      return "expected numbers for " + shape_text(tensor.shape) + ", got others (damaged?) in " + what;
    });
    std::vector<double> values;
    append_numbers(values, {static_cast<const char*>(array.data), count * format.size}, format);
    tensor.values = c_order(std::move(values), tensor.shape);
    return tensor;
  }

  std::string where_;
  MatElements elements_;
};

}  // namespace metriplex

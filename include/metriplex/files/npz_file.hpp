#pragma once

#include <algorithm>
#include <cstddef>
#include <filesystem>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "metriplex/core/error.hpp"
#include "metriplex/core/tensor.hpp"
#include "metriplex/core/text.hpp"
#include "metriplex/data/npy.hpp"
#include "metriplex/files/array_info.hpp"
#include "metriplex/files/zip_file.hpp"

namespace metriplex {

/// Reads numpy's .npz files: stored and deflated, zip64, of any real numbers in either order of bytes and of axes.
class NpzFile {
 public:
  /// Errors: as `ZipFile`, and an archive of which no member is an array.
  explicit NpzFile(const std::filesystem::path& path) : zip_(path), members_(zip_.members(".npy")) {}

  /// Lists the arrays; those that cannot be read say why.
  ///
  /// Errors: damage, where it is why.
  ArrayInfos list() const {
    ArrayInfos infos;
    for (const ZipFile::Member& member : members_) {
      ArrayInfo& info = infos.emplace_back(ArrayInfo{name(member), {}, "", ""});
#ifdef __cpp_exceptions
      try {
        fill(info, member);
      } catch (const Error& error) {
        info.problem = error.what();
        require(!zip_.damaged(member), [&] {
          return "expected the bytes that were written, got others (a wrong checksum) in array " +
                 quote(info.name) + " of " + zip_.where();
        });
      }
#else
      fill(info, member);
#endif
    }
    return infos;
  }

  /// Reads an array, in one pass over its bytes and without a second copy of them, but where axes change their order.
  ///
  /// Errors: no such array, damage, an array that is not of real numbers.
  Tensor read(const std::string& array) const {
    const auto found = std::find_if(members_.begin(), members_.end(),
                                    [&](const ZipFile::Member& member) { return name(member) == array; });
    require(found != members_.end(), [&] {
      return "expected array " + quote(array) + ", got " + names_text(list()) + " in " + zip_.where();
    });
    const std::string where = "array " + quote(array) + " of " + zip_.where();
    Opened opened = open(*found);
    NpyView header = parse_npy(opened.header, where);
    std::uint64_t left = found->size - opened.header.size();
    require_npy_size(header, left, where);

    std::vector<double> values;
    values.reserve(static_cast<std::size_t>(left / header.format.size));
    constexpr std::size_t piece = 1 << 18;  // stays in the cache between the file and its place
    std::string bytes(static_cast<std::size_t>(std::min<std::uint64_t>(piece, left)), '\0');
    while (left > 0) {
      const auto size = static_cast<std::size_t>(std::min<std::uint64_t>(piece, left));
      opened.stream.read(bytes.data(), size);
      append_numbers(values, std::string_view(bytes).substr(0, size), header.format);
      left -= size;
    }
    opened.stream.finish();
    return finish_npy(std::move(header), std::move(values));
  }

 private:
  /// A member whose header has been read; its data come next.
  struct Opened {
    ZipFile::Stream stream;
    std::string header;
  };

  static std::string name(const ZipFile::Member& member) {
    return member.name.substr(0, member.name.size() - 4);
  }

  Opened open(const ZipFile::Member& member) const {
    const std::string where = "array " + quote(name(member)) + " of " + zip_.where();
    Opened opened{ZipFile::Stream(zip_, member), std::string(npy_prefix, '\0')};
    require(member.size >= npy_prefix, [&] {
      return "expected an .npy array, got " + std::to_string(member.size) + " bytes in " + where;
    });
    opened.stream.read(opened.header.data(), npy_prefix);
    const std::size_t end = npy_data_offset(opened.header, where);
    require(end <= member.size && end >= npy_prefix, [&] {
      return "expected an .npy header of " + std::to_string(end) + " bytes, got " +
             std::to_string(member.size) + " in " + where;
    });
    opened.header.resize(end);
    opened.stream.read(opened.header.data() + npy_prefix, end - npy_prefix);
    return opened;
  }

  void fill(ArrayInfo& info, const ZipFile::Member& member) const {
    const Opened opened = open(member);
    NpyView header = parse_npy(opened.header, "array " + quote(info.name) + " of " + zip_.where());
    info.shape = std::move(header.shape);
    constexpr const char* kinds[] = {"float", "int", "uint"};
    info.type = kinds[static_cast<int>(header.format.kind)] + std::to_string(8 * header.format.size);
  }

  ZipFile zip_;
  std::vector<ZipFile::Member> members_;
};

}  // namespace metriplex

#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>

#include "metriplex/core/bytes.hpp"
#include "metriplex/core/error.hpp"
#include "metriplex/core/text.hpp"
#include "metriplex/data/file_kind.hpp"

namespace metriplex {

namespace detail {

// Records of a zip archive: signature and bytes before the variable part (PKWARE APPNOTE 4.3).
struct ZipRecord {
  std::string_view signature;
  std::size_t size;
};
inline constexpr ZipRecord zip_local{{"PK\3\4", 4}, 30}, zip_central{{"PK\1\2", 4}, 46},
    zip_end{{"PK\5\6", 4}, 22}, zip64_locator{{"PK\6\7", 4}, 20}, zip64_end{{"PK\6\6", 4}, 56};

/// Cuts pieces out of an archive, never beyond its end.
struct ZipBytes {
  std::string_view bytes;
  const std::string& where;

  std::string_view cut(std::uint64_t offset, std::uint64_t size, const char* what) const {
    require(offset <= bytes.size() && size <= bytes.size() - offset, [&] {
      return std::string("expected a ") + what + " of " + std::to_string(size) + " bytes at byte " +
             std::to_string(offset) + ", got a file of " + std::to_string(bytes.size()) +
             " (truncated?): " + where;
    });
    return bytes.substr(offset, size);
  }
  std::string_view cut(std::uint64_t offset, const ZipRecord& record, const char* what) const {
    const std::string_view found = cut(offset, record.size, what);
    require(found.starts_with(record.signature), [&] {
      return std::string("expected a ") + what + " at byte " + std::to_string(offset) + ", got " +
             quote(found.substr(0, 4)) + " in " + where;
    });
    return found;
  }
};

/// Says where the central directory begins and ends, and how many members it lists.
struct ZipDirectory {
  std::uint64_t offset, size, count;
};

inline ZipDirectory find_zip_directory(const ZipBytes& archive) {
  const std::size_t end = archive.bytes.rfind(zip_end.signature);
  require(end != std::string_view::npos, [&] {
    const std::string_view kind = file_kind(archive.bytes);
    return "expected a zip archive, as numpy.savez writes it, got " +
           (kind.empty() ? std::to_string(archive.bytes.size()) + " bytes without an end record (truncated?)"
                         : std::string(kind)) +
           ": " + archive.where;
  });
  const std::string_view record = archive.cut(end, zip_end, "zip end record");
  if (end >= zip64_locator.size &&
      archive.bytes.substr(end - zip64_locator.size).starts_with(zip64_locator.signature)) {
    const auto end64 = load_bytes<std::uint64_t>(archive.bytes, end - zip64_locator.size + 8);
    const std::string_view record64 = archive.cut(end64, zip64_end, "zip64 end record");
    return {load_bytes<std::uint64_t>(record64, 48), load_bytes<std::uint64_t>(record64, 40),
            load_bytes<std::uint64_t>(record64, 32)};
  }
  return {load_bytes<std::uint32_t>(record, 16), load_bytes<std::uint32_t>(record, 12),
          load_bytes<std::uint16_t>(record, 10)};
}

/// Replaces a 32-bit field that is all ones by the next number of the member's zip64 extra field.
inline std::uint64_t widen_zip_field(std::uint32_t field, std::string_view& zip64, const std::string& where) {
  if (field != 0xffffffffu) return field;
  require(zip64.size() >= 8, [&] { return "expected a zip64 field, got none for " + where; });
  const auto wide = load_bytes<std::uint64_t>(zip64, 0);
  zip64.remove_prefix(8);
  return wide;
}

/// Returns the payload of the zip64 extra field (id 1), empty where there is none.
inline std::string_view find_zip64_extra(std::string_view extra) {
  while (extra.size() >= 4) {
    const auto id = load_bytes<std::uint16_t>(extra, 0);
    const std::string_view payload = extra.substr(4, load_bytes<std::uint16_t>(extra, 2));
    if (id == 1) return payload;
    extra.remove_prefix(4 + payload.size());
  }
  return {};
}

}  // namespace detail

/// Finds the members of a zip archive whose names end in `ending`, all of them stored (uncompressed), as views into
/// `archive`; what other members are does not matter.
///
/// Of sizes the central directory is believed, so zip64 sizes and data descriptors of local headers do not matter.
/// Errors: whatever is no such archive, compressed or encrypted members, a wrong checksum, a name that comes
/// twice or is another in the directory than at the member, members that together are larger than the archive.
inline std::map<std::string, std::string_view> unzip_stored(std::string_view archive,
                                                            const std::string& where,
                                                            std::string_view ending = {}) {
  const detail::ZipBytes bytes{archive, where};
  const detail::ZipDirectory directory = detail::find_zip_directory(bytes);
  std::map<std::string, std::string_view> members;
  std::uint64_t at = directory.offset;
  std::uint64_t total = 0;
  for (std::uint64_t i = 0; i < directory.count; ++i) {
    const std::string_view entry = bytes.cut(at, detail::zip_central, "zip directory entry");
    const auto name_size = load_bytes<std::uint16_t>(entry, 28);
    const auto extra_size = load_bytes<std::uint16_t>(entry, 30);
    at += entry.size();
    const std::string name(bytes.cut(at, name_size, "member name"));
    std::string_view zip64 =
        detail::find_zip64_extra(bytes.cut(at + name_size, extra_size, "zip extra field"));
    at += name_size + std::uint64_t{extra_size} + load_bytes<std::uint16_t>(entry, 32);
    const std::string what = "member " + quote(name) + " of " + where;
    // In the order of the zip64 extra field: the plain size, the stored size, the offset.
    const std::uint64_t size = detail::widen_zip_field(load_bytes<std::uint32_t>(entry, 24), zip64, what);
    const std::uint64_t stored = detail::widen_zip_field(load_bytes<std::uint32_t>(entry, 20), zip64, what);
    const std::uint64_t local = detail::widen_zip_field(load_bytes<std::uint32_t>(entry, 42), zip64, what);
    const std::string_view header = bytes.cut(local, detail::zip_local, "zip member header");
    const auto local_name = load_bytes<std::uint16_t>(header, 26);
    // What the checksum does not cover: under another name an array would seem to be missing.
    require(bytes.cut(local + header.size(), local_name, "member name") == name, [&] {
      return "expected the name that the member itself has, got another in the directory (damaged?): " + what;
    });
    if (!name.ends_with(ending)) continue;
    require((load_bytes<std::uint16_t>(entry, 8) & 1) == 0,
            [&] { return "expected plain members, got an encrypted one: " + what; });
    require(load_bytes<std::uint16_t>(entry, 10) == 0, [&] {
      return "expected stored members, but " + what +
             " is compressed; write it with numpy.savez, not savez_compressed";
    });
    require(size == stored, [&] {
      return "expected a stored size of " + std::to_string(size) + ", got " + std::to_string(stored) +
             " for " + what;
    });

    const std::uint64_t start = local + header.size() + local_name + load_bytes<std::uint16_t>(header, 28);
    const std::string_view data = bytes.cut(start, size, "zip member");
    total += size;
    // Members that share bytes could unpack a small file into any amount of memory.
    require(total <= archive.size(),
            [&] { return "expected separate members, got overlapping ones in " + where; });
    require(crc32(data) == load_bytes<std::uint32_t>(entry, 16), [&] {
      return "expected the checksum that the directory gives, got another (damaged?): " + what;
    });
    require(members.emplace(name, data).second, [&] { return "expected each name once, got two: " + what; });
  }
  require(at - directory.offset == directory.size, [&] {
    return "expected a directory of " + std::to_string(directory.size) + " bytes, got " +
           std::to_string(directory.count) + " members in " + std::to_string(at - directory.offset) +
           " (damaged?): " + where;
  });
  return members;
}

/// Writes a zip archive of stored members.
///
/// Errors: an archive of 4 GiB or more, or of 65535 members or more.
inline std::string zip_stored(const std::map<std::string, std::string>& members, const std::string& where) {
  std::string archive;
  std::string directory;
  for (const auto& [name, data] : members) {
    const std::uint64_t total = archive.size() + directory.size() + data.size() + 3 * name.size() + 200;
    require(total < 0xffffffffu && name.size() < 0xffffu && members.size() < 0xffffu, [&] {
      return "expected arrays of less than 4 GiB together, got " + std::to_string(total) + " bytes for " +
             where;
    });
    const auto offset = static_cast<std::uint32_t>(archive.size());
    // What both headers have: needed version, flags (UTF-8 names), stored, 1980-01-01 00:00, and the sizes.
    std::string common;
    for (const int field : {20, 1 << 11, 0, 0, 0x21}) append_bytes(common, static_cast<std::uint16_t>(field));
    append_bytes(common, crc32(data));
    append_bytes(common, static_cast<std::uint32_t>(data.size()));
    append_bytes(common, static_cast<std::uint32_t>(data.size()));
    append_bytes(common, static_cast<std::uint16_t>(name.size()));
    append_bytes(common, std::uint16_t{0});

    archive.append(detail::zip_local.signature).append(common).append(name).append(data);
    directory.append(detail::zip_central.signature);
    append_bytes(directory, std::uint16_t{20});
    directory.append(common).append(10, '\0');
    append_bytes(directory, offset);
    directory.append(name);
  }
  const auto start = static_cast<std::uint32_t>(archive.size());
  archive.append(directory).append(detail::zip_end.signature).append(4, '\0');
  append_bytes(archive, static_cast<std::uint16_t>(members.size()));
  append_bytes(archive, static_cast<std::uint16_t>(members.size()));
  append_bytes(archive, static_cast<std::uint32_t>(directory.size()));
  append_bytes(archive, start);
  return archive.append(2, '\0');
}

}  // namespace metriplex

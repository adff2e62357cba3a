#pragma once

#if !__has_include(<zip.h>)
#error "metriplex/files/ needs libzip (Debian: libzip-dev): install it and link metriplex::files"
#endif

#include <zip.h>

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "metriplex/core/error.hpp"
#include "metriplex/core/text.hpp"
#include "metriplex/data/file_kind.hpp"

namespace metriplex {

/// Opens a zip archive for reading, stored or deflated, zip64 or not, through libzip, which checks the checksums, and that the
/// directory and its members agree.
class ZipFile {
 public:
  struct Member {
    std::string name;
    std::uint64_t index = 0, size = 0;  ///< size: of its bytes once inflated
  };

  /// Errors: a file that is missing or no zip archive, and says what it looks like.
  explicit ZipFile(const std::filesystem::path& path) : where_(path.string()) {
    int code = 0;
    archive_.reset(zip_open(where_.c_str(), ZIP_RDONLY | ZIP_CHECKCONS, &code));
    if (archive_) return;
    zip_error_t error;
    zip_error_init_with_code(&error, code);
    const std::string reason = zip_error_strerror(&error);
    zip_error_fini(&error);
    require(code != ZIP_ER_INCONS, [&] {
      return "expected a zip archive whose directory agrees with its members, got another (damaged, or with "
             "bytes behind its end?): " +
             where_;
    });
    fail("expected a zip archive, as numpy.savez writes it, got \"" + reason + "\"" + seen() + ": " + where_);
  }

  /// Lists the members whose names end in `ending`, in the order of the archive.
  ///
  /// Errors: a name that comes twice, a size that no member of so few bytes could have.
  std::vector<Member> members(std::string_view ending) const {
    std::vector<Member> found;
    const zip_int64_t count = zip_get_num_entries(archive_.get(), 0);
    for (zip_int64_t i = 0; i < count; ++i) {
      zip_stat_t about;
      const auto index = static_cast<zip_uint64_t>(i);
      if (zip_stat_index(archive_.get(), index, 0, &about) != 0 || about.name == nullptr ||
          !std::string_view(about.name).ends_with(ending))
        continue;
      const std::string what = "member " + quote(about.name) + " of " + where_;
      for (const Member& other : found)
        require(other.name != about.name, [&] { return "expected each name once, got two: " + what; });
      constexpr std::uint64_t most_inflated = 1032, slack = 1024;  // what deflate makes of a byte at most
      require(about.size / most_inflated <= about.comp_size + slack, [&] {
        return "expected a member that inflates at most " + std::to_string(most_inflated) + " times, got " +
               std::to_string(about.size) + " bytes from " + std::to_string(about.comp_size) +
               " (damaged?): " + what;
      });
      found.push_back({about.name, index, about.size});
    }
    return found;
  }

  /// Whether a member can be read, and is not what was written.
  bool damaged(const Member& member) const {
    zip_file_t* const file = zip_fopen_index(archive_.get(), member.index, 0);
    if (file == nullptr) return false;
    char piece[4096];
    zip_int64_t got;
    do got = zip_fread(file, piece, sizeof piece);
    while (got > 0);
    zip_fclose(file);
    return got < 0;
  }

  /// Reads a member from its beginning, piece by piece.
  class Stream {
   public:
    /// Errors: a member that is encrypted or compressed by what libzip does not know.
    Stream(const ZipFile& file, const Member& member)
        : what_("member " + quote(member.name) + " of " + file.where_),
          stream_(zip_fopen_index(file.archive_.get(), member.index, 0)) {
      require(stream_ != nullptr, [&] {
        return "expected a stored or deflated member, got \"" +
               std::string(zip_strerror(file.archive_.get())) + "\" for " + what_;
      });
    }

    /// Fills `bytes` bytes at `to`.
    ///
    /// Errors: damage (a wrong checksum, bytes that do not inflate), fewer bytes than that.
    void read(char* to, std::size_t bytes) {
      while (bytes > 0) {
        const zip_int64_t got = zip_fread(stream_.get(), to, bytes);
        require(got > 0, [&] {
          return std::string("expected ") + std::to_string(bytes) + " bytes more, got " +
                 (got == 0 ? "the end"
                           : "\"" + std::string(zip_file_strerror(stream_.get())) + "\" (damaged?)") +
                 " in " + what_;
        });
        to += got;
        bytes -= static_cast<std::size_t>(got);
      }
    }

    /// Reads on to the end, where libzip compares the checksum.
    void finish() {
      char byte;
      require(zip_fread(stream_.get(), &byte, 1) == 0, [&] {
        return "expected the end and the checksum that the directory gives, got another (damaged?): " + what_;
      });
    }

   private:
    struct Close {
      void operator()(zip_file_t* file) const { zip_fclose(file); }
    };
    std::string what_;
    std::unique_ptr<zip_file_t, Close> stream_;
  };

  const std::string& where() const { return where_; }

 private:
  struct Close {
    void operator()(zip_t* archive) const { zip_discard(archive); }
  };

  /// What the file looks like, in parentheses; nothing where it does not tell.
  std::string seen() const {
    std::string start(1024, '\0');
    std::ifstream file(where_, std::ios::binary);
    if (!file) return "";
    file.read(start.data(), static_cast<std::streamsize>(start.size()));
    start.resize(static_cast<std::size_t>(file.gcount()));
    const std::string_view kind = file_kind(start);
    return kind.empty() ? "" : " (it looks like " + std::string(kind) + ")";
  }

  std::string where_;
  std::unique_ptr<zip_t, Close> archive_;
};

}  // namespace metriplex

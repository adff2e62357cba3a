#pragma once

#if __has_include(<unistd.h>)
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>
#endif

#include <algorithm>
#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <memory>
#include <random>
#include <string>
#include <string_view>
#include <system_error>

#include "metriplex/core/error.hpp"

namespace metriplex {
namespace detail {

struct CloseFile {
  void operator()(std::FILE* file) const { std::fclose(file); }
};
using OpenFile = std::unique_ptr<std::FILE, CloseFile>;

/// Deletes a file at the end of the scope; once the file has been renamed there is nothing left to delete.
struct RemoveFile {
  std::filesystem::path path;
  ~RemoveFile() {
    std::error_code ignored;
    std::filesystem::remove(path, ignored);
  }
};

/// Hands a file's bytes to the disk, so that the rename after it cannot overtake them in a power cut.
inline bool reach_disk(std::FILE* file) {
#if __has_include(<unistd.h>)
  return std::fflush(file) == 0 && fsync(fileno(file)) == 0;
#else
  return std::fflush(file) == 0;
#endif
}

inline constexpr std::string_view partial =
    ".partial-";  // and digits, behind the name of the file that it is to be

/// Opens a new file beside `target` to write to, locked as long as it is open; nullptr and errno where that fails.
inline std::FILE* open_partial(const std::filesystem::path& target, std::filesystem::path& temporary) {
  for (;;) {
    temporary = target;
    temporary += std::string(partial) + std::to_string(std::random_device{}());
    std::FILE* const file = std::fopen(temporary.string().c_str(), "wbx");
#if __has_include(<unistd.h>)
    struct stat status;
    if (file != nullptr && flock(fileno(file), LOCK_EX) == 0 && fstat(fileno(file), &status) == 0 &&
        status.st_nlink == 0) {  // another writer took it for debris before it was locked
      std::fclose(file);
      continue;
    }
#endif
    return file;
  }
}

/// Removes what killed writers of `target` left: files that nobody holds a lock of, for locks end with their process.
inline void remove_debris(const std::filesystem::path& target) {
#if __has_include(<unistd.h>)
  const std::string begin = target.filename().string() + std::string(partial);
  std::error_code error;
  for (std::filesystem::directory_iterator entry(target.parent_path(), error), end; !error && entry != end;
       entry.increment(error)) {
    const std::string name = entry->path().filename().string();
    if (!name.starts_with(begin) || !std::all_of(name.begin() + static_cast<std::ptrdiff_t>(begin.size()),
                                                 name.end(), [](char c) { return '0' <= c && c <= '9'; }))
      continue;
    const int file = open(entry->path().c_str(), O_RDWR | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
    if (file < 0) continue;
    if (flock(file, LOCK_EX | LOCK_NB) == 0) unlink(entry->path().c_str());
    close(file);
  }
#else
  static_cast<void>(target);
#endif
}

/// Hands a folder's names to the disk, so that a power cut does not undo a rename; not every file system can.
inline void reach_disk(const std::filesystem::path& folder) {
#if __has_include(<unistd.h>)
  const int file = open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (file < 0) return;
  fsync(file);
  close(file);
#else
  static_cast<void>(folder);
#endif
}

}  // namespace detail

/// Reads a whole file.
///
/// Errors: what is not a regular file (missing, a directory, a device), or cannot be read.
inline std::string read_file(const std::filesystem::path& path) {
  std::error_code error;
  const bool regular = std::filesystem::is_regular_file(path, error);
  require(!error,
          [&] { return "expected a file to read, got \"" + error.message() + "\" for " + path.string(); });
  require(regular, [&] { return "expected a file to read, got a directory or device: " + path.string(); });
  const detail::OpenFile file(std::fopen(path.string().c_str(), "rb"));
  require(file != nullptr, [&] {
    return "expected a file to read, got \"" + std::string(std::strerror(errno)) + "\" for " + path.string();
  });
  const std::uintmax_t size = std::filesystem::file_size(path, error);
  require(!error,
          [&] { return "expected the size of " + path.string() + ", got \"" + error.message() + "\""; });
  // The size is that of the name, which another writer may have given to another file meanwhile.
  std::string bytes(static_cast<std::size_t>(size) + 1, '\0');
  std::size_t got = 0;
  while ((got += std::fread(bytes.data() + got, 1, bytes.size() - got, file.get())) == bytes.size())
    bytes.resize(2 * bytes.size());
  require(std::ferror(file.get()) == 0, [&] {
    return "expected to read " + path.string() + ", got \"" + std::strerror(errno) + "\" after " +
           std::to_string(got) + " bytes";
  });
  bytes.resize(got);
  return bytes;
}

/// Writes a whole file: afterwards `path` holds `bytes`, or, after an error, exactly what it held before.
///
/// The bytes go to a temporary beside the target, which takes the target's name only once they are on the
/// disk. Of several writers at once one is the last, and its bytes are there whole; what writers that were killed left is
/// removed. A symbolic link stays one: the file that it points to is replaced.
/// Errors: a target that is a directory or device, a directory that cannot be written, a full disk.
inline void write_atomically(const std::filesystem::path& path, std::string_view bytes) {
  namespace fs = std::filesystem;
  const auto check = [&](bool done, const std::string& reason) {
    require(done, [&] { return "expected to write " + path.string() + ", got \"" + reason + "\""; });
  };
  std::error_code error;
  const fs::file_status status = fs::status(path, error);
  check(fs::is_regular_file(status) || !fs::exists(status), "it is a directory or device");
  fs::path target = fs::weakly_canonical(fs::absolute(path), error);
  if (error) target = path;

  detail::remove_debris(target);
  fs::path temporary;
  detail::OpenFile file(detail::open_partial(target, temporary));
  check(file != nullptr, std::strerror(errno));
  const detail::RemoveFile cleanup{temporary};
  const bool done = std::fwrite(bytes.data(), 1, bytes.size(), file.get()) == bytes.size() &&
                    detail::reach_disk(file.get());
  check(done, std::strerror(errno));
#if !__has_include(<unistd.h>)
  file.reset();  // what is open cannot be renamed everywhere; elsewhere the lock lasts until the name is the target's
#endif
  fs::rename(temporary, target, error);
  check(!error, error.message());
  detail::reach_disk(target.parent_path());
}

}  // namespace metriplex

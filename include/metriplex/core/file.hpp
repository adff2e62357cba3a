#pragma once

#if __has_include(<unistd.h>)
#include <unistd.h>
#endif

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
  std::string bytes(static_cast<std::size_t>(size), '\0');
  const std::size_t got = std::fread(bytes.data(), 1, bytes.size(), file.get());
  require(got == bytes.size(), [&] {
    return "expected " + std::to_string(bytes.size()) + " bytes, got " + std::to_string(got) + " from " +
           path.string();
  });
  return bytes;
}

/// Writes a whole file: afterwards `path` holds `bytes`, or, after an error, exactly what it held before.
///
/// The bytes go to a temporary beside the target, which takes the target's name only once they are on the
/// disk. A symbolic link stays one: the file that it points to is replaced.
/// Errors: a target that is a directory or device, a directory that cannot be written, a full disk.
inline void write_atomically(const std::filesystem::path& path, std::string_view bytes) {
  namespace fs = std::filesystem;
  const auto check = [&](bool done, const std::string& reason) {
    require(done, [&] { return "expected to write " + path.string() + ", got \"" + reason + "\""; });
  };
  std::error_code error;
  const fs::file_status status = fs::status(path, error);
  check(fs::is_regular_file(status) || !fs::exists(status), "it is a directory or device");
  fs::path target = fs::weakly_canonical(path, error);
  if (error) target = path;

  fs::path temporary = target;
  temporary += ".partial-" + std::to_string(std::random_device{}());
  const detail::RemoveFile cleanup{temporary};
  detail::OpenFile file(std::fopen(temporary.string().c_str(), "wbx"));
  check(file != nullptr, std::strerror(errno));
  bool done = std::fwrite(bytes.data(), 1, bytes.size(), file.get()) == bytes.size() &&
              detail::reach_disk(file.get());
  check(done, std::strerror(errno));
  done = std::fclose(file.release()) == 0;
  check(done, std::strerror(errno));
  fs::rename(temporary, target, error);
  check(!error, error.message());
}

}  // namespace metriplex

#pragma once

#include <filesystem>
#include <iterator>
#include <random>
#include <string>
#include <system_error>

/// Makes a new empty directory, and deletes it with all that is in it at the end of the scope.
struct TemporaryDirectory {
  std::filesystem::path path =
      std::filesystem::temp_directory_path() / ("metriplex-test-" + std::to_string(std::random_device{}()));

  TemporaryDirectory() { std::filesystem::create_directories(path); }
  TemporaryDirectory(const TemporaryDirectory&) = delete;
  TemporaryDirectory& operator=(const TemporaryDirectory&) = delete;
  ~TemporaryDirectory() {
    std::error_code ignored;
    std::filesystem::remove_all(path, ignored);
  }

  std::filesystem::path operator/(const std::string& name) const { return path / name; }

  /// Counts the entries, to show that nothing half-written stayed behind.
  auto entries() const { return std::distance(std::filesystem::directory_iterator(path), {}); }
};

#include "metriplex/core/file.hpp"

#if __has_include(<sys/resource.h>)
#include <sys/resource.h>

#include <csignal>
#endif

#include <filesystem>
#include <string>

#include "support/catch.hpp"
#include "support/error_text.hpp"
#include "support/temporary_directory.hpp"

using namespace metriplex;

TEST_CASE("a file is written, read and replaced whole", "[core][file]") {
  const TemporaryDirectory directory;
  const auto path = directory / "data";
  for (const std::string& bytes : {std::string(100000, 'a'), std::string("b\0\r\n\xff", 5), std::string()}) {
    write_atomically(path, bytes);
    CHECK(read_file(path) == bytes);
    CHECK(directory.entries() == 1);
  }
}

TEST_CASE("what cannot be read is named with the reason", "[core][file]") {
  const TemporaryDirectory directory;
  CHECK(error_text([&] { read_file(directory / "none"); }) ==
        "expected a file to read, got \"No such file or directory\" for " + (directory / "none").string());
  CHECK(error_text([&] { read_file(directory.path); }) ==
        "expected a file to read, got a directory or device: " + directory.path.string());
}

TEST_CASE("a target that is a directory is refused and left alone", "[core][file]") {
  const TemporaryDirectory directory;
  std::filesystem::create_directory(directory / "target");
  CHECK(error_text([&] { write_atomically(directory / "target", "new"); }) ==
        "expected to write " + (directory / "target").string() + ", got \"it is a directory or device\"");
  CHECK(directory.entries() == 1);
}

TEST_CASE("a target whose parent is a file or missing is refused with the reason", "[core][file]") {
  const TemporaryDirectory directory;
  write_atomically(directory / "file", "old");
  CHECK(one_line_with(error_text([&] { write_atomically(directory / "file" / "target", "new"); }),
                      "got \"Not a directory\""));
  CHECK(one_line_with(error_text([&] { write_atomically(directory / "none" / "target", "new"); }),
                      "got \"No such file or directory\""));
  CHECK(read_file(directory / "file") == "old");
  CHECK(directory.entries() == 1);
}

TEST_CASE("a symbolic link stays one and the file behind it is replaced", "[core][file]") {
  const TemporaryDirectory directory;
  write_atomically(directory / "file", "old");
  std::filesystem::create_symlink("file", directory / "link");
  write_atomically(directory / "link", "new");
  CHECK(std::filesystem::is_symlink(directory / "link"));
  CHECK(read_file(directory / "file") == "new");
}

#if __has_include(<sys/resource.h>)
TEST_CASE("a disk that takes no more leaves the old file and no debris", "[core][file]") {
  const TemporaryDirectory directory;
  write_atomically(directory / "file", "old");
  // A limit on file sizes fails in the middle of a write, as a full disk does.
  rlimit before{};
  REQUIRE(getrlimit(RLIMIT_FSIZE, &before) == 0);
  const rlimit small{4096, before.rlim_max};
  const auto handler = std::signal(SIGXFSZ, SIG_IGN);
  REQUIRE(setrlimit(RLIMIT_FSIZE, &small) == 0);
  const std::string text =
      error_text([&] { write_atomically(directory / "file", std::string(1 << 20, 'x')); });
  REQUIRE(setrlimit(RLIMIT_FSIZE, &before) == 0);
  std::signal(SIGXFSZ, handler);

  CHECK(text == "expected to write " + (directory / "file").string() + ", got \"File too large\"");
  CHECK(read_file(directory / "file") == "old");
  CHECK(directory.entries() == 1);
}
#endif

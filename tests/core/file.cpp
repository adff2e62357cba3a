#include "metriplex/core/file.hpp"

#if __has_include(<sys/resource.h>)
#include <fcntl.h>
#include <sys/file.h>
#include <sys/resource.h>
#include <unistd.h>

#include <csignal>
#endif

#include <filesystem>
#include <fstream>
#include <string>
#include <thread>

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

TEST_CASE("a folder that nobody may write into keeps the old file", "[core][file]") {
  const TemporaryDirectory directory;
  write_atomically(directory / "file", "old");
  const uid_t user = geteuid();
  if (user == 0 && seteuid(65534) != 0)
    return;  // root may write everywhere, and cannot always become another
  if (user == 0) REQUIRE(seteuid(user) == 0);
  std::filesystem::permissions(directory.path, std::filesystem::perms(0555));
  if (user == 0) REQUIRE(seteuid(65534) == 0);
  const std::string text = error_text([&] { write_atomically(directory / "file", "new"); });
  if (user == 0) REQUIRE(seteuid(user) == 0);
  std::filesystem::permissions(directory.path, std::filesystem::perms(0755));
  CHECK(text == "expected to write " + (directory / "file").string() + ", got \"Permission denied\"");
  CHECK(read_file(directory / "file") == "old");
  CHECK(directory.entries() == 1);
}

TEST_CASE("what killed writers left is removed, what others write is not", "[core][file]") {
  const TemporaryDirectory directory;
  for (const char* name : {"file.partial-12", "file.partial-34", "file.partial-notes", "other.partial-12"})
    std::ofstream(directory / name) << "half";
  const int writer = open((directory / "file.partial-34").c_str(), O_RDWR);
  REQUIRE(flock(writer, LOCK_EX) == 0);
  write_atomically(directory / "file", "whole");
  CHECK(!std::filesystem::exists(directory / "file.partial-12"));
  CHECK(directory.entries() == 4);
  close(writer);
  write_atomically(directory / "file", "whole");
  CHECK(!std::filesystem::exists(directory / "file.partial-34"));
  CHECK(directory.entries() == 3);
}
#endif

TEST_CASE("of writers at once one is the last, and a reader sees nothing half", "[core][file]") {
  const TemporaryDirectory directory;
  const std::string contents[] = {std::string(50000, 'a'), std::string(20000, 'b')};
  write_atomically(directory / "file", contents[0]);
  std::string refused[2];
  std::thread writers[2];
  for (int k = 0; k < 2; ++k)
    writers[k] = std::thread([&, k] {
      refused[k] = error_text([&] {
        for (int turn = 0; turn < 20; ++turn) write_atomically(directory / "file", contents[k]);
      });
    });
  for (int turn = 0; turn < 50; ++turn) {
    const std::string bytes = read_file(directory / "file");
    CHECK((bytes == contents[0] || bytes == contents[1]));
  }
  for (std::thread& writer : writers) writer.join();
  CHECK(refused[0] == "");
  CHECK(refused[1] == "");
  CHECK(directory.entries() == 1);
}

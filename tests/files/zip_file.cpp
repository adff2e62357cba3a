#include "metriplex/files/zip_file.hpp"

#include <string>

#include "metriplex/core/file.hpp"
#include "metriplex/data/zip_archive.hpp"
#include "support/catch.hpp"
#include "support/error_text.hpp"
#include "support/temporary_directory.hpp"

using namespace metriplex;

namespace {

/// Reads all of a member of an archive of these bytes.
std::string member(const std::string& archive, const std::string& name) {
  const TemporaryDirectory directory;
  write_atomically(directory / "a.zip", archive);
  const ZipFile file(directory / "a.zip");
  for (const ZipFile::Member& found : file.members(""))
    if (found.name == name) {
      std::string bytes(found.size, '?');
      ZipFile::Stream stream(file, found);
      stream.read(bytes.data(), bytes.size());
      stream.finish();
      return bytes;
    }
  return "none";
}

std::string refusal(const std::string& archive) {
  return error_text([&] { member(archive, "a"); });
}

}  // namespace

TEST_CASE("members of a zip archive come back", "[files][zip_file]") {
  const std::string archive =
      zip_stored({{"a", "first"}, {"b.npy", std::string("\0\xff", 2)}, {"c", ""}}, "w");
  CHECK(member(archive, "a") == "first");
  CHECK(member(archive, "b.npy") == std::string("\0\xff", 2));
  CHECK(member(archive, "c").empty());
}

TEST_CASE("what is no zip archive, or a damaged one, is refused", "[files][zip_file]") {
  CHECK(one_line_with(error_text([] { ZipFile("no such file"); }), "No such file"));
  CHECK(one_line_with(refusal("text, no archive"), "(it looks like text, such as CSV)"));
  std::string damaged = zip_stored({{"a", "first"}}, "w");
  damaged[damaged.find("first")] = 'F';
  CHECK(one_line_with(refusal(damaged), "(damaged?)"));
  std::string bomb = zip_stored({{"a", "first"}}, "w");
  bomb.replace(bomb.find(std::string("PK\1\2", 4)) + 24, 4, "\xff\xff\xff\x7f");
  CHECK(one_line_with(refusal(bomb),
                      "expected a zip archive whose directory agrees with its members, got another"));
  bomb.replace(22, 4, "\xff\xff\xff\x7f");
  CHECK(one_line_with(refusal(bomb), "got 2147483647 bytes from 5 (damaged?)"));
  const std::string good = zip_stored({{"a", "first"}}, "w");
  CHECK(one_line_with(refusal(good + "bytes"), "(damaged, or with bytes behind its end?)"));
  std::string renamed = good;  // which no checksum covers
  renamed[renamed.rfind('a')] = 'c';
  CHECK(one_line_with(refusal(renamed),
                      "expected a zip archive whose directory agrees with its members, got another"));
}

TEST_CASE("every truncated archive is refused and no changed byte does harm", "[files][zip_file]") {
  const std::string archive = zip_stored({{"a", "first"}}, "w");
  for (std::size_t size = 0; size < archive.size(); ++size)
    CHECK(one_line_with(refusal(archive.substr(0, size)), "a.zip"));
  for (std::size_t at = 0; at < archive.size(); ++at) {
    std::string changed = archive;
    changed[at] = static_cast<char>(changed[at] ^ 0x81);
    const std::string text = refusal(changed);
    CHECK((text.empty() || one_line_with(text, "a.zip")));
  }
}

#include "metriplex/data/zip_archive.hpp"

#include <map>
#include <string>

#include "support/catch.hpp"
#include "support/error_text.hpp"

using namespace metriplex;

namespace {

const std::map<std::string, std::string> members{
    {"a", "first"}, {"b.npy", std::string("\0\xff", 2)}, {"c", ""}};

std::string refusal(const std::string& archive) {
  return error_text([&] { unzip_stored(archive, "w"); });
}

/// Overwrites bytes of the first directory entry.
std::string with_entry(std::size_t offset, const std::string& bytes) {
  std::string archive = zip_stored(members, "w");
  return archive.replace(archive.find(std::string("PK\1\2", 4)) + offset, bytes.size(), bytes);
}

}  // namespace

TEST_CASE("members come back by name", "[data][zip_archive]") {
  const std::string archive = zip_stored(members, "w");
  const auto found = unzip_stored(archive, "w");
  CHECK(std::map<std::string, std::string>(found.begin(), found.end()) == members);
  CHECK(unzip_stored(zip_stored({}, "w"), "w").empty());
}

TEST_CASE("an archive has the bytes that PKWARE's APPNOTE prescribes", "[data][zip_archive]") {
  const std::string common("\x14\0\0\x08\0\0\0\0\x21\0\x26\x39\xf4\xcb\x09\0\0\0\x09\0\0\0\1\0\0\0", 26);
  CHECK(zip_stored({{"n", "123456789"}}, "w") ==
        std::string("PK\3\4", 4) + common + "n123456789" +                           //
            std::string("PK\1\2\x14\0", 6) + common + std::string(14, '\0') + "n" +  //
            std::string("PK\5\6\0\0\0\0\1\0\1\0\x2f\0\0\0\x28\0\0\0\0\0", 22));
}

TEST_CASE("a comment after the archive and bytes between members do not matter", "[data][zip_archive]") {
  std::string archive = zip_stored(members, "w") + "some comment";
  CHECK(unzip_stored(archive, "w").at("a") == "first");
}

TEST_CASE("compressed and encrypted members are refused with the remedy", "[data][zip_archive]") {
  CHECK(refusal(with_entry(10, "\x08")) ==
        "expected stored members, but member 'a' of w is compressed; write it with numpy.savez, not "
        "savez_compressed");
  CHECK(refusal(with_entry(8, "\x01")) == "expected plain members, got an encrypted one: member 'a' of w");
}

TEST_CASE("members of other endings do not matter, whatever they are", "[data][zip_archive]") {
  const std::string compressed = with_entry(10, "\x08");  // the first one, "a"
  const auto found = unzip_stored(compressed, "w", ".npy");
  CHECK(found.size() == 1);
  CHECK(found.at("b.npy") == members.at("b.npy"));
}

TEST_CASE("damage, overlap and repetition are refused", "[data][zip_archive]") {
  const std::string archive = zip_stored(members, "w");
  std::string damaged = archive;
  damaged[damaged.find("first")] = 'F';
  CHECK(one_line_with(refusal(damaged), "another (damaged?): member 'a' of w"));
  CHECK(refusal("no archive") == "expected a zip archive, as numpy.savez writes it, got text: w");
  CHECK(
      refusal("\x01\x02\x03") ==
      "expected a zip archive, as numpy.savez writes it, got 3 bytes without an end record (truncated?): w");
  CHECK(one_line_with(refusal(with_entry(20, "\x06")), "expected a stored size of 5, got 6 for member 'a'"));
  CHECK(one_line_with(refusal(with_entry(42, "\xff\xff\xff\x7f")),
                      "expected a zip member header of 30 bytes at byte"));
  CHECK(one_line_with(refusal(with_entry(42, "\x01")), "expected a zip member header at byte 1, got"));
  CHECK(one_line_with(refusal(with_entry(42, "\xff\xff\xff\xff")), "expected a zip64 field, got none"));

  // Many entries for one member: a small file that would unpack into a large one.
  std::string bomb = zip_stored({{"a", std::string(1000, 'x')}}, "w");
  const std::size_t directory = bomb.find(std::string("PK\1\2", 4));
  const std::string entry = bomb.substr(directory, 47);
  std::string entries;
  for (int k = 0; k < 10; ++k) entries += entry;
  bomb.replace(directory, 47, entries);
  bomb[bomb.size() - 12] = 10;
  CHECK(refusal(bomb) == "expected separate members, got overlapping ones in w");

  std::string twice = zip_stored({{"a", "1"}, {"b", "1"}}, "w");
  twice[twice.rfind('b')] = 'a';
  CHECK(refusal(twice) ==
        "expected the name that the member itself has, got another in the directory (damaged?): member 'a' "
        "of w");
  twice[twice.find("b1")] = 'a';
  CHECK(refusal(twice) == "expected each name once, got two: member 'a' of w");

  std::string fewer = zip_stored(members, "w");  // of which one would seem not to be there
  fewer[fewer.size() - 12] = 2;
  CHECK(one_line_with(refusal(fewer), "expected a directory of 145 bytes, got 2 members in"));
}

TEST_CASE("every truncated zip is refused and no changed byte does harm", "[data][zip_archive]") {
  const std::string archive = zip_stored(members, "w");
  for (std::size_t size = 0; size < archive.size(); ++size)
    CHECK(one_line_with(refusal(archive.substr(0, size)), "w"));
  for (std::size_t at = 0; at < archive.size(); ++at) {
    for (const int bits : {0x01, 0x80, 0xff}) {
      std::string changed = archive;
      changed[at] = static_cast<char>(changed[at] ^ bits);
      const std::string text = refusal(changed);
      CHECK((text.empty() || one_line_with(text, "w")));
    }
  }
}

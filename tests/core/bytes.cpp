#include "metriplex/core/bytes.hpp"

#include <cstdint>
#include <limits>
#include <string>

#include "support/catch.hpp"

using namespace metriplex;

static_assert(crc32("123456789") == 0xCBF43926u, "the check value of the CRC-32 catalogue");
static_assert(crc32("The quick brown fox jumps over the lazy dog") == 0x414FA339u,
              "a second one, of several eights of bytes");

TEST_CASE("numbers are laid out in little-endian order", "[core][bytes]") {
  std::string bytes;
  append_bytes(bytes, std::uint32_t{0x04030201});
  append_bytes(bytes, 1.0);
  CHECK(bytes == std::string("\1\2\3\4\0\0\0\0\0\0\xf0\x3f", 12));
}

TEST_CASE("numbers come back to the bit, at any alignment", "[core][bytes]") {
  std::string bytes = "x";
  append_bytes(bytes, std::numeric_limits<float>::denorm_min());
  append_bytes(bytes, -0.1);
  append_bytes(bytes, std::uint64_t{0x8000000000000001});
  CHECK(load_bytes<float>(bytes, 1) == std::numeric_limits<float>::denorm_min());
  CHECK(load_bytes<double>(bytes, 5) == -0.1);
  CHECK(load_bytes<std::uint64_t>(bytes, 13) == 0x8000000000000001);
}

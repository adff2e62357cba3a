#include "metriplex/data/number_format.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <string>
#include <vector>

#include "support/catch.hpp"

using namespace metriplex;
using Kind = NumberFormat::Kind;

namespace {

std::vector<double> read(const std::string& bytes, const NumberFormat& format) {
  std::vector<double> values{-1};  // what is there stays
  append_numbers(values, bytes, format);
  REQUIRE(values.front() == -1);
  return {values.begin() + 1, values.end()};
}

template <class T>
std::string bytes_of(T value, bool swapped) {
  std::string bytes;
  append_bytes(bytes, value);
  if (swapped) std::reverse(bytes.begin(), bytes.end());
  return bytes;
}

}  // namespace

TEST_CASE("numbers of every size, in either order of bytes", "[data][number_format]") {
  for (const bool big : {false, true}) {
    CHECK(read(bytes_of(-2.5, big), {Kind::floating, 8, big}) == std::vector<double>{-2.5});
    CHECK(read(bytes_of(-2.5f, big), {Kind::floating, 4, big}) == std::vector<double>{-2.5});
    CHECK(read(bytes_of(std::int64_t{-3}, big), {Kind::integer, 8, big}) == std::vector<double>{-3});
    CHECK(read(bytes_of(~std::uint64_t{0}, big), {Kind::natural, 8, big}) == std::vector<double>{0x1p64});
    CHECK(read(bytes_of(std::int32_t{-3}, big), {Kind::integer, 4, big}) == std::vector<double>{-3});
    CHECK(read(bytes_of(~std::uint32_t{0}, big), {Kind::natural, 4, big}) == std::vector<double>{0x1p32 - 1});
    CHECK(read(bytes_of(std::int16_t{-3}, big), {Kind::integer, 2, big}) == std::vector<double>{-3});
    CHECK(read(bytes_of(std::uint16_t{65535}, big), {Kind::natural, 2, big}) == std::vector<double>{65535});
    CHECK(read(std::string("\xff\x02"), {Kind::integer, 1, big}) == std::vector<double>{-1, 2});
    CHECK(read(std::string("\xff\x02"), {Kind::natural, 1, big}) == std::vector<double>{255, 2});
  }
  CHECK(read("", {}).empty());
}

TEST_CASE("halves of every kind", "[data][number_format]") {
  const auto half = [](std::uint16_t bits) {
    return read(bytes_of(bits, false), {Kind::floating, 2, false})[0];
  };
  CHECK(half(0x3c00) == 1);
  CHECK(half(0xc000) == -2);
  CHECK(half(0x3555) == 0x1.554p-2);
  CHECK(half(0x7bff) == 65504);
  CHECK(half(0x0001) == 0x1p-24);
  CHECK(half(0x8000) == 0);
  CHECK(std::signbit(half(0x8000)));
  CHECK(half(0xfc00) == -HUGE_VAL);
  CHECK(std::isnan(half(0x7e00)));
}

TEST_CASE("axes are turned around", "[data][number_format]") {
  // a[i][j][k] = 100 i + 10 j + k of shape [2, 3, 2], the first index fastest.
  std::vector<double> fortran, c;
  for (int k = 0; k < 2; ++k)
    for (int j = 0; j < 3; ++j)
      for (int i = 0; i < 2; ++i) fortran.push_back(100 * i + 10 * j + k);
  for (int i = 0; i < 2; ++i)
    for (int j = 0; j < 3; ++j)
      for (int k = 0; k < 2; ++k) c.push_back(100 * i + 10 * j + k);
  CHECK(c_order(fortran, {2, 3, 2}) == c);
  CHECK(c_order({1, 2, 3}, {1, 3, 1}) == std::vector<double>{1, 2, 3});
  CHECK(c_order({5}, {}) == std::vector<double>{5});
  CHECK(c_order({}, {0, 3}).empty());
}

#pragma once

#include <array>
#include <bit>
#include <cassert>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>
#include <type_traits>

namespace metriplex {

static_assert(std::endian::native == std::endian::little,
              "npz and safetensors files are little-endian and their numbers are copied as they lie: on a "
              "big-endian machine load_bytes, append_bytes and the copies in tensor.hpp need a byte swap");

/// Numbers as files hold them.
template <class T>
concept StoredNumber = std::is_arithmetic_v<T>;

/// Reads the little-endian number that lies at `offset`; the caller has checked that it lies inside.
template <StoredNumber T>
T load_bytes(std::string_view bytes, std::size_t offset) {
  assert(offset <= bytes.size() && sizeof(T) <= bytes.size() - offset);
  T value;
  std::memcpy(&value, bytes.data() + offset, sizeof(T));
  return value;
}

/// Appends a number in little-endian order.
template <StoredNumber T>
void append_bytes(std::string& bytes, T value) {
  char raw[sizeof(T)];
  std::memcpy(raw, &value, sizeof(T));
  bytes.append(raw, sizeof(T));
}

/// Computes the checksum of bytes that zip archives and model files carry.
///
/// Math: CRC-32, reflected polynomial 0xEDB88320 (ISO 3309).
constexpr std::uint32_t crc32(std::string_view bytes) {
  // Table k takes a byte with k more behind it, so that eight are taken at once (Kounavis & Berry 2008, "slicing by 8").
  constexpr auto tables = [] {
    std::array<std::array<std::uint32_t, 256>, 8> entries{};
    for (std::uint32_t i = 0; i < 256; ++i) {
      std::uint32_t entry = i;
      for (int bit = 0; bit < 8; ++bit) entry = (entry >> 1) ^ ((entry & 1) ? 0xEDB88320u : 0u);
      entries[0][i] = entry;
    }
    for (std::size_t k = 1; k < 8; ++k)
      for (std::size_t i = 0; i < 256; ++i)
        entries[k][i] = (entries[k - 1][i] >> 8) ^ entries[0][entries[k - 1][i] & 0xff];
    return entries;
  }();
  std::uint32_t sum = ~0u;
  const auto byte = [&](std::size_t i) {
    return static_cast<std::uint32_t>(static_cast<unsigned char>(bytes[i]));
  };
  std::size_t i = 0;
  for (; i + 8 <= bytes.size(); i += 8) {
    const std::uint32_t first = sum ^ (byte(i) | byte(i + 1) << 8 | byte(i + 2) << 16 | byte(i + 3) << 24);
    sum = tables[7][first & 0xff] ^ tables[6][first >> 8 & 0xff] ^ tables[5][first >> 16 & 0xff] ^
          tables[4][first >> 24] ^ tables[3][byte(i + 4)] ^ tables[2][byte(i + 5)] ^ tables[1][byte(i + 6)] ^
          tables[0][byte(i + 7)];
  }
  for (; i < bytes.size(); ++i) sum = tables[0][(sum ^ byte(i)) & 0xff] ^ (sum >> 8);
  return ~sum;
}

}  // namespace metriplex

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
  constexpr auto table = [] {
    std::array<std::uint32_t, 256> entries{};
    for (std::uint32_t i = 0; i < 256; ++i) {
      std::uint32_t entry = i;
      for (int bit = 0; bit < 8; ++bit) entry = (entry >> 1) ^ ((entry & 1) ? 0xEDB88320u : 0u);
      entries[i] = entry;
    }
    return entries;
  }();
  std::uint32_t sum = ~0u;
  for (const char c : bytes) sum = table[(sum ^ static_cast<unsigned char>(c)) & 0xff] ^ (sum >> 8);
  return ~sum;
}

}  // namespace metriplex

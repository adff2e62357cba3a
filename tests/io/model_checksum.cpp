#include "metriplex/io/model_checksum.hpp"

#include <cstdint>
#include <string>
#include <utility>

#include "support/catch.hpp"
#include "support/error_text.hpp"

using namespace metriplex;

namespace {

/// Makes a file of one array, as `save_model` does.
TensorFile stored_file() {
  TensorFile file{{{"format", "metriplex-model-3"}, {"note", "µ"}},
                  {{"w", {{2, 3}, {1, -2, 3, 1e-9, 5, 6}}}}};
  file.metadata["checksum"] = detail::checksum_text(file);
  return file;
}

}  // namespace

TEST_CASE("a model's checksum is that of everything else, wherever it lies in the file",
          "[io][model_checksum]") {
  const TensorFile file = stored_file();
  CHECK(detail::checksum_text(file) == file.metadata.at("checksum"));
  CHECK(file.metadata.at("checksum") == "2141f9b7");  // zlib.crc32 of Python (docs/reliability.md)
  // Another program's layout: keys in another order, with spaces.
  const std::string bytes = encode_safetensors(file, "w");
  const auto size = load_bytes<std::uint64_t>(bytes, 0);
  const std::string header =
      R"({ "w": {"shape": [2, 3], "data_offsets": [0, 48], "dtype": "F64"}, "__metadata__": {"note": "\u00b5", "format": "metriplex-model-3", "checksum": ")" +
      file.metadata.at("checksum") + "\"}}";
  std::string other;
  append_bytes(other, static_cast<std::uint64_t>(header.size()));
  other += header + bytes.substr(8 + size);
  CHECK(intact(decode_safetensors(other, "w")) == Intact::yes);
}

TEST_CASE("every flipped bit of a model's file is noticed", "[io][model_checksum]") {
  const TensorFile whole = stored_file();
  const std::string bytes = encode_safetensors(whole, "w");
  const auto header = static_cast<std::size_t>(load_bytes<std::uint64_t>(bytes, 0));
  std::size_t unchanged = 0;
  for (std::size_t bit = 0; bit < 8 * bytes.size(); ++bit) {
    std::string changed = bytes;
    changed[bit / 8] = static_cast<char>(changed[bit / 8] ^ (1 << bit % 8));
    TensorFile file;
    const std::string refused = error_text([&] {
      file = decode_safetensors(changed, "w");
      detail::require_intact(file, " in w");
    });
    if (!refused.empty()) continue;
    // What follows the header's last brace are spaces, and a tab, say, means the same.
    CHECK(file.metadata == whole.metadata);
    CHECK(file.tensors.at("w").values == whole.tensors.at("w").values);
    CHECK(bit / 8 > bytes.rfind('}', 8 + header));
    ++unchanged;
  }
  CHECK(unchanged <= 8 * 7);
}

TEST_CASE("a checksum is asked of today's files alone, and checked in all", "[io][model_checksum]") {
  const auto refusal = [](TensorFile file) {
    return error_text([&] { detail::require_intact(file, " in w"); });
  };
  TensorFile file = stored_file();
  CHECK(refusal(file).empty());
  const std::string right = std::exchange(file.metadata["checksum"], "00000000");
  CHECK(refusal(file) ==
        "expected the checksum '00000000', got '" + right +
            "' (damaged, or changed by another program: take another copy, or train again) in w");
  file.metadata["format"] = "metriplex-model-2";
  CHECK(one_line_with(refusal(file), "expected the checksum '00000000', got '"));
  file.metadata.erase("checksum");
  CHECK(refusal(file).empty());
  CHECK(intact(file) == Intact::untold);
  file.metadata["format"] = "metriplex-model-3";
  CHECK(refusal(file) == "expected metadata 'checksum', got none in w");
}

#include "metriplex/io/safetensors.hpp"

#include <cstdint>
#include <string>

#include "support/catch.hpp"
#include "support/error_text.hpp"
#include "support/temporary_directory.hpp"

using namespace metriplex;

namespace {

const TensorFile sample{{{"name", "pendulum \"µ\""}, {"empty", ""}},
                        {{"a", {{2}, {1.0, -2.0}, Dtype::float32}},
                         {"b", {{1, 2}, {0.1, 1e-300}, Dtype::float64}},
                         {"nothing", {{0, 3}, {}, Dtype::float64}},
                         {"one", {{}, {7.0}, Dtype::float32}}}};

std::string file(const std::string& header, const std::string& data = {}) {
  std::string bytes;
  append_bytes(bytes, static_cast<std::uint64_t>(header.size()));
  return bytes + header + data;
}

std::string refusal(const std::string& bytes) {
  return error_text([&] { decode_safetensors(bytes, "w"); });
}

std::string entry(const std::string& dtype, const std::string& shape, const std::string& offsets) {
  return R"({"dtype":)" + dtype + R"(,"shape":)" + shape + R"(,"data_offsets":)" + offsets + "}";
}

}  // namespace

TEST_CASE("tensors and metadata survive a file exactly", "[io][safetensors]") {
  const TemporaryDirectory directory;
  write_safetensors(directory / "model.safetensors", sample);
  const TensorFile again = read_safetensors(directory / "model.safetensors");
  CHECK(again.metadata == sample.metadata);
  REQUIRE(again.tensors.size() == sample.tensors.size());
  for (const auto& [name, tensor] : sample.tensors) {
    CHECK(again.tensors.at(name).shape == tensor.shape);
    CHECK(again.tensors.at(name).values == tensor.values);
    CHECK(again.tensors.at(name).dtype == tensor.dtype);
  }
}

TEST_CASE("the bytes are those of the format, doubles first and aligned", "[io][safetensors]") {
  const TensorFile two{{{"k", "v"}},
                       {{"a", {{1}, {1.0}, Dtype::float32}}, {"b", {{1}, {1.0}, Dtype::float64}}}};
  std::string header = R"({"__metadata__":{"k":"v"},)"
                       R"("a":{"data_offsets":[8,12],"dtype":"F32","shape":[1]},)"
                       R"("b":{"data_offsets":[0,8],"dtype":"F64","shape":[1]}})";
  header.resize((header.size() + 7) / 8 * 8, ' ');
  CHECK(encode_safetensors(two, "w") == file(header, std::string("\0\0\0\0\0\0\xf0\x3f\0\0\x80\x3f", 12)));
}

TEST_CASE("an empty file without metadata is one", "[io][safetensors]") {
  const TensorFile empty = decode_safetensors(encode_safetensors({}, "w"), "w");
  CHECK(empty.tensors.empty());
  CHECK(empty.metadata.empty());
}

TEST_CASE("headers that are none are refused", "[io][safetensors]") {
  CHECK(refusal("1234567") == "expected a safetensors file, got 7 bytes in w");
  CHECK(
      refusal(std::string(7, '\xff') + "\x7f{}") ==
      "expected a header of 9223372036854775807 bytes, got a file of 10 (truncated, or no safetensors?): w");
  CHECK(one_line_with(refusal(file("{\"a\":\n")), "expected a JSON header, got"));
  CHECK(one_line_with(refusal(file("")), "expected a JSON header, got"));
  CHECK(one_line_with(refusal(file("{\"\xff\":1}")), "expected a JSON header, got"));
  CHECK(one_line_with(refusal(file(std::string(100000, '['))), "expected a header of three levels"));
  CHECK(refusal(file("[]")) == "expected a JSON object as header, got array in w");
  CHECK(refusal(file(R"({"__metadata__":3})")) == "expected named texts as metadata, got others in w");
  CHECK(refusal(file(R"({"__metadata__":{"k":3}})")) == "expected a text as metadata 'k' of w");
}

TEST_CASE("names that come twice are refused", "[io][safetensors]") {
  const std::string one = "\"a\":" + entry("\"F32\"", "[0]", "[0,0]");
  CHECK(refusal(file("{" + one + "}")).empty());
  CHECK(refusal(file("{" + one + "," + one + "}")) ==
        "expected each name once, got 'a' twice in the header of w");
  CHECK(refusal(file(R"({"__metadata__":{"k":"","k":""}})")) ==
        "expected each name once, got 'k' twice in the header of w");
}

TEST_CASE("entries that do not describe a tensor are refused by name", "[io][safetensors]") {
  const auto tensor = [](const std::string& text) {
    return refusal(file("{\"a\":" + text + "}", "12345678"));
  };
  CHECK(tensor(entry("\"F64\"", "[1]", "[0,8]")).empty());
  CHECK(tensor("3") == "expected dtype, shape and data_offsets, got no dtype for tensor 'a' of w");
  CHECK(tensor(R"({"dtype":"F64","shape":[1]})") ==
        "expected dtype, shape and data_offsets, got no data_offsets for tensor 'a' of w");
  CHECK(tensor(entry("\"BF16\"", "[4]", "[0,8]")) ==
        "expected dtype F64 or F32, got 'BF16' for tensor 'a' of w");
  CHECK(tensor(entry("64", "[1]", "[0,8]")) == "expected dtype F64 or F32, got number for tensor 'a' of w");
  CHECK(tensor(entry("\"F64\"", "[1]", "[8,0]")) ==
        "expected data_offsets [begin, end], got [8, 0] for tensor 'a' of w");
  for (const char* sizes : {"1", "[-1]", "[1.0]", "[\"1\"]", "[9223372036854775808]", "{}", "null"}) {
    CHECK(tensor(entry("\"F64\"", sizes, "[0,8]")) == "expected a list of sizes as shape of tensor 'a' of w");
    CHECK(tensor(entry("\"F64\"", "[1]", sizes)) ==
          "expected a list of sizes as data_offsets of tensor 'a' of w");
  }
  CHECK(tensor(entry("\"F64\"", "[2]", "[0,8]")) ==
        "expected 16 bytes for float64 [2], got 8 in tensor 'a' of w");
  CHECK(tensor(entry("\"F32\"", "[4611686018427387904,4]", "[0,8]")) ==
        "expected an addressable number of bytes for float32 [4611686018427387904, 4], got 8 in tensor 'a' "
        "of w");
}

TEST_CASE("data that overlaps, leaves gaps or runs out is refused", "[io][safetensors]") {
  const auto two = [](const std::string& a, const std::string& b) {
    return refusal(file("{\"a\":" + entry("\"F32\"", "[1]", a) + ",\"b\":" + entry("\"F32\"", "[1]", b) + "}",
                        std::string(8, '\0')));
  };
  CHECK(two("[4,8]", "[0,4]").empty());
  CHECK(two("[0,4]", "[0,4]") ==
        "expected tensors that fill 8 bytes without overlap, got one to 4 and the next from 0 in w");
  for (const char* b :
       {"[3,7]", "[5,9]", "[8,12]", "[4,7]", "[4,12]", "[9223372036854775803,9223372036854775807]"})
    CHECK(one_line_with(two("[0,4]", b), "expected tensors that fill 8 bytes without overlap, got"));
}

TEST_CASE("what the format cannot hold is not written and the old file stays", "[io][safetensors]") {
  const TemporaryDirectory directory;
  const auto path = directory / "model.safetensors";
  write_safetensors(path, sample);
  const auto save = [&](const TensorFile& contents) {
    return error_text([&] { write_safetensors(path, contents); });
  };
  CHECK(save({{}, {{"a", {{3}, {1.0}, Dtype::float64}}}}) ==
        "expected as many values as the shape [3] has, got 1 in tensor 'a' for " + path.string());
  CHECK(save({{}, {{"__metadata__", {}}}}) ==
        "expected tensors, got one named __metadata__ for " + path.string());
  CHECK(one_line_with(save({{{"k", "\xff"}}, {}}), "expected names and metadata in UTF-8, got"));
  CHECK(read_safetensors(path).tensors.size() == 4);
  CHECK(directory.entries() == 1);
}

TEST_CASE("every truncated safetensors file is refused and no changed byte does harm", "[io][safetensors]") {
  const std::string bytes = encode_safetensors(sample, "w");
  for (std::size_t at = 0; at < bytes.size(); ++at) {
    CHECK(one_line_with(refusal(bytes.substr(0, at)), "w"));
    for (const int bits : {0x01, 0x80, 0xff}) {
      std::string changed = bytes;
      changed[at] = static_cast<char>(changed[at] ^ bits);
      const std::string text = refusal(changed);
      CHECK((text.empty() || one_line_with(text, "w")));
    }
  }
}

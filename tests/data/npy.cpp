#include "metriplex/data/npy.hpp"

#include <cstdint>
#include <string>

#include "support/catch.hpp"
#include "support/error_text.hpp"

using namespace metriplex;

namespace {

std::string npy(const std::string& header, const std::string& data = {}, char version = 1) {
  std::string bytes = std::string("\x93NUMPY") + version + '\0';
  if (version == 1)
    append_bytes(bytes, static_cast<std::uint16_t>(header.size()));
  else
    append_bytes(bytes, static_cast<std::uint32_t>(header.size()));
  return bytes + header + data;
}

std::string refusal(const std::string& bytes) {
  return error_text([&] { decode_npy(bytes, "w"); });
}

const std::string header = "{'descr': '<f4', 'fortran_order': False, 'shape': (2,), }\n";
const std::string data("\0\0\x80\x3f\0\0\0\xc0", 8);  // 1, -2

}  // namespace

TEST_CASE("an array is laid out as numpy lays it out", "[data][npy]") {
  const std::string bytes = encode_npy({{1, 2}, {1.0, -2.0}, Dtype::float32}, "w");
  std::string expected = "{'descr': '<f4', 'fortran_order': False, 'shape': (1, 2), }";
  expected.resize(117, ' ');
  CHECK(bytes == std::string("\x93NUMPY\1\0\x76\0", 10) + expected + '\n' + data);
}

TEST_CASE("shapes of every rank come back", "[data][npy]") {
  for (const std::vector<Index>& shape :
       {std::vector<Index>{}, {1}, {6}, {3, 2}, {1, 2, 3}, {2, 1, 1, 3}, {4, 0}}) {
    const std::size_t count = *byte_count(shape, Dtype::float64) / 8;
    const std::string bytes = encode_npy({shape, std::vector<double>(count, 0.1), Dtype::float64}, "w");
    CHECK((bytes.size() - 8 * count) % 64 == 0);
    const Tensor again = decode_npy(bytes, "w");
    CHECK(again.shape == shape);
    CHECK(again.values == std::vector<double>(count, 0.1));
  }
}

TEST_CASE("headers of all three versions, in any order and spacing, are read", "[data][npy]") {
  for (const char version : {'\1', '\2', '\3'}) {
    for (const std::string& text :
         {header, std::string("{'shape':(2),'fortran_order':False,'descr':'<f4'}"),
          std::string("{'shape': ( 1 , 2 , ), 'descr': '<f4', 'fortran_order': False}")}) {
      const Tensor array = decode_npy(npy(text, data, version), "w");
      CHECK(array.values == std::vector<double>{1.0, -2.0});
      CHECK(array.dtype == Dtype::float32);
    }
  }
}

TEST_CASE("other formats, types and orders are refused by name", "[data][npy]") {
  const auto with = [](const std::string& descr, const std::string& order, const std::string& shape) {
    return npy("{'descr': " + descr + ", 'fortran_order': " + order + ", 'shape': " + shape + ", }", data);
  };
  CHECK(refusal("garbage, no array") == "expected an .npy array of version 1 to 3, got 'garbage,' in w");
  CHECK(refusal(npy(header, data, 4)) == "expected an .npy array of version 1 to 3, got version 4 in w");
  const auto untyped = [&](const std::string& descr, const std::string& shown, const std::string& remedy) {
    CHECK(refusal(with(descr, "False", "(1,)")) ==
          "expected an array of real numbers, got dtype " + shown + " (" + remedy + ") in w");
  };
  untyped("[('a', '<f8')]", "'[('a', '<f8')]'", "numpy: array.astype('<f8')");
  untyped("'<f16'", "'<f16'", "numpy: array.astype('<f8')");
  untyped("'<U3'", "'<U3'", "text; leave it out, or give it another name");
  untyped("'<c16'", "'<c16'", "complex numbers; array.real and array.imag apart");
  untyped("'<M8[ns]'", "'<M8[ns]'", "dates; for seconds (t - t[0])/numpy.timedelta64(1, 's')");
  untyped(
      "'|O'", "'|O'",
      "objects, which only Python reads; ragged motions: one array each, numpy.savez(file, X_0=..., X_1=..., "
      "t_0=...)");
  CHECK(refusal(npy("{}")) ==
        "expected an array of real numbers, got dtype '' (numpy: array.astype('<f8')) in w");
  CHECK(refusal(with("'<f4'", "Perhaps", "(2, 1)")) ==
        "expected fortran_order True or False, got 'Perhaps' in w");
  for (const char* shape :
       {"(2", "2", "(2;)", "(-1, -2)", "(2 1)", "(1e3,)", "(99999999999999999999,)", "(,)", ""})
    CHECK(one_line_with(refusal(with("'<f4'", "False", shape)), "expected a shape as (80, 10), got"));
  CHECK(refusal(with("'<f4'", "False", "(4611686018427387904, 4)")) ==
        "expected an addressable number of bytes for numbers of 4 bytes in [4611686018427387904, 4], got 8 "
        "in w");
  CHECK(refusal(npy(header, data + "x")) == "expected 8 bytes for numbers of 4 bytes in [2], got 9 in w");
}

TEST_CASE("other numbers and orders become doubles in C order", "[data][npy]") {
  const auto values = [](const std::string& descr, const std::string& order, const std::string& shape,
                         const std::string& bytes) {
    return decode_npy(
               npy("{'descr': '" + descr + "', 'fortran_order': " + order + ", 'shape': " + shape + ", }",
                   bytes),
               "w")
        .values;
  };
  CHECK(values(">i2", "False", "(2,)", std::string("\0\1\xff\xff", 4)) == std::vector<double>{1, -1});
  CHECK(values("|b1", "False", "(2,)", std::string("\1\0", 2)) == std::vector<double>{1, 0});
  CHECK(values("|u1", "True", "(2, 2)", "\1\2\3\4") == std::vector<double>{1, 3, 2, 4});
  CHECK(decode_npy(npy("{'descr': '<f2', 'fortran_order': False, 'shape': (1,), }", std::string("\0\x3c", 2)),
                   "w")
            .dtype == Dtype::float32);
}

TEST_CASE("every truncation of an array is refused", "[data][npy]") {
  for (const char version : {'\1', '\2'}) {
    const std::string bytes = npy(header, data, version);
    for (std::size_t size = 0; size < bytes.size(); ++size)
      CHECK(one_line_with(refusal(bytes.substr(0, size)), "w"));
  }
}

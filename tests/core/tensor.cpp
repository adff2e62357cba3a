#include "metriplex/core/tensor.hpp"

#include <limits>
#include <string>

#include "support/catch.hpp"
#include "support/error_text.hpp"

using namespace metriplex;

namespace {

std::string encoded(const Tensor& tensor, const std::string& where) {
  std::string bytes;
  append_tensor(bytes, tensor, where);
  return bytes;
}

constexpr Index huge = std::numeric_limits<Index>::max();

}  // namespace

TEST_CASE("arrays of both types survive their bytes exactly", "[core][tensor]") {
  const double third = 1.0f / 3.0f;
  for (const Dtype dtype : {Dtype::float32, Dtype::float64}) {
    const Tensor tensor{{3, 1, 2}, {0.5, -0.0, third, 1e-40f, std::numeric_limits<float>::max(), 7.0}, dtype};
    const std::string bytes = encoded(tensor, "test");
    CHECK(bytes.size() == 6 * byte_size(dtype));
    const Tensor again = decode_tensor(bytes, tensor.shape, dtype, "test");
    CHECK(again.shape == tensor.shape);
    CHECK(again.dtype == dtype);
    CHECK(encoded(again, "test") == bytes);
    CHECK(again.values == tensor.values);
  }
}

TEST_CASE("infinities and NaN survive float32", "[core][tensor]") {
  const double inf = std::numeric_limits<double>::infinity();
  const Tensor tensor{{3}, {inf, -inf, std::numeric_limits<double>::quiet_NaN()}, Dtype::float32};
  const Tensor again = decode_tensor(encoded(tensor, "test"), {3}, Dtype::float32, "test");
  CHECK(again.values[0] == inf);
  CHECK(again.values[1] == -inf);
  CHECK(std::isnan(again.values[2]));
}

TEST_CASE("the size of an array is found without overflow", "[core][tensor]") {
  CHECK(byte_count({}, Dtype::float64) == std::size_t{8});
  CHECK(byte_count({80, 0, 2}, Dtype::float32) == std::size_t{0});
  CHECK(byte_count({3, 5}, Dtype::float32) == std::size_t{60});
  CHECK_FALSE(byte_count({huge}, Dtype::float32));
  CHECK_FALSE(byte_count({Index{1} << 32, Index{1} << 32}, Dtype::float64));
  CHECK_FALSE(byte_count({2, -1}, Dtype::float64));
}

TEST_CASE("bytes that do not fit the shape are refused by name", "[core][tensor]") {
  CHECK(error_text([] { decode_tensor("12345678", {2}, Dtype::float64, "w"); }) ==
        "expected 16 bytes for float64 [2], got 8 in w");
  CHECK(error_text([] {
          decode_tensor("", {huge, 2}, Dtype::float32, "w");
        }) == "expected an addressable number of bytes for float32 [9223372036854775807, 2], got 0 in w");
  CHECK(error_text([] { decode_tensor("", std::vector<Index>(65, 0), Dtype::float32, "w"); }) ==
        "expected an array of at most 64 axes, got 65 in w");
}

TEST_CASE("values that do not fit the shape or the type are refused", "[core][tensor]") {
  CHECK(error_text([] {
          encoded({{2}, {1.0}, Dtype::float64}, "w");
        }) == "expected as many values as the shape [2] has, got 1 in w");
  CHECK(error_text([] {
          encoded({{1}, {1e39}, Dtype::float32}, "w");
        }) == "expected values that fit float32, got 1e+39 in w");
}

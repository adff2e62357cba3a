#include "metriplex/files/array_info.hpp"

#include "support/catch.hpp"

using namespace metriplex;

TEST_CASE("arrays are listed on one line, however many", "[files][array_info]") {
  CHECK(names_text({}) == "none");
  ArrayInfos arrays{{"X", {2, 3}, "float64"}, {"t", {}, "number"}};
  CHECK(names_text(arrays) == "'X' [2, 3], 't'");
  CHECK(find_array(arrays, "t") == &arrays[1]);
  CHECK(find_array(arrays, "u") == nullptr);
  for (int k = 0; k < 1000; ++k) arrays.push_back({"X_" + std::to_string(k), {5, 2}, "float64"});
  CHECK(names_text(arrays).size() < 400);
  CHECK(names_text(arrays).ends_with(" more"));
}

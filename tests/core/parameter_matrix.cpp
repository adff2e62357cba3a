#include "metriplex/core/parameter_matrix.hpp"

#include <type_traits>

#include "support/catch.hpp"

using namespace metriplex;

TEST_CASE("a parameter matrix is a plain description", "[core][parameter_matrix]") {
  STATIC_REQUIRE(std::is_aggregate_v<ParameterMatrix>);
  constexpr ParameterMatrix m{3, 2, 4, 8, 0, 1, "W"};
  CHECK(m.offset + (m.columns - 1) * m.leading + m.rows == 29);
  CHECK(m.name == "W");
}

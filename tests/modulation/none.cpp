#define None 0L  // as X11 has it
#include "metriplex/modulation/none.hpp"
static_assert(None == 0L);  // X11's programs find their macro as it was
#undef None

#include "support/modulation_suite.hpp"

using namespace metriplex;

TEST_CASE("no modulation leaves layers as they are", "[modulation][none]") {
  test::check_modulation<None>([](const test::NamedLayer& l) { return std::pair(l.W, l.b); });
  STATIC_REQUIRE(code_size_of<None, test::ModulatedNet> == 0);
  STATIC_REQUIRE(basis_size_of<None, test::ModulatedNet> == 0);
  STATIC_REQUIRE(!HasRegularizer<None>);
}

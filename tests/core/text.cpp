#include "metriplex/core/text.hpp"

#include <cstdlib>
#include <limits>
#include <string>

#include "support/catch.hpp"

using namespace metriplex;

TEST_CASE("a number's text is short and reads back as the same double", "[core][text]") {
  CHECK(number_text(0.1) == "0.1");
  CHECK(number_text(-0.0) == "-0");
  CHECK(number_text(std::numeric_limits<double>::infinity()) == "inf");
  CHECK(number_text(std::numeric_limits<double>::quiet_NaN()) == "nan");
  for (const double value :
       {1.0 / 3.0, -std::numeric_limits<double>::max(), 5e-324, 0.1 + 0.2, 6.02214076e23})
    CHECK(std::strtod(number_text(value).c_str(), nullptr) == value);
}

TEST_CASE("a shape is written as a list", "[core][text]") {
  CHECK(shape_text({}) == "[]");
  CHECK(shape_text({50}) == "[50]");
  CHECK(shape_text({80, 10, 50, 2}) == "[80, 10, 50, 2]");
}

TEST_CASE("quoted text stays one short line", "[core][text]") {
  CHECK(quote("dX") == "'dX'");
  CHECK(quote(std::string("a\nb\0c\x1b\x7f", 7)) ==
        "'a?b?c?"
        "?'");
  CHECK(quote("µ") == "'µ'");
  CHECK(quote(std::string(1000, 'x')) == "'" + std::string(80, 'x') + "...'");
}

#include "metriplex/core/text.hpp"

#include <cmath>
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

TEST_CASE("without std::to_chars a number's text is as short and reads back as well", "[core][text]") {
  // Of two forms of one length either may come.
  for (const double value : {0.0, -0.0, 1.0, 0.1, 100.0, 1e4, 1e5, 123456.0, 1.0 / 3.0, 0.1 + 0.2, -2.5e-7,
                             5e-324, std::numeric_limits<double>::max(), 6.02214076e23}) {
    const std::string text = detail::shortest_printed(value);
    CAPTURE(value, text);
    CHECK(text.size() == number_text(value).size());
    CHECK(std::strtod(text.c_str(), nullptr) == value);
    CHECK(std::signbit(std::strtod(text.c_str(), nullptr)) == std::signbit(value));
  }
  CHECK(detail::shortest_printed(100.0) == "100");
  CHECK(detail::shortest_printed(std::numeric_limits<double>::infinity()) == "inf");
  CHECK(detail::shortest_printed(std::numeric_limits<double>::quiet_NaN()) == "nan");
}

TEST_CASE("a number in base 16 loses no bit", "[core][text]") {
  CHECK(hexadecimal_text(3.0) == "0x1.8p+1");
  CHECK(hexadecimal_text(0.0) == "0x0p+0");
  for (const double value :
       {-0.0, 0.1, -1.0 / 3.0, 5e-324, double(0.1f), std::numeric_limits<double>::max()}) {
    const double back = std::strtod(hexadecimal_text(value).c_str(), nullptr);
    CHECK(back == value);
    CHECK(std::signbit(back) == std::signbit(value));
  }
}

TEST_CASE("a shape is written as a list", "[core][text]") {
  CHECK(shape_text({}) == "[]");
  CHECK(shape_text({50}) == "[50]");
  CHECK(shape_text({80, 10, 50, 2}) == "[80, 10, 50, 2]");
  CHECK(shape_text({1, 2, 3, 4, 5, 6, 7, 8}) == "[1, 2, 3, 4, 5, 6, 7, 8]");
  CHECK(shape_text(std::vector<Index>(100000, 7)) == "[7, 7, 7, 7, 7, 7, 7, 7, ...]");
}

TEST_CASE("quoted text stays one short line", "[core][text]") {
  CHECK(quote("dX") == "'dX'");
  CHECK(quote(std::string("a\nb\0c\x1b\x7f", 7)) ==
        "'a?b?c?"
        "?'");
  CHECK(quote("µ") == "'µ'");
  CHECK(quote(std::string(1000, 'x')) == "'" + std::string(80, 'x') + "...'");
  CHECK(quote(std::string(1000, 'x'), 5) == "'xxxxx...'");
  CHECK(quote("xµx", 2) == "'x...'");  // not half a character
  CHECK(quote(std::string(1000, '\x80'), 5) == "'...'");
}

#include "metriplex/core/error.hpp"

#include <string>
#include <type_traits>

#include "support/catch.hpp"
#include "support/error_text.hpp"

using namespace metriplex;

static_assert(std::is_base_of_v<std::runtime_error, Error>);

template <class Message>
concept Requirable = requires(Message message) {
  require(true, message);
};
static_assert(Requirable<const char*> && Requirable<std::string (*)()> && Requirable<const char* (*)()>);
static_assert(!Requirable<int> && !Requirable<int (*)()>);

TEST_CASE("a requirement that fails throws its line as an Error", "[core][error]") {
  CHECK_THROWS_AS(require(false, "expected one, got two"), Error);
  CHECK(error_text([] { require(false, "expected one, got two"); }) == "expected one, got two");
  CHECK(error_text([] { require(false, [] { return "got " + std::to_string(3); }); }) == "got 3");
  CHECK_NOTHROW(require(true, "expected one, got two"));
}

TEST_CASE("a message may come in pieces of text and numbers", "[core][error]") {
  const std::string where = "here";
  const std::string_view name = "x";
  CHECK(error_text([&] {
          require(false, {"expected ", name, " of ", 3, ", got ", -1L, " or ", 0.1, " in ", where});
        }) == "expected x of 3, got -1 or 0.1 in here");
  CHECK_NOTHROW(require(true, {"expected ", name}));
}

TEST_CASE("the message of a requirement that holds is never built", "[core][error]") {
  int built = 0;
  const auto message = [&] {
    ++built;
    return "built";
  };
  require(true, message);
  CHECK(built == 0);
  CHECK(error_text([&] { require(false, message); }) == "built");
  CHECK(built == 1);
}

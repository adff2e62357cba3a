#include "metriplex/io/model_header.hpp"

#include <cstdlib>
#include <limits>

#include "support/catch.hpp"
#include "support/error_text.hpp"
#include "support/random_family.hpp"
#include "support/temporary_directory.hpp"

// That headers compile, and to the same bits, is shown in tests/compiled_in.

using namespace metriplex;

namespace {
struct Nameless {};
}  // namespace

TEST_CASE("types are spelled as C++ does", "[io][model_header]") {
  CHECK(type_name<double>() == "double");
  CHECK(type_name<Hamiltonian<2>>() == "metriplex::Hamiltonian<2>");
  CHECK(type_name<LowRank<3>>() == "metriplex::LowRank<3>");
  CHECK(
      one_line_with(error_text([] { type_name<Nameless>(); }), "a type with a name that a header can spell"));
}

TEST_CASE("a header spells numbers so that no bit is lost", "[io][model_header]") {
  const double values[] = {0.1, -0.0, 1, std::numeric_limits<double>::max()};
  CHECK(detail::literals(values, 4) == "0x1.999999999999ap-4, -0x0p+0, 0x1p+0, 0x1.fffffffffffffp+1023");
  for (const double value : {-3e-310, std::numeric_limits<double>::denorm_min(), 1.0 / 3, 6.02e23})
    CHECK(std::strtod(detail::literals(&value, 1).c_str(), nullptr) == value);
  const float one[] = {0.1f};
  CHECK(detail::literals(one, 1) == "0x1.99999ap-4f");
  CHECK(detail::literals(values, 0) == "0");
}

TEST_CASE("a header is refused in one line where it could not be compiled", "[io][model_header]") {
  const TemporaryDirectory directory;
  auto model = test::random_family<test::SmallFamily>(1);
  const auto path = directory / "model.hpp";
  for (const char* name : {"", "2fast", "a-b", "a::b", "class", "xor_eq", "alignas", "co_await", "std",
                           "metriplex", "_A", "a__b"})
    CHECK(one_line_with(error_text([&] { model_to_header(path, model, name); }), "expected an identifier"));
  model.parameters()[3] = std::numeric_limits<double>::infinity();
  CHECK(one_line_with(error_text([&] { model_to_header(path, model, "fine"); }), "needs finite numbers"));
  CHECK_FALSE(std::filesystem::exists(path));
  model.parameters()[3] = 0;
  model_to_header(path, model, "classes_2");
  CHECK(read_file(path).find("using Model = metriplex::ConstantModel<Numbers>;") != std::string::npos);
}

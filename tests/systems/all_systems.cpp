#include "metriplex/systems/all_systems.hpp"

#include <set>
#include <string>

#include "support/catch.hpp"
#include "support/error_text.hpp"

using namespace metriplex;

TEST_CASE("all systems have names of their own, and the benchmarks' come first", "[systems][all_systems]") {
  std::set<std::string_view> names;
  std::string in_order;
  int count = 0;
  for_each_system(
      [&]<class S>() {
        names.insert(S::name);
        ++count;
        in_order += std::string(S::name) + " ";
        STATIC_REQUIRE(S::state_names.size() == S::dim);
        STATIC_REQUIRE(S::parameter_names.size() == S::parameters);
      },
      AllSystems{});
  CHECK(static_cast<int>(names.size()) == count);
  std::string benchmarks;
  for_each_system([&]<class S>() { benchmarks += std::string(S::name) + " "; });
  CHECK(in_order.starts_with(benchmarks));
}

TEST_CASE("a system is found by its name in the list asked", "[systems][all_systems]") {
  int dim = 0;
  visit_system(
      "fput_32", [&]<class S>() { dim = S::dim; }, AllSystems{});
  CHECK(dim == 64);
  CHECK(one_line_with(error_text([] { visit_system("fput_32", []<class S>() {}); }), "tgc), got 'fput_32'"));
}

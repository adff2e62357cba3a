#include "metriplex/systems/benchmark_systems.hpp"

#include <string>

#include "support/catch.hpp"
#include "support/error_text.hpp"

using namespace metriplex;

TEST_CASE("every benchmark system is visited, in order", "[systems][benchmark_systems]") {
  std::string names;
  for_each_system([&]<class S>() {
    STATIC_REQUIRE(System<S>);
    names += std::string(S::name) + " ";
  });
  CHECK(names == "mass_spring pendulum duffing dno tgc ");
}

TEST_CASE("a system is found by its name, and an unknown name is answered with the names there are",
          "[systems][benchmark_systems]") {
  int dim = 0;
  visit_system("pendulum", [&]<class S>() {
    STATIC_REQUIRE(System<S>);
    if (std::is_same_v<S, Pendulum>) dim = S::dim;
  });
  CHECK(dim == 2);
  const std::string text = error_text([] { visit_system("pendulm", []<class S>() {}); });
  CHECK(one_line_with(text, "(mass_spring, pendulum, duffing, dno, tgc), got 'pendulm'"));
}

#include "compile_rows.hpp"

#include <cstdlib>

#include "metriplex/core/error.hpp"

namespace metriplex::bench {
namespace {

Row compile_row(std::string name, const std::string& source) {
  return {.name = std::move(name), .repetitions = 3, .prepare = [=]() -> std::function<void()> {
            const std::string command = METRIPLEX_BENCH_COMPILE " -o /dev/null -c " + source;
            return [=] { require(std::system(command.c_str()) == 0, [&] { return "failed: " + command; }); };
          }};
}

}  // namespace

void add_compile_rows(Plan& plan) {
  plan.rows.push_back(
      compile_row("compile/quickstart", METRIPLEX_BENCH_SOURCE "/../examples/quickstart.cpp"));
  plan.rows.push_back(compile_row("compile/eigen_alone", METRIPLEX_BENCH_SOURCE "/compile/eigen_alone.cpp"));
  plan.comparisons.push_back({"compile/quickstart", "Eigen alone", "compile/eigen_alone"});
}

}  // namespace metriplex::bench

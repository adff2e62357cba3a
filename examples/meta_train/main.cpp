// Meta-trains modulated networks in a structure on a family of systems, adapts it to unseen members, and
// reports how well it knows them: a table, a model file, pictures. Structure, modulation, scalar and sizes are types: a
// program for each combination of them, trainer.cpp, is compiled when it is first asked for, and kept.

#include "combination.hpp"
#include "combination_program.hpp"
#include "options.hpp"
#include "results_directory.hpp"

using namespace metriplex::driver;

int main(int argc, char** argv) {
  return run_driver(argc, argv, [&](const Request& request) -> int {
    prepare_directory(request);
    run_combination_program(combination_of(request).name(), argv);
  });
}

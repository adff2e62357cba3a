// Adapts and simulates models of one combination (trainer.cpp): metriplex compiles it and starts it with its own arguments.

#include "use.hpp"

#include "../wait_passively.hpp"
#include "trained.hpp"

using namespace metriplex;
using namespace metriplex::driver;

int main(int argc, char** argv) {
  wait_passively(argv);
  return run_use(argc, argv, [](Use& use) {
    return use_model<Trained>(use, structures::given_of_structure<structures::METRIPLEX_STRUCTURE>());
  });
}

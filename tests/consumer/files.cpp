// Reads an array that numpy compressed, and those of MATLAB where the package found what that takes.
#include <cstdio>
#include <metriplex/files/read_recordings.hpp>

int main(int, char** argv) {
  const metriplex::Tensor array = metriplex::read_arrays(argv[1]).at("a");
  std::printf("%zu numbers\n", array.values.size());
  return array.values.size() == 6 && array.values[1] == -2.5 ? 0 : 1;
}

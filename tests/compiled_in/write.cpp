// Usage: write DIRECTORY
#include "families.hpp"
#include "metriplex/io/model_header.hpp"

using namespace compiled_in;

int main(int, char** argv) {
  const std::filesystem::path directory = argv[1];
  model_to_header(directory / "svds.hpp", random_family<Svds>(3), "svds");
  model_to_header(directory / "films.hpp", random_family<Films>(2), "films");
}

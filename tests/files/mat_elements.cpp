#include "metriplex/files/mat_elements.hpp"

#include <string>

#include "metriplex/core/file.hpp"
#include "support/catch.hpp"
#include "support/error_text.hpp"
#include "support/temporary_directory.hpp"

using namespace metriplex;

namespace {

const std::string written = METRIPLEX_TEST_DIR "/files/written/";

std::string refusal(const std::string& bytes) {
  const TemporaryDirectory directory;
  write_atomically(directory / "a.mat", bytes);
  return error_text([&] { check_mat_elements(directory / "a.mat"); });
}

}  // namespace

TEST_CASE("the variables of files that Octave wrote are counted", "[files][mat_elements]") {
  CHECK(check_mat_elements(written + "octave_v6.mat").variables == 4);
  CHECK(check_mat_elements(written + "octave_v7.mat").variables == 4);
  CHECK(!check_mat_elements(written + "octave_v7.mat").objects);
  CHECK(check_mat_elements(written + "octave.h5").variables == 0);
}

TEST_CASE("a MATLAB file that was cut short is refused, wherever it does not end with a variable",
          "[files][mat_elements]") {
  const std::string bytes = read_file(written + "octave_v6.mat");
  std::size_t accepted = 0;
  for (std::size_t size = 128; size < bytes.size(); ++size) {
    const std::string text = refusal(bytes.substr(0, size));
    accepted += text.empty();
    CHECK((text.empty() || one_line_with(text, "a.mat")));
  }
  CHECK(accepted == 4);  // after 0 to 3 variables
}

#ifdef METRIPLEX_ZLIB
TEST_CASE("no byte of a compressed variable changes unnoticed", "[files][mat_elements]") {
  const std::string bytes = read_file(written + "octave_v7.mat");
  std::size_t unused = 0;
  for (std::size_t at = 128; at < bytes.size(); ++at) {
    std::string changed = bytes;
    changed[at] = static_cast<char>(changed[at] ^ (1 << at % 8));
    const std::string text = refusal(changed);
    unused += text.empty();
    CHECK((text.empty() ||
           one_line_with(text, "expected the variables that were written, got another at byte ")));
  }
  CHECK(unused <= 4);  // bits between the last of a variable and its checksum, which mean nothing
}
#endif

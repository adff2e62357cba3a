#include "metriplex/data/csv.hpp"

#include <string>

#include "support/catch.hpp"
#include "support/error_text.hpp"
#include "support/temporary_directory.hpp"

using namespace metriplex;

TEST_CASE("a table is written with a header and exact numbers", "[data][csv]") {
  const TemporaryDirectory directory;
  write_csv(directory / "loss.csv", {"step", "loss"}, {{1, 0.1}, {2, 1.0 / 3.0}, {3, 2.5e-300}});
  CHECK(read_file(directory / "loss.csv") == "step,loss\n1,0.1\n2,0.3333333333333333\n3,2.5e-300\n");
}

TEST_CASE("a row of another length is refused and the old file stays", "[data][csv]") {
  const TemporaryDirectory directory;
  const auto path = directory / "loss.csv";
  write_csv(path, {"step"}, {});
  CHECK(error_text([&] {
          write_csv(path, {"step", "loss"}, {{1, 2}, {3}});
        }) == "expected 2 columns, got 1 in row 1 for " + path.string());
  CHECK(read_file(path) == "step\n");
}

#include "metriplex/files/csv_file.hpp"

#include <cmath>
#include <string>
#include <vector>

#include "metriplex/core/file.hpp"
#include "metriplex/data/csv.hpp"
#include "support/catch.hpp"
#include "support/error_text.hpp"
#include "support/temporary_directory.hpp"

using namespace metriplex;

namespace {

Tensors read(const std::string& text, const std::vector<std::string>& names) {
  const TemporaryDirectory directory;
  write_atomically(directory / "a.csv", text);
  return CsvFile(directory / "a.csv").read(names);
}

std::string refusal(const std::string& text, const std::string& name) {
  return error_text([&] { read(text, {name}); });
}

}  // namespace

TEST_CASE("numbers of a table survive writing and reading", "[files][csv_file]") {
  const TemporaryDirectory directory;
  std::vector<std::vector<double>> rows;
  for (int k = 0; k < 20'000; ++k)
    rows.push_back({k * 0.1, std::sin(k), -1e-300 * k, 1e22 * std::cos(k)});  // several pieces
  write_csv(directory / "a.csv", {"t", "q", "p", "E"}, rows);
  const CsvFile file(directory / "a.csv");
  CHECK(file.list().size() == 4);
  CHECK(file.list()[1].name == "q");
  CHECK(file.list()[1].column);
  const Tensors arrays = file.read({"E", "t", "p"});
  CHECK(arrays.size() == 3);
  CHECK(arrays.at("E").shape == std::vector<Index>{20'000});
  bool same = true;
  for (std::size_t k = 0; k < rows.size(); ++k)
    same = same && arrays.at("t").values[k] == rows[k][0] && arrays.at("p").values[k] == rows[k][2] &&
           arrays.at("E").values[k] == rows[k][3];
  CHECK(same);
}

TEST_CASE("what is missing is NaN, text a code, blank lines nothing", "[files][csv_file]") {
  const Tensors arrays =
      read("who,t,q,note\r\n\"B\",0,+1.5,x\r\n\r\nA,1,,x\r\n# a comment\r\nB,2,NA,x\r\nB, 3 ,inf,x",
           {"who", "t", "q"});
  CHECK(arrays.at("who").values == std::vector<double>{0, 1, 0, 0});
  CHECK(arrays.at("t").values == std::vector<double>{0, 1, 2, 3});
  const std::vector<double>& q = arrays.at("q").values;
  CHECK(q[0] == 1.5);
  CHECK(std::isnan(q[1]));
  CHECK(std::isnan(q[2]));
  CHECK(std::isinf(q[3]));
}

TEST_CASE("a field that is no number is refused by column and line", "[files][csv_file]") {
  CHECK(one_line_with(refusal("t,q\n0,1\n1,x\n", "q"),
                      "expected a number in column 'q', got 'x' (what is missing is an empty field, NA or "
                      "NaN) in line 3 of"));
  CHECK(one_line_with(refusal("t;q\n0;1\n1;2,5\n", "q"), "got '2,5' (decimals need a point"));
  CHECK(one_line_with(refusal("t,q\n0,1\n1\n", "q"),
                      "expected 2 fields, as the header has names, got 1 in line 3 of"));
  CHECK(one_line_with(refusal("t,q\n0,1\n1,2,3\n", "t"),
                      "expected 2 fields, as the header has names, got 3 in line 3 of"));
  CHECK(one_line_with(refusal("t,q\n0,1e999\n", "q"), "got '1e999'"));
  CHECK(one_line_with(refusal("t,q\n0,1\n", "p"), "expected column 'p', got 't', 'q' in"));
  CHECK(refusal("t,q\n0,x\n1,2\n", "t").empty());  // nobody asked for q
  CHECK(one_line_with(error_text([] { CsvFile("no such file"); }), "expected a file to read, got none"));
}

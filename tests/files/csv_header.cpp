#include "metriplex/files/csv_header.hpp"

#include <string>
#include <vector>

#include "support/catch.hpp"
#include "support/error_text.hpp"

using namespace metriplex;

namespace {

std::string refusal(const std::string& start) {
  return error_text([&] { find_csv_header(start, "w"); });
}

}  // namespace

TEST_CASE("a header is found whatever is between its names", "[files][csv_header]") {
  const std::vector<std::string> names{"t", "q", "p"};
  for (const std::string text :
       {"t,q,p\n1,2,3\n", "t;q;p\r\n1;2;3\r\n", "t\tq\tp\n1\t2\t3", "t q  p\n1 2  3\n",
        "\"t\",\"q\",\"p\"\n1,2,3\n", "# t,q,p\n1,2,3\n", "\xef\xbb\xbft , q,p \n1,2,3\n",
        "\n# a comment, of more\n\nt,q,p\n1,2,3\n"}) {
    INFO(text);
    const CsvHeader header = find_csv_header(text, "w");
    CHECK(header.names == names);
    CHECK(text.substr(header.rows_at).starts_with('1'));
  }
  CHECK(find_csv_header("a,b\n1,2\n", "w").first_row == 2);
  CHECK(find_csv_header("\"\",\"q\"\n\"1\",2\n", "w").names == std::vector<std::string>{"", "q"});
}

TEST_CASE("a row is cut into fields", "[files][csv_header]") {
  std::vector<std::string_view> fields;
  CsvHeader header;
  header.split(" 1,\"a, b\" ,,2 \r", fields);
  CHECK(fields == std::vector<std::string_view>{"1", "a, b", "", "2"});
  header.split("1,", fields);
  CHECK(fields == std::vector<std::string_view>{"1", ""});
  header.split("\"open", fields);
  CHECK(fields.size() == 1);
}

TEST_CASE("a table without names, or rows, is refused", "[files][csv_header]") {
  CHECK(refusal("1,2,3\n4,5,6\n") == "expected a first line of names, such as t,q,p, got '1,2,3' in w");
  CHECK(one_line_with(refusal("# only comments\n"), "got no row in w"));
  for (const char* names : {"t", "t,q", "t,q\n"})
    CHECK(one_line_with(refusal(names), "expected rows below the names 't"));
  CHECK(refusal("q,q\n1,2\n") == "expected each column once, got two 'q' in w");
}

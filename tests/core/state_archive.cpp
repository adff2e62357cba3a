#include "metriplex/core/state_archive.hpp"

#include "metriplex/core/random.hpp"
#include "support/catch.hpp"
#include "support/error_text.hpp"

using namespace metriplex;

namespace {

struct Inner {
  Matrix<float> x = Matrix<float>::Zero(2, 3);
  Index steps = 0;
  template <class Archive>
  void serialize(Archive& archive) {
    archive(x, steps);
  }
};

struct Outer {
  std::vector<Inner> parts = std::vector<Inner>(2);
  Random random{3};
  std::vector<std::uint32_t> left;
  double rate = 0.1;
  template <class Archive>
  void serialize(Archive& archive) {
    archive.same("rate", rate);
    archive(parts, random);
    archive.resized(left, 100);
  }
};

std::vector<double> taken(Outer& from) {
  StateArchive archive;
  archive(from);
  return archive.numbers();
}

std::string restoring(std::vector<double> numbers, Outer& to) {
  return error_text([&] {
    StateArchive archive(std::move(numbers));
    archive(to);
    archive.finish();
  });
}

}  // namespace

TEST_CASE("a state is restored to the bit, with lists of another length", "[core][state_archive]") {
  Outer from, to;
  from.parts[1].x(1, 2) = 0.1f;
  from.parts[1].steps = Index{1} << 52;
  from.left = {99, 0, 7};
  for (int i = 0; i < 5; ++i) from.random();
  to.left = {1};
  CHECK(restoring(taken(from), to) == "");
  CHECK(to.parts[1].x == from.parts[1].x);
  CHECK(to.parts[1].steps == from.parts[1].steps);
  CHECK(to.left == from.left);
  CHECK(to.random.state() == from.random.state());
  CHECK(taken(to) == taken(from));
}

TEST_CASE("a state of something else is refused, with what differs", "[core][state_archive]") {
  Outer from, to;
  from.left = {99, 0, 7};
  const std::vector<double> numbers = taken(from);
  for (std::size_t n = 0; n < numbers.size(); ++n)
    CHECK(restoring({numbers.begin(), numbers.begin() + static_cast<Index>(n)}, to) != "");
  std::vector<double> other = numbers;
  other.push_back(0);
  CHECK(restoring(other, to) == "expected the state of what is restored, got more numbers than it has");
  other = numbers;
  for (const double wrong : {-1.0, 0.5, 100.0, 1e300}) {
    other.back() = wrong;
    CHECK(restoring(other, to).find("expected a whole number below 100 in the state") == 0);
    other[numbers.size() - 4] = wrong;  // the list's length
    CHECK(restoring(other, to).find("expected a whole number below 4 in the state") == 0);
    other[numbers.size() - 4] = 3;
  }
  to.rate = 0.2;
  CHECK(restoring(numbers, to) == "expected the rate of the state that is restored, 0.1, got 0.2");
  to.rate = 0.1;
  to.parts.resize(3);
  CHECK(restoring(numbers, to) == "expected the size of the state that is restored, 2, got 3");
}

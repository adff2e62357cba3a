#include "metriplex/train/batch_sampler.hpp"

#include <set>

#include "support/catch.hpp"
#include "support/error_text.hpp"

using namespace metriplex;

TEST_CASE("a batch has distinct systems in rising order and the asked number of points",
          "[train][batch_sampler]") {
  BatchSampler sampler;
  for (int i = 0; i < 9; ++i) sampler.add(20 + i);
  Random random(3);
  std::set<Index> seen;
  for (int draw = 0; draw < 40; ++draw) {
    const Batch batch = sampler.draw(4, 7, random);
    REQUIRE(batch.systems.size() == 4);
    REQUIRE(batch.columns.size() == 28);
    for (std::size_t i = 0; i < 4; ++i) {
      CHECK((i == 0 || batch.systems[i] > batch.systems[i - 1]));
      for (std::size_t p = 0; p < 7; ++p) {
        const auto column = static_cast<Index>(batch.columns[i * 7 + p]);
        CHECK(column < 20 + batch.systems[i]);
      }
    }
    seen.insert(batch.systems.begin(), batch.systems.end());
  }
  CHECK(seen.size() == 9);
}

TEST_CASE("zero systems asks for all of them", "[train][batch_sampler]") {
  BatchSampler sampler;
  for (int i = 0; i < 5; ++i) sampler.add(3);
  Random random(1);
  CHECK(sampler.draw(0, 2, random).systems == std::vector<Index>{0, 1, 2, 3, 4});
  CHECK(sampler.draw(50, 2, random).systems.size() == 5);
}

TEST_CASE("no point is seen twice before every point was seen once", "[train][batch_sampler]") {
  BatchSampler sampler;
  sampler.add(12);
  Random random(7);
  for (int pass = 0; pass < 3; ++pass) {
    std::set<Index> seen;
    for (int draw = 0; draw < 4; ++draw) {
      const Batch batch = sampler.draw(0, 3, random);
      seen.insert(batch.columns.begin(), batch.columns.end());
    }
    CHECK(seen.size() == 12);
  }
}

TEST_CASE("a batch of all points of its systems needs no list of them", "[train][batch_sampler]") {
  BatchSampler sampler;
  for (const Index points : {5, 5, 9}) sampler.add(points);
  Random random(1);
  for (int i = 0; i < 20; ++i) {
    const Batch& batch = sampler.draw(2, 5, random);
    CHECK(batch.columns.empty() == (batch.systems == std::vector<Index>{0, 1}));
    CHECK((batch.columns.empty() || batch.columns.size() == 10));
  }
}

TEST_CASE("a draw of more points than any system has is refused", "[train][batch_sampler]") {
  BatchSampler sampler;
  for (const Index points : {5, 9}) sampler.add(points);
  Random random(1);
  CHECK(sampler.draw(0, 9, random).columns.size() == 18);
  for (const Index points : {Index{0}, Index{10}, Index{1} << 61})
    CHECK(one_line_with(error_text([&] { sampler.draw(0, points, random); }), "a draw of 1 to 9 points"));
  CHECK(one_line_with(error_text([&] { sampler.add(0); }), "1 to 2^32 points of a system, got 0"));
}

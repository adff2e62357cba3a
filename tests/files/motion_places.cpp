#include "metriplex/files/motion_places.hpp"

#include <limits>

#include "support/catch.hpp"
#include "support/error_text.hpp"

using namespace metriplex;
using detail::RecordedArrays;

namespace {

RecordedArrays of_shape(const std::vector<Index>& shape) {
  RecordedArrays family;
  Tensor& x = family.states.emplace_back(Tensor{shape, {}, Dtype::float64});
  for (std::size_t k = 0; k < *byte_count(shape, Dtype::float64) / 8; ++k)
    x.values.push_back(static_cast<double>(k));
  return family;
}

}  // namespace

TEST_CASE("motions of a rectangle lie one after the other", "[files][motion_places]") {
  RecordedArrays family = of_shape({2, 3, 5, 2});
  place_whole_motions(family);
  CHECK(family.members == 2);
  REQUIRE(family.places.size() == 6);
  CHECK(family.places[4].member == 1);
  CHECK(family.places[4].first == 20);
  CHECK(family.places[4].samples == 5);

  family = of_shape({3, 5, 2});
  family.member = {7, 2, 7};
  place_whole_motions(family);
  CHECK(family.members == 2);
  CHECK(family.places[0].member == 1);
  CHECK(family.places[1].member == 0);
}

TEST_CASE("samples are sorted by member and motion, in their order", "[files][motion_places]") {
  RecordedArrays family = of_shape({5, 2});
  family.times.push_back({{5}, {0, 1, 2, 3, 4}, Dtype::float64});
  family.member = {1, 0, 1, 0, 1};
  family.motion = {0, 0, 0, 1, 5};
  place_joined_motions(family, "w");
  CHECK(family.times[0].values == std::vector<double>{1, 3, 0, 2, 4});
  CHECK(family.states[0].values == std::vector<double>{2, 3, 6, 7, 0, 1, 4, 5, 8, 9});
  REQUIRE(family.places.size() == 4);
  CHECK(family.places[2].first == 2);
  CHECK(family.places[2].samples == 2);
  CHECK(family.places[2].first_time == 2);
  CHECK(family.places[3].member == 1);
  CHECK(family.members == 2);
}

TEST_CASE("without labels all samples are one motion, with one kind it is both", "[files][motion_places]") {
  RecordedArrays family = of_shape({4, 1});
  place_joined_motions(family, "w");
  CHECK(family.places.size() == 1);
  CHECK(family.places[0].samples == 4);
  family = of_shape({4, 1});
  family.motion = {0, 0, 1, 1};
  place_joined_motions(family, "w");
  CHECK(family.members == 2);
  family = of_shape({2, 1});
  family.member = {0, std::numeric_limits<double>::quiet_NaN()};
  CHECK(one_line_with(error_text([&] { place_joined_motions(family, "w"); }),
                      "got NaN or an empty field in w"));
}

#include "metriplex/core/in_place.hpp"

#include <cstdint>
#include <type_traits>

#include "support/allocation_counter.hpp"
#include "support/catch.hpp"

using namespace metriplex;

TEST_CASE("a matrix in place is column-major, aligned, zero at first and of any size", "[core][in_place]") {
  const AllocationCounter counter;
  static InPlace<double, 300, 200> large;  // 480 KB
  InPlace<float, 3, 2> small;
  const bool zero = large(299, 199) == 0 && small[5] == 0;
  small(1, 1) = 7;
  const InPlace<float, 3, 2> copy = small;
  CHECK(counter.count() == 0);
  CHECK(zero);
  CHECK(copy[4] == 7);
  CHECK(copy.data()[4] == 7);
  CHECK(column(copy, 1)[1] == 7);
  CHECK(column(small, 1) == small.data() + 3);
  CHECK((copy.rows() == 3 && copy.cols() == 2 && copy.size() == 6));
  CHECK(reinterpret_cast<std::uintptr_t>(large.data()) % 64 == 0);
  small.resize(3, 2);
  InPlace<double, 0, 4> none;
  CHECK(none.size() == 0);
}

TEST_CASE("what is stored is in place where its size is known", "[core][in_place]") {
  CHECK(std::is_same_v<Stored<double, 3, 4>, InPlace<double, 3, 4>>);
  CHECK(std::is_same_v<Stored<double, Eigen::Dynamic, 4>, Matrix<double, Eigen::Dynamic, 4>>);
}

#include "metriplex/core/known_physics.hpp"

#include "support/catch.hpp"

using namespace metriplex;

namespace {

struct Spring {
  static constexpr int parameters = 1;
  template <class T>
  static T energy(const Vector<T, 2>& x, const Vector<T, 1>& theta) {
    return theta[0] * x[0] * x[0];
  }
};
struct Drag {
  static constexpr int parameters = 1;
  template <class T>
  static void force(const Vector<T, 2>& x, const Vector<T, 1>& theta, Vector<T, 2>& rate) {
    rate[1] = -theta[0] * x[1];
  }
};

}  // namespace

TEST_CASE("what is known is an energy or a force, of a state of its size", "[core][known_physics]") {
  STATIC_REQUIRE(HasKnownEnergy<Spring, 2>);
  STATIC_REQUIRE(!HasKnownForce<Spring, 2>);
  STATIC_REQUIRE(HasKnownForce<Drag, 2>);
  STATIC_REQUIRE(!HasKnownEnergy<Drag, 2>);
}

#include "metriplex/structure/structure.hpp"

#include "support/catch.hpp"
#include "support/structure_suite.hpp"

using namespace metriplex;

namespace {

/// Is a structure of a user's own: two energies that see the same state.
struct TwoEnergies {
  static constexpr std::string_view name = "two_energies";
  static constexpr int dim = 2;
  static constexpr bool canonical = true, separable = false;
  static constexpr std::array<Potential, 2> potentials{{{"A", 0, 2}, {"B", 0, 2}}};
  template <class In, class Out>
  static void field(const In& gradients, Out& dx) {
    apply_canonical((gradients.leftCols(2) + gradients.rightCols(2)).eval(), dx);
  }
  template <class In, class Out>
  static void pullback(const In& d_dx, Out& d_gradients) {
    auto first = d_gradients.leftCols(2);
    apply_canonical_transposed(d_dx, first);
    d_gradients.rightCols(2) = d_gradients.leftCols(2);
  }
};

struct WithoutName : TwoEnergies {
  static constexpr int name = 0;
};
struct WithoutDim : TwoEnergies {
  static constexpr std::string_view dim = "two";
};
struct WithoutPotentials : TwoEnergies {
  static constexpr int potentials = 2;
};
struct WithoutCanonical : TwoEnergies {
  static constexpr std::string_view canonical = "yes";
};
struct WithoutSeparable : TwoEnergies {
  static constexpr std::string_view separable = "no";
};
struct WithoutField : TwoEnergies {
  static void field() {}
};
struct WithoutPullback : TwoEnergies {
  static void pullback() {}
};

}  // namespace

TEST_CASE("a structure is what has a name, a size, potentials, a field and its pullback",
          "[structure][structure]") {
  STATIC_REQUIRE(Structure<TwoEnergies>);
  STATIC_REQUIRE(!Structure<WithoutName>);
  STATIC_REQUIRE(!Structure<WithoutDim>);
  STATIC_REQUIRE(!Structure<WithoutPotentials>);
  STATIC_REQUIRE(!Structure<WithoutCanonical>);
  STATIC_REQUIRE(!Structure<WithoutSeparable>);
  STATIC_REQUIRE(!Structure<WithoutField>);
  STATIC_REQUIRE(!Structure<WithoutPullback>);
}

TEST_CASE("the suite takes a structure of a user's own", "[structure][structure]") {
  test::check_structure<TwoEnergies>();
  STATIC_REQUIRE(gradient_columns<TwoEnergies> == 4);
}

TEST_CASE("the canonical matrix times its transpose is the identity", "[structure][structure]") {
  const Matrix<double> points = Matrix<double>::Random(3, 6);
  Matrix<double> moved(3, 6), back(3, 6);
  apply_canonical(points, moved);
  CHECK(moved.leftCols(3) == points.rightCols(3));
  CHECK(moved.rightCols(3) == -points.leftCols(3));
  apply_canonical_transposed(moved, back);
  CHECK(back == points);
}

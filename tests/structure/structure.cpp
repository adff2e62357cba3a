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
  static constexpr int canonical_pairs = 1;
  static constexpr std::array<NetworkSlot, 2> networks{
      {{"A", Role::energy, 0, 2}, {"B", Role::energy, 0, 2}}};
  template <class T>
  static void field(const T* gradients, T* dx) {
    const T sum[2] = {gradients[0] + gradients[2], gradients[1] + gradients[3]};
    apply_canonical(1, sum, dx);
  }
  template <class T>
  static void pullback(const T*, const T* d_dx, T* d_gradients) {
    apply_canonical_transposed(1, d_dx, d_gradients);
    apply_canonical_transposed(1, d_dx, d_gradients + 2);
  }
};

struct WithoutName : TwoEnergies {
  static constexpr int name = 0;
};
struct WithoutDim : TwoEnergies {
  static constexpr std::string_view dim = "two";
};
struct WithoutNetworks : TwoEnergies {
  static constexpr int networks = 2;
};
struct WithoutCanonical : TwoEnergies {
  static constexpr std::string_view canonical = "yes";
};
struct WithoutPairs : TwoEnergies {
  static constexpr std::string_view canonical_pairs = "one";
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

TEST_CASE("a structure is what has a name, a size, networks, a field and its pullback",
          "[structure][structure]") {
  STATIC_REQUIRE(Structure<TwoEnergies>);
  STATIC_REQUIRE(!Structure<WithoutName>);
  STATIC_REQUIRE(!Structure<WithoutDim>);
  STATIC_REQUIRE(!Structure<WithoutNetworks>);
  STATIC_REQUIRE(!Structure<WithoutCanonical>);
  STATIC_REQUIRE(!Structure<WithoutPairs>);
  STATIC_REQUIRE(!Structure<WithoutSeparable>);
  STATIC_REQUIRE(!Structure<WithoutField>);
  STATIC_REQUIRE(!Structure<WithoutPullback>);
}

TEST_CASE("the suite takes a structure of a user's own", "[structure][structure]") {
  test::check_structure<TwoEnergies>();
  STATIC_REQUIRE(output_columns<TwoEnergies> == 4);
}

TEST_CASE("the canonical matrix times its transpose is the identity", "[structure][structure]") {
  const Vector<double, 6> gradient(1, 2, 3, 4, 5, 6);
  Vector<double, 6> moved, back;
  apply_canonical(3, gradient.data(), moved.data());
  CHECK(moved == Vector<double, 6>(4, 5, 6, -1, -2, -3));
  apply_canonical_transposed(3, moved.data(), back.data());
  CHECK(back == gradient);
}

TEST_CASE("the outputs of a structure's networks lie side by side", "[structure][structure]") {
  STATIC_REQUIRE(output_offset<TwoEnergies>(0) == 0);
  STATIC_REQUIRE(output_offset<TwoEnergies>(1) == 2);
  STATIC_REQUIRE(NetworkSlot{"D", Role::friction, 0, 3, 6}.columns() == 6);
  STATIC_REQUIRE(NetworkSlot{"H", Role::energy, 0, 3}.columns() == 3);
  STATIC_REQUIRE(!DissipativeStructure<TwoEnergies>);
}

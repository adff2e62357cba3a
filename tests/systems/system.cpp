#include "metriplex/systems/system.hpp"

#include <array>
#include <string_view>

#include "support/catch.hpp"

using namespace metriplex;

namespace {

struct Minimal {
  static constexpr std::string_view name = "minimal";
  static constexpr int dim = 2;
  static constexpr int parameters = 1;
  static constexpr Box<1> parameter_box{{1}, {2}};
  static constexpr Box<2> initial_box{{-1, -1}, {1, 1}};

  template <class T>
  static T energy(const Vector<T, 2>& x, const Vector<double, 1>& mu) {
    return mu(0) * x.squaredNorm();
  }
};
struct Named : Minimal {
  static constexpr std::array<std::string_view, 2> state_names{"q", "p"};
  static constexpr std::array<std::string_view, 1> parameter_names{"k"};
};
struct WithoutSizes {
  static constexpr std::string_view name = "without sizes";
};
struct WrongBox : Minimal {
  static constexpr Box<1> initial_box{{-1}, {1}};
};
struct ByRate {
  static constexpr std::string_view name = "by rate";
  static constexpr int dim = 1;
  static constexpr int parameters = 1;
  static constexpr Box<1> parameter_box{{1}, {2}}, initial_box{{-1}, {1}};

  template <class T>
  static void rate(const Vector<T, 1>& x, const Vector<double, 1>& mu, Vector<T, 1>& dx) {
    dx(0) = -mu(0) * x(0);
  }
};
struct PlainRate : ByRate {
  static void rate(const Vector<double, 1>& x, const Vector<double, 1>&, Vector<double, 1>& dx) { dx = x; }
};
struct PlainEnergy : Minimal {
  static double energy(const Vector<double, 2>& x, const Vector<double, 1>&) { return x(0); }
};

}  // namespace

TEST_CASE("a system is a name, sizes, boxes and an energy", "[systems][system]") {
  STATIC_REQUIRE(System<Minimal>);
  STATIC_REQUIRE(!System<WithoutSizes>);
  STATIC_REQUIRE(!HasSystemBoxes<WrongBox>);
  STATIC_REQUIRE(!HasSystemEnergy<PlainEnergy>);
  STATIC_REQUIRE(!HasSystemName<int>);
  STATIC_REQUIRE(!System<PlainEnergy>);
}

TEST_CASE("a system may state its rate instead of an energy, for dual numbers as well", "[systems][system]") {
  STATIC_REQUIRE(System<ByRate>);
  STATIC_REQUIRE(!HasSystemEnergy<ByRate>);
  STATIC_REQUIRE(!HasSystemRate<Minimal>);
  STATIC_REQUIRE(!System<PlainRate>);
}

TEST_CASE("names of states and parameters have a default", "[systems][system]") {
  CHECK(state_name<Named>(1) == "p");
  CHECK(parameter_name<Named>(0) == "k");
  CHECK(state_name<Minimal>(0) == "x1");
  CHECK(parameter_name<Minimal>(0) == "mu1");
}

TEST_CASE("a member's energy has its parameters inside", "[systems][system]") {
  const MemberEnergy<Minimal> energy{Vector<double, 1>(3.0)};
  CHECK(energy(Vector<double, 2>(1, 2)) == 15);
}

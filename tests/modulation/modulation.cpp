#include "metriplex/modulation/modulation.hpp"

#include "metriplex/modulation/none.hpp"
#include "support/catch.hpp"
#include "support/modulation_suite.hpp"

using namespace metriplex;

namespace {

/// Is a modulation of a user's own: W scaled by one number.
struct Gain {
  static constexpr std::string_view name = "gain";
  static constexpr Blocks code(const LayerShape&) { return {{.name = "k", .rows = 1}}; }
  static constexpr Blocks basis(const LayerShape&) { return {}; }
  template <class Scalar>
  static void apply(const LayerShape&, const LayerView<const Scalar>& base, const Scalar*, const Scalar* code,
                    LayerView<Scalar>& effective) {
    effective.weight = *code * base.weight;
    effective.bias = base.bias;
  }
  template <class Scalar>
  static void pullback(const LayerShape&, const LayerView<const Scalar>& base, const Scalar*,
                       const Scalar* code, const LayerView<const Scalar>& d_effective,
                       LayerView<Scalar>& d_base, Scalar*, Scalar* d_code) {
    d_base.weight += *code * d_effective.weight;
    d_base.bias += d_effective.bias;
    *d_code += base.weight.cwiseProduct(d_effective.weight).sum();
  }
  template <class Scalar>
  static void pushforward(const LayerShape&, const LayerView<const Scalar>& base, const Scalar*,
                          const Scalar*, const Scalar* along, LayerView<Scalar>& tangent) {
    tangent.weight = *along * base.weight;
    tangent.bias.setZero();
  }
};

struct WithoutName : None {
  static constexpr int name = 0;
};
struct WithoutCode : None {
  static constexpr int code(const LayerShape&) { return 0; }
};
struct WithoutBasis : None {
  static void basis(const LayerShape&) = delete;
};
struct WithoutApply : None {
  template <class Scalar>
  static void apply(const LayerShape&, const LayerView<const Scalar>&, LayerView<Scalar>&) {}
};
struct WithoutPullback : None {
  template <class Scalar>
  static void pullback(const LayerShape&, LayerView<Scalar>&) {}
};
struct WithoutPushforward : None {
  template <class Scalar>
  static void pushforward(const LayerShape&, LayerView<Scalar>&) {}
};

}  // namespace

TEST_CASE("a modulation is what has a name, codes, bases, apply, pullback and pushforward",
          "[modulation][modulation]") {
  STATIC_REQUIRE(Modulation<None>);
  STATIC_REQUIRE(Modulation<Gain>);
  STATIC_REQUIRE(!HasModulationName<WithoutName>);
  STATIC_REQUIRE(!Modulation<WithoutName>);
  STATIC_REQUIRE(!HasBlocks<WithoutCode>);
  STATIC_REQUIRE(!Modulation<WithoutCode>);
  STATIC_REQUIRE(!HasBlocks<WithoutBasis>);
  STATIC_REQUIRE(!Modulation<WithoutBasis>);
  STATIC_REQUIRE(!HasApply<WithoutApply>);
  STATIC_REQUIRE(!Modulation<WithoutApply>);
  STATIC_REQUIRE(!HasModulationPullback<WithoutPullback>);
  STATIC_REQUIRE(!Modulation<WithoutPullback>);
  STATIC_REQUIRE(!HasModulationPushforward<WithoutPushforward>);
  STATIC_REQUIRE(!Modulation<WithoutPushforward>);
  STATIC_REQUIRE(!HasRegularizer<Gain>);
}

TEST_CASE("the suite takes a modulation of a user's own", "[modulation][modulation]") {
  test::check_modulation<Gain>([](const test::NamedLayer& l) {
    return std::pair<Matrix<double>, Matrix<double>>(l.code.at("k")(0) * l.W, l.b);
  });
  STATIC_REQUIRE(code_size_of<Gain, test::ModulatedNet> == 3);
}

TEST_CASE("blocks of no size are left out of a list", "[modulation][modulation]") {
  constexpr Blocks blocks{{.name = "a", .rows = 2, .columns = 3}, {.name = "b"}, {.name = "c", .rows = 4}};
  STATIC_REQUIRE(blocks.count == 2);
  STATIC_REQUIRE(blocks.size() == 10);
  CHECK(blocks.begin()->name == "a");
  CHECK((blocks.begin() + 1)->name == "c");
  STATIC_REQUIRE(Blocks{}.size() == 0);
}

TEST_CASE("only the output layer has no shift", "[modulation][modulation]") {
  STATIC_REQUIRE(shift_block({5, 2, 0, false}).size() == 5);
  STATIC_REQUIRE(shift_block({1, 5, 2, true}).size() == 0);
}

#include "metriplex/train/optimizer.hpp"

#include <limits>

#include "metriplex/train/adam.hpp"
#include "metriplex/train/sgd.hpp"
#include "support/catch.hpp"

using namespace metriplex;

namespace {

/// Is an optimiser of a user's own: the sign of the gradient.
struct SignDescent {
  using Scalar = double;
  struct Options {};
  SignDescent(const Options&, Index) {}
  void reset() {}
  void step(Eigen::Ref<Vector<double>> parameters, const Vector<double>& gradient, double rate) {
    parameters -= rate * gradient.cwiseSign();
  }
};
struct WithoutOptions {
  using Scalar = double;
  void reset() {}
  void step(Eigen::Ref<Vector<double>>, const Vector<double>&, double) {}
};
struct WithoutReset : SignDescent {
  using SignDescent::SignDescent;
  void reset() = delete;
};
struct WithoutStep : SignDescent {
  using SignDescent::SignDescent;
  void step() {}
};

}  // namespace

TEST_CASE("an optimiser is what has options, reset and step", "[train][optimizer]") {
  STATIC_REQUIRE(Optimizer<Adam<double>>);
  STATIC_REQUIRE(Optimizer<Adam<float>>);
  STATIC_REQUIRE(Optimizer<Sgd<double>>);
  STATIC_REQUIRE(Optimizer<Sgd<float>>);
  STATIC_REQUIRE(Optimizer<SignDescent>);
  STATIC_REQUIRE(!Optimizer<WithoutOptions>);
  STATIC_REQUIRE(!Optimizer<WithoutReset>);
  STATIC_REQUIRE(!Optimizer<WithoutStep>);
}

TEST_CASE("clipping shortens only what is too long, and tells the length before", "[train][optimizer]") {
  Vector<double> gradient = Vector<double>{{3, -4}};
  CHECK(clip_norm<double>(gradient, 0) == 5);
  CHECK(clip_norm<double>(gradient, 5) == 5);
  CHECK(gradient == Vector<double>{{3, -4}});
  CHECK(clip_norm<double>(gradient, 1) == 5);
  CHECK(gradient(0) == Approx(0.6).epsilon(1e-15));
  CHECK(gradient(1) == Approx(-0.8).epsilon(1e-15));
  // A norm that float cannot hold is still a norm.
  Vector<float> large = Vector<float>::Constant(4, 3e38f);
  CHECK(clip_norm<float>(large, 2) == Approx(6e38));
  CHECK(large(0) == Approx(1.0f));
  gradient(1) = std::numeric_limits<double>::quiet_NaN();
  CHECK(std::isnan(clip_norm<double>(gradient, 1)));
}

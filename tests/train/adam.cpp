#include "metriplex/train/adam.hpp"

#include <limits>

#include "metriplex/core/random.hpp"
#include "support/catch.hpp"
#include "support/error_text.hpp"

using namespace metriplex;

namespace {

/// Is Adam for one number, as in the paper.
struct ScalarAdam {
  double beta1, beta2, epsilon, decay, m = 0, v = 0;
  int t = 0;
  double step(double theta, double g, double rate) {
    ++t;
    m = beta1 * m + (1 - beta1) * g;
    v = beta2 * v + (1 - beta2) * g * g;
    const double m_hat = m / (1 - std::pow(beta1, t)), v_hat = v / (1 - std::pow(beta2, t));
    return theta - rate * (m_hat / (std::sqrt(v_hat) + epsilon) + decay * theta);
  }
};

}  // namespace

TEST_CASE("Adam with weight decay makes PyTorch's three steps", "[train][adam]") {
  // torch.optim.AdamW, PyTorch 1.13, lr 0.1, weight_decay 0.05.
  Adam<double> adam({.weight_decay = 0.05}, 3);
  Vector<double> parameters{{1, -2, 0.5}};
  adam.step(parameters, Vector<double>{{0.3, -1.0, 2.0}}, 0.1);
  CHECK(parameters.isApprox(Vector<double>{{0.8950000033333332, -1.890000001, 0.3975000005}}, 1e-14));
  adam.step(parameters, Vector<double>{{0.1, 0.5, -0.4}}, 0.1);
  CHECK(parameters.isApprox(Vector<double>{{0.8034186121405289, -1.8539162973659031, 0.34440989313357995}},
                            1e-14));
  adam.step(parameters, Vector<double>{{-0.2, 0.0, 1e-3}}, 0.1);
  CHECK(parameters.isApprox(Vector<double>{{0.7766789979330607, -1.8240587858396209, 0.3031540337254208}},
                            1e-14));
}

TEMPLATE_TEST_CASE("Adam moves every number by itself, at any rates", "[train][adam]", double, float) {
  typename Adam<TestType>::Options options{
      .beta1 = 0.8, .beta2 = 0.95, .epsilon = 1e-3, .weight_decay = 0.01};
  Adam<TestType> adam(options, 5);
  std::vector<ScalarAdam> truth(5, {options.beta1, options.beta2, options.epsilon, options.weight_decay});
  Vector<double> expected = Vector<double>::LinSpaced(5, -1, 1);
  Vector<TestType> parameters = expected.cast<TestType>(), gradient(5);
  Random random(2);
  for (int step = 0; step < 50; ++step) {
    const double rate = 0.02 / (1 + step);
    for (Index i = 0; i < 5; ++i) {
      gradient(i) = static_cast<TestType>(random.normal());
      expected(i) =
          truth[static_cast<std::size_t>(i)].step(expected(i), static_cast<double>(gradient(i)), rate);
    }
    adam.step(parameters, gradient, rate);
  }
  const double tolerance = sizeof(TestType) == 8 ? 1e-14 : 1e-5;
  CHECK((parameters.template cast<double>() - expected).cwiseAbs().maxCoeff() < tolerance);
}

TEST_CASE("Adam forgets its moments when reset, and leaves zeros with zero gradients alone",
          "[train][adam]") {
  const Vector<double> gradient{{1, -3, 0}};
  Adam<double> fresh({}, 3), used({}, 3);
  Vector<double> a = Vector<double>::Zero(3), b = a;
  used.step(b, Vector<double>{{5, 5, 5}}, 0.1);
  used.reset();
  b.setZero();
  fresh.step(a, gradient, 0.1);
  used.step(b, gradient, 0.1);
  CHECK(a == b);
  CHECK(a(2) == 0);
}

TEST_CASE("Adam steps a column of a matrix in place", "[train][adam]") {
  Matrix<double> latents = Matrix<double>::Ones(2, 3);
  Adam<double>({}, 2).step(latents.col(1), Vector<double>{{1, -1}}, 0.5);
  CHECK(latents.col(0) == Vector<double>::Ones(2));
  CHECK(latents(0, 1) == Approx(0.5));
  CHECK(latents(1, 1) == Approx(1.5));
}

TEMPLATE_TEST_CASE("Adam refuses options that would stop it or divide by 0", "[train][adam]", double, float) {
  constexpr double nan = std::numeric_limits<double>::quiet_NaN();
  using Options = typename Adam<TestType>::Options;
  const auto refused = [](const Options& options) { return error_text([&] { Adam<TestType>(options, 3); }); };
  CHECK(refused({}).empty());
  const double nearly = sizeof(TestType) == 4 ? 1 - 1e-9 : 1.0;  // a float of it is 1
  for (const double beta : {nearly, 2.0, -0.1, nan}) {
    CHECK(one_line_with(refused({.beta1 = beta}), "0 <= beta1, beta2 < 1; got "));
    CHECK(one_line_with(refused({.beta2 = beta}), "0 <= beta1, beta2 < 1; got "));
  }
  for (const double epsilon : {0.0, sizeof(TestType) == 4 ? 1e-60 : -1.0, nan})
    CHECK(one_line_with(refused({.epsilon = epsilon}), "an epsilon > 0; got "));
  for (const double decay : {-1.0, nan})
    CHECK(one_line_with(refused({.weight_decay = decay}), "a weight_decay >= 0; got "));
}

TEST_CASE("Adam refuses other sizes than its own", "[train][adam]") {
  Adam<double> adam({}, 3);
  Vector<double> three = Vector<double>::Ones(3), two = Vector<double>::Ones(2);
  CHECK(one_line_with(error_text([&] { adam.step(three, two, 0.1); }), "of the size it was made for"));
  CHECK(one_line_with(error_text([&] { adam.step(two, three, 0.1); }), "of the size it was made for"));
  CHECK(three == Vector<double>::Ones(3));
}

#include "metriplex/train/sgd.hpp"

#include "support/catch.hpp"
#include "support/error_text.hpp"

using namespace metriplex;

TEST_CASE("plain gradient descent takes the gradient times the rate", "[train][sgd]") {
  Sgd<double> sgd({}, 2);
  Vector<double> parameters{{1, 2}};
  sgd.step(parameters, Vector<double>{{4, -8}}, 0.25);
  CHECK(parameters == Vector<double>{{0, 4}});
  sgd.step(parameters, Vector<double>{{4, -8}}, 0.25);
  CHECK(parameters == Vector<double>{{-1, 6}});
}

TEST_CASE("gradient descent with momentum makes PyTorch's three steps", "[train][sgd]") {
  // torch.optim.SGD, PyTorch 1.13, lr 0.1, momentum 0.9.
  Sgd<double> sgd({.momentum = 0.9}, 3);
  Vector<double> parameters{{1, -2, 0.5}};
  sgd.step(parameters, Vector<double>{{0.3, -1.0, 2.0}}, 0.1);
  CHECK(parameters.isApprox(Vector<double>{{0.97, -1.9, 0.3}}, 1e-14));
  sgd.step(parameters, Vector<double>{{0.1, 0.5, -0.4}}, 0.1);
  CHECK(parameters.isApprox(Vector<double>{{0.933, -1.86, 0.16}}, 1e-14));
  sgd.step(parameters, Vector<double>{{-0.2, 0.0, 1e-3}}, 0.1);
  CHECK(parameters.isApprox(Vector<double>{{0.9197, -1.824, 0.0339}}, 1e-14));
  sgd.reset();
  const Vector<double> before = parameters;
  sgd.step(parameters, Vector<double>::Zero(3), 0.1);
  CHECK(parameters == before);
}

TEST_CASE("weight decay shrinks parameters whatever their gradient", "[train][sgd]") {
  Sgd<float> sgd({.momentum = 0.5, .weight_decay = 0.5}, 1);
  Vector<float> parameters{{2.0f}};
  sgd.step(parameters, Vector<float>::Zero(1), 0.5);
  CHECK(parameters(0) == 1.5f);
  sgd.step(parameters, Vector<float>::Ones(1), 0.5);
  CHECK(parameters(0) == 1.5f * 0.75f - 0.5f);
}

TEST_CASE("gradient descent refuses momentum that is kept for ever, and options out of range",
          "[train][sgd]") {
  const double nan = std::nan("");
  for (const Sgd<double>::Options& options :
       {Sgd<double>::Options{.momentum = 1}, {.momentum = -0.1}, {.momentum = nan}, {.weight_decay = nan}})
    CHECK(one_line_with(error_text([&] { Sgd<double>(options, 3); }), "0 <= momentum < 1"));
}

TEST_CASE("gradient descent refuses other sizes than its own", "[train][sgd]") {
  Sgd<double> sgd({}, 3);
  Vector<double> three = Vector<double>::Ones(3), two = Vector<double>::Ones(2);
  CHECK(one_line_with(error_text([&] { sgd.step(three, two, 0.1); }), "of the size it was made for"));
  CHECK(one_line_with(error_text([&] { sgd.step(two, three, 0.1); }), "of the size it was made for"));
}

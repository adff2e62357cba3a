#include "metriplex/train/field_loss.hpp"

#include "metriplex/autodiff/check_gradient.hpp"
#include "metriplex/model/cast_model.hpp"
#include "metriplex/structure/hamiltonian.hpp"
#include "support/catch.hpp"
#include "support/random_model.hpp"

using namespace metriplex;

namespace {

template <class Scalar>
using Bound = BoundModel<Hamiltonian<2>, Mlp<Tanh, 2, 6, 1>, Scalar>;

/// A model whose errors in q and p count differently.
Bound<double> random_weighed(std::uint64_t seed) {
  const auto model = test::random_bound<Bound<double>>(seed);
  auto scaling = model.scaling();
  scaling.rate_scale = Vector<double, 2>(0.3, 5);
  return {model.weights(), scaling};
}

template <class Scalar>
Matrix<Scalar, 2> random_points(Index count, std::uint64_t seed) {
  Random random(seed);
  Matrix<Scalar, 2> points(2, count);
  for (Scalar& value : points.reshaped()) value = static_cast<Scalar>(random.normal());
  return points;
}

template <class Scalar>
double naive_loss(const Bound<Scalar>& model, const Matrix<Scalar, 2>& x, const Matrix<Scalar, 2>& dx,
                  const std::vector<std::uint32_t>& columns, double weight) {
  double total = 0;
  for (const std::uint32_t p : columns) {
    const Vector<double, 2> error =
        (model(x.col(p) + model.scaling().mean) - dx.col(p)).template cast<double>();
    for (int i = 0; i < 2; ++i)
      total += weight * std::pow(error[i] / double(model.scaling().rate_scale[i]), 2);
  }
  return total;
}

/// Draws which points to use: some twice, some never, in no order.
std::vector<std::uint32_t> draw_columns(Index count, Index points) {
  Random random(9);
  std::vector<std::uint32_t> columns;
  for (Index i = 0; i < count; ++i) columns.push_back(static_cast<std::uint32_t>(random.index(points)));
  return columns;
}

}  // namespace

TEMPLATE_TEST_CASE("the field loss over chosen columns is the sum over single states, whole tiles or not",
                   "[train][field_loss]", double, float) {
  using Scalar = TestType;
  constexpr int tile = tile_points<Scalar>;
  const auto model = cast_model<Scalar>(random_weighed(1));
  const auto x = random_points<Scalar>(2 * tile, 2), dx = random_points<Scalar>(2 * tile, 3);
  FieldLoss<Bound<Scalar>> loss;
  const double tolerance = sizeof(Scalar) == 8 ? 1e-13 : 1e-5;
  for (const Index count : {0, 1, 5, tile, 2 * tile + 7}) {
    const std::vector<std::uint32_t> columns = draw_columns(count, x.cols());
    const double got =
        loss(model.weights().data(), model.scaling(), x, dx, columns.data(), 0, count, Scalar(0.3), nullptr);
    CHECK(got == Approx(naive_loss<Scalar>(model, x, dx, columns, 0.3)).epsilon(tolerance));
  }
}

TEST_CASE("the gradient of the field loss is that of differences, and replaces what was there",
          "[train][field_loss]") {
  using Model = Bound<double>;
  const Model model = random_weighed(4);
  const auto x = random_points<double>(40, 5), dx = random_points<double>(40, 6);
  FieldLoss<Model> loss;
  for (const Index count : {3, tile_points<double> + 5}) {
    const std::vector<std::uint32_t> columns = draw_columns(count, x.cols());
    const auto value = [&](const Vector<double>& w) {
      return naive_loss<double>(Model(w, model.scaling()), x, dx, columns, 0.3);
    };
    Vector<double> d_weights = Vector<double>::Zero(model.weights().size());
    loss(model.weights().data(), model.scaling(), x, dx, columns.data(), 0, 1, 7.0, d_weights.data());
    const double with_gradient =
        loss(model.weights().data(), model.scaling(), x, dx, columns.data(), 0, count, 0.3, d_weights.data());
    CHECK(with_gradient ==
          loss(model.weights().data(), model.scaling(), x, dx, columns.data(), 0, count, 0.3, nullptr));
    const GradientCheck check = check_gradient(value, model.weights(), d_weights, {.tolerance = 1e-7});
    INFO(check.message);
    CHECK(check.ok);
  }
}

TEST_CASE("the field loss takes a part of the columns, or of all points", "[train][field_loss]") {
  using Model = Bound<double>;
  const Model model = random_weighed(4);
  const auto x = random_points<double>(90, 5), dx = random_points<double>(90, 6);
  FieldLoss<Model> loss;
  std::vector<std::uint32_t> all(90);
  std::iota(all.begin(), all.end(), 0u);
  const std::vector<std::uint32_t> part(all.begin() + 7, all.begin() + 7 + 50);
  const double expected = naive_loss<double>(model, x, dx, part, 0.3);
  const double* w = model.weights().data();
  CHECK(loss(w, model.scaling(), x, dx, all.data(), 7, 50, 0.3, nullptr) == Approx(expected).epsilon(1e-12));
  CHECK(loss(w, model.scaling(), x, dx, nullptr, 7, 50, 0.3, nullptr) == Approx(expected).epsilon(1e-12));
}

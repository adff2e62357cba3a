#pragma once

#include "family.hpp"
#include "pendulums.hpp"
#include "row.hpp"

namespace metriplex::bench {

/// Rows of one member of a family, as plain weights, at one width.
template <int Width>
void add_field_rows(Plan& plan);

template <class Bound>
std::shared_ptr<Bound> some_member() {
  using Family = bench::Family<typename Bound::Network, None, typename Bound::Scalar>;
  Family model(0);
  Random random(0, 0);
  model.initialize(random);
  return std::make_shared<Bound>(model.bind({}));
}

/// A step of Euler's rule after another: each evaluation waits for the one before, as in a simulation.
template <class Bound>
Row field_row(std::string name) {
  constexpr Index steps = 100;
  return {.name = std::move(name),
          .flops = field_flops<typename Bound::Network>,
          .scalar = scalar_name<typename Bound::Scalar>,
          .operations = steps,
          .prepare = []() -> std::function<void()> {
            return [field = some_member<Bound>(), x = typename Bound::State(1, 0.5)]() mutable {
              typename Bound::State dx;
              for (Index i = 0; i < steps; ++i) {
                (*field)(x, dx);
                x += typename Bound::Scalar(1e-3) * dx;
              }
            };
          }};
}

template <class Bound>
Row batch_row(std::string name, Index states) {
  using Scalar = typename Bound::Scalar;
  return {.name = std::move(name),
          .flops = field_flops<typename Bound::Network> * static_cast<double>(states),
          .scalar = scalar_name<Scalar>,
          .prepare = [=]() -> std::function<void()> {
            const Matrix<Scalar, 2> x = pendulums<2>(1, states).tasks[0].x.template cast<Scalar>();
            return [field = some_member<Bound>(), x, dx = Matrix<Scalar, 2>(2, states)]() mutable {
              field->batch(x, dx);
            };
          }};
}

/// The field's exact Jacobian: one evaluation, and a pullback of as many products for each row.
template <class Bound>
Row jacobian_row(std::string name) {
  constexpr Index steps = 100;
  return {.name = std::move(name),
          .flops = (1 + Bound::dimension) * field_flops<typename Bound::Network>,
          .scalar = scalar_name<typename Bound::Scalar>,
          .operations = steps,
          .prepare = []() -> std::function<void()> {
            return [field = some_member<Bound>(), x = typename Bound::State(1, 0.5)]() mutable {
              typename Bound::Jacobian jacobian;
              for (Index i = 0; i < steps; ++i) {
                field->jacobian(x, jacobian);
                x += typename Bound::Scalar(1e-3) * jacobian.col(0);
              }
            };
          }};
}

template <int Width, class Scalar>
void add_field_rows_of(Plan& plan) {
  using Bound = bench::Bound<Network<Width>, Scalar>;
  const std::string net = scalar_name<Scalar> + "/w" + std::to_string(Width);
  plan.rows.push_back(field_row<Bound>("field/" + net));
  plan.rows.push_back(batch_row<Bound>("field_batch/" + net + "/4096", 4096));
  plan.rows.push_back(jacobian_row<Bound>("jacobian/" + net));
}

template <int Width>
void add_field_rows(Plan& plan) {
  add_field_rows_of<Width, double>(plan);
  add_field_rows_of<Width, float>(plan);
}

}  // namespace metriplex::bench

#pragma once

#include <benchmark/benchmark.h>

#include "train_row.hpp"

namespace metriplex::bench {

/// Rows of one modulation at one width; a translation unit each, so that they build side by side.
template <int Width, class Modulation>
void add_model_rows(Plan& plan);

template <class Family>
Row bind_row(std::string name) {
  return {.name = std::move(name), .prepare = []() -> std::function<void()> {
            const auto training = std::make_shared<Training<Family>>(70, 64);
            return [training, z = training->model.mean_latent()] {
              const auto bound = training->model.bind(z);
              benchmark::DoNotOptimize(bound.weights().data());
            };
          }};
}

template <int Width, class Modulation, class Scalar>
void add_model_rows_of(Plan& plan) {
  using Family = bench::Family<Network<Width>, Modulation, Scalar>;
  const std::string model =
      scalar_name<Scalar> + "/w" + std::to_string(Width) + "/" + std::string(Modulation::name);
  plan.rows.push_back(train_row<Family>("train_step/" + model + "/70x64", 70, 64));
  plan.rows.push_back(train_row<Family>("train_step/" + model + "/70x500", 70, 500));
  plan.rows.push_back(bind_row<Family>("bind/" + model));
}

template <int Width, class Modulation>
void add_model_rows(Plan& plan) {
  add_model_rows_of<Width, Modulation, double>(plan);
  add_model_rows_of<Width, Modulation, float>(plan);
}

}  // namespace metriplex::bench

#pragma once

#include "family.hpp"
#include "heap.hpp"
#include "metriplex/data/sample_family.hpp"
#include "metriplex/systems/tgc.hpp"
#include "pendulums.hpp"
#include "row.hpp"

namespace metriplex::bench {

/// Makes what a model trains on: synthetic pendulums, or, with friction, gas containers.
template <class Family>
TaskSet<Family::dimension> measurements(Index systems, Index points) {
  if constexpr (DissipativeStructure<typename Family::Structure>)
    return sample_family<Tgc>(
        {.members = systems, .trajectories = 1, .times = Vector<double>::LinSpaced(points, 0, 10)});
  else
    return pendulums<Family::dimension>(systems, points);
}

/// A model in training.
template <class Family>
struct Training {
  Training(Index systems, Index points)
      : model(latents),
        trainer(model, measurements<Family>(systems, points), {.steps = 1'000'000, .points = points}) {}

  Family model;
  AutoDecoder<Family, Adam> trainer;  // as the peers train
};

/// One step of meta-training: loss, gradient, Adam for weights and latents.
template <class Family>
Row train_row(std::string name, Index systems, Index points, int threads = 1) {
  return {.name = std::move(name),
          .flops = step_flops<typename Family::Network> * static_cast<double>(systems * points),
          .scalar = scalar_name<typename Family::Scalar>,
          .threads = threads,
          .prepare = [=]() -> std::function<void()> {
            return [training = std::make_shared<Training<Family>>(systems, points)] {
              training->trainer.step();
            };
          }};
}

/// What a step needs beside the data: all that is on the heap at its worst moment, less the measurements.
template <class Family>
Row memory_row(std::string name, Index systems, Index points) {
  const auto bytes = std::make_shared<double>(0.0);
  return {.name = std::move(name),
          .once = true,
          .prepare = [=]() -> std::function<void()> {
            heap::reset();
            const auto training = std::make_shared<Training<Family>>(systems, points);
            const auto data = 2 * systems * points * Family::dimension * sizeof(typename Family::Scalar);
            return [=] {
              heap::forget_peak();
              training->trainer.step();
              *bytes = static_cast<double>(heap::peak()) - static_cast<double>(data);
            };
          },
          .bytes = bytes};
}

}  // namespace metriplex::bench

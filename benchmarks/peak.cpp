#include "peak.hpp"

#include <benchmark/benchmark.h>

#include "metriplex/nn/simd.hpp"

namespace metriplex::bench {
namespace {

/// Multiplies and adds in all registers at once, with nothing to load and nobody to wait for: what the core
/// can do at all.
template <class Scalar>
Row peak_row(std::string name, std::string scalar) {
  constexpr int accumulators = register_count - 4;
  constexpr int rounds = 10'000;
  return {.name = std::move(name),
          .flops = 2.0 * lanes<Scalar> * accumulators * rounds,
          .scalar = std::move(scalar),
          .best = true,  // a disturbed peak would flatter all that is compared with it
          .prepare = []() -> std::function<void()> {
            return [] {
              Pack<Scalar> sum[accumulators];
              Pack<Scalar> factor = broadcast(Scalar(0.5)), term = broadcast(Scalar(1));
              benchmark::DoNotOptimize(factor);  // unknown from here on
              benchmark::DoNotOptimize(term);
              unroll<accumulators>([&](auto i) { sum[i] = broadcast(Scalar(i)); });
              for (int round = 0; round < rounds; ++round)
                unroll<accumulators>([&](auto i) { sum[i] = sum[i] * factor + term; });
              unroll<accumulators>([&](auto i) { benchmark::DoNotOptimize(sum[i]); });
            };
          }};
}

}  // namespace

void add_peak_rows(Plan& plan) {
  plan.rows.push_back(peak_row<double>("peak/f64", "f64"));
  plan.rows.push_back(peak_row<float>("peak/f32", "f32"));
}

}  // namespace metriplex::bench

#pragma once

#include <algorithm>
#include <cstddef>
#include <utility>
#include <vector>

#include "metriplex/core/types.hpp"
#include "metriplex/data/motion.hpp"
#include "metriplex/train/integral_error.hpp"

namespace metriplex {

/// Adds what a field, integrated over a few intervals, misses the states of motions by; field(x, f) evaluates it.
///
/// Math: steps of the classical Runge-Kutta method, from every `IntegralError::intervals`-th sample on, all at once.
/// Shapes: pieces, of complete samples; x [Dim x their samples], relative to what the field's states are relative to.
template <int Dim, RealScalar Scalar, class Field>
void add_rollouts(IntegralError<Dim>& error, const std::vector<Motion<Dim>>& pieces,
                  const Matrix<Scalar, Dim>& x, int substeps, Field&& field) {
  struct Run {
    const double* times;
    Index first, intervals;
  };
  std::vector<Run> runs;
  Index at = 0;
  for (const auto& piece : pieces) {
    for (Index k = 0; k + 1 < piece.samples(); k += error.intervals)
      runs.push_back({piece.times.data() + k, at + k, std::min(piece.samples() - 1 - k, error.intervals)});
    at += piece.samples();
  }
  const auto count = static_cast<Index>(runs.size());
  Matrix<Scalar, Dim> now(Dim, count), stage, slope(Dim, count), sum;
  Vector<Scalar> step(count);
  for (Index c = 0; c < count; ++c) now.col(c) = x.col(runs[static_cast<std::size_t>(c)].first);
  for (Index k = 0; k < error.intervals; ++k) {
    for (Index c = 0; c < count; ++c) {  // those that have arrived wait
      const Run& run = runs[static_cast<std::size_t>(c)];
      step[c] =
          k < run.intervals ? static_cast<Scalar>((run.times[k + 1] - run.times[k]) / substeps) : Scalar(0);
    }
    for (int s = 0; s < substeps; ++s) {
      stage = sum = now;
      for (const auto& [share, ahead] :
           {std::pair{1.0 / 6, 0.5}, {1.0 / 3, 0.5}, {1.0 / 3, 1.0}, {1.0 / 6, 0.0}}) {
        field(stage, slope);
        for (Index c = 0; c < count; ++c)
          for (int i = 0; i < Dim; ++i) {
            const Scalar moved = step[c] * slope(i, c);
            sum(i, c) += static_cast<Scalar>(share) * moved;
            stage(i, c) = now(i, c) + static_cast<Scalar>(ahead) * moved;
          }
      }
      now = sum;
    }
  }
  for (Index c = 0; c < count; ++c) {
    const Run& run = runs[static_cast<std::size_t>(c)];
    Vector<double, Dim> off;
    for (int i = 0; i < Dim; ++i) off[i] = static_cast<double>(now(i, c) - x(i, run.first + run.intervals));
    error.add(off, run.times[run.intervals] - run.times[0]);
  }
}

}  // namespace metriplex

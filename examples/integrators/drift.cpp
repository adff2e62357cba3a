#include "drift.hpp"

#include <algorithm>
#include <cmath>

namespace metriplex::show {

DriftMeter::DriftMeter(Index steps, double dt) : steps_(steps), dt_(dt) {}

void DriftMeter::add(Index step, double error) {
  largest_ = std::max(largest_, std::abs(error));
  const auto block = static_cast<std::size_t>((step - 1) * blocks / steps_);
  sums_[block] += error;
  counts_[block] += 1;
  if (step < next_ && step != steps_) return;
  curve_.push_back({static_cast<double>(step) * dt_, largest_});
  next_ = std::max(step + 1, static_cast<Index>(1.1 * static_cast<double>(step)));
}

Drift DriftMeter::drift() const {
  std::vector<double> times, means;
  for (std::size_t i = 0; i < sums_.size(); ++i)
    if (counts_[i] > 0) {
      times.push_back((static_cast<double>(i) + 0.5) / static_cast<double>(blocks));
      means.push_back(sums_[i] / counts_[i]);
    }
  const auto count = static_cast<double>(means.size());
  if (count < 4) return {NAN, NAN};
  double time = 0, mean = 0;
  for (std::size_t i = 0; i < means.size(); ++i) {
    time += times[i] / count;
    mean += means[i] / count;
  }
  double square = 0, product = 0;
  for (std::size_t i = 0; i < means.size(); ++i) {
    square += (times[i] - time) * (times[i] - time);
    product += (times[i] - time) * (means[i] - mean);
  }
  const double slope = product / square;
  double variance = 0, covariance = 0, last = 0;
  for (std::size_t i = 0; i < means.size(); ++i) {
    const double residual = means[i] - mean - slope * (times[i] - time);
    variance += residual * residual;
    if (i > 0) covariance += residual * last;
    last = residual;
  }
  const double correlation = variance > 0 ? std::clamp(covariance / variance, 0.0, 0.999) : 0;
  return {slope, std::sqrt(variance / (count - 2) / square * (1 + correlation) / (1 - correlation))};
}

}  // namespace metriplex::show

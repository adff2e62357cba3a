#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <vector>

#include "metriplex/core/error.hpp"
#include "metriplex/core/types.hpp"

namespace metriplex {

/// Holds one motion of a system as it was recorded: samples of its states, perhaps of their rates and of what drove it.
///
/// Shapes: times [samples], increasing, at any distances; states [Dim x samples]; weights [Dim x samples], or empty for
/// ones: what has a weight of 0 is missing, and may be anything; rates [Dim x samples], or empty where states alone were
/// measured; inputs [any x samples], or empty.
template <int Dim>
struct Motion {
  Vector<double> times;
  Matrix<double, Dim> states;
  Matrix<double, Dim> weights{};
  Matrix<double, Dim> rates{};
  Matrix<double> inputs{};

  Index samples() const { return times.size(); }
  bool has_rates() const { return rates.cols() > 0; }
  double weight(int i, Index k) const { return weights.cols() == 0 ? 1.0 : weights(i, k); }
  /// Whether all of a sample was measured.
  bool complete(Index k) const {
    for (int i = 0; i < Dim; ++i)
      if (weight(i, k) == 0) return false;
    return true;
  }

  /// Lists the samples of which all was measured.
  std::vector<Index> complete_samples() const {
    std::vector<Index> found;
    for (Index k = 0; k < samples(); ++k)
      if (complete(k)) found.push_back(k);
    return found;
  }

  /// Returns these samples alone, in this order.
  Motion pick(const std::vector<Index>& chosen) const {
    const auto columns = [&](const auto& values) {
      auto few = values;
      if (values.cols() == 0) return few;
      few.resize(values.rows(), static_cast<Index>(chosen.size()));
      for (std::size_t k = 0; k < chosen.size(); ++k)
        std::copy_n(values.data() + chosen[k] * values.rows(), values.rows(),
                    few.data() + static_cast<Index>(k) * values.rows());
      return few;
    };
    Motion few{Vector<double>(static_cast<Index>(chosen.size())), columns(states), columns(weights),
               columns(rates), columns(inputs)};
    for (std::size_t k = 0; k < chosen.size(); ++k) few.times[static_cast<Index>(k)] = times[chosen[k]];
    return few;
  }

  /// Checks the samples at a boundary, `least` of them; `who` names the caller in the message.
  ///
  /// Errors: fewer samples, other shapes, times that do not increase, NaN or Inf, negative weights.
  void check(const char* who, Index least = 2) const {
    const Index n = samples();
    require(n >= least && states.cols() == n && (weights.cols() == 0 || weights.cols() == n),
            {who, " needs ", least == 1 ? "one sample" : "two samples",
             " of a motion or more, times [samples] and states [", Dim,
             " x samples], and weights of that shape or none; got ", n, " times, [", Dim, " x ",
             states.cols(), "] and [", Dim, " x ", weights.cols(), "]"});
    require((!has_rates() || rates.cols() == n) && (inputs.size() == 0 || inputs.cols() == n),
            {who, " needs rates and inputs of as many samples as there are states, ", n, ", or none; got ",
             rates.cols(), " and ", inputs.cols()});
    for (Index k = 0; k < n; ++k) {
      require(std::isfinite(times[k]) && (k == 0 || times[k] > times[k - 1]),
              {who, " needs times that increase; got another at sample ", k});
      for (int i = 0; i < Dim; ++i) {
        require(std::isfinite(weight(i, k)) && weight(i, k) >= 0,
                {who, " needs weights >= 0; got another at sample ", k});
        require(weight(i, k) == 0 || std::isfinite(states(i, k)),
                {who, " needs finite states; got a NaN or Inf at sample ", k});
        require(weight(i, k) == 0 || !has_rates() || std::isfinite(rates(i, k)),
                {who, " needs finite rates; got a NaN or Inf at sample ", k});
      }
      for (Index i = 0; i < inputs.rows(); ++i)
        require(std::isfinite(inputs(i, k)), {who, " needs finite inputs; got a NaN or Inf at sample ", k});
    }
  }
};

}  // namespace metriplex

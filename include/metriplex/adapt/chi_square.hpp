#pragma once

#include <cmath>
#include <limits>

#include "metriplex/core/error.hpp"

namespace metriplex {

/// Splits the probability of a chi-square variable at x: that it is less, and that it is more.
struct ChiSquareSplit {
  double below, above;
};

/// Computes both sides of a chi-square distribution, each to its own relative precision: a surprise of 1e-200 is not 0.
///
/// Math: P and Q = 1 − P of a = freedom/2 at x/2, the smaller by its series or by its continued fraction (Abramowitz & Stegun
/// 1964, "Handbook of mathematical functions", 6.5.29 and 6.5.31; the fraction by Lentz's method).
/// Cost: a few √freedom terms and three elementary functions.
/// Errors: freedom <= 0, x < 0, NaN.
inline ChiSquareSplit chi_square_split(double x, double freedom) {
  require(freedom > 0 && std::isfinite(freedom) && x >= 0,
          {"a chi-square distribution expects degrees of freedom > 0 and a value >= 0; got ", freedom,
           " and ", x});
  const double a = freedom / 2, y = x / 2;
  if (y == 0) return {0, 1};
  if (std::isinf(y)) return {1, 0};
  constexpr double rounding = std::numeric_limits<double>::epsilon();
  const double front = std::exp(a * std::log(y) - y - std::lgamma(a));
  if (y < a + 1) {
    double term = 1 / a, sum = term;
    for (double k = a + 1; term > rounding * sum; ++k) sum += term *= y / k;
    return {front * sum, 1 - front * sum};
  }
  constexpr double tiny = std::numeric_limits<double>::min() / rounding;
  double b = y + 1 - a, c = 1 / tiny, d = 1 / b, fraction = d, change = 0;
  for (double k = 1; std::abs(change - 1) > 4 * rounding; ++k) {
    const double numerator = k * (a - k);
    b += 2;
    d = numerator * d + b;
    c = b + numerator / c;
    d = 1 / (std::abs(d) < tiny ? tiny : d);
    if (std::abs(c) < tiny) c = tiny;
    fraction *= change = c * d;
  }
  return {1 - front * fraction, front * fraction};
}

namespace detail {

/// Finds where a chi-square variable stops being below, as the predicate has it, between 0 and infinity.
template <class Below>
double chi_square_root(double freedom, Below&& below) {
  double least = 0, most = freedom;
  while (below(most)) most *= 2;
  for (double x = most / 2; least < x && x < most; x = least + (most - least) / 2)
    (below(x) ? least : most) = x;
  return most;
}

}  // namespace detail

/// Returns the x that a chi-square variable exceeds with a probability, however small.
///
/// Cost: some hundred `chi_square_split`; not for inner loops.
/// Errors: freedom <= 0, a probability outside of 0 to 1.
inline double chi_square_bound(double probability, double freedom) {
  require(probability >= 0 && probability <= 1,
          {"a chi-square bound expects a probability from 0 to 1; got ", probability});
  if (probability == 0) return std::numeric_limits<double>::infinity();
  return detail::chi_square_root(freedom, [&](double x) {  // by the smaller side, which is the precise one
    const ChiSquareSplit split = chi_square_split(x, freedom);
    return probability < 0.5 ? split.above > probability : split.below < 1 - probability;
  });
}

/// Returns the x that a chi-square variable stays below with a probability: the square of a confidence region's radius.
///
/// Cost: some hundred `chi_square_split`; not for inner loops.
/// Errors: freedom <= 0, a probability outside of 0 to 1.
inline double chi_square_quantile(double probability, double freedom) {
  require(probability >= 0 && probability <= 1,
          {"a quantile expects a probability from 0 to 1; got ", probability});
  return probability < 0.5
             ? detail::chi_square_root(
                   freedom, [&](double x) { return chi_square_split(x, freedom).below < probability; })
             : chi_square_bound(1 - probability, freedom);
}

}  // namespace metriplex

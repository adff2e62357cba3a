#pragma once

#include <array>
#include <bit>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <limits>
#include <numeric>
#include <utility>
#include <vector>

#include "metriplex/core/error.hpp"
#include "metriplex/core/types.hpp"

namespace metriplex {

/// Draws random numbers that are the same on every platform, compiler and set of flags.
///
/// Decisions are made by integer comparisons, and a double is made by one correctly rounded operation
/// (`std::fma` where a product is added), so neither contraction to FMA nor the C library's `log` and `cos`
/// can move a bit. It is a UniformRandomBitGenerator; the standard distributions take it, but their results
/// are not portable.
/// Math: xoshiro256++ (Blackman, Vigna 2021, "Scrambled linear pseudorandom number generators"), its state
/// filled by splitmix64.
/// Not: for cryptography.
class Random {
 public:
  using State = std::array<std::uint64_t, 4>;
  using result_type = std::uint64_t;

  /// Starts the sequence of `seed`.
  explicit Random(std::uint64_t seed = 0) {
    for (auto& word : state_) word = splitmix64(seed);
  }

  /// Starts stream number `stream` of `seed`: streams are independent of each other and of `Random(seed)`, so
  /// that part k of some work can draw from stream k whatever the other parts do.
  Random(std::uint64_t seed, std::uint64_t stream) {
    std::uint64_t mixed = splitmix64(seed) + stream;
    mixed = splitmix64(mixed);
    for (auto& word : state_) word = splitmix64(mixed);
  }

  /// Continues from a state that `state()` gave.
  ///
  /// Errors: the state that is all zero, which the generator never leaves.
  explicit Random(const State& state) : state_(state) {
    require(state != State{}, "expected a state that is not all zero, got four zeros in Random");
  }

  /// Reads the state, from which the sequence can be continued.
  const State& state() const { return state_; }

  /// Lists what a sequence goes on from, for `StateArchive`.
  template <class Archive>
  void serialize(Archive& archive) {
    archive(state_);
  }

  static constexpr result_type min() { return 0; }
  static constexpr result_type max() { return std::numeric_limits<result_type>::max(); }

  /// Draws 64 random bits.
  result_type operator()() {
    auto& [a, b, c, d] = state_;
    const std::uint64_t bits = std::rotl(a + d, 23) + a;
    const std::uint64_t shifted = b << 17;
    c ^= a;
    d ^= b;
    b ^= c;
    a ^= d;
    c ^= shifted;
    d = std::rotl(d, 45);
    return bits;
  }

  /// Draws from [0, 1), all multiples of 2⁻⁵³ alike.
  double uniform() { return static_cast<double>((*this)() >> 11) * 0x1p-53; }

  /// Draws from [lo, hi]; the rounding of the result may reach `hi` itself.
  double uniform(double lo, double hi) { return std::fma(uniform(), hi - lo, lo); }

  /// Draws from 0, 1, …, n − 1, each exactly as likely as the others.
  ///
  /// Errors: n < 1.
  Index index(Index n) {
    require(n > 0, "expected n >= 1, got nothing to draw from in Random::index(n)");
    return static_cast<Index>(below(static_cast<std::uint64_t>(n)));
  }

  /// Draws from the normal distribution of mean 0 and variance 1, exactly (up to the rounding of the result).
  ///
  /// Math: Karney 2016, "Sampling exactly from the normal distribution", ACM TOMS 42(1), Algorithm N: the
  /// integer part k, then the fraction x (here 64 bits), are accepted with the right probabilities by
  /// comparing uniforms.
  double normal() {
    for (;;) {
      std::uint64_t k = 0;
      while (with_probability_exp_half()) ++k;
      std::uint64_t tries = k * (k - 1);
      while (tries > 0 && with_probability_exp_half()) --tries;
      if (tries > 0) continue;
      const std::uint64_t x = (*this)();
      std::uint64_t accepted = 0;
      while (accepted <= k && accepts_fraction(k, x)) ++accepted;
      if (accepted <= k) continue;
      const double magnitude = static_cast<double>((k << 53) + (x >> 11)) * 0x1p-53;
      return (*this)() >> 63 ? -magnitude : magnitude;
    }
  }

  /// Puts the elements of a random access range into a random order, all orders alike.
  template <class Range>
  void shuffle(Range& range) {
    using std::swap;
    const auto first = std::begin(range);
    for (auto left = std::end(range) - first; left > 1; --left)
      swap(first[left - 1], first[index(static_cast<Index>(left))]);
  }

  /// Draws an order of 0, 1, …, n − 1, all orders alike.
  std::vector<Index> permutation(Index n) {
    require(n >= 0, "expected n >= 0, got less in Random::permutation(n)");
    std::vector<Index> order(static_cast<std::size_t>(n));
    std::iota(order.begin(), order.end(), Index{0});
    shuffle(order);
    return order;
  }

 private:
  static std::uint64_t splitmix64(std::uint64_t& counter) {
    std::uint64_t word = counter += 0x9e3779b97f4a7c15u;
    word = (word ^ (word >> 30)) * 0xbf58476d1ce4e5b9u;
    word = (word ^ (word >> 27)) * 0x94d049bb133111ebu;
    return word ^ (word >> 31);
  }

  // Rejection from the next power of two: at most two draws on average, and no 128-bit product.
  std::uint64_t below(std::uint64_t n) {
    if (n == 1) return 0;
    const int unused = std::countl_zero(n - 1);
    std::uint64_t drawn;
    do drawn = (*this)() >> unused;
    while (drawn >= n);
    return drawn;
  }

  // Algorithm H: true with probability exp(-1/2), the length of a falling run that starts below 1/2 being
  // even.
  bool with_probability_exp_half() {
    std::uint64_t last = std::uint64_t{1} << 63;
    for (bool even = true;; even = !even) {
      const std::uint64_t next = (*this)();
      if (next >= last) return even;
      last = next;
    }
  }

  // Algorithm B: true with probability exp(-x (2k + x) / (2k + 2)); x is a fraction of 64 bits.
  bool accepts_fraction(std::uint64_t k, std::uint64_t x) {
    std::uint64_t last = x;
    for (bool even = true;; even = !even) {
      const std::uint64_t next = (*this)();
      if (next >= last) return even;
      const std::uint64_t choice = below(2 * k + 2);  // goes on with probability (2k + x) / (2k + 2)
      if (choice > 2 * k || (choice == 2 * k && (*this)() >= x)) return even;
      last = next;
    }
  }

  State state_;
};

}  // namespace metriplex

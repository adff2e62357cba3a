#pragma once

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include "metriplex/core/error.hpp"
#include "metriplex/core/types.hpp"

namespace metriplex {

/// Takes the state of objects apart into numbers, or restores it from them, to the bit: a class lists what it goes on from once,
/// `archive(first_, second_)` in its `serialize(archive)`, as for Boost.Serialization and cereal.
///
/// It takes numbers, matrices and containers whose sizes stay, and classes with a `serialize`; `resized` takes lists of numbers of any length,
/// and `same` what must not differ where the state is restored. Floats and 32-bit integers are exact as doubles; 64 bits are two.
/// Errors, in restoring: numbers that run out, are left over, or are of objects of another size; something else where `same` stands.
class StateArchive {
 public:
  /// Collects numbers.
  StateArchive() = default;
  /// Restores from numbers.
  explicit StateArchive(std::vector<double> numbers) : numbers_(std::move(numbers)), restores_(true) {}

  bool restores() const { return restores_; }
  const std::vector<double>& numbers() const { return numbers_; }
  std::vector<double> take_numbers() { return std::move(numbers_); }

  template <class... Parts>
  void operator()(Parts&... parts) {
    (take(parts), ...);
  }

  /// Takes `count` numbers that lie behind one another.
  template <RealScalar Scalar>
  void array(Scalar* x, Index count) {
    if (!restores_) {
      numbers_.insert(numbers_.end(), x, x + count);
      return;
    }
    require(count <= static_cast<Index>(numbers_.size() - at_),
            "expected the state of what is restored, got fewer numbers than it has");
    for (Index i = 0; i < count; ++i) x[i] = static_cast<Scalar>(numbers_[at_++]);
  }

  /// Takes a list of whole numbers below `bound`, and its length with them.
  template <std::unsigned_integral Integer>
  void resized(std::vector<Integer>& list, std::size_t bound) {
    static_assert(sizeof(Integer) <= 4);
    double length = static_cast<double>(list.size());
    take(length);
    if (restores_) list.resize(whole<std::size_t>(length, numbers_.size() - at_ + 1));
    for (Integer& x : list) {
      double number = x;
      take(number);
      if (restores_) x = whole<Integer>(number, bound);
    }
  }

  /// Notes a number that must be the same where the state is restored.
  void same(const char* what, double value) {
    double noted = value;
    take(noted);
    require(noted == value,
            {"expected the ", what, " of the state that is restored, ", noted, ", got ", value});
  }

  /// Ends restoring.
  void finish() const {
    require(at_ == numbers_.size() || !restores_,
            "expected the state of what is restored, got more numbers than it has");
  }

 private:
  template <class T>
  void take(T& x) {
    if constexpr (std::is_floating_point_v<T>) {
      array(&x, 1);
    } else if constexpr (std::is_same_v<T, std::uint64_t>) {
      double high = static_cast<double>(x >> 32), low = static_cast<double>(x & 0xffffffffu);
      (*this)(high, low);
      constexpr auto bound = std::size_t{1} << 32;
      if (restores_) x = whole<std::uint64_t>(high, bound) << 32 | whole<std::uint64_t>(low, bound);
    } else if constexpr (std::is_same_v<T, Index>) {
      double number = static_cast<double>(x);
      take(number);
      if (restores_) x = whole<Index>(number, std::size_t{1} << 53);
    } else if constexpr (requires { x.serialize(*this); }) {
      x.serialize(*this);
    } else {
      same("size", static_cast<double>(x.size()));
      if constexpr (requires { x.rows(); })
        array(x.data(), x.size());
      else
        for (auto& part : x) take(part);
    }
  }

  /// Reads a number as one of 0, 1, …, bound − 1.
  template <class Integer>
  static Integer whole(double number, std::size_t bound) {
    require(number >= 0 && number < static_cast<double>(bound) && number == std::floor(number),
            {"expected a whole number below ", bound, " in the state that is restored, got ", number});
    return static_cast<Integer>(number);
  }

  std::vector<double> numbers_;
  std::size_t at_ = 0;
  bool restores_ = false;
};

}  // namespace metriplex

#pragma once

#include <array>
#include <compare>
#include <cstddef>
#include <limits>
#include <type_traits>

#include "metriplex/core/types.hpp"

namespace metriplex {

template <class S, int N>
struct Dual;

/// Names the real type at the bottom of a scalar: `double` for `double`, `Dual<double, 2>`,
/// `Dual<Dual<double, 2>, 2>`.
template <class S>
struct BaseOf {
  using type = S;
};
template <class S, int N>
struct BaseOf<Dual<S, N>> : BaseOf<S> {};

/// Tells whether a T is a constant to `Dual<S, N>`: a built-in number, an S, or a constant to S.
template <class T, class S>
inline constexpr bool is_constant_for = std::is_arithmetic_v<T> || std::is_same_v<T, S>;
template <class T, class S, int N>
inline constexpr bool is_constant_for<T, Dual<S, N>> = std::is_same_v<T, Dual<S, N>> || is_constant_for<T, S>;

/// Tells the sign, 1, −1 or 0, of the first of a number's value and tangents that is not zero.
template <class S>
constexpr int first_sign(const S& x) {
  return int(x > S(0)) - int(x < S(0));
}
template <class S, int N>
constexpr int first_sign(const Dual<S, N>& x) {
  int sign = first_sign(x.value);
  for (std::size_t i = 0; i < N && sign == 0 && x.value == S(0); ++i) sign = first_sign(x.tangent[i]);
  return sign;
}

/// Carries a number and its derivatives along N directions through any computation.
///
/// It nests (`Dual<Dual<double, 2>, 2>` has second derivatives) and is an Eigen scalar. Comparisons look at
/// values only. The functions of `<cmath>` are in dual_math.hpp (which gradient.hpp, jacobian.hpp and
/// hessian.hpp include).
/// Math: (a + a'ε)(b + b'ε) = ab + (a'b + ab')ε with ε² = 0 in each direction.
/// Not: a tape; the cost of an operation is N + 1 times that of a plain one.
template <class S, int N>
struct Dual {
  using Scalar = S;

  S value{};
  std::array<S, N> tangent{};

  constexpr Dual() = default;
  constexpr Dual(const S& v, const std::array<S, N>& t) : value(v), tangent(t) {}

  /// Makes a constant: its tangents are zero.
  template <class T>
    requires is_constant_for<T, S>
  constexpr Dual(const T& constant) : value(lower(constant)) {}

  /// Makes the variable of direction `i`.
  static constexpr Dual variable(const S& v, int i) {
    Dual x(v);
    x.tangent[static_cast<std::size_t>(i)] = S(1);
    return x;
  }

  /// Applies f to `x`, given f(x.value) and f'(x.value): how a function of one's own learns about dual
  /// numbers.
  static constexpr Dual chain(const Dual& x, const S& f, const S& df) {
    Dual y(f, x.tangent);
    for (auto& t : y.tangent) t *= df;
    return y;
  }

  /// Applies f to `x` and `y`, given f(x, y) and its two partial derivatives.
  static constexpr Dual chain(const Dual& x, const Dual& y, const S& f, const S& df_x, const S& df_y) {
    Dual z(f);
    for (std::size_t i = 0; i < N; ++i) z.tangent[i] = df_x * x.tangent[i] + df_y * y.tangent[i];
    return z;
  }

  constexpr friend Dual operator+(const Dual& a) { return a; }
  constexpr friend Dual operator-(const Dual& a) { return chain(a, -a.value, S(-1)); }

  constexpr friend Dual operator+(Dual a, const Dual& b) {
    a.value += b.value;
    for (std::size_t i = 0; i < N; ++i) a.tangent[i] += b.tangent[i];
    return a;
  }
  constexpr friend Dual operator-(Dual a, const Dual& b) {
    a.value -= b.value;
    for (std::size_t i = 0; i < N; ++i) a.tangent[i] -= b.tangent[i];
    return a;
  }
  constexpr friend Dual operator*(const Dual& a, const Dual& b) {
    return chain(a, b, a.value * b.value, b.value, a.value);
  }
  constexpr friend Dual operator/(const Dual& a, const Dual& b) {
    const S quotient = a.value / b.value;
    const S inverse = S(1) / b.value;
    return chain(a, b, quotient, inverse, -quotient * inverse);
  }

  // With constants: no work on tangents that are known to be zero.
  template <class T>
    requires is_constant_for<T, S>
  constexpr friend Dual operator+(Dual a, const T& b) {
    a.value += lower(b);
    return a;
  }
  template <class T>
    requires is_constant_for<T, S>
  constexpr friend Dual operator+(const T& a, Dual b) {
    b.value += lower(a);
    return b;
  }
  template <class T>
    requires is_constant_for<T, S>
  constexpr friend Dual operator-(Dual a, const T& b) {
    a.value -= lower(b);
    return a;
  }
  template <class T>
    requires is_constant_for<T, S>
  constexpr friend Dual operator-(const T& a, const Dual& b) { return chain(b, lower(a) - b.value, S(-1)); }
  template <class T>
    requires is_constant_for<T, S>
  constexpr friend Dual operator*(Dual a, const T& b) {
    a.value *= lower(b);
    for (auto& t : a.tangent) t *= lower(b);
    return a;
  }
  template <class T>
    requires is_constant_for<T, S>
  constexpr friend Dual operator*(const T& a, const Dual& b) { return b * a; }
  template <class T>
    requires is_constant_for<T, S>
  constexpr friend Dual operator/(Dual a, const T& b) {
    a.value /= lower(b);
    for (auto& t : a.tangent) t /= lower(b);
    return a;
  }
  template <class T>
    requires is_constant_for<T, S>
  constexpr friend Dual operator/(const T& a, const Dual& b) {
    const S quotient = lower(a) / b.value;
    return chain(b, quotient, -quotient / b.value);
  }

  template <class T>
  constexpr Dual& operator+=(const T& b) {
    return *this = *this + b;
  }
  template <class T>
  constexpr Dual& operator-=(const T& b) {
    return *this = *this - b;
  }
  template <class T>
  constexpr Dual& operator*=(const T& b) {
    return *this = *this * b;
  }
  template <class T>
  constexpr Dual& operator/=(const T& b) {
    return *this = *this / b;
  }

  constexpr friend bool operator==(const Dual& a, const Dual& b) { return a.value == b.value; }
  constexpr friend auto operator<=>(const Dual& a, const Dual& b) { return a.value <=> b.value; }

 private:
  // A built-in number goes in as the base type, so that `2 * x` converts once and warns nowhere.
  template <class T>
  static constexpr decltype(auto) lower(const T& constant) {
    if constexpr (std::is_arithmetic_v<T>)
      return static_cast<typename BaseOf<S>::type>(constant);
    else
      return (constant);
  }
};

/// Computes |x|; at 0 the derivatives are those beyond it, where the first tangent that is not zero leads.
template <class S, int N>
constexpr Dual<S, N> abs(const Dual<S, N>& x) {
  return (first_sign(x) < 0 ? -x : x) + 0;
}

/// Lifts a point to variables: component i carries the unit tangent of direction i.
///
/// Shapes: x [N x 1], N known at compile time.
template <class Derived>
auto variables(const Eigen::MatrixBase<Derived>& x) {
  constexpr int size = Derived::RowsAtCompileTime;
  static_assert(
      size != Eigen::Dynamic && Derived::ColsAtCompileTime == 1,
      "Differentiation needs a column vector whose size is known at compile time: pass a Vector<double, N>.");
  using Variable = Dual<typename Derived::Scalar, size>;
  Vector<Variable, size> lifted;
  for (int i = 0; i < size; ++i) lifted(i) = Variable::variable(x(i), i);
  return lifted;
}

}  // namespace metriplex

/// Tells what it tells of the inner scalar, as constants.
template <class S, int N>
class std::numeric_limits<metriplex::Dual<S, N>> : public std::numeric_limits<S> {
  using Inner = std::numeric_limits<S>;
  using Number = metriplex::Dual<S, N>;

 public:
  static constexpr Number min() noexcept { return Inner::min(); }
  static constexpr Number max() noexcept { return Inner::max(); }
  static constexpr Number lowest() noexcept { return Inner::lowest(); }
  static constexpr Number epsilon() noexcept { return Inner::epsilon(); }
  static constexpr Number round_error() noexcept { return Inner::round_error(); }
  static constexpr Number infinity() noexcept { return Inner::infinity(); }
  static constexpr Number quiet_NaN() noexcept { return Inner::quiet_NaN(); }
  static constexpr Number signaling_NaN() noexcept { return Inner::signaling_NaN(); }
  static constexpr Number denorm_min() noexcept { return Inner::denorm_min(); }
};

template <class S, int N>
struct Eigen::NumTraits<metriplex::Dual<S, N>> : Eigen::NumTraits<S> {
  using Real = metriplex::Dual<S, N>;
  using NonInteger = Real;
  using Nested = Real;
  enum {
    RequireInitialization = 1,
    ReadCost = (N + 1) * int(NumTraits<S>::ReadCost),
    AddCost = (N + 1) * int(NumTraits<S>::AddCost),
    MulCost = (2 * N + 1) * int(NumTraits<S>::MulCost)
  };
};

template <class S, int N, class T, class Operation>
  requires metriplex::is_constant_for<T, S>
struct Eigen::ScalarBinaryOpTraits<metriplex::Dual<S, N>, T, Operation> {
  using ReturnType = metriplex::Dual<S, N>;
};

template <class T, class S, int N, class Operation>
  requires metriplex::is_constant_for<T, S>
struct Eigen::ScalarBinaryOpTraits<T, metriplex::Dual<S, N>, Operation> {
  using ReturnType = metriplex::Dual<S, N>;
};

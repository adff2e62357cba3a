#pragma once

#include <array>
#include <cstddef>
#include <string_view>

#include "metriplex/systems/system.hpp"

namespace metriplex {

namespace detail {

/// Spells a word of at most 5 letters with a number below 100 behind it.
constexpr std::array<char, 8> label(std::string_view word, int number) {
  std::array<char, 8> text{};
  std::size_t at = 0;
  for (const char letter : word) text[at++] = letter;
  if (number >= 10) text[at++] = static_cast<char>('0' + number / 10);
  text[at] = static_cast<char>('0' + number % 10);
  return text;
}

}  // namespace detail

/// Describes a chain of N unit masses between two walls, on N + 1 springs of stiffness 1 and cubic hardening β.
///
/// Math: H = Σpᵢ²/2 + Σ(r²/2 + βr⁴/4) over stretches r = qᵢ₊₁ − qᵢ, q₀ = qₙ₊₁ = 0 (Fermi, Pasta, Ulam & Tsingou 1955, β-model).
/// Shapes: x = (q, p) [2N x 1].
/// Units: none.
template <int N>
struct FputChain {
  static_assert(N >= 1 && N <= 99, "An FPUT chain has from 1 to 99 masses.");

 private:
  static constexpr std::array<char, 8> own_label = detail::label("fput_", N);
  static constexpr std::array<std::array<char, 8>, 2 * N> labels = [] {
    std::array<std::array<char, 8>, 2 * N> all;
    for (int i = 0; i < 2 * N; ++i)
      all[static_cast<std::size_t>(i)] = detail::label(i < N ? "q" : "p", i % N + 1);
    return all;
  }();

 public:
  static constexpr std::string_view name = own_label.data();
  static constexpr int dim = 2 * N;
  static constexpr int parameters = 1;
  static constexpr bool canonical = true;
  static constexpr std::array<std::string_view, dim> state_names = [] {
    std::array<std::string_view, dim> names;
    for (std::size_t i = 0; i < dim; ++i) names[i] = labels[i].data();
    return names;
  }();
  static constexpr std::array<std::string_view, 1> parameter_names{"beta"};
  static constexpr Box<1> parameter_box{{0.5}, {2}};
  static constexpr Box<dim> initial_box = [] {
    Box<dim> box;
    box.lo.fill(-0.5), box.hi.fill(0.5);
    return box;
  }();

  /// Computes the energy at x = (q, p) of the member mu = (β).
  template <class T>
  static T energy(const Vector<T, dim>& x, const Vector<double, 1>& mu) {
    T total(0);
    for (int i = 0; i <= N; ++i) {
      const T square = stretch(x, i) * stretch(x, i);
      total += square / 2 + mu(0) / 4 * square * square;
    }
    for (int i = 0; i < N; ++i) total += x(N + i) * x(N + i) / 2;
    return total;
  }

  /// Writes the rate at x of the member mu: of the energy, at the cost of two and not of 2N + 1 evaluations.
  template <class T>
  static void rate(const Vector<T, dim>& x, const Vector<double, 1>& mu, Vector<T, dim>& dx) {
    const auto pull = [&](int i) {
      const T r = stretch(x, i);
      return T(r + mu(0) * r * r * r);
    };
    T before = pull(0);
    for (int i = 0; i < N; ++i) {
      const T after = pull(i + 1);
      dx(i) = x(N + i);
      dx(N + i) = after - before;
      before = after;
    }
  }

 private:
  /// The stretch of spring i, from mass i to mass i + 1; masses 0 and N + 1 are the walls.
  template <class T>
  static T stretch(const Vector<T, dim>& x, int i) {
    if (i == 0) return x(0);
    return i == N ? T(-x(N - 1)) : T(x(i) - x(i - 1));
  }
};

}  // namespace metriplex

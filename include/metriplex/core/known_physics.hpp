#pragma once

#include <concepts>

#include "metriplex/core/types.hpp"

namespace metriplex {

/// A known part of the physics with an energy, `template <class T> static T energy(const Vector<T, dim>& x, const Vector<T,
/// parameters>& theta)`, for numbers and dual numbers.
template <class Known, int Dim>
concept HasKnownEnergy = requires(const Vector<double, Dim>& x,
                                  const Vector<double, Known::parameters>& theta) {
  { Known::energy(x, theta) } -> std::same_as<double>;
};

/// One with a force, `template <class T> static void force(const Vector<T, dim>& x, const Vector<T, parameters>& theta, Vector<T,
/// dim>& rate)`, which adds to the rates.
template <class Known, int Dim>
concept HasKnownForce = requires(const Vector<double, Dim>& x, const Vector<double, Known::parameters>& theta,
                                 Vector<double, Dim>& rate) {
  Known::force(x, theta, rate);
};

}  // namespace metriplex

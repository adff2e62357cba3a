#pragma once

#include "metriplex/structure/extended.hpp"

namespace metriplex {

/// Puts what is given behind a structure's components: the time, which passes, or inputs, which are held from sample to sample. It moves as
/// without; `Varying` lets its networks see them.
///
/// Math: ẋ = base(x), ṫ = 1 or u̇ = 0.
/// Shapes: x [Base::dim], and behind it what is given [Count].
/// Units: t in those of the rates.
template <Structure Base, int Count, bool passes>
struct WithGiven : ExtendedStructure<Base, Count> {
  static_assert(Count >= 1, "at least one component is given");
  static constexpr auto label = detail::joined_name({passes ? "timed_" : "fed_", Base::name});
  static constexpr std::string_view name = label;

  /// Returns the power that what is given supplies: nothing, but what the base is given.
  template <class T>
  static T supply(const Place<T>& at, const T* outputs, const T* energy_slope) {
    return detail::supply_of<Base>(at, outputs, energy_slope);
  }

  template <class T>
  static void field(const Place<T>& at, const T* outputs, T* dx) {
    field_of<Base>(at, outputs, dx);
    for (int j = 0; j < Count; ++j) dx[Base::dim + j] = passes ? T{} + 1.0f : T{};
  }
  template <class T>
  static void pullback(const Place<T>& at, const T* outputs, const T* d_dx, T* d_outputs, T* d_x) {
    detail::pull_back_base<Base>(at, outputs, d_dx, d_outputs, d_x);
    for (int j = 0; j < Count; ++j) d_x[Base::dim + j] = T{};
  }
};

/// Puts the time behind a structure's components.
template <Structure Base>
using WithTime = WithGiven<Base, 1, true>;

/// Puts inputs behind a structure's components that do not push it (those of `Driven` do).
template <Structure Base, int Inputs = 1>
using WithInputs = WithGiven<Base, Inputs, false>;

}  // namespace metriplex

#pragma once

#include <algorithm>
#include <initializer_list>

#include "metriplex/structure/structure.hpp"

namespace metriplex {

/// Is what a structure has of its base if it adds components that are given behind the base's own, and networks behind its networks.
template <Structure Base, int More>
struct ExtendedStructure {
  static constexpr int dim = Base::dim + More;
  static constexpr int given = given_count<Base> + More;
  static constexpr auto networks = Base::networks;
  static constexpr bool canonical = false;
  static constexpr bool separable = false;
  static constexpr int canonical_pairs = Base::canonical_pairs;
  static constexpr double largest_gradient = metriplex::largest_gradient<Base>;
  /// The network that learns what a known part leaves over; -1: none.
  static constexpr int begins_at_zero = [] {
    if constexpr (requires { Base::begins_at_zero; }) return Base::begins_at_zero;
    return -1;
  }();

  static constexpr std::array<int, 3> components(int slot, int output) requires HasComponents<Base> {
    return Base::components(slot, output);
  }

  template <class T>
  static T energy(const Place<T>& at, const T* outputs) requires HasOwnEnergy<Base> {
    return Base::energy(at, outputs);
  }
  template <class T>
  static void energy_pullback(const Place<T>& at, const T* outputs, const T& d_energy, T* d_outputs,
                              T* d_x) requires HasOwnEnergy<Base> {
    Base::energy_pullback(at, outputs, d_energy, d_outputs, d_x);
  }
  template <class T>
  static T supply(const Place<T>& at, const T* outputs, const T* energy_slope) requires HasSupply<Base> {
    return Base::supply(at, outputs, energy_slope);
  }
};

namespace detail {

/// Joins the parts of a structure's name.
constexpr auto joined_name(std::initializer_list<std::string_view> parts) {
  struct Name {
    std::array<char, 128> text{};
    std::size_t length = 0;
    constexpr operator std::string_view() const { return {text.data(), length}; }
  } joined;
  for (const std::string_view part : parts)
    for (const char letter : part) joined.text[joined.length++] = letter;
  return joined;
}

/// Lists the networks of a structure and one more.
template <Structure Base>
consteval auto one_more(NetworkSlot slot) {
  std::array<NetworkSlot, static_cast<std::size_t>(network_count<Base>) + 1> all{};
  std::copy(Base::networks.begin(), Base::networks.end(), all.begin());
  all.back() = slot;
  return all;
}

/// Counts the components of a structure that are not given.
template <Structure Base>
inline constexpr int own_count = Base::dim - given_count<Base>;

/// Returns the power that what a base is given supplies.
template <Structure Base, class T>
T supply_of(const Place<T>& at, const T* outputs, const T* energy_slope) {
  if constexpr (HasSupply<Base>)
    return Base::supply(at, outputs, energy_slope);
  else
    return T{};
}

/// Tells the components that an output of a structure joins, if it says so.
template <Structure Base>
constexpr std::array<int, 3> components_of(int slot, int output) {
  if constexpr (HasComponents<Base>)
    return Base::components(slot, output);
  else
    return {-1, -1, -1};
}

/// Pulls back the field of a base, whether it sees the state or not.
template <Structure Base, class T>
void pull_back_base(const Place<T>& at, const T* outputs, const T* d_dx, T* d_outputs, T* d_x) {
  if constexpr (SeesState<Base>) {
    Base::pullback(at, outputs, d_dx, d_outputs, d_x);
  } else {
    Base::pullback(outputs, d_dx, d_outputs);
    for (int i = 0; i < Base::dim; ++i) d_x[i] = T{};
  }
}

}  // namespace detail

}  // namespace metriplex

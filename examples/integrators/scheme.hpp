#pragma once

#include <array>
#include <string>
#include <string_view>

namespace metriplex::show {

/// Groups schemes as the pictures do, a panel each.
enum class Family { runge_kutta, splitting, symplectic, energy };

inline constexpr std::array<std::string_view, 4> family_titles{
    "Explicit Runge–Kutta", "Splittings of T(p) + V(q)", "Symplectic for any H(q, p)", "Keeping the energy"};

/// An integrator with the name that it has in tables and pictures, and what it asks of a field.
template <class Integrator>
struct Scheme {
  const char* name;
  Family family;
  const char* takes;
  Integrator integrator{};
  bool fixed_level = false;  ///< a projection onto the energy of the beginning, not of the step before
};

/// What tables say of a scheme.
struct Traits {
  std::string name, takes;
  Family family;
  int order;
  bool symplectic, symmetric;
};

template <class Integrator>
Traits traits_of(const Scheme<Integrator>& scheme) {
  return {scheme.name,       scheme.takes,           scheme.family,
          Integrator::order, Integrator::symplectic, Integrator::symmetric};
}

}  // namespace metriplex::show

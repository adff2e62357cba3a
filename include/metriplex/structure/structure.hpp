#pragma once

#include <array>
#include <concepts>
#include <string_view>

#include "metriplex/core/types.hpp"

namespace metriplex {

/// What a structure takes from a network.
enum class Role {
  energy,        ///< the gradient of a scalar network; the energy is the sum of these
  entropy,       ///< the gradient of a scalar network; the entropy is the sum of these, and of what is known
  coefficients,  ///< the values of a network, pure numbers but for the components that they join
  bracket,       ///< likewise, of which the Poisson operator is linear: 1/time
  friction,      ///< likewise, of whose products with each other friction is linear
  rate,          ///< likewise, rates of the components that they join: 1/time
  jet,           ///< likewise, pure numbers, and their slopes by the rows that the network sees
  lagrangian  ///< of a scalar network of (q, v) value, gradient, ∂²/∂vᵢ∂vⱼ for i ≤ j, and Σ vₖ ∂²/∂vᵢ∂qₖ
};

/// A network that a structure asks for: what is taken from it, the rows of the state that it sees (none: it is a
/// row of constants), and how many values it has.
struct NetworkSlot {
  std::string_view name;
  Role role;
  int first, rows;
  int outputs = 1;
  int given = 0;    ///< how many of the rows, the last ones, are those of what is given, behind the state
  int between = 0;  ///< how many rows of the state lie between the others and those

  /// Tells which row of the state is its i-th.
  constexpr int row(int i) const { return first + i + (i < rows - given ? 0 : between); }
  /// Tells the row behind all that it sees.
  constexpr int end() const { return first + rows + (given > 0 ? between : 0); }

  constexpr bool is_potential() const { return role == Role::energy || role == Role::entropy; }
  /// Counts what the structure gets of an output: its value, of a jet its slopes behind it.
  constexpr int columns_each() const { return role == Role::jet ? 1 + rows : 1; }
  /// Counts what the structure gets: the slopes of a potential, the outputs of another network.
  constexpr int columns() const {
    if (role == Role::lagrangian) return 1 + rows + rows / 2 * (rows / 2 + 3) / 2;
    return is_potential() ? rows : outputs * columns_each();
  }
};

/// Where a structure that sees the state is asked.
///
/// Shapes: x, the state, and unit, the size of each of its components (what a model scales by) [dim].
template <class T>
struct Place {
  const T* x;
  const T* unit;
};

/// Turns what networks give at a point into the rate of change there, and pulls cotangents back; the physics is in
/// this map, so no weights can break it.
///
/// Both are plain arithmetic on arrays of any number type T: a register of points at once goes through, or one point.
/// Outputs are those of all slots side by side, first to last. A structure that sees the state, not only through
/// networks, takes a `Place` too, as its first argument.
template <class S>
concept Structure = requires(const double* in, double* out) {
  // A name, for model files and tables.
  { S::name } -> std::convertible_to<std::string_view>;
  // How many components a state has.
  { S::dim } -> std::convertible_to<int>;
  // Whether the field is dq/dt = ∂H/∂p, dp/dt = −∂H/∂q of the energies' sum; explicit splittings need `separable` too.
  { S::canonical } -> std::convertible_to<bool>;
  { S::separable } -> std::convertible_to<bool>;
  // How many canonical pairs (q, p) the state begins with: dq/dt = ∂H/∂p there ties the unit of energy to those of the states.
  { S::canonical_pairs } -> std::convertible_to<int>;
  // The networks it needs.
  { S::networks.size() } -> std::convertible_to<std::size_t>;
  { S::networks[0] } -> std::convertible_to<NetworkSlot>;
}
&&(
    requires(const double* in, double* out) {
      // field(outputs, dx): writes the rate [dim].
      S::field(in, out);
      // pullback(outputs, d_dx, d_outputs): writes the outputs' cotangents.
      S::pullback(in, in, out);
    } ||
    requires(const Place<double>& at, const double* in, double* out) {
      S::field(at, in, out);
      // pullback(at, outputs, d_dx, d_outputs, d_x): writes the outputs' cotangents and the state's own, not through networks.
      S::pullback(at, in, in, out, out);
    });

/// A structure that sees the state.
template <class S>
concept SeesState = Structure<S> && requires(const Place<double>& at, const double* in, double* out) {
  S::field(at, in, out);
};

/// A structure whose energy is more than its potentials: `energy(at, outputs)` is what they lack, and
/// `energy_pullback(at, outputs, d_energy, d_outputs, d_x)` adds what follows from its cotangent.
template <class S>
concept HasOwnEnergy = SeesState<S> && requires(const Place<double>& at, const double* in, double* out) {
  { S::energy(at, in) } -> std::same_as<double>;
  S::energy_pullback(at, in, 1.0, out, out);
};

/// A structure with an energy.
template <class S>
concept EnergyStructure = Structure<S> && [] {
  for (const NetworkSlot& slot : S::networks)
    if (slot.role == Role::energy || slot.role == Role::lagrangian) return true;
  return false;
}();

/// A structure that is driven from outside: `supply(at, outputs, energy_slope)` is the power that comes in, and its energy gains at
/// most that.
template <class S>
concept HasSupply = EnergyStructure<S> && requires(const Place<double>& at, const double* in) {
  { S::supply(at, in, in) } -> std::same_as<double>;
};

/// Counts the last components of the state that are given: inputs, which the field holds, or time, which passes. Nothing is
/// learned of them; along measured motions they are as measured at every sample.
template <class S>
inline constexpr int given_count = [] {
  if constexpr (requires { S::given; }) return S::given;
  return 0;
}();

/// Evaluates the field of a structure, whether it sees the state or not.
template <Structure S, class T>
void field_of(const Place<T>& at, const T* outputs, T* dx) {
  if constexpr (SeesState<S>)
    S::field(at, outputs, dx);
  else
    S::field(outputs, dx);
}

/// A structure with friction: dx/dt = L∇E + M∇S with L skew, M symmetric and positive semidefinite, L∇S = 0 and
/// M∇E = 0, whatever the networks give. It has at most one network of each potential.
template <class S>
concept DissipativeStructure = Structure<S> && requires(const double* in, double* out) {
  // The known part of the entropy's gradient, constant.
  { S::entropy_slope } -> std::convertible_to<std::array<double, S::dim>>;
  // poisson(outputs, v, Lv) writes L v.
  S::poisson(in, in, out);
  // friction(outputs, v, Mv) writes M v and returns vᵀM v, computed such that it is never negative.
  { S::friction(in, in, out) } -> std::same_as<double>;
};

/// A structure dx/dt = A∇E with eᵀAe ≤ 0 for any e: whatever stands in the place of the energies' gradient, the energy does not
/// rise, and with A skew it stays. What discrete gradients step.
template <class S>
concept GradientStructure = Structure<S> && requires {
  requires S::gradient_flow;
};

/// A structure, neither canonical nor with entropy, that says what becomes of its energy: whether it `conserves` it, or friction
/// takes from it and it never rises.
template <class S>
concept HasEnergyLaw = Structure<S> && requires {
  { S::conserves } -> std::convertible_to<bool>;
};

/// Tells whether a structure without entropy keeps its energy.
template <Structure S>
inline constexpr bool keeps_energy = [] {
  if constexpr (HasEnergyLaw<S>)
    return bool(S::conserves);
  else
    return bool(S::canonical);
}();

/// A structure with `components(slot, output)`: the components of the state that an output joins (−1: none), to whose
/// units it is proportional. Without it, all outputs but potentials' are pure numbers.
template <class S>
concept HasComponents = requires {
  { S::components(0, 0) } -> std::convertible_to<std::array<int, 3>>;
};

/// Lists them for the outputs of a slot.
template <HasComponents S, int Slot>
inline constexpr auto joined_components = [] {
  std::array<std::array<int, 3>, S::networks[Slot].outputs> all{};
  for (std::size_t output = 0; output < all.size(); ++output)
    all[output] = S::components(Slot, static_cast<int>(output));
  return all;
}();

/// Tells whether a structure learns more than potentials and pure numbers: what needs a unit of time.
template <Structure S>
inline constexpr bool has_operators = [] {
  for (const NetworkSlot& slot : S::networks)
    if (slot.role == Role::bracket || slot.role == Role::friction || slot.role == Role::rate) return true;
  return false;
}();

/// Tells the largest norm of a relative loss's gradient that training should follow, 0: any; a structure that solves equations
/// which may be near singular says `largest_gradient`.
template <Structure S>
inline constexpr double largest_gradient = [] {
  if constexpr (requires { S::largest_gradient; }) return S::largest_gradient;
  return 0.0;
}();

/// Counts the networks of a structure.
template <Structure S>
inline constexpr int network_count = static_cast<int>(S::networks.size());

/// Tells where the outputs of slot k begin; of slot `network_count`, where they end.
template <Structure S>
constexpr int output_offset(int k) {
  int columns = 0;
  for (int i = 0; i < k; ++i) columns += S::networks[static_cast<std::size_t>(i)].columns();
  return columns;
}

/// Counts what a structure takes from all networks.
template <Structure S>
inline constexpr int output_columns = output_offset<S>(network_count<S>);

/// Writes the field of a structure with friction from its operators: dx = L e + M s.
template <class S, class T>
void add_up_operators(const T* outputs, const T* e, const T* s, T* dx) {
  T irreversible[S::dim];
  S::poisson(outputs, e, dx);
  S::friction(outputs, s, irreversible);
  for (int i = 0; i < S::dim; ++i) dx[i] += irreversible[i];
}

/// Applies the canonical symplectic matrix to a gradient ordered as (∂q, ∂p).
///
/// Math: q̇ = ∂H/∂p, ṗ = −∂H/∂q.
/// Shapes: gradient, dx [2·half].
template <class T>
constexpr void apply_canonical(int half, const T* gradient, T* dx) {
  for (int i = 0; i < half; ++i) {
    dx[i] = gradient[half + i];
    dx[half + i] = -gradient[i];
  }
}

/// Applies its transpose, which is its inverse.
template <class T>
constexpr void apply_canonical_transposed(int half, const T* d_dx, T* d_gradient) {
  for (int i = 0; i < half; ++i) {
    d_gradient[half + i] = d_dx[i];
    d_gradient[i] = -d_dx[half + i];
  }
}

}  // namespace metriplex

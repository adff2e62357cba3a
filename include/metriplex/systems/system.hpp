#pragma once

#include <array>
#include <concepts>
#include <cstddef>
#include <string>
#include <string_view>

#include "metriplex/autodiff/dual_std.hpp"
#include "metriplex/core/types.hpp"

namespace metriplex {

/// Holds the lowest and highest value of each of N coordinates.
template <int N>
struct Box {
  std::array<double, N> lo{}, hi{};
};

/// Requires `static constexpr std::string_view name`.
template <class S>
concept HasSystemName = requires {
  { S::name } -> std::convertible_to<std::string_view>;
};

/// Requires the sizes: `static constexpr int dim` of the state and `parameters` that tell one member from
/// another.
template <class S>
concept HasSystemSizes = requires {
  requires std::convertible_to<decltype(S::dim), int> &&(S::dim > 0);
  requires std::convertible_to<decltype(S::parameters), int> &&(S::parameters > 0);
};

/// Requires `static constexpr Box<parameters> parameter_box` and `Box<dim> initial_box`, from which members
/// and initial states are drawn.
template <class S>
concept HasSystemBoxes = HasSystemSizes<S> && requires {
  { S::parameter_box } -> std::convertible_to<Box<S::parameters>>;
  { S::initial_box } -> std::convertible_to<Box<S::dim>>;
};

/// Requires `template <class T> static T energy(const Vector<T, dim>& x, const Vector<double, parameters>&
/// mu)`, for numbers and for dual numbers.
template <class S>
concept HasSystemEnergy = HasSystemSizes<S> &&
    requires(const Vector<double, S::dim>& x, const Vector<Dual<double, S::dim>, S::dim>& lifted,
             const Vector<double, S::parameters>& mu) {
  { S::energy(x, mu) } -> std::same_as<double>;
  { S::energy(lifted, mu) } -> std::same_as<Dual<double, S::dim>>;
};

/// Requires `template <class T> static void rate(const Vector<T, dim>& x, const Vector<double, parameters>& mu,
/// Vector<T, dim>& dx)`, for numbers and for dual numbers: the equations of motion themselves.
template <class S>
concept HasSystemRate = HasSystemSizes<S> &&
    requires(const Vector<double, S::dim>& x, Vector<double, S::dim>& dx,
             const Vector<Dual<double, 1>, S::dim>& lifted, Vector<Dual<double, 1>, S::dim>& lifted_dx,
             const Vector<double, S::parameters>& mu) {
  S::rate(x, mu, dx);
  S::rate(lifted, mu, lifted_dx);
};

/// Requires `static void bracket(x, v, dx)` to write J(x)v, J skew, which is the rate at v = ∇H: a Poisson system.
template <class S>
concept HasSystemBracket = HasSystemEnergy<S> &&
    requires(const Vector<double, S::dim>& x, Vector<double, S::dim>& dx) {
  S::bracket(x, x, dx);
};

/// Requires `static constexpr int flows` of parts that the energy is the sum of, and `static void flow(part, x, mu, dt)` to move x
/// by one of them alone, exactly.
template <class S>
concept HasSystemFlows = HasSystemSizes<S> &&
    requires(Vector<double, S::dim>& x, const Vector<double, S::parameters>& mu) {
  requires S::flows >
  0;
  S::flow(0, x, mu, 0.1);
};

/// Describes a family of systems: how a member moves, by its energy or by its rate, and where members and initial states
/// lie.
///
/// A system that states its rate may have an energy too, which is then what is measured, and `static constexpr bool canonical
/// = true` if the rate is (∂H/∂p, −∂H/∂q) of it. A system may also have `static bool accepts(x, mu)`, false for initial
/// states to be drawn anew, `state_names` and `parameter_names`, arrays of string_view for tables and axes, and `static
/// constexpr double max_step`, the longest step that leaves exact data exact, where that is less than 0.02. `static constexpr
/// int inputs` counts its last components that are inputs, whose rate is 0.
template <class S>
concept System = HasSystemName<S> && HasSystemSizes<S> && HasSystemBoxes<S> &&
    (HasSystemEnergy<S> || HasSystemRate<S>);

/// Fails to compile, in one sentence for each part that is missing, unless S is a `System`.
template <class S>
consteval void require_system() {
  static_assert(HasSystemName<S>, "A system must have a name: static constexpr std::string_view name.");
  static_assert(HasSystemSizes<S>,
                "A system must tell its sizes: static constexpr int dim and parameters, both positive.");
  static_assert(
      HasSystemBoxes<S>,
      "A system must say where it lives: static constexpr Box<parameters> parameter_box and Box<dim> "
      "initial_box.");
  static_assert(
      HasSystemEnergy<S> || HasSystemRate<S>,
      "A system must have an energy: template <class T> static T energy(const Vector<T, dim>& x, const "
      "Vector<double, parameters>& mu), also for dual numbers (using std::sin; sin(x)); or state its rate: "
      "template <class T> static void rate(x, mu, Vector<T, dim>& dx).");
}

/// Fixes the parameters of a system's energy: a callable of x alone, for numbers and dual numbers.
template <HasSystemEnergy S>
struct MemberEnergy {
  Vector<double, S::parameters> mu;

  template <class T>
  T operator()(const Vector<T, S::dim>& x) const {
    return S::energy(x, mu);
  }
};

/// Tells the name of state component `i`, x1, x2, … where the system gives none.
template <System S>
std::string state_name(int i) {
  if constexpr (requires { S::state_names[0]; })
    return std::string(S::state_names.at(static_cast<std::size_t>(i)));
  else
    return "x" + std::to_string(i + 1);
}

/// Tells the name of parameter `i`, mu1, mu2, … where the system gives none.
template <System S>
std::string parameter_name(int i) {
  if constexpr (requires { S::parameter_names[0]; })
    return std::string(S::parameter_names.at(static_cast<std::size_t>(i)));
  else
    return "mu" + std::to_string(i + 1);
}

}  // namespace metriplex

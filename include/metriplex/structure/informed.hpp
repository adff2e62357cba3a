#pragma once

#include <algorithm>
#include <type_traits>

#include "metriplex/autodiff/dual_std.hpp"
#include "metriplex/core/known_physics.hpp"
#include "metriplex/structure/extended.hpp"

namespace metriplex {

/// Tells a structure a part of its physics, an energy, a force or both, whose parameters are trained with the networks or, by the modulation,
/// found with a member's latent; the networks learn the rest, the energy's from zero on.
///
/// Math: E = Φ(x; θ) + the base's, ẋ = base(x; ∇E) + f(x; θ); θ is what a modulated row of constants gives. A structure keeps its laws
/// with Φ, and may lose them by f.
/// Shapes: x [dim]; θ [Known::parameters], at least one (an energy without parameters is `Plus`).
/// Units: x, Φ and f in those of the data; θ pure numbers, of order 1 at first. Cost: dual numbers, a point at a time.
template <Structure Base, class KnownPart>
struct Informed : ExtendedStructure<Base, 0> {
  using Known = KnownPart;
  static constexpr bool has_energy = HasKnownEnergy<Known, Base::dim>;
  static constexpr bool has_force = HasKnownForce<Known, Base::dim>;
  static_assert(
      has_energy || has_force,
      "a known part has an energy(x, theta) or a force(x, theta, rate), for numbers and dual numbers");
  static_assert(
      !has_energy || (EnergyStructure<Base> && !DissipativeStructure<Base>),
      "a known energy is part of a structure that has one, and no entropy (there, Plus has a place)");
  static_assert(
      requires { Known::name; },
      "a known part has a name, which model files note: static constexpr std::string_view name");
  static constexpr auto label = detail::joined_name({"informed_", Base::name, "_of_", Known::name});
  static constexpr std::string_view name = label;
  static constexpr int dim = Base::dim, parameters = Known::parameters;
  static constexpr auto networks = detail::one_more<Base>({"theta", Role::coefficients, 0, 0, parameters});
  /// The network that learns what Φ leaves over.
  static constexpr int begins_at_zero = [] {
    for (std::size_t k = 0; has_energy && k < Base::networks.size(); ++k)
      if (Base::networks[k].role == Role::energy) return static_cast<int>(k);
    return ExtendedStructure<Base, 0>::begins_at_zero;
  }();
  static_assert(!has_energy || begins_at_zero >= 0,
                "a known energy is part of a potential, and the structure's energy has none: a Lagrangian's "
                "network stands beside a known part in Plus");
  static constexpr bool conserves = [] {
    if constexpr (HasEnergyLaw<Base>) return Base::conserves && !has_force;
    return Base::canonical && !has_force;
  }();

  static constexpr std::array<int, 3> components(int slot, int output) {
    if (slot == network_count<Base>) return {-1, -1, -1};
    return detail::components_of<Base>(slot, output);
  }

  /// Returns the power that what is given supplies; a known force is none of it.
  template <class T>
  static T supply(const Place<T>& at, const T* outputs,
                  const T* energy_slope) requires(HasSupply<Base> && !has_force) {
    return Base::supply(at, outputs, energy_slope);
  }

  template <class T>
  static void field(const Place<T>& at, const T* outputs, T* dx) {
    T in[columns];
    add_slope(at, outputs, in);
    field_of<Base>(at, in, dx);
    for_each_lane(at.x, outputs, [&](auto lane) {
      if constexpr (has_force) {
        const auto force = lane.force();
        for (int i = 0; i < dim; ++i) lane.add(dx[i], force[i]);
      }
    });
  }

  template <class T>
  static void pullback(const Place<T>& at, const T* outputs, const T* d_dx, T* d_outputs, T* d_x) {
    T in[columns];
    add_slope(at, outputs, in);
    detail::pull_back_base<Base>(at, in, d_dx, d_outputs, d_x);
    std::fill_n(d_outputs + columns, parameters, T{});
    for_each_lane(at.x, outputs, [&](auto lane) {
      if constexpr (has_energy) lane.pull_slope(d_outputs + first, d_x, d_outputs + columns);
      if constexpr (has_force) lane.pull_force(d_dx, d_x, d_outputs + columns);
    });
  }

  /// Returns the energy that is none of the networks': Φ, and what the base has of its own.
  template <class T>
  static T energy(const Place<T>& at, const T* outputs) requires(has_energy || HasOwnEnergy<Base>) {
    T total{};
    if constexpr (HasOwnEnergy<Base>) total = Base::energy(at, outputs);
    for_each_lane(at.x, outputs, [&](auto lane) {
      if constexpr (has_energy) lane.add(total, lane.energy());
    });
    return total;
  }
  template <class T>
  static void energy_pullback(const Place<T>& at, const T* outputs, const T& d_energy, T* d_outputs,
                              T* d_x) requires(has_energy || HasOwnEnergy<Base>) {
    if constexpr (HasOwnEnergy<Base>) Base::energy_pullback(at, outputs, d_energy, d_outputs, d_x);
    for_each_lane(at.x, outputs, [&](auto lane) {
      if constexpr (has_energy) lane.pull_energy(d_energy, d_x, d_outputs + columns);
    });
  }

 private:
  static constexpr int columns = output_columns<Base>;
  // The slot of the energy that Φ is part of, and where its slopes begin.
  static constexpr NetworkSlot seen = Base::networks[static_cast<std::size_t>(std::max(begins_at_zero, 0))];
  static constexpr int first = output_offset<Base>(std::max(begins_at_zero, 0));

  /// Copies the base's outputs and adds ∇Φ to the slopes among them.
  template <class T>
  static void add_slope(const Place<T>& at, const T* outputs, T* in) {
    std::copy_n(outputs, columns, in);
    for_each_lane(at.x, outputs, [&](auto lane) {
      if constexpr (has_energy) {
        const auto slope = lane.slope();
        for (int i = 0; i < seen.rows; ++i)
          lane.add(in[first + i], slope[static_cast<std::size_t>(seen.row(i))]);
      }
    });
  }

  /// A point of a register of them, or the point that T is: what is known there.
  template <class T, bool packed>
  struct Lane {
    using Number = std::remove_cvref_t<decltype([] {
      if constexpr (packed)
        return T{}[0];
      else
        return T{};
    }())>;
    const T *x, *theta;
    int p;

    static Number at(const T& value, [[maybe_unused]] int p) {
      if constexpr (packed)
        return value[p];
      else
        return value;
    }
    void add(T& to, const Number& more) const {
      if constexpr (packed)
        to[p] += more;
      else
        to += more;
    }

    /// Lifts x and θ to numbers of another kind; lift(value, index) makes one.
    template <class D, class Lift, class Body>
    auto with(Lift&& lift, Body&& body) const {
      Vector<D, dim> state;
      Vector<D, parameters> theta_;
      for (int i = 0; i < dim; ++i) state[i] = lift(at(x[i], p), i);
      for (int j = 0; j < parameters; ++j) theta_[j] = lift(at(theta[j], p), dim + j);
      return body(state, theta_);
    }
    template <class D, class Body>
    auto lifted(Body&& body) const {
      return with<D>(
          [](const Number& value, int i) {
            D number(value);
            if (static_cast<std::size_t>(i) < number.tangent.size())
              number.tangent[static_cast<std::size_t>(i)] = Number(1);
            return number;
          },
          body);
    }

    Number energy() const {
      return with<Number>([](const Number& value, int) { return value; },
                          [](const auto& state, const auto& t) { return Known::energy(state, t); });
    }
    auto slope() const {
      return lifted<Dual<Number, dim>>(
                 [](const auto& state, const auto& t) { return Known::energy(state, t); })
          .tangent;
    }
    auto force() const {
      Vector<Number, dim> rate = Vector<Number, dim>::Constant(Number(0));
      with<Number>([](const Number& value, int) { return value; },
                   [&](const auto& state, const auto& t) { Known::force(state, t, rate); });
      return rate;
    }

    /// Adds the derivatives of something by x and θ to cotangents.
    template <class Derivative>
    void pull(const Derivative& derivative, T* d_x, T* d_theta) const {
      for (int i = 0; i < dim; ++i) add(d_x[i], derivative(i));
      for (int j = 0; j < parameters; ++j) add(d_theta[j], derivative(dim + j));
    }
    using All = Dual<Number, dim + parameters>;
    void pull_energy(const T& d_energy, T* d_x, T* d_theta) const {
      const All known = lifted<All>([](const auto& state, const auto& t) { return Known::energy(state, t); });
      const Number d = at(d_energy, p);
      pull([&](int i) { return d * known.tangent[static_cast<std::size_t>(i)]; }, d_x, d_theta);
    }
    /// Of the slope along a direction: the derivative of a derivative.
    void pull_slope(const T* direction, T* d_x, T* d_theta) const {
      using Along = Dual<Number, 1>;
      using Second = Dual<Along, dim + parameters>;
      const Second known = with<Second>(
          [&](const Number& value, int i) {
            Number along(0);
            for (int row = 0; row < seen.rows; ++row)
              if (seen.row(row) == i) along = at(direction[row], p);
            Second number(Along{value, {along}});
            number.tangent[static_cast<std::size_t>(i)] = Along(Number(1));
            return number;
          },
          [](const auto& state, const auto& t) { return Known::energy(state, t); });
      pull([&](int i) { return known.tangent[static_cast<std::size_t>(i)].tangent[0]; }, d_x, d_theta);
    }
    void pull_force(const T* d_dx, T* d_x, T* d_theta) const {
      Vector<All, dim> rate = Vector<All, dim>::Constant(All(Number(0)));
      lifted<All>([&](const auto& state, const auto& t) {
        Known::force(state, t, rate);
        return 0;
      });
      pull(
          [&](int i) {
            Number sum(0);
            for (int r = 0; r < dim; ++r)
              sum += at(d_dx[r], p) * rate[r].tangent[static_cast<std::size_t>(i)];
            return sum;
          },
          d_x, d_theta);
    }
  };

  template <class T, class Body>
  static void for_each_lane(const T* x, const T* outputs, Body&& body) {
    constexpr bool packed = requires(const T& t) {
      t[0];
    };
    constexpr int lanes = [] {
      if constexpr (packed) return static_cast<int>(sizeof(T) / sizeof(std::declval<T>()[0]));
      return 1;
    }();
    for (int p = 0; p < lanes; ++p) body(Lane<T, packed>{x, outputs + columns, p});
  }
};

}  // namespace metriplex

#pragma once

#include <type_traits>

#include "metriplex/model/known_lagrangian.hpp"
#include "metriplex/model/known_part.hpp"
#include "metriplex/model/structure_networks.hpp"
#include "metriplex/nn/gradient_sweep.hpp"
#include "metriplex/nn/lagrangian_sweep.hpp"
#include "metriplex/nn/periodic_sweep.hpp"
#include "metriplex/nn/point_lagrangian_sweep.hpp"
#include "metriplex/nn/point_sweep.hpp"
#include "metriplex/nn/point_value_sweep.hpp"
#include "metriplex/nn/shared_sweep.hpp"
#include "metriplex/nn/value_sweep.hpp"

namespace metriplex {

/// Is what evaluates network k of a structure, at a tile of points or at one: the sweep that its role and its kind ask for, and
/// what is known of it.
template <class Structure, class Nets, int k, RealScalar Scalar, int Points>
struct NetworkSweep {
  using Net = NetworkOf<Structure, Nets, k>;
  static constexpr NetworkSlot slot = Structure::networks[static_cast<std::size_t>(k)];
  static constexpr Role role = slot.role;
  using Plain = PlainNetwork<Net>;
  static constexpr bool potential = role == Role::energy || role == Role::entropy, slopes = role == Role::jet,
                        motion = role == Role::lagrangian;
  using Potential =
      std::conditional_t<Points == 1, PointSweep<Plain, Scalar>, GradientSweep<Plain, Scalar, Points>>;
  using Values = std::conditional_t<Points == 1, PointValueSweep<Plain, Scalar, slopes>,
                                    ValueSweep<Plain, Scalar, Points, slopes>>;
  using Motion = std::conditional_t<Points == 1, PointLagrangianSweep<Plain, Scalar, slot.rows / 2>,
                                    LagrangianSweep<Plain, Scalar, Points, slot.rows / 2>>;
  using Inner = std::conditional_t<potential, Potential, std::conditional_t<motion, Motion, Values>>;
  SweepOf<Net, Inner, Scalar, potential, slopes || motion> sweep;

  struct Nothing {};
  template <class Any>
  static auto known_part() {
    if constexpr (HasKnown<Any> && motion)
      return std::type_identity<KnownLagrangian<typename Any::Known, Structure, k, Scalar, Points>>();
    else if constexpr (HasKnown<Any>)
      return std::type_identity<KnownPart<typename Any::Known, Structure, k, Scalar, Points>>();
    else
      return std::type_identity<Nothing>();
  }
  [[no_unique_address]] typename decltype(known_part<Net>())::type known;
};

}  // namespace metriplex

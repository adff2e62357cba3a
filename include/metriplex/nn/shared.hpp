#pragma once

#include <array>
#include <cstddef>
#include <type_traits>

#include "metriplex/core/layer.hpp"
#include "metriplex/nn/groups.hpp"
#include "metriplex/nn/periodic.hpp"

namespace metriplex {

/// Lists the shared networks that a potential is the sum of.
template <class... Terms>
struct TermList {};

/// Names a potential that is the sum of one small network over groups of components, all with the same weights: pairs, neighbours,
/// sites. A state of any size then has as many parameters, and each spring of a chain teaches all.
///
/// Math: V(x) = Σ_g φ(x_g), x_g the differences or components that `Groups` lists (`nn/groups.hpp`; a policy of your own has `name`,
/// `components` and `groups`).
/// Shapes: `Net` has as many inputs as each group has.
/// Cost: that of `Net` for each group.
template <class Net, class Groups>
struct Shared : Net {
  using Inner = Net;
  using Group = Groups;
  using Terms = TermList<Shared>;
  static constexpr int inputs = Groups::components;
  static_assert(!HasAngles<Net>,
                "a shared network sees differences and components as they are, not as angles");
  static_assert(Groups::groups[0].size() == std::size_t(Net::inputs),
                "the shared network's number of inputs differs from what its groups show it");
  static_assert(Net::outputs == 1, "a shared network is a potential, a network of one output");
  static_assert(
      [] {
        for (const auto& group : Groups::groups)
          for (const Difference& seen : group)
            for (const int i : {seen.to, seen.from})
              if (i < -1 || i >= inputs) return false;
        return true;
      }(),
      "groups join components from 0 on, below their number, or walls (-1)");
};

/// Names a potential that is the sum of several shared ones over the same components, such as one of each site and one of each pair.
///
/// Math: V(x) = Σ_k V_k(x).
template <class... Terms_>
struct SumOf {
  using Terms = TermList<Terms_...>;
  static constexpr int outputs = 1;
  static constexpr int layers = (Terms_::layers + ...);
  static constexpr int inputs = [](int first, auto...) { return first; }(Terms_::inputs...);
  static_assert(((Terms_::inputs == inputs) && ...), "the terms of a sum see the same components");

  static constexpr LayerShape shape(int layer) {
    LayerShape found{};
    int first = 0;
    const auto look = [&]<class Term>() {
      if (layer >= first && layer < first + Term::layers) {
        found = Term::shape(layer - first);
        found.index = layer;
      }
      first += Term::layers;
    };
    (look.template operator()<Terms_>(), ...);
    return found;
  }
  static constexpr int parameters() { return (Terms_::parameters() + ...); }
};

/// A potential that is a sum of shared networks.
template <class Net>
concept IsShared = requires {
  typename Net::Terms;
};

/// Calls visit.operator()<Term>() for each term of a sum of shared networks, or once for another network itself.
template <class Net, class Visit>
constexpr void for_each_term(Visit&& visit) {
  if constexpr (IsShared<Net>)
    [&]<class... Terms>(TermList<Terms...>) {
      (visit.template operator()<Terms>(), ...);
    }(typename Net::Terms());
  else
    visit.template operator()<Net>();
}

/// The network inside is that of the first term: with others of its kind, it tells that there are points, not which.
template <IsShared Net>
struct PlainNetworkOf<Net> {
  template <class First, class... Rest>
  static std::type_identity<typename First::Inner> first(TermList<First, Rest...>);
  using type = typename decltype(first(typename Net::Terms()))::type;
};

}  // namespace metriplex

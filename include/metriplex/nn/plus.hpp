#pragma once

#include <concepts>

namespace metriplex {

/// Names a potential, or a Lagrangian, of which a part is known: the network learns the rest, and its last layer starts at zero.
///
/// Math: Φ(x) + c · N((x − m) ⊘ s), Φ the known part, in the units of the data. `Known` has
/// `template <class T> static T energy(const Vector<T, n>& x)` of the n rows of the state that the network sees, of a Lagrangian
/// `lagrangian(x)`, for numbers and for dual numbers, and a name. It stands for a potential of any structure:
/// `Networks<Plus<Mlp<Tanh, 4, 64, 64, 1>, TwoBodies>>`.
template <class Net, class KnownPart>
struct Plus : Net {
  static_assert(
      requires { KnownPart::name; },
      "a known part has a name, which model files note: static constexpr std::string_view name");
  static_assert(Net::outputs == 1, "a known part is added to a potential, a network of one output");
  using Known = KnownPart;
};

/// A network of which a part is known.
template <class Net>
concept HasKnown = requires {
  typename Net::Known;
};

}  // namespace metriplex

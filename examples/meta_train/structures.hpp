#pragma once

#include <algorithm>
#include <string_view>

#include "metriplex/data/recordings.hpp"
#include "metriplex/nn/shared.hpp"
#include "metriplex/structure/driven.hpp"
#include "metriplex/structure/forced.hpp"
#include "metriplex/structure/generic.hpp"
#include "metriplex/structure/generic_bracket.hpp"
#include "metriplex/structure/generic_learned.hpp"
#include "metriplex/structure/hamiltonian.hpp"
#include "metriplex/structure/lagrangian.hpp"
#include "metriplex/structure/mechanical.hpp"
#include "metriplex/structure/poisson.hpp"
#include "metriplex/structure/port_hamiltonian.hpp"
#include "metriplex/structure/separable_hamiltonian.hpp"
#include "metriplex/structure/unstructured.hpp"
#include "metriplex/structure/varying.hpp"
#include "metriplex/structure/with_given.hpp"
#include "networks.hpp"
#include "parts.hpp"

/// What --structure chooses from, the one place that lists it: of each its name, the states that it takes, in words and as a
/// test, its type, of `chain` also its networks, and what it is given beside the states. The last components of a state are entropies, or
/// given: both are counted by `tail`. CMakeLists.txt makes the name of the struct from the name, with _ for -.
namespace metriplex::driver::structures {

/// Tells what a structure is given.
template <class S>
constexpr Given given_of_structure() {
  if constexpr (requires { S::given; })
    return S::given;
  else
    return Given::nothing;
}

/// Tells whether the networks of a structure may see angles as such.
template <class S>
constexpr bool may_see_angles() {
  if constexpr (requires { S::sees_angles; })
    return S::sees_angles;
  else
    return true;
}

struct hamiltonian {
  static constexpr std::string_view name = "hamiltonian";
  static constexpr std::string_view states = "as many momenta as positions and no entropies";
  static constexpr bool takes(int dim, int entropies) { return entropies == 0 && dim >= 2 && dim % 2 == 0; }
  template <int Dim, int>
  using type = Hamiltonian<Dim>;
};

struct separable : hamiltonian {
  static constexpr std::string_view name = "separable";
  template <int Dim, int>
  using type = SeparableHamiltonian<Dim>;
};

/// A row of masses between two walls: all springs are one network, all masses another, a quarter as wide and a layer less deep.
struct chain : hamiltonian {
  static constexpr std::string_view name = "chain";
  static constexpr bool sees_angles = false;
  template <int Dim, int>
  using type = SeparableHamiltonian<Dim>;
  template <int Width, int Depth>
  using Small = decltype(perceptron<1, std::max(Width / 4, 1), 1>(
      std::make_integer_sequence<int, std::max(Depth - 1, 1)>{}));
  template <class Structure, int Width, int Depth>
  using networks = Networks<Shared<Small<Width, Depth>, Chain<Structure::dim / 2>>,
                            Shared<Small<Width, Depth>, Sites<Structure::dim / 2>>>;
};

struct generic {
  static constexpr std::string_view name = "generic";
  static constexpr std::string_view states = "as many momenta as positions, and entropies";
  static constexpr bool takes(int dim, int entropies) {
    return entropies >= 1 && dim - entropies >= 2 && (dim - entropies) % 2 == 0;
  }
  template <int Dim, int Entropies>
  using type = Generic<Dim, Entropies>;
};

struct generic_learned {
  static constexpr std::string_view name = "generic-learned";
  static constexpr std::string_view states = "2 components or more, not all of them entropies";
  static constexpr bool takes(int dim, int entropies) { return dim >= 2 && entropies < dim; }
  template <int Dim, int>
  using type = GenericLearned<Dim>;
};

struct generic_bracket {
  static constexpr std::string_view name = "generic-bracket";
  static constexpr std::string_view states = "3 components or more, not all of them entropies";
  static constexpr bool takes(int dim, int entropies) { return dim >= 3 && entropies < dim; }
  template <int Dim, int>
  using type = GenericBracket<Dim>;
};

struct port_hamiltonian : hamiltonian {
  static constexpr std::string_view name = "port-hamiltonian";
  template <int Dim, int>
  using type = PortHamiltonian<Dim>;
};

struct mechanical {
  static constexpr std::string_view name = "mechanical";
  static constexpr std::string_view states = "as many velocities as positions and no entropies";
  static constexpr bool takes(int dim, int entropies) { return hamiltonian::takes(dim, entropies); }
  template <int Dim, int>
  using type = Mechanical<Dim / 2>;
};

struct mechanical_damped : mechanical {
  static constexpr std::string_view name = "mechanical-damped";
  template <int Dim, int>
  using type = Mechanical<Dim / 2, true>;
};

struct lagrangian : mechanical {
  static constexpr std::string_view name = "lagrangian";
  template <int Dim, int>
  using type = Lagrangian<Dim / 2>;
};

struct poisson_rigid_body {
  static constexpr std::string_view name = "poisson-rigid-body";
  static constexpr std::string_view states = "3 components, an angular momentum in the body's frame";
  static constexpr bool takes(int dim, int entropies) { return dim == 3 && entropies == 0; }
  template <int, int>
  using type = Poisson<So3>;
};

struct poisson_heavy_top {
  static constexpr std::string_view name = "poisson-heavy-top";
  static constexpr std::string_view states =
      "6 components, an angular momentum and the vertical in the body's frame";
  static constexpr bool takes(int dim, int entropies) { return dim == 6 && entropies == 0; }
  template <int, int>
  using type = Poisson<Se3>;
};

struct poisson_lotka_volterra {
  static constexpr std::string_view name = "poisson-lotka-volterra";
  static constexpr std::string_view states = "2 populations or more";
  static constexpr bool takes(int dim, int entropies) { return dim >= 2 && entropies == 0; }
  template <int Dim, int>
  using type = Poisson<LotkaVolterraBracket<Dim>>;
};

struct unstructured {
  static constexpr std::string_view name = "unstructured";
  static constexpr std::string_view states = "1 component or more";
  static constexpr bool takes(int dim, int) { return dim >= 1; }
  template <int Dim, int>
  using type = Unstructured<Dim>;
};

/// A structure with what is given behind the states that it has without.
template <class Base>
struct with_inputs {
  static constexpr Given given = Given::inputs;
  static constexpr std::string_view states = Base::states;
  static constexpr bool takes(int dim, int tail) { return tail >= 1 && Base::takes(dim - tail, 0); }
};

/// One that its inputs push.
template <class Base>
struct driven : with_inputs<Base> {
  template <int Dim, int Inputs>
  using type = Driven<typename Base::template type<Dim - Inputs, 0>, Inputs>;
};
struct driven_port_hamiltonian : driven<port_hamiltonian> {
  static constexpr std::string_view name = "driven-port-hamiltonian";
};
struct driven_mechanical : driven<mechanical> {
  static constexpr std::string_view name = "driven-mechanical";
};
struct driven_mechanical_damped : driven<mechanical_damped> {
  static constexpr std::string_view name = "driven-mechanical-damped";
};

struct driven_unstructured : with_inputs<unstructured> {
  static constexpr std::string_view name = "driven-unstructured";
  template <int Dim, int Inputs>
  using type = Unstructured<Dim - Inputs, Inputs>;
};

/// A structure with the time behind the states that it has without.
template <class Base>
struct with_time : with_inputs<Base> {
  static constexpr Given given = Given::time;
};

/// One that a force of the time pushes.
template <class Base>
struct forced : with_time<Base> {
  template <int Dim, int>
  using type = Forced<typename Base::template type<Dim - 1, 0>>;
};
struct forced_port_hamiltonian : forced<port_hamiltonian> {
  static constexpr std::string_view name = "forced-port-hamiltonian";
};
struct forced_mechanical_damped : forced<mechanical_damped> {
  static constexpr std::string_view name = "forced-mechanical-damped";
};

/// One whose networks see the time.
template <class Base>
struct of_time : with_time<Base> {
  template <int Dim, int>
  using type = Varying<WithTime<typename Base::template type<Dim - 1, 0>>>;
};
struct hamiltonian_of_time : of_time<hamiltonian> {
  static constexpr std::string_view name = "hamiltonian-of-time";
};
struct port_hamiltonian_of_time : of_time<port_hamiltonian> {
  static constexpr std::string_view name = "port-hamiltonian-of-time";
};
struct mechanical_of_time : of_time<mechanical> {
  static constexpr std::string_view name = "mechanical-of-time";
};
struct mechanical_damped_of_time : of_time<mechanical_damped> {
  static constexpr std::string_view name = "mechanical-damped-of-time";
};
struct unstructured_of_time : of_time<unstructured> {
  static constexpr std::string_view name = "unstructured-of-time";
};

/// One whose networks see its inputs, which push as well.
template <class Base>
struct of_inputs : driven<Base> {
  template <int Dim, int Inputs>
  using type = Varying<typename driven<Base>::template type<Dim, Inputs>>;
};
struct port_hamiltonian_of_inputs : of_inputs<port_hamiltonian> {
  static constexpr std::string_view name = "port-hamiltonian-of-inputs";
};
struct mechanical_of_inputs : of_inputs<mechanical> {
  static constexpr std::string_view name = "mechanical-of-inputs";
};
struct mechanical_damped_of_inputs : of_inputs<mechanical_damped> {
  static constexpr std::string_view name = "mechanical-damped-of-inputs";
};

using All =
    PartList<hamiltonian, separable, chain, port_hamiltonian, mechanical, mechanical_damped, lagrangian,
             poisson_rigid_body, poisson_heavy_top, poisson_lotka_volterra, generic, generic_learned,
             generic_bracket, unstructured, driven_port_hamiltonian, driven_mechanical,
             driven_mechanical_damped, driven_unstructured, forced_port_hamiltonian, forced_mechanical_damped,
             hamiltonian_of_time, port_hamiltonian_of_time, mechanical_of_time, mechanical_damped_of_time,
             unstructured_of_time, port_hamiltonian_of_inputs, mechanical_of_inputs,
             mechanical_damped_of_inputs>;

}  // namespace metriplex::driver::structures

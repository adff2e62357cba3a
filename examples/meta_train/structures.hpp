#pragma once

#include <string_view>

#include "metriplex/structure/generic.hpp"
#include "metriplex/structure/generic_bracket.hpp"
#include "metriplex/structure/generic_learned.hpp"
#include "metriplex/structure/hamiltonian.hpp"
#include "metriplex/structure/separable_hamiltonian.hpp"
#include "parts.hpp"

/// What --structure chooses from, the one place that lists it: of each its name, the states that it takes, in words and as a
/// test, and its type. CMakeLists.txt makes the name of the struct from the name, with _ for -.
namespace metriplex::driver::structures {

struct hamiltonian {
  static constexpr std::string_view name = "hamiltonian";
  static constexpr std::string_view states = "as many momenta as positions and no entropies";
  static constexpr bool takes(int dim, int entropies) { return entropies == 0 && dim >= 2 && dim % 2 == 0; }
  template <int Dim, int>
  using type = Hamiltonian<Dim>;
};

struct separable {
  static constexpr std::string_view name = "separable";
  static constexpr std::string_view states = hamiltonian::states;
  static constexpr bool takes(int dim, int entropies) { return hamiltonian::takes(dim, entropies); }
  template <int Dim, int>
  using type = SeparableHamiltonian<Dim>;
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

using All = PartList<hamiltonian, separable, generic, generic_learned, generic_bracket>;

}  // namespace metriplex::driver::structures

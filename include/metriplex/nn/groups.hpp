#pragma once

#include <array>
#include <string_view>

namespace metriplex {

/// What a shared network sees of a group as one input: component `to` less component `from`, rows of the potential's part of the
/// state; −1 stands for a wall, which is at 0 in the units of the data.
struct Difference {
  int to, from;
};

/// Lists the groups of a potential, and of each what the network sees.
template <std::size_t Inputs, std::size_t Count>
using GroupList = std::array<std::array<Difference, Inputs>, Count>;

/// Whether a network sees pairs by their differences alone, so that what it learns is the same wherever they are, or by where both are.
enum class Sees { differences, positions };

/// What holds the ends of a chain: nothing, a wall each, or one another.
enum class Ends { free, fixed, periodic };

/// Lists pairs of particles of `Space` coordinates each, particle by particle in the state; −1 is a wall.
template <Sees sees, int Space, std::size_t Count>
constexpr auto group_pairs(const std::array<std::array<int, 2>, Count>& pairs) {
  constexpr bool apart = sees == Sees::differences;
  GroupList<(apart ? 1 : 2) * std::size_t(Space), Count> groups{};
  for (std::size_t g = 0; g < Count; ++g)
    for (int d = 0; d < Space; ++d) {
      const auto at = [&](int particle) { return particle < 0 ? -1 : particle * Space + d; };
      const int from = at(pairs[g][0]), to = at(pairs[g][1]);
      groups[g][std::size_t(d)] = apart ? Difference{to, from} : Difference{from, -1};
      if constexpr (!apart) groups[g][std::size_t(Space + d)] = Difference{to, -1};
    }
  return groups;
}

/// Groups the coordinates of each of N particles: what acts on each alone, a kinetic energy or a potential on site.
template <int N, int Space = 1>
struct Sites {
  static constexpr std::string_view name = "sites";
  static constexpr int components = N * Space;
  static constexpr auto groups = [] {
    GroupList<std::size_t(Space), std::size_t(N)> all{};
    for (int i = 0; i < components; ++i)
      all[std::size_t(i / Space)][std::size_t(i % Space)] = Difference{i, -1};
    return all;
  }();
};

/// Groups N particles in a row with their neighbours: the springs of a chain, from left to right.
template <int N, Ends ends = Ends::fixed, Sees sees = Sees::differences, int Space = 1>
struct Chain {
  static constexpr std::string_view name = "chain";
  static constexpr int components = N * Space;
  static constexpr auto groups = [] {
    constexpr int springs = ends == Ends::free ? N - 1 : ends == Ends::fixed ? N + 1 : N;
    static_assert(springs >= 1 && (ends != Ends::periodic || N >= 3),
                  "a chain has two particles or more, with periodic ends three");
    std::array<std::array<int, 2>, std::size_t(springs)> pairs{};
    for (int g = 0; g < springs; ++g) {
      const int from = ends == Ends::fixed ? g - 1 : g, to = from + 1;
      pairs[std::size_t(g)] = {from, to < N ? to : ends == Ends::fixed ? -1 : 0};
    }
    return group_pairs<sees, Space>(pairs);
  }();
};

/// Groups every two of N particles.
template <int N, Sees sees = Sees::differences, int Space = 1>
struct AllPairs {
  static_assert(N >= 2, "pairs are of two particles or more");
  static constexpr std::string_view name = "pairs";
  static constexpr int components = N * Space;
  static constexpr auto groups = [] {
    std::array<std::array<int, 2>, std::size_t(N * (N - 1) / 2)> pairs{};
    std::size_t g = 0;
    for (int i = 0; i < N; ++i)
      for (int j = i + 1; j < N; ++j) pairs[g++] = {i, j};
    return group_pairs<sees, Space>(pairs);
  }();
};

/// Groups those of N particles that a graph joins: `Edges` has a name and `static constexpr std::array<std::array<int, 2>, count> edges`, of
/// each edge its ends from 0 to N − 1, or −1 for a wall.
template <class Edges, int N, Sees sees = Sees::differences, int Space = 1>
struct Graph {
  static constexpr std::string_view name = Edges::name;
  static constexpr int components = N * Space;
  static constexpr auto groups = group_pairs<sees, Space>(Edges::edges);
};

}  // namespace metriplex

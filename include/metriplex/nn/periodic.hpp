#pragma once

#include <array>

namespace metriplex {

/// Names a network that sees the given rows of its input, angles in radians, through their cosine and sine: what it learns is the
/// same a turn on, and angles that were recorded between −π and π mean what those mean that count turns.
///
/// Shapes: `Net` has one input more for each of these rows: of (q, p) with q an angle, cos q, sin q, p.
template <class Net, int... Rows>
struct Periodic : Net {
  using Inner = Net;
  static constexpr int inputs = Net::inputs - static_cast<int>(sizeof...(Rows));
  static_assert(
      sizeof...(Rows) >= 1 && inputs >= 1 && ((Rows >= 0 && Rows < inputs) && ...),
      "the rows of a periodic network are rows of its input, and the network has one input more for each");
  static constexpr std::array<bool, static_cast<std::size_t>(inputs)> angles = [] {
    std::array<bool, static_cast<std::size_t>(inputs)> is{};
    ((is[static_cast<std::size_t>(Rows)] = true), ...);
    return is;
  }();
};

/// A network that sees angles.
template <class Net>
concept HasAngles = requires {
  Net::angles.size();
};

template <class Net>
struct PlainNetworkOf {
  using type = Net;
};
template <HasAngles Net>
struct PlainNetworkOf<Net> {
  using type = typename Net::Inner;
};
/// Names the network inside one that sees angles, else the network itself.
template <class Net>
using PlainNetwork = typename PlainNetworkOf<Net>::type;

}  // namespace metriplex

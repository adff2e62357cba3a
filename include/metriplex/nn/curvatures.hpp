#pragma once

namespace metriplex {

/// Counts the second derivatives of a Lagrangian that its equation of motion is made of, with `half` positions.
constexpr int curvature_count(int half) {
  return half * (half + 3) / 2;
}

/// Lists the second derivatives of a Lagrangian that its equation of motion is made of: calls body(i, j, index) for those by
/// vᵢ and vⱼ, i ≤ j, and then with j = half for those by vᵢ and along q̇ = v.
template <int half, class Body>
constexpr void for_each_curvature(Body&& body) {
  int index = 0;
  for (int i = 0; i < half; ++i)
    for (int j = i; j < half; ++j) body(i, j, index++);
  for (int i = 0; i < half; ++i) body(i, half, index++);
}

}  // namespace metriplex

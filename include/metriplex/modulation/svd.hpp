#pragma once

#include <utility>

#include "metriplex/modulation/modulation.hpp"
#include "metriplex/nn/combination.hpp"
#include "metriplex/nn/low_rank_product.hpp"

namespace metriplex {

/// Adds a matrix of rank `Rank` in singular-value form: bases shared by all systems, singular values from the
/// code.
///
/// Math: W + U diag(relu(d(z))) Vᵀ, b + s(z); U and V are kept near orthonormal by the penalty ‖UᵀU − I‖² +
/// ‖VᵀV − I‖² (Frobenius; Jing et al. 2025, latent SVD-like modulation). A factor with fewer rows than
/// columns cannot be orthonormal and is left out.
/// Shapes: U [out x Rank], V [in x Rank], d [Rank].
template <int Rank>
struct Svd {
  static_assert(Rank >= 1, "an SVD modulation has a rank of at least 1");
  static constexpr int rank = Rank;
  static constexpr std::string_view name = "svd";

  static constexpr Blocks code(const LayerShape& shape) {
    return {shift_block(shape), {.name = "d", .rows = Rank, .offset = 0.1}};
  }
  static constexpr Blocks basis(const LayerShape& shape) {
    return {{.name = "U", .rows = shape.out, .columns = Rank, .slope = inverse_root(shape.out)},
            {.name = "V", .rows = shape.in, .columns = Rank, .slope = inverse_root(std::max(shape.in, 1))}};
  }

  template <class Scalar>
  static void apply(const LayerShape& shape, const LayerView<const Scalar>& base, const Scalar* basis,
                    const Scalar* code, LayerView<Scalar>& effective) {
    const auto values = singular_values(shape, code);
    add_low_rank<Rank, Scalar>({{basis, values.data(), basis + shape.out * Rank}},
                               LowRankView<const Scalar>(shape, base), LowRankView<Scalar>(shape, effective));
    apply_shift(shape, base, code, effective);
  }

  // U diag(relu'(d) ḋ) Vᵀ
  template <class Scalar>
  static void pushforward(const LayerShape& shape, const LayerView<const Scalar>&, const Scalar* basis,
                          const Scalar* code, const Scalar* along, LayerView<Scalar>& tangent) {
    const int at = shift_block(shape).size();
    std::array<Scalar, Rank> values;
    for (int k = 0; k < Rank; ++k) values[k] = code[at + k] > Scalar(0) ? along[at + k] : Scalar(0);
    add_low_rank<Rank, Scalar>({{basis, values.data(), basis + shape.out * Rank}}, nullptr,
                               LowRankView<Scalar>(shape, tangent));
    clear_bias(shape, tangent);
    push_shift_forward(shape, along, tangent);
  }

  template <class Scalar>
  static void pullback(const LayerShape& shape, const LayerView<const Scalar>&, const Scalar* basis,
                       const Scalar* code, const LayerView<const Scalar>& d_effective,
                       LayerView<Scalar>& d_base, Scalar* d_basis, Scalar* d_code) {
    const auto values = singular_values(shape, code);
    Scalar d_values[Rank] = {};
    add_low_rank_pullback<Rank>(
        basis, values.data(), basis + shape.out * Rank, LowRankView<const Scalar>(shape, d_effective),
        LowRankView<Scalar>(shape, d_base), d_basis, d_basis + shape.out * Rank, d_values);
    for (int k = 0; k < Rank; ++k)
      if (values[k] > Scalar(0)) d_code[shift_block(shape).size() + k] += d_values[k];
    pull_shift_back(shape, d_effective, d_base, d_code);
  }

  /// Returns weight · (‖UᵀU − I‖² + ‖VᵀV − I‖²) and accumulates its gradient, 4·weight·U(UᵀU − I).
  template <class Scalar>
  static Scalar regularizer(const LayerShape& shape, const Scalar* basis, Scalar weight, Scalar* d_basis) {
    Scalar total = 0;
    for (const int rows : {shape.out, shape.in}) {
      if (rows >= Rank) {
        Scalar defect[Rank][Rank];
        for (int k = 0; k < Rank; ++k)
          for (int l = 0; l < Rank; ++l) {
            defect[k][l] = dot(rows, basis + k * rows, basis + l * rows) - (k == l ? Scalar(1) : Scalar(0));
            total += weight * defect[k][l] * defect[k][l];
            defect[k][l] *= Scalar(4) * weight;
          }
        for (int k = 0; k < Rank; ++k)
          add_combination<Scalar>(rows, Rank, basis, rows, defect[k], d_basis + k * rows, d_basis + k * rows);
      }
      basis += rows * Rank;
      d_basis += rows * Rank;
    }
    return total;
  }

 private:
  template <class Scalar>
  static std::array<Scalar, Rank> singular_values(const LayerShape& shape, const Scalar* code) {
    std::array<Scalar, Rank> values;
    for (int k = 0; k < Rank; ++k) values[k] = std::max(code[shift_block(shape).size() + k], Scalar(0));
    return values;
  }

  /// 1/√n by Newton's iteration: std::sqrt is not constexpr.
  static constexpr double inverse_root(int n) {
    double root = n;
    for (int i = 0; i < 40; ++i) root = 0.5 * (root + n / root);
    return 1.0 / root;
  }
};

}  // namespace metriplex

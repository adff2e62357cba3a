#pragma once

#include "metriplex/modulation/modulation.hpp"
#include "metriplex/nn/combination.hpp"

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
            {.name = "V", .rows = shape.in, .columns = Rank, .slope = inverse_root(shape.in)}};
  }

  template <class Scalar>
  static void apply(const LayerShape& shape, const LayerView<const Scalar>& base, const Scalar* basis,
                    const Scalar* code, LayerView<Scalar>& effective) {
    const Scalar *u = basis, *v = u + shape.out * Rank, *d = code + shift_block(shape).size();
    for (int j = 0; j < shape.in; ++j) {
      Scalar row[Rank];
      for (int k = 0; k < Rank; ++k) row[k] = relu(d[k]) * v[j + k * shape.in];
      add_combination<Rank>(shape.out, u, shape.out, row, base.column(j), effective.column(j));
    }
    apply_shift(shape, base, code, effective);
  }

  template <class Scalar>
  static void pullback(const LayerShape& shape, const LayerView<const Scalar>&, const Scalar* basis,
                       const Scalar* code, const LayerView<const Scalar>& d_effective,
                       LayerView<Scalar>& d_base, Scalar* d_basis, Scalar* d_code) {
    const int at = shift_block(shape).size();
    const Scalar *u = basis, *v = u + shape.out * Rank, *d = code + at;
    Scalar *d_u = d_basis, *d_v = d_u + shape.out * Rank;
    for (int j = 0; j < shape.in; ++j) {
      Scalar row[Rank], d_row[Rank] = {};
      for (int k = 0; k < Rank; ++k) row[k] = relu(d[k]) * v[j + k * shape.in];
      add_combination_pullback<Rank>(shape.out, u, shape.out, row, d_effective.column(j), d_base.column(j),
                                     d_u, d_row);
      for (int k = 0; k < Rank; ++k) {
        d_v[j + k * shape.in] += relu(d[k]) * d_row[k];
        if (d[k] > Scalar(0)) d_code[at + k] += v[j + k * shape.in] * d_row[k];
      }
    }
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
          add_combination<Rank>(rows, basis, rows, defect[k], d_basis + k * rows, d_basis + k * rows);
      }
      basis += rows * Rank;
      d_basis += rows * Rank;
    }
    return total;
  }

 private:
  template <class Scalar>
  static Scalar relu(Scalar x) {
    return x > Scalar(0) ? x : Scalar(0);
  }

  /// 1/√n by Newton's iteration: std::sqrt is not constexpr.
  static constexpr double inverse_root(int n) {
    double root = n;
    for (int i = 0; i < 40; ++i) root = 0.5 * (root + n / root);
    return 1.0 / root;
  }
};

}  // namespace metriplex

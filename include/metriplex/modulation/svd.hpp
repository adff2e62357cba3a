#pragma once

#include "metriplex/modulation/modulation.hpp"

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
    const auto u = block_view(basis, shape.out, Rank);
    const auto v = block_view(basis + u.size(), shape.in, Rank);
    const Eigen::Matrix<Scalar, Rank, 1> values = singular_values(shape, code);
    const Matrix<Scalar, Eigen::Dynamic, Rank> scaled = u * values.asDiagonal();
    effective.weight = base.weight + scaled.lazyProduct(v.transpose());
    apply_shift(shape, base, code, effective);
  }

  template <class Scalar>
  static void pullback(const LayerShape& shape, const LayerView<const Scalar>&, const Scalar* basis,
                       const Scalar* code, const LayerView<const Scalar>& d_effective,
                       LayerView<Scalar>& d_base, Scalar* d_basis, Scalar* d_code) {
    const auto u = block_view(basis, shape.out, Rank);
    const auto v = block_view(basis + u.size(), shape.in, Rank);
    const Eigen::Matrix<Scalar, Rank, 1> values = singular_values(shape, code);
    const Matrix<Scalar, Eigen::Dynamic, Rank> along_v = d_effective.weight.lazyProduct(v);
    const Matrix<Scalar, Eigen::Dynamic, Rank> along_u = d_effective.weight.transpose().lazyProduct(u);
    d_base.weight += d_effective.weight;
    block_view(d_basis, shape.out, Rank) += along_v * values.asDiagonal();
    block_view(d_basis + u.size(), shape.in, Rank) += along_u * values.asDiagonal();
    for (int k = 0; k < Rank; ++k)
      if (values[k] > Scalar(0)) d_code[shift_block(shape).size() + k] += u.col(k).dot(along_v.col(k));
    pull_shift_back(shape, d_effective, d_base, d_code);
  }

  /// Returns weight · (‖UᵀU − I‖² + ‖VᵀV − I‖²) and accumulates its gradient, 4·weight·U(UᵀU − I).
  template <class Scalar>
  static Scalar regularizer(const LayerShape& shape, const Scalar* basis, Scalar weight, Scalar* d_basis) {
    Scalar total = 0;
    for (const int rows : {shape.out, shape.in}) {
      if (rows >= Rank) {
        const auto factor = block_view(basis, rows, Rank);
        Eigen::Matrix<Scalar, Rank, Rank> defect = factor.transpose().lazyProduct(factor);
        defect.diagonal().array() -= Scalar(1);
        total += weight * defect.squaredNorm();
        block_view(d_basis, rows, Rank) += Scalar(4) * weight * factor.lazyProduct(defect);
      }
      basis += rows * Rank;
      d_basis += rows * Rank;
    }
    return total;
  }

 private:
  template <class Scalar>
  static Eigen::Matrix<Scalar, Rank, 1> singular_values(const LayerShape& shape, const Scalar* code) {
    return block_view(code + shift_block(shape).size(), Rank, 1).cwiseMax(Scalar(0));
  }

  /// 1/√n by Newton's iteration: std::sqrt is not constexpr.
  static constexpr double inverse_root(int n) {
    double root = n;
    for (int i = 0; i < 40; ++i) root = 0.5 * (root + n / root);
    return 1.0 / root;
  }
};

}  // namespace metriplex

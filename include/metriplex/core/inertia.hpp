#pragma once

namespace metriplex {

/// Knows an inertia matrix by the lower triangle C that a network gives, value and slopes by the positions, so that it is positive
/// definite whatever the network says.
///
/// Math: M = B Bᵀ + ε, B = 1 + C (DeLaN, Lutter et al. 2019); solved by M = L D Lᵀ.
/// Shapes: jets [roots x (1 + Dof)], C row by row, each value before its slopes. T: any number type.
template <int Dof>
struct Inertia {
  static constexpr int roots = Dof * (Dof + 1) / 2;
  static constexpr float least = 1.0f / 1024;  ///< ε, exact in every number

  template <class T>
  using Square = T[Dof][Dof];

  /// Calls body(i, j, index) for the places of C.
  template <class Body>
  static constexpr void for_each_root(Body&& body) {
    int index = 0;
    for (int i = 0; i < Dof; ++i)
      for (int j = 0; j <= i; ++j) body(i, j, index++);
  }
  /// Finds a root's value, part 0, or its slope by position part − 1.
  template <class T>
  static constexpr T& jet(T* jets, int root, int part) {
    return jets[root * (1 + Dof) + part];
  }
  /// Writes the lower triangle of B.
  template <class T>
  static void root_of(const T* jets, Square<T>& B) {
    for_each_root([&](int i, int j, int index) {
      B[i][j] = jet(jets, index, 0);
      if (i == j) B[i][j] += 1.0f;
    });
  }

  /// Multiplies by a lower triangular matrix.
  template <class T>
  static void multiply(const Square<T>& m, const T* v, T* to) {
    for (int i = 0; i < Dof; ++i) {
      to[i] = T{};
      for (int j = 0; j <= i; ++j) to[i] += m[i][j] * v[j];
    }
  }
  /// Multiplies by its transpose.
  template <class T>
  static void multiply_transposed(const Square<T>& m, const T* v, T* to) {
    for (int j = 0; j < Dof; ++j) {
      to[j] = T{};
      for (int i = j; i < Dof; ++i) to[j] += m[i][j] * v[i];
    }
  }

  /// Is M's factors L, with 1/D on its diagonal.
  template <class T>
  class Factors {
   public:
    void factor(const Square<T>& B) {
      for (int j = 0; j < Dof; ++j)
        for (int i = j; i < Dof; ++i) {
          T sum{};
          for (int k = 0; k <= j; ++k) sum += B[i][k] * B[j][k];
          if (i == j) sum += least;
          for (int k = 0; k < j; ++k) sum -= lower_[i][k] * lower_[j][k] / lower_[k][k];
          if (i == j)
            lower_[j][j] = 1.0f / sum;
          else
            lower_[i][j] = sum * lower_[j][j];
        }
    }
    /// Turns x into M⁻¹x.
    void solve(T* x) const {
      for (int i = 0; i < Dof; ++i)
        for (int k = 0; k < i; ++k) x[i] -= lower_[i][k] * x[k];
      for (int i = 0; i < Dof; ++i) x[i] *= lower_[i][i];
      for (int i = Dof - 1; i >= 0; --i)
        for (int k = i + 1; k < Dof; ++k) x[i] -= lower_[k][i] * x[k];
    }

   private:
    Square<T> lower_;
  };
};

}  // namespace metriplex

#pragma once

#include <algorithm>
#include <deque>
#include <span>
#include <vector>

#include "metriplex/core/error.hpp"
#include "metriplex/core/parameter_matrix.hpp"
#include "metriplex/core/threads.hpp"
#include "metriplex/train/adam.hpp"
#include "metriplex/train/eigenbasis.hpp"

namespace metriplex {

namespace detail {

/// Adam's moments of one matrix, in the eigenbases of its gradients.
template <RealScalar Scalar>
class SoapMatrix {
 public:
  SoapMatrix(const ParameterMatrix& at, Index longest)
      : at_(at),
        left_(side(at.rows, longest)),
        right_(side(at.columns, longest)),
        transposed_(at.columns, at.rows) {
    for (auto* m : {&gradient_, &first_, &second_, &result_, &half_}) m->setZero(at.rows, at.columns);
    wide_.setZero(at.rows, at.columns);
  }

  /// Counts the multiplications of one product with both bases; 0 where there is none.
  static Index work(const ParameterMatrix& at, Index longest) {
    return at.rows * at.columns * (side(at.rows, longest) + side(at.columns, longest));
  }

  void reset() {
    for (auto* m : {&first_, &second_}) m->setZero();
    for (Side* side : {&left_, &right_}) side->reset();
  }

  template <class Archive>
  void serialize(Archive& archive) {
    archive(first_, second_, left_.basis, right_.basis);
    for (Side* side : {&left_, &right_}) side->read();
  }

  /// Moves the matrix inside `parameters` by its gradient inside `gradient`.
  void step(const AdamStep<Scalar>& adam, double beta, double rate, bool renew, const Scalar* gradient,
            Scalar* parameters) {
    const Index rows = at_.rows, columns = at_.columns;
    for (Index j = 0; j < columns; ++j)
      for (Index i = 0; i < rows; ++i) {
        gradient_(i, j) = gradient[at_.offset + j * at_.leading + i];
        transposed_(j, i) = wide_(i, j) = static_cast<double>(gradient_(i, j));
      }
    left_.basis.add(columns, wide_.data(), transposed_.data(), beta);
    right_.basis.add(rows, transposed_.data(), wide_.data(), beta);
    if (renew) turn();
    rotate(left_.transposed, gradient_, right_.vectors);
    // Moments in a renewed basis are not of one history: what they make of one another must not run away.
    const auto most = static_cast<Scalar>(longest_change * rate);
    adam(
        result_.size(), result_.data(), first_.data(), second_.data(),
        [ most, to = gradient_.data() ]<class V>(Index i, const V& change) __attribute__((always_inline)) {
          const V below = change > most ? V{} + most : change;  // a NaN stays one
          write(to + i, below < -most ? V{} - most : below);
        });
    rotate(left_.vectors, gradient_, right_.transposed);
    for (Index j = 0; j < columns; ++j) {
      Scalar* theta = parameters + at_.offset + j * at_.leading;
      for (Index i = 0; i < rows; ++i) theta[i] = adam.keep * theta[i] - result_(i, j);
    }
  }

 private:
  static constexpr double longest_change =
      10;  ///< of an entry in the bases, in learning rates; Adam's are about 1

  /// Returns the size of a side's basis: one of length 1, or of more than `longest`, has none.
  static Index side(Index length, Index longest) { return length > 1 && length <= longest ? length : 0; }

  /// The eigenbasis of one side, as products need it.
  struct Side {
    Eigenbasis basis;
    Matrix<Scalar> vectors, transposed;

    explicit Side(Index n) : basis(n), vectors(n, n), transposed(n, n) { read(); }
    void read() {
      for (Index j = 0; j < basis.size(); ++j)
        for (Index i = 0; i < basis.size(); ++i)
          transposed(j, i) = vectors(i, j) = static_cast<Scalar>(basis.vectors()(i, j));
    }
    void reset() {
      basis.reset();
      read();
    }
    void renew() {
      basis.renew();
      read();
    }
  };

  /// result = left · x · right, without sides that have no basis.
  void rotate(const Matrix<Scalar>& left, const Matrix<Scalar>& x, const Matrix<Scalar>& right) {
    const Index rows = at_.rows, columns = at_.columns;
    if (right.size() == 0) {
      multiply(rows, rows, columns, left.data(), x.data(), result_.data());
    } else if (left.size() == 0) {
      multiply(rows, columns, columns, x.data(), right.data(), result_.data());
    } else {
      multiply(rows, rows, columns, left.data(), x.data(), half_.data());
      multiply(rows, columns, columns, half_.data(), right.data(), result_.data());
    }
  }

  /// Renews the bases: the momentum turns with them, and second moments follow the vectors that they belong to.
  void turn() {
    rotate(left_.vectors, first_, right_.transposed);
    left_.renew();
    right_.renew();
    first_.swap(result_);
    rotate(left_.transposed, first_, right_.vectors);
    first_.swap(result_);
    const auto from = [](const Side& side, Index k) {
      return side.basis.size() > 0 ? side.basis.order()[static_cast<std::size_t>(k)] : k;
    };
    for (Index j = 0; j < at_.columns; ++j)
      for (Index i = 0; i < at_.rows; ++i) half_(i, j) = second_(from(left_, i), from(right_, j));
    second_.swap(half_);
  }

  ParameterMatrix at_;
  Side left_, right_;
  Matrix<Scalar> first_, second_;            // in the bases
  Matrix<Scalar> gradient_, result_, half_;  // scratch
  Matrix<double> wide_, transposed_;         // the gradient, as the bases take it
};

}  // namespace detail

/// Steps like Adam, but each matrix in bases in which the entries of its gradients are nearly uncorrelated: there second
/// moments say more, and training needs a fraction of the steps.
///
/// Math: of each matrix with gradients G, Q_L and Q_R are the eigenvectors of the running means of G Gᵀ and Gᵀ G, renewed
/// every `renewal` steps; m and v are Adam's moments of Q_Lᵀ G Q_R, and θ ← θ − η (Q_L (m̂/(√v̂ + ε)) Q_Rᵀ + λθ) (Vyas et al.
/// 2024, "SOAP", algorithm 3; Gupta, Koren & Singer 2018 for both means). A side of more than `longest` stays as it is, and
/// what is in no matrix is stepped as by `Adam`.
/// Cost: six products of a matrix with a square one a step, nine and two orthonormalisations in a renewal. Nothing is
/// allocated after construction; all threads work, with the same bits for any number of them.
template <RealScalar ScalarType>
class Soap {
 public:
  using Scalar = ScalarType;
  struct Options {
    double beta1 = 0.95, beta2 = 0.9, epsilon = 1e-8, weight_decay = 0.0;
    int renewal = 10;     ///< steps from one renewal of the bases to the next
    Index longest = 256;  ///< the longest side of a matrix that has a basis
  };

  static constexpr double training_rate = 2e-2;  ///< that meta-training starts from

  /// Prepares for `size` parameters, among which are `matrices`. A column behind a matrix of as many rows, as a bias lies
  /// behind its weights, is a column more of that.
  ///
  /// Errors: those of Adam's options; no step to a renewal, no longest side; a matrix that is not inside the parameters.
  Soap(const Options& options, Index size, std::span<const ParameterMatrix> matrices = {})
      : options_(options), first_(Vector<Scalar>::Zero(size)), second_(Vector<Scalar>::Zero(size)) {
    require_adam_options<Scalar>("Soap", options);
    require(options.renewal >= 1 && options.longest >= 1,
            {"Soap needs a renewal and a longest side of at least 1; got ", options.renewal, " and ",
             options.longest});
    std::vector<ParameterMatrix> joined;
    for (const ParameterMatrix& m : matrices) {
      if (m.rows * m.columns == 0) continue;
      require(m.offset >= 0 && m.leading >= m.rows && m.offset + (m.columns - 1) * m.leading + m.rows <= size,
              {"Soap needs matrices inside its ", size, " parameters; got '", m.name, "' at ", m.offset});
      const bool column_more =
          m.columns == 1 && !joined.empty() && m.rows == joined.back().rows &&
          m.offset == joined.back().offset + joined.back().columns * joined.back().leading;
      if (column_more)
        ++joined.back().columns;
      else
        joined.push_back(m);
    }
    std::vector<char> turned(static_cast<std::size_t>(size), 0);
    std::vector<Index> order(joined.size());
    std::vector<double> work(joined.size());
    for (std::size_t k = 0; k < joined.size(); ++k) {
      const ParameterMatrix& m = joined[k];
      work[k] = static_cast<double>(detail::SoapMatrix<Scalar>::work(m, options.longest));
      if (work[k] > 0)
        for (Index j = 0; j < m.columns; ++j)
          std::fill_n(turned.begin() + m.offset + j * m.leading, m.rows, 1);
    }
    order_falling(work.data(), order);
    for (const Index k : order)  // the longest first, so that threads end together
      if (work[static_cast<std::size_t>(k)] > 0)
        matrices_.emplace_back(joined[static_cast<std::size_t>(k)], options.longest);
    for (Index from = 0, to = 0; from < size; from = to) {
      while (to < size && turned[static_cast<std::size_t>(to)] == turned[static_cast<std::size_t>(from)])
        ++to;
      if (!turned[static_cast<std::size_t>(from)]) rest_.push_back({from, to - from});
    }
  }

  void reset() {
    first_.setZero();
    second_.setZero();
    for (auto& matrix : matrices_) matrix.reset();
    steps_ = 0;
  }

  /// Errors: parameters or gradient of another size than the optimiser's.
  void step(Eigen::Ref<Vector<Scalar>> parameters, const Eigen::Ref<const Vector<Scalar>>& gradient,
            double rate) {
    require(parameters.size() == first_.size() && gradient.size() == first_.size(),
            "Soap needs parameters and gradient of the size it was made for");
    const bool renew = steps_ % options_.renewal == 0;
    const AdamStep<Scalar> adam(options_, ++steps_, rate);
    for (const Range& range : rest_)
      adam.move(range.size, gradient.data() + range.from, first_.data() + range.from,
                second_.data() + range.from, parameters.data() + range.from);
    parallel_for(static_cast<Index>(matrices_.size()), [&](Index k, int) {
      matrices_[static_cast<std::size_t>(k)].step(adam, options_.beta2, rate, renew, gradient.data(),
                                                  parameters.data());
    });
  }

  /// Lists what the next step goes on from, for `StateArchive`.
  template <class Archive>
  void serialize(Archive& archive) {
    for (const Range& range : rest_)
      for (auto* m : {&first_, &second_}) archive.array(m->data() + range.from, range.size);
    archive(steps_, matrices_);
  }

 private:
  /// Parameters behind one another that are in no matrix.
  struct Range {
    Index from, size;
  };

  Options options_;
  Vector<Scalar> first_, second_;
  std::deque<detail::SoapMatrix<Scalar>> matrices_;  // which never moves them
  std::vector<Range> rest_;
  Index steps_ = 0;
};

}  // namespace metriplex

#pragma once

#include <algorithm>
#include <cmath>
#include <concepts>
#include <string_view>
#include <vector>

#include "metriplex/core/arrays.hpp"
#include "metriplex/core/random.hpp"
#include "metriplex/core/types.hpp"
#include "metriplex/nn/combination.hpp"

namespace metriplex {

/// A named matrix inside a flat vector of parameters, column-major from `offset` on.
struct NamedMatrix {
  std::string_view name;
  Index offset, rows, columns;
  bool slope;  ///< multiplies latents or what comes of them; not an offset
};

/// The scales of a hypernetwork's initial output: how much it varies with z, and its value at z = 0.
struct CodeScales {
  Vector<double> slope, offset;  ///< [codes]
};

/// Maps latents to codes, all systems at once; holds no parameters, they are a part of the model's flat
/// vector.
template <class H>
concept Hypernetwork = requires(Index n, double* d, const double* p, const CodeScales& scales, Random& random,
                                const Matrix<double>& in, Matrix<double>& out) {
  // A name, for model files.
  { H::name } -> std::convertible_to<std::string_view>;
  // Its matrices for so many latents and codes; they fill the flat vector without gaps.
  { H::matrices(n, n) } -> std::same_as<std::vector<NamedMatrix>>;
  // initialize(latents, scales, parameters, random): draws the parameters.
  H::initialize(n, scales, d, random);
  // apply(parameters, latents [latent x systems], codes [codes x systems]): writes the codes; any matrices without gaps.
  H::apply(p, in, out);
  // pullback(parameters, latents, d_codes, d_parameters, d_latents): accumulates into the last two.
  H::pullback(p, in, in, d, out);
  // pushforward(parameters, z [latent x 1], tangents [codes x latent]): writes the derivative of one system's code by z.
  H::pushforward(p, in, out);
};

/// Counts a hypernetwork's parameters.
template <Hypernetwork H>
Index hypernetwork_size(Index latents, Index codes) {
  Index size = 0;
  for (const NamedMatrix& m : H::matrices(latents, codes)) size += m.rows * m.columns;
  return size;
}

/// Maps latents to codes by one affine map.
///
/// Math: m(z) = A z + c.
struct LinearHypernetwork {
  static constexpr std::string_view name = "linear";

  static std::vector<NamedMatrix> matrices(Index latents, Index codes) {
    return {{"A", 0, codes, latents, true}, {"c", codes * latents, codes, 1, false}};
  }

  template <class Scalar>
  static void initialize(Index latents, const CodeScales& scales, Scalar* parameters, Random& random) {
    for (Index j = 0; j < latents; ++j)
      for (const double slope : scales.slope) *parameters++ = static_cast<Scalar>(slope * random.normal());
    for (const double offset : scales.offset) *parameters++ = static_cast<Scalar>(offset * random.normal());
  }

  template <class Scalar, class Latents, class Codes>
  static void apply(const Scalar* parameters, const Latents& latents, Codes& codes) {
    const Index size = codes.rows();
    for_each_block(size, [&](Index first, Index rows) {
      for_each_four(latents.cols(), [&](Index j, auto count) {
        add_combinations<count()>(rows, latents.rows(), parameters + first, size, column(latents, j),
                                  parameters + size * latents.rows() + first, column(codes, j) + first, size);
      });
    });
  }

  template <class Scalar, class Z, class Tangents>
  static void pushforward(const Scalar* parameters, const Z&, Tangents& tangents) {
    std::copy_n(parameters, tangents.size(), tangents.data());
  }

  template <class Scalar>
  static void pullback(const Scalar* parameters, const Matrix<Scalar>& latents, const Matrix<Scalar>& d_codes,
                       Scalar* d_parameters, Matrix<Scalar>& d_latents) {
    const Index size = d_codes.rows();
    for_each_block(size, [&](Index first, Index rows) {
      for_each_four(latents.cols(), [&](Index j, auto count) {
        add_combinations_pullback<count()>(
            rows, latents.rows(), parameters + first, size, column(latents, j), column(d_codes, j) + first,
            size, d_parameters + size * latents.rows() + first, d_parameters + first, column(d_latents, j));
      });
    });
  }

 private:
  /// Calls body(first, rows) for blocks of codes so small that their part of A stays in the first-level cache
  /// while all latents pass: codes are streamed once.
  template <class Body>
  static void for_each_block(Index codes, Body&& body) {
    constexpr Index block = 256;
    for (Index first = 0; first < codes; first += block) body(first, std::min(block, codes - first));
  }
};

/// Maps latents to codes by a perceptron with one hidden layer of `Hidden` tanh units.
///
/// Math: m(z) = A tanh(B z + b) + c.
template <int Hidden>
struct MlpHypernetwork {
  static_assert(Hidden >= 1, "a hypernetwork's hidden layer has at least one unit");
  static constexpr std::string_view name = "mlp";

  static std::vector<NamedMatrix> matrices(Index latents, Index codes) {
    const Index head = Hidden * (latents + 1);
    return {{"B", 0, Hidden, latents, true},
            {"b", Hidden * latents, Hidden, 1, false},
            {"A", head, codes, Hidden, true},
            {"c", head + codes * Hidden, codes, 1, false}};
  }

  template <class Scalar>
  static void initialize(Index latents, const CodeScales& scales, Scalar* parameters, Random& random) {
    const double into = 1.0 / std::sqrt(static_cast<double>(latents)),
                 out_of = 1.0 / std::sqrt(double(Hidden));
    for (Index i = 0; i < Hidden * latents; ++i) *parameters++ = static_cast<Scalar>(into * random.normal());
    for (Index i = 0; i < Hidden; ++i) *parameters++ = Scalar(0);
    CodeScales output = scales;
    output.slope *= out_of;
    LinearHypernetwork::initialize(Hidden, output, parameters, random);
  }

  template <class Scalar, class Latents, class Codes>
  static void apply(const Scalar* parameters, const Latents& latents, Codes& codes) {
    LinearHypernetwork::apply(parameters + head(latents.rows()), hidden(parameters, latents), codes);
  }

  // A diag(1 − h²) B, a column a latent
  template <class Scalar, class Z, class Tangents>
  static void pushforward(const Scalar* parameters, const Z& z, Tangents& tangents) {
    const Index codes = tangents.rows();
    const auto h = hidden(parameters, z);
    const Scalar* a = parameters + head(z.rows());
    for (Index j = 0; j < z.rows(); ++j) {
      Vector<Scalar, Hidden> factors;
      for (int i = 0; i < Hidden; ++i)
        factors[i] = (Scalar(1) - h(i, 0) * h(i, 0)) * parameters[i + j * Hidden];
      Scalar* to = column(tangents, j);
      std::fill_n(to, codes, Scalar(0));
      add_combination<Scalar>(codes, Hidden, a, codes, factors.data(), to, to);
    }
  }

  template <class Scalar>
  static void pullback(const Scalar* parameters, const Matrix<Scalar>& latents, const Matrix<Scalar>& d_codes,
                       Scalar* d_parameters, Matrix<Scalar>& d_latents) {
    const Matrix<Scalar> h = hidden(parameters, latents);
    Matrix<Scalar> d_h = Matrix<Scalar>::Zero(h.rows(), h.cols());
    LinearHypernetwork::pullback(parameters + head(latents.rows()), h, d_codes,
                                 d_parameters + head(latents.rows()), d_h);
    for (Index i = 0; i < h.size(); ++i) d_h.data()[i] *= Scalar(1) - h.data()[i] * h.data()[i];
    LinearHypernetwork::pullback(parameters, latents, d_h, d_parameters, d_latents);
  }

 private:
  static Index head(Index latents) { return Hidden * (latents + 1); }
  template <class Scalar, class Latents>
  static auto hidden(const Scalar* parameters, const Latents& latents) {
    Matrix<Scalar, Hidden, Latents::ColsAtCompileTime> h(Hidden, latents.cols());
    LinearHypernetwork::apply(parameters, latents, h);
    for (Index i = 0; i < h.size(); ++i) h.data()[i] = std::tanh(h.data()[i]);
    return h;
  }
};

}  // namespace metriplex

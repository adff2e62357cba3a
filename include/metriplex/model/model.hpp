#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <vector>

#include "metriplex/core/arrays.hpp"
#include "metriplex/core/parameter_matrix.hpp"
#include "metriplex/model/initial_temperatures.hpp"
#include "metriplex/model/model_maps.hpp"

namespace metriplex {

/// A family of systems: base networks, modulated by a code that a hypernetwork makes of a latent z, inside a
/// structure. `bind(z)` is one member of the family.
///
/// `Nets` is one `Mlp` for all networks of the structure, or `Networks` with one for each.
///
/// All trainable parameters are one flat vector, [base | bases | hypernetwork]; `matrices` tells files what lies
/// where, `optimizer_matrices` optimisers. The training systems' latents are a matrix beside it.
/// Math: dx/dt = structure(∇ potentials(x; modulation(base, hypernetwork(z)))) (Jing et al. 2025).
template <Structure StructureType, class Nets, class ModulationType, RealScalar ScalarType = double,
          Hypernetwork HyperType = LinearHypernetwork>
class Model : public ModelMaps<StructureType, Nets, ModulationType, ScalarType, HyperType> {
  using Maps = ModelMaps<StructureType, Nets, ModulationType, ScalarType, HyperType>;

 public:
  using Maps::base_size;
  using Maps::basis_size;
  using Maps::code_size;
  using Maps::for_each_layer;
  using Maps::layer_at;
  using typename Maps::Hypernetwork;
  using typename Maps::Modulation;
  using typename Maps::Network;
  using typename Maps::Offsets;
  using typename Maps::Scalar;
  using typename Maps::Scale;
  using typename Maps::Structure;
  using Bound = BoundModel<Structure, Nets, Scalar>;
  using Latent = Vector<Scalar>;
  static constexpr int latent_at_compile_time = Eigen::Dynamic;

  /// Makes a model with `latent` latent dimensions and every parameter zero; `initialize` draws them.
  ///
  /// Errors: fewer than one latent dimension (0 is fine where the modulation has no code).
  explicit Model(Index latent) : latent_(latent) {
    require(latent >= (code_size > 0 ? 1 : 0), {"a model with modulation '", Modulation::name,
                                                "' needs a latent dimension of at least 1; got ", latent});
    parameters_.setZero(base_size + basis_size + hypernetwork_size<Hypernetwork>(latent, code_size));
    latents_.resize(latent, 0);
  }

  /// Draws all parameters: weights N(0, 2/(in + out)), constants and friction's last biases N(0, 1), other
  /// biases zero, codes by the scales of their blocks; an energy rises with each known entropy, and what is beside a
  /// known part has no weights in its last layer.
  void initialize(Random& random) {
    parameters_.setZero();
    for_each_layer([&](int network, const LayerShape& shape, Offsets at) {
      auto layer = layer_at(parameters_.data(), at, shape);
      const double deviation = std::sqrt(2.0 / (shape.in + shape.out));
      for (Index j = 0; j < shape.in; ++j)
        for (Index i = 0; i < shape.out; ++i)
          layer.weight(i, j) = static_cast<Scalar>(deviation * random.normal());
      if (begins_at_zero(network) && shape.last) layer.weight.setZero();
      // Constants would be a saddle at zero, and so are states where friction, which is their square, vanishes.
      const bool friction = Structure::networks[static_cast<std::size_t>(network)].role == Role::friction;
      if (shape.in == 0 || (friction && shape.last))
        for (Index i = 0; i < shape.out; ++i) layer.bias(i) = static_cast<Scalar>(random.normal());
      Scalar* basis = this->basis() + at.basis;
      for (const Block& block : Modulation::basis(shape))
        for (int i = 0; i < block.size(); ++i) *basis++ = static_cast<Scalar>(block.slope * random.normal());
    });
    if constexpr (DissipativeStructure<Structure>) {
      std::vector<LayerView<Scalar>> energy;
      for_each_layer([&](int network, const LayerShape& shape, Offsets at) {
        if (Structure::networks[static_cast<std::size_t>(network)].role == Role::energy)
          energy.push_back(layer_at(parameters_.data(), at, shape));
      });
      raise_with_entropies<Structure, Nets>(energy);
    }
    Hypernetwork::initialize(latent_, code_scales(), hyper(), random);
  }

  Index latent() const { return latent_; }
  Vector<Scalar>& parameters() { return parameters_; }
  const Vector<Scalar>& parameters() const { return parameters_; }
  Scale& scaling() { return scaling_; }
  const Scale& scaling() const { return scaling_; }

  /// The latents of the systems trained on, [latent x systems]; empty before training.
  Matrix<Scalar>& latents() { return latents_; }
  const Matrix<Scalar>& latents() const { return latents_; }
  /// Returns their mean, where adaptation starts; zero before training.
  Vector<Scalar> mean_latent() const {
    Vector<Scalar> mean = Vector<Scalar>::Zero(latent_);
    for (Index j = 0; j < latents_.cols(); ++j)
      for (Index i = 0; i < latent_; ++i) mean[i] += latents_(i, j);
    for (Index i = 0; i < latent_ && latents_.cols() > 0; ++i)
      mean[i] /= static_cast<Scalar>(latents_.cols());
    return mean;
  }

  /// Counts the trainable parameters, without the padding of the layout.
  Index parameter_count() const {
    return sum_over_networks<StructureType, Nets>([]<class Net>() { return Net::parameters(); }) +
           basis_size + hypernetwork_size<Hypernetwork>(latent_, code_size);
  }

  /// Returns the system of latent z as plain weights: adaptation costs nothing afterwards.
  ///
  /// Errors: z of another length than `latent()`, or with a NaN or Inf.
  Bound bind(const Vector<Scalar>& z) const {
    require(z.size() == latent_, {"bind needs a latent of length ", latent_, "; got ", z.size()});
    require(all_finite(z), "bind needs a finite latent; got one with a NaN or Inf");
    Vector<Scalar> weights = Vector<Scalar>::Zero(base_size);
    Matrix<Scalar> codes;
    encode(z, codes);
    apply(codes.data(), weights.data());
    return Bound(std::move(weights), scaling_);
  }

  /// Maps latents to codes, which allocates only where `codes` has another size.
  /// Shapes: latents [latent x systems], codes [code_size x systems].
  void encode(const Matrix<Scalar>& latents, Matrix<Scalar>& codes) const {
    Maps::encode(parameters_.data(), latents, codes);
  }
  /// Writes the effective weights of one code.
  /// Shapes: code [code_size], weights [base_size], padding untouched.
  void apply(const Scalar* code, Scalar* weights) const { Maps::apply(parameters_.data(), code, weights); }
  /// Writes the effective weights of latent z and their derivatives by its components, as `ModelMaps::linearize`.
  void linearize(const Matrix<Scalar>& z, Matrix<Scalar>& codes, Matrix<Scalar>& code_tangents,
                 Scalar* weights, Matrix<Scalar>& tangents) const {
    Maps::linearize(parameters_.data(), z, codes, code_tangents, weights, tangents);
  }

  /// Pulls a cotangent of the effective weights back to the parameters' base and bases, and to the code;
  /// accumulates.
  /// Shapes: d_weights, d_base [base_size], d_basis [basis_size], d_code [code_size].
  void pullback(const Scalar* code, const Scalar* d_weights, Scalar* d_base, Scalar* d_basis,
                Scalar* d_code) const {
    for_each_layer([&](int, const LayerShape& shape, Offsets at) {
      auto d_layer = layer_at(d_base, at, shape);
      Modulation::template pullback<Scalar>(
          shape, layer_at(parameters_.data(), at, shape), basis() + at.basis, code + at.code,
          layer_at(d_weights, at, shape), d_layer, d_basis + at.basis, d_code + at.code);
    });
  }

  /// Pulls cotangents of codes back to the hypernetwork's part of `d_parameters` and to the latents;
  /// accumulates.
  void encode_pullback(const Matrix<Scalar>& latents, const Matrix<Scalar>& d_codes, Scalar* d_parameters,
                       Matrix<Scalar>& d_latents) const {
    Hypernetwork::pullback(hyper(), latents, d_codes, d_parameters + base_size + basis_size, d_latents);
  }

  /// Returns weight times the modulation's penalty on its bases and accumulates its gradient; 0 where it has
  /// none.
  Scalar regularizer(Scalar weight, Vector<Scalar>& d_parameters) const {
    Scalar total = 0;
    if constexpr (HasRegularizer<Modulation>) {
      for_each_layer([&](int, const LayerShape& shape, Offsets at) {
        total += Modulation::template regularizer<Scalar>(shape, basis() + at.basis, weight,
                                                          d_parameters.data() + base_size + at.basis);
      });
    }
    return total;
  }

  /// Lists all matrices among the parameters, in order: of every layer its weights, its bias and its bases; then the
  /// hypernetwork's.
  std::vector<ParameterMatrix> matrices() const {
    std::vector<ParameterMatrix> all;
    for_each_layer([&](int network, const LayerShape& shape, Offsets at) {
      all.push_back({at.weight, shape.out, shape.in, at.leading, network, shape.index, "W"});
      all.push_back({at.bias, shape.out, 1, at.leading, network, shape.index, "b"});
      Index offset = base_size + at.basis;
      for (const Block& block : Modulation::basis(shape)) {
        all.push_back({offset, block.rows, block.columns, block.rows, network, shape.index, block.name});
        offset += block.size();
      }
    });
    for (const NamedMatrix& m : Hypernetwork::matrices(latent_, code_size))
      all.push_back({base_size + basis_size + m.offset, m.rows, m.columns, m.rows, -1, -1, m.name});
    return all;
  }

  /// Lists them as an optimiser should take them: as `matrices`, but what makes codes cut by the blocks of these. What
  /// multiplies one latent there is itself a matrix, of the block's shape.
  std::vector<ParameterMatrix> optimizer_matrices() const {
    std::vector<ParameterMatrix> all, heads;
    for (const ParameterMatrix& m : matrices())
      (m.network < 0 && m.rows == code_size ? heads : all).push_back(m);
    for_each_layer([&](int network, const LayerShape& shape, Offsets at) {
      Index from = at.code;
      for (const Block& block : Modulation::code(shape)) {
        for (const ParameterMatrix& m : heads)
          if (block.rows > 1 && block.columns > 1)
            for (Index k = 0; k < m.columns; ++k)
              all.push_back({m.offset + k * m.leading + from, block.rows, block.columns, block.rows, network,
                             shape.index, block.name});
          else
            all.push_back(
                {m.offset + from, block.size(), m.columns, m.leading, network, shape.index, block.name});
        from += block.size();
      }
    });
    return all;
  }

  Scalar* hyper() { return parameters_.data() + base_size + basis_size; }
  const Scalar* hyper() const { return parameters_.data() + base_size + basis_size; }
  Scalar* basis() { return parameters_.data() + base_size; }
  const Scalar* basis() const { return parameters_.data() + base_size; }

  /// Lists the initial scales of every code.
  static CodeScales code_scales() {
    CodeScales scales{Vector<double>(code_size), Vector<double>(code_size)};
    for_each_layer([&](int, const LayerShape& shape, Offsets at) {
      Index i = at.code;
      for (const Block& block : Modulation::code(shape)) {
        std::fill_n(scales.slope.data() + i, block.size(), block.slope);
        std::fill_n(scales.offset.data() + i, block.size(), block.offset);
        i += block.size();
      }
    });
    return scales;
  }

 private:
  /// Tells whether a network learns what a known part leaves over.
  static constexpr bool begins_at_zero(int network) {
    bool known = false;
    if constexpr (requires { Structure::begins_at_zero; }) known = Structure::begins_at_zero == network;
    unroll<network_count<Structure>>([&](auto k) {
      if (k() == network) known = known || HasKnown<NetworkOf<Structure, Nets, k()>>;
    });
    return known;
  }

  Index latent_;
  Vector<Scalar> parameters_;
  Scale scaling_;
  Matrix<Scalar> latents_;
};

}  // namespace metriplex

#pragma once

#include "metriplex/core/arrays.hpp"
#include "metriplex/model/bound_model.hpp"
#include "metriplex/model/parameter_places.hpp"
#include "metriplex/nn/hypernetwork.hpp"

namespace metriplex {

/// The maps from a latent to a member's weights that a family's parameters define, wherever these lie.
///
/// Parameters are one flat array, [base | bases | hypernetwork].
template <Structure StructureType, class Nets, class ModulationType, RealScalar ScalarType,
          Hypernetwork HyperType>
class ModelMaps {
  static_assert((require_modulation<ModulationType>(), true));
  static_assert(require_networks<StructureType, Nets>());
  static constexpr int networks = network_count<StructureType>;

 public:
  using Structure = StructureType;
  using Network = Nets;
  using Modulation = ModulationType;
  using Scalar = ScalarType;
  using Hypernetwork = HyperType;
  using Scale = Scaling<Scalar, Structure::dim>;
  using Offsets = ParameterOffsets;
  static constexpr int dimension = Structure::dim;

  /// Scalars in the networks (and in the effective weights of one system), padding included.
  static constexpr Index base_size = network_offset<Structure, Nets, Scalar>(networks);
  /// Scalars in the modulation's shared bases.
  static constexpr Index basis_size =
      sum_over_networks<StructureType, Nets>([]<class Net>() { return basis_size_of<Modulation, Net>; });
  /// Scalars in the code of one system.
  static constexpr Index code_size =
      sum_over_networks<StructureType, Nets>([]<class Net>() { return code_size_of<Modulation, Net>; });

  /// Maps latents to codes.
  ///
  /// Shapes: latents [latent x systems], codes [code_size x systems].
  template <class Latents, class Codes>
  static void encode(const Scalar* parameters, const Latents& latents, Codes& codes) {
    codes.resize(code_size, latents.cols());
    Hypernetwork::apply(parameters + base_size + basis_size, latents, codes);
  }

  /// Writes the effective weights of one code.
  ///
  /// Shapes: code [code_size], weights [base_size], padding untouched.
  static void apply(const Scalar* parameters, const Scalar* code, Scalar* weights) {
    for_each_layer([&](int, const LayerShape& shape, Offsets at) {
      auto effective = layer_at(weights, at, shape);
      Modulation::template apply<Scalar>(shape, layer_at(parameters, at, shape),
                                         parameters + base_size + at.basis, code + at.code, effective);
    });
  }

  /// Writes the effective weights of latent z, and their derivatives by each of its components.
  ///
  /// Shapes: z [latent x 1]; codes, code_tangents: scratch, resized to [code_size x 1] and [code_size x latent]; weights
  /// [base_size]; tangents [base_size x latent], padding untouched.
  template <class Z, class Codes, class CodeTangents, class Tangents>
  static void linearize(const Scalar* parameters, const Z& z, Codes& codes, CodeTangents& code_tangents,
                        Scalar* weights, Tangents& tangents) {
    encode(parameters, z, codes);
    apply(parameters, codes.data(), weights);
    code_tangents.resize(code_size, z.rows());
    Hypernetwork::pushforward(parameters + base_size + basis_size, z, code_tangents);
    for_each_layer([&](int, const LayerShape& shape, Offsets at) {
      for (Index k = 0; k < z.rows(); ++k) {
        auto tangent = layer_at(column(tangents, k), at, shape);
        Modulation::template pushforward<Scalar>(shape, layer_at(parameters, at, shape),
                                                 parameters + base_size + at.basis, codes.data() + at.code,
                                                 column(code_tangents, k) + at.code, tangent);
      }
    });
  }

  /// Calls body(network, shape, offsets) for every layer of every network.
  template <class Body>
  static void for_each_layer(Body&& body) {
    for (const ParameterPlace& place : places) body(place.network, place.shape, place.at);
  }

  /// Views a layer in a flat vector laid out like the base.
  template <class S>
  static LayerView<S> layer_at(S* flat, const Offsets& at, const LayerShape& shape) {
    return {{flat + at.weight, shape.out, shape.in, Eigen::OuterStride<>(at.leading)},
            {flat + at.bias, shape.out}};
  }

 private:
  static constexpr auto places = parameter_places<Structure, Nets, Modulation, Scalar>();
};

}  // namespace metriplex

#pragma once

#include <algorithm>

#include "metriplex/core/in_place.hpp"
#include "metriplex/model/model_maps.hpp"

namespace metriplex {

/// A trained family whose numbers are constants of the program, as `model_to_header` writes them: no file is read, and with
/// its members inside themselves nothing needs a heap.
///
/// `NumbersType` has Maps, a `ModelMaps`; latent, systems; and arrays parameters, latents [systems][latent], mean, inverse_scale,
/// rate_scale, rate_error [dim] and energy, entropy, friction, bracket of the scaling.
/// Not: for training.
template <class NumbersType>
class ConstantModel : public NumbersType::Maps {
  using Numbers = NumbersType;
  using Maps = typename Numbers::Maps;

 public:
  using Maps::base_size;
  using Maps::code_size;
  using Maps::dimension;
  using typename Maps::Scalar;
  using typename Maps::Scale;
  using typename Maps::Structure;
  static constexpr int latent_at_compile_time = Numbers::latent;
  using Latent = Vector<Scalar, latent_at_compile_time>;
  using Bound = BoundModel<Structure, typename Maps::Network, Scalar, InPlace<Scalar, int{base_size}>>;

  ConstantModel() {
    for (int i = 0; i < dimension; ++i) {
      scaling_.mean[i] = Numbers::mean[i];
      scaling_.inverse_scale[i] = Numbers::inverse_scale[i];
      scaling_.rate_scale[i] = Numbers::rate_scale[i];
      scaling_.rate_error[i] = Numbers::rate_error[i];
    }
    scaling_.energy = Numbers::energy;
    scaling_.entropy = Numbers::entropy;
    scaling_.friction = Numbers::friction;
    scaling_.bracket = Numbers::bracket;
  }

  static constexpr Index latent() { return Numbers::latent; }
  const Scale& scaling() const { return scaling_; }
  /// The latents of the systems trained on, [latent x systems].
  static auto latents() {
    return Eigen::Map<const Matrix<Scalar, Numbers::latent, Numbers::systems>>(Numbers::latents);
  }
  /// Returns their mean, where adaptation starts.
  static Latent mean_latent() {
    Latent mean = Latent::Zero();
    for (Index j = 0; j < Numbers::systems; ++j)
      for (int i = 0; i < Numbers::latent; ++i) mean[i] += latents()(i, j);
    for (int i = 0; i < Numbers::latent && Numbers::systems > 0; ++i)
      mean[i] /= static_cast<Scalar>(Numbers::systems);
    return mean;
  }

  /// Returns the system of latent z as plain weights.
  ///
  /// Errors: a latent with a NaN or Inf.
  Bound bind(const Latent& z) const {
    require(all_finite(z), "bind needs a finite latent; got one with a NaN or Inf");
    InPlace<Scalar, int{base_size}> weights;
    InPlace<Scalar, int{code_size}> codes;
    Maps::encode(Numbers::parameters, z, codes);
    Maps::apply(Numbers::parameters, codes.data(), weights.data());
    return Bound(weights, scaling_);
  }

  /// Writes the effective weights of latent z and their derivatives by its components, as `ModelMaps::linearize`.
  template <class Z, class Codes, class CodeTangents, class Tangents>
  static void linearize(const Z& z, Codes& codes, CodeTangents& code_tangents, Scalar* weights,
                        Tangents& tangents) {
    Maps::linearize(Numbers::parameters, z, codes, code_tangents, weights, tangents);
  }

 private:
  Scale scaling_;
};

}  // namespace metriplex

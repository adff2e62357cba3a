#pragma once

#include <span>
#include <string>
#include <variant>

#include "metriplex/train/adam.hpp"
#include "metriplex/train/sgd.hpp"
#include "metriplex/train/soap.hpp"
#include "metriplex/train/training_options.hpp"

namespace metriplex::driver {

/// Holds the optimiser that was asked for by name, with the settings that it trains best with: training is then compiled once,
/// not once an optimiser.
template <class ScalarType>
class AnyOptimizer {
 public:
  using Scalar = ScalarType;
  struct Options {
    std::string name = "soap";
  };

  AnyOptimizer(const Options& options, Index size, std::span<const ParameterMatrix> matrices = {})
      : chosen_(make(options.name, size, matrices)) {}

  void reset() {
    std::visit([](auto& optimizer) { optimizer.reset(); }, chosen_);
  }
  void step(Eigen::Ref<Vector<Scalar>> parameters, const Eigen::Ref<const Vector<Scalar>>& gradient,
            double rate) {
    std::visit([&](auto& optimizer) { optimizer.step(parameters, gradient, rate); }, chosen_);
  }

  template <class Archive>
  void serialize(Archive& archive) {
    archive.same("number of the optimizer", static_cast<double>(chosen_.index()));
    std::visit([&](auto& optimizer) { archive(optimizer); }, chosen_);
  }

  /// The learning rate that meta-training starts from.
  static double rate(const std::string& name) {
    return name == "adam"  ? Adam<Scalar>::training_rate
           : name == "sgd" ? Sgd<Scalar>::training_rate
                           : Soap<Scalar>::training_rate;
  }

 private:
  using Chosen = std::variant<Soap<Scalar>, Adam<Scalar>, Sgd<Scalar>>;

  static Chosen make(const std::string& name, Index size, std::span<const ParameterMatrix> matrices) {
    if (name == "adam") return Adam<Scalar>(detail::training_options<Adam<Scalar>>(), size);
    if (name == "sgd") return Sgd<Scalar>(detail::training_options<Sgd<Scalar>>(), size);
    return Soap<Scalar>(detail::training_options<Soap<Scalar>>(), size, matrices);
  }

  Chosen chosen_;
};

}  // namespace metriplex::driver

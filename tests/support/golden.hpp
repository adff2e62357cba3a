#pragma once

#include <fstream>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "metriplex/model/model.hpp"

namespace metriplex::test {

/// One golden case: a small network with its parameters and what PyTorch's autograd makes of it.
struct Golden {
  nlohmann::json json;

  explicit Golden(const std::string& name) {
    json =
        nlohmann::json::parse(std::ifstream(std::string(METRIPLEX_TEST_DIR) + "/golden/" + name + ".json"));
  }

  /// Reads an array of any rank as a vector, or as a matrix whose columns are the first index: [rest x
  /// first].
  static Vector<double> flat(const nlohmann::json& array) {
    const auto data = array.at("data").get<std::vector<double>>();
    return Eigen::Map<const Vector<double>>(data.data(), static_cast<Index>(data.size()));
  }
  static Matrix<double> points(const nlohmann::json& array) {
    const Vector<double> data = flat(array);
    const Index first = array.at("shape").at(0).get<Index>();
    return Eigen::Map<const Matrix<double>>(data.data(), data.size() / first, first);
  }
  /// Files name their networks, or call a potential E and friction D.
  std::string layer_name(int network, const LayerShape& shape) const {
    const std::vector<std::string> names = json.value("networks", std::vector<std::string>{"E", "D"});
    return names.at(static_cast<std::size_t>(network)) + "." + std::to_string(shape.index);
  }
  Vector<double> latent() const { return flat(json.at("latent")); }

  /// Copies a group of named arrays ("parameters", "parameter_gradient") into a vector laid out like a
  /// model's.
  template <class Model>
  Vector<typename Model::Scalar> parameters(const std::string& group) const {
    using Scalar = typename Model::Scalar;
    Model model(latent().size());
    const nlohmann::json& from = json.at(group);
    Vector<Scalar>& to = model.parameters();
    const Index latents = model.latent();
    // Row-major arrays [rows, columns] into column-major blocks.
    const auto copy = [&](const nlohmann::json& array, Scalar* block, Index rows, Index columns,
                          Index leading) {
      const Vector<double> data = flat(array);
      REQUIRE(data.size() == rows * columns);
      for (Index i = 0; i < rows; ++i)
        for (Index j = 0; j < columns; ++j)
          block[i + j * leading] = static_cast<Scalar>(data[i * columns + j]);
    };
    Model::for_each_layer([&](int network, const LayerShape& shape, typename Model::Offsets at) {
      const std::string layer = layer_name(network, shape);
      auto view = Model::layer_at(to.data(), at, shape);
      copy(from.at(layer + "W"), view.weight.data(), shape.out, shape.in, view.weight.outerStride());
      copy(from.at(layer + "b"), view.bias.data(), shape.out, 1, 1);
      Scalar* basis = model.basis() + at.basis;
      for (const Block& block : Model::Modulation::basis(shape)) {
        copy(from.at(layer + std::string(block.name)), basis, block.rows, block.columns, block.rows);
        basis += block.size();
      }
      // A is [block, latent] (its rows in row-major order of the block), c is [block]; ours are column-major.
      Index code = at.code;
      for (const Block& block : Model::Modulation::code(shape)) {
        const Vector<double> a = flat(from.at(layer + "A" + std::string(block.name)));
        const Vector<double> c = flat(from.at(layer + "c" + std::string(block.name)));
        REQUIRE(a.size() == block.size() * latents);
        for (Index i = 0; i < block.rows; ++i)
          for (Index j = 0; j < block.columns; ++j) {
            const Index ours = code + i + j * block.rows, theirs = i * block.columns + j;
            for (Index k = 0; k < latents; ++k)
              model.hyper()[ours + k * Model::code_size] = static_cast<Scalar>(a[theirs * latents + k]);
            model.hyper()[latents * Model::code_size + ours] = static_cast<Scalar>(c[theirs]);
          }
        code += block.size();
      }
    });
    return to;
  }

  /// Copies the effective weights into a vector laid out like a bound model's.
  template <class Model>
  Vector<typename Model::Scalar> effective() const {
    using Scalar = typename Model::Scalar;
    Vector<Scalar> to = Vector<Scalar>::Zero(Model::base_size);
    Model::for_each_layer([&](int network, const LayerShape& shape, typename Model::Offsets at) {
      const std::string layer = layer_name(network, shape);
      auto view = Model::layer_at(to.data(), at, shape);
      const Matrix<double> w = points(json.at("effective").at(layer + "W"));
      view.weight = w.transpose().template cast<Scalar>();
      view.bias = flat(json.at("effective").at(layer + "b")).template cast<Scalar>();
    });
    return to;
  }
};

}  // namespace metriplex::test

#pragma once

#include <fstream>
#include <map>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "metriplex/core/parameter_matrix.hpp"

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
  Vector<double> latent() const { return flat(json.at("latent")); }

  /// Reads a group of named arrays ("parameters", "parameter_gradient", "effective") into a vector of `size` in which
  /// `matrices` tell what lies where; those behind its end stay out. Nothing of it is compiled once a model.
  ///
  /// From `codes` on lies what makes codes: of each block A [block, latent], as one matrix or one a latent, then c [block].
  Vector<double> read(const std::string& group, const std::vector<ParameterMatrix>& matrices, Index size,
                      Index codes) const {
    // Files name their networks, or call a potential E and friction D.
    const auto networks = json.value("networks", std::vector<std::string>{"E", "D"});
    const nlohmann::json& from = json.at(group);
    Vector<double> to = Vector<double>::Zero(size);
    struct Slopes {
      Index taken, count;
    };
    std::map<std::string, Slopes> blocks;
    for (const ParameterMatrix& m : matrices) {
      if (m.offset >= size) continue;
      const std::string layer =
          networks.at(static_cast<std::size_t>(m.network)) + "." + std::to_string(m.layer);
      std::string array = layer + std::string(m.name);
      Index apart = 1, first = 0;
      if (m.offset >= codes) {
        const Index slopes = flat(from.at(layer + "A" + std::string(m.name))).size();
        Slopes& of = blocks.try_emplace(array, Slopes{0, slopes / (m.rows * m.columns)}).first->second;
        const bool slope = of.taken < of.count;
        if (slope) apart = of.count, first = of.taken;
        ++of.taken;
        array = layer + (slope ? "A" : "c") + std::string(m.name);
      }
      const Vector<double> data = flat(from.at(array));
      REQUIRE(data.size() == m.rows * m.columns * apart);
      for (Index i = 0; i < m.rows; ++i)  // arrays are row-major
        for (Index j = 0; j < m.columns; ++j)
          to[m.offset + i + j * m.leading] = data[(i * m.columns + j) * apart + first];
    }
    return to;
  }
};

}  // namespace metriplex::test

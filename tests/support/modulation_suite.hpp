#pragma once

#include <map>
#include <string>
#include <utility>

#include "metriplex/autodiff/check_gradient.hpp"
#include "metriplex/core/random.hpp"
#include "metriplex/modulation/modulation.hpp"
#include "metriplex/nn/mlp.hpp"
#include "support/catch.hpp"

// What every modulation must show, on the layers of a small network whose sizes fit no register.

namespace metriplex::test {

using ModulatedNet = Mlp<Tanh, 3, 9, 4, 1>;

/// Is one layer with its code and basis as plain matrices by name, for formulas that are written as on paper.
struct NamedLayer {
  LayerShape shape;
  Matrix<double> W, b;
  std::map<std::string, Matrix<double>> code, basis;

  /// Is s(z), which the output layer has not.
  Matrix<double> s() const { return shape.last ? Matrix<double>::Zero(1, 1).eval() : code.at("s"); }
};

/// Is what a modulation reads of a whole network, or the cotangents of that, each part in one flat vector.
template <class M, class Scalar>
struct ModulationParts {
  Vector<Scalar> base = Vector<Scalar>::Zero(MlpLayout<ModulatedNet, Scalar>::size());
  Vector<Scalar> basis = Vector<Scalar>::Zero(basis_size_of<M, ModulatedNet>);
  Vector<Scalar> code = Vector<Scalar>::Zero(code_size_of<M, ModulatedNet>);

  /// Calls body(shape, offset in basis, offset in code) for every layer.
  template <class Body>
  static void for_each_layer(Body&& body) {
    Index basis_at = 0, code_at = 0;
    for (int l = 0; l < ModulatedNet::layers; ++l) {
      const LayerShape shape = ModulatedNet::shape(l);
      body(shape, basis_at, code_at);
      basis_at += M::basis(shape).size();
      code_at += M::code(shape).size();
    }
  }

  /// Draws numbers of magnitude 0.2 to 1.2: no singular value lies near the kink of its relu.
  static ModulationParts random(std::uint64_t seed) {
    Random draw(seed);
    ModulationParts parts;
    const auto fill = [&](auto&& block) {
      for (Index j = 0; j < block.cols(); ++j)
        for (Index i = 0; i < block.rows(); ++i)
          block(i, j) = static_cast<Scalar>(draw.uniform(0.2, 1.2) * (draw.uniform() < 0.5 ? -1.0 : 1.0));
    };
    for (int l = 0; l < ModulatedNet::layers; ++l) {
      auto layer = layer_view<ModulatedNet>(parts.base.data(), l);
      fill(layer.weight);
      fill(layer.bias);
    }
    fill(parts.basis);
    fill(parts.code);
    return parts;
  }

  Vector<Scalar> apply() const {
    Vector<Scalar> effective = 0 * base;
    for_each_layer([&](const LayerShape& shape, Index basis_at, Index code_at) {
      auto out = layer_view<ModulatedNet>(effective.data(), shape.index);
      M::template apply<Scalar>(shape, layer_view<ModulatedNet>(base.data(), shape.index),
                                basis.data() + basis_at, code.data() + code_at, out);
    });
    return effective;
  }

  Vector<Scalar> pushforward(const Vector<Scalar>& along) const {
    Vector<Scalar> tangent = 0 * base;
    for_each_layer([&](const LayerShape& shape, Index basis_at, Index code_at) {
      auto out = layer_view<ModulatedNet>(tangent.data(), shape.index);
      out.weight.setConstant(Scalar(7));  // it overwrites
      out.bias.setConstant(Scalar(7));
      M::template pushforward<Scalar>(shape, layer_view<ModulatedNet>(base.data(), shape.index),
                                      basis.data() + basis_at, code.data() + code_at, along.data() + code_at,
                                      out);
    });
    return tangent;
  }

  void pullback(const Vector<Scalar>& d_effective, ModulationParts& d) const {
    for_each_layer([&](const LayerShape& shape, Index basis_at, Index code_at) {
      auto d_base = layer_view<ModulatedNet>(d.base.data(), shape.index);
      M::template pullback<Scalar>(shape, layer_view<ModulatedNet>(base.data(), shape.index),
                                   basis.data() + basis_at, code.data() + code_at,
                                   layer_view<ModulatedNet>(d_effective.data(), shape.index), d_base,
                                   d.basis.data() + basis_at, d.code.data() + code_at);
    });
  }

  NamedLayer named(const LayerShape& shape, Index basis_at, Index code_at) const {
    const auto layer = layer_view<ModulatedNet>(base.data(), shape.index);
    NamedLayer named{shape, layer.weight.template cast<double>(), layer.bias.template cast<double>(), {}, {}};
    const auto copy = [](const Blocks& blocks, const Scalar* from, auto& to) {
      for (const Block& block : blocks) {
        const auto view = block_view(from, block.rows, block.columns);
        REQUIRE(to.emplace(std::string(block.name), view.template cast<double>()).second);
        from += block.size();
      }
    };
    copy(M::code(shape), code.data() + code_at, named.code);
    copy(M::basis(shape), basis.data() + basis_at, named.basis);
    return named;
  }

  /// Copies into another scalar type, whose layout has other padding.
  template <class Other>
  ModulationParts<M, Other> cast() const {
    ModulationParts<M, Other> other;
    for (int l = 0; l < ModulatedNet::layers; ++l) {
      auto to = layer_view<ModulatedNet>(other.base.data(), l);
      to.weight = layer_view<ModulatedNet>(base.data(), l).weight.template cast<Other>();
      to.bias = layer_view<ModulatedNet>(base.data(), l).bias.template cast<Other>();
    }
    other.basis = basis.template cast<Other>();
    other.code = code.template cast<Other>();
    return other;
  }
};

/// Tells the largest difference of two sets of parts.
template <class M>
double largest_difference(const ModulationParts<M, double>& a, const ModulationParts<M, double>& b) {
  const auto difference = [](const Vector<double>& x, const Vector<double>& y) {
    return x.size() > 0 ? (x - y).cwiseAbs().maxCoeff() : 0.0;
  };
  return std::max({difference(a.base, b.base), difference(a.basis, b.basis), difference(a.code, b.code)});
}

/// Checks a modulation against `formula`, which maps a `NamedLayer` to the pair of effective W and b.
template <class M, class Formula>
void check_modulation(const Formula& formula) {
  INFO(M::name);
  STATIC_REQUIRE(Modulation<M>);
  using Parts = ModulationParts<M, double>;
  const Parts parts = Parts::random(1);
  const Vector<double> effective = parts.apply();

  // The effective weights, and zeros where the layout has padding.
  Vector<double> expected = 0 * effective;
  Parts::for_each_layer([&](const LayerShape& shape, Index basis_at, Index code_at) {
    const NamedLayer layer = parts.named(shape, basis_at, code_at);
    const std::pair<Matrix<double>, Matrix<double>> truth = formula(layer);
    auto to = layer_view<ModulatedNet>(expected.data(), shape.index);
    to.weight = truth.first;
    to.bias = truth.second;
    CHECK((!shape.last || !layer.code.contains("s")));
  });
  CHECK((effective - expected).cwiseAbs().maxCoeff() < 1e-13);

  // Pulled-back cotangents against differences of <d_effective, apply>.
  const Vector<double> d_effective = ModulationParts<M, double>::random(2).base;
  Parts d;
  parts.pullback(d_effective, d);
  Parts moved = parts;
  const auto check_part = [&](Vector<double> Parts::*part) {
    const auto paired = [&](const Vector<double>& values) {
      moved.*part = values;
      return d_effective.dot(moved.apply());
    };
    const GradientCheck check = check_gradient(paired, parts.*part, d.*part, {.tolerance = 1e-9});
    moved.*part = parts.*part;
    INFO(check.message);
    CHECK(check.ok);
  };
  check_part(&Parts::base);
  check_part(&Parts::basis);
  check_part(&Parts::code);

  // It accumulates.
  const Parts before = Parts::random(3);
  Parts after = before;
  parts.pullback(d_effective, after);
  after.base -= before.base;
  after.basis -= before.basis;
  after.code -= before.code;
  CHECK(largest_difference(after, d) < 1e-13);

  // Pushed forward along a change of the code: against differences (of what is at most quadratic, so exact), and
  // against the pullback.
  const Vector<double> along = Parts::random(4).code;
  const Vector<double> tangent = parts.pushforward(along);
  Parts ahead = parts, behind = parts;
  const double step = 1e-2;
  ahead.code += step * along;
  behind.code -= step * along;
  CHECK((tangent - (ahead.apply() - behind.apply()) / (2 * step)).norm() <= 1e-12 * (1 + tangent.norm()));
  CHECK(d_effective.dot(tangent) == Approx(d.code.dot(along)).epsilon(1e-12).margin(1e-13));

  // Float does the same.
  const auto single = parts.template cast<float>();
  ModulationParts<M, float> d_single, effective_single;
  effective_single.base = single.apply();
  Parts effective_parts;
  effective_parts.base = effective;
  CHECK(largest_difference(effective_single.template cast<double>(), effective_parts) < 1e-5);
  Parts d_parts;
  d_parts.base = d_effective;
  single.pullback(d_parts.template cast<float>().base, d_single);
  CHECK(largest_difference(d_single.template cast<double>(), d) < 2e-5);
}

}  // namespace metriplex::test

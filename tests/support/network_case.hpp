#pragma once

#include <cmath>
#include <string_view>
#include <vector>

#include "metriplex/autodiff/hessian.hpp"
#include "metriplex/core/random.hpp"
#include "metriplex/nn/mlp.hpp"

namespace metriplex {

/// What the truth knows of a network: nothing at compile time, its weights in the layout of double.
struct Network {
  std::string_view activation;
  std::vector<LayerShape> shapes;
  std::vector<int> weight, leading, bias;
  int size = 0;

  template <class Net>
  static Network of() {
    using Layout = MlpLayout<Net, double>;
    Network network{"", {}, {}, {}, {}, Layout::size()};
    if constexpr (requires { Net::Activation::name; }) network.activation = Net::Activation::name;
    for (int l = 0; l < Net::layers; ++l) {
      network.shapes.push_back(Net::shape(l));
      network.weight.push_back(Layout::weight(l));
      network.leading.push_back(Layout::leading(l));
      network.bias.push_back(Layout::bias(l));
    }
    return network;
  }
};

template <class T>
T activate(std::string_view name, const T& z) {
  using std::exp, std::log1p, std::sin, std::tanh;
  if (name == "tanh") return tanh(z);
  if (name == "softplus") return log1p(exp(z));
  if (name == "sin") return sin(z);
  return z / (T(1) + exp(-z));
}

/// The truth: the network by its definition, in any scalar.
template <class Weight, class T>
Vector<T> values(const Network& net, const Vector<Weight>& weights, const Vector<T>& x) {
  Vector<T> h = x;
  for (std::size_t l = 0; l < net.shapes.size(); ++l) {
    const LayerShape& shape = net.shapes[l];
    Vector<T> next(shape.out);
    for (int i = 0; i < shape.out; ++i) {
      T z(weights(net.bias[l] + i));
      for (int j = 0; j < shape.in; ++j) z += weights(net.weight[l] + i + j * net.leading[l]) * h(j);
      next(i) = l + 1 == net.shapes.size() ? z : activate(net.activation, z);
    }
    h = next;
  }
  return h;
}
template <class Weight, class T>
T potential(const Network& net, const Vector<Weight>& weights, const Vector<T>& x) {
  return values(net, weights, x)(0);
}

/// A network at points, with cotangents; numbers that float holds exactly, so that both scalars see the same.
struct Case {
  Network network;
  Vector<double> weights;
  Matrix<double> x, d_gradient;  ///< [points x inputs]
  Vector<double> d_value;        ///< [points]

  Case(const Network& net, int points, std::uint64_t seed = 1) : network(net) {
    Random random(seed);
    const auto draw = [&](Index rows, Index columns, double scale) {
      return Matrix<double>(Matrix<double>::NullaryExpr(
          rows, columns, [&] { return static_cast<double>(static_cast<float>(scale * random.normal())); }));
    };
    weights.setZero(net.size);
    for (const LayerShape& shape : net.shapes) {
      const std::size_t l = std::size_t(shape.index);
      const Matrix<double> w = draw(shape.out, shape.in, 1.2 / std::sqrt(std::max(shape.in, 1)));
      for (int j = 0; j < shape.in; ++j)
        weights.segment(net.weight[l] + j * net.leading[l], shape.out) = w.col(j);
      weights.segment(net.bias[l], shape.out) = draw(shape.out, 1, 0.3);
    }
    const int inputs = net.shapes[0].in;
    x = draw(points, inputs, 1);
    d_gradient = draw(points, inputs, 1);
    d_value = draw(points, 1, 1);
  }
};

/// What a sweep, or the truth, makes of a case. The weights' gradient is in the layout of double.
struct Results {
  Vector<double> value;
  Matrix<double> gradient, d_x;
  Vector<double> d_weights;
};

/// Moves weights between the layouts of two scalars; padding that is not zero comes back as `padding`.
template <class Net, class To, class From>
Vector<To> relaid(const Vector<From>& weights, double* padding = nullptr) {
  Vector<To> to = Vector<To>::Zero(MlpLayout<Net, To>::size());
  Vector<From> rest = weights;
  for (int l = 0; l < Net::layers; ++l) {
    const auto from = layer_view<Net>(rest.data(), l);
    auto layer = layer_view<Net>(to.data(), l);
    layer.weight = from.weight.template cast<To>();
    layer.bias = from.bias.template cast<To>();
    LayerView<From> taken = from;
    taken.weight.setZero();
    taken.bias.setZero();
  }
  if (padding != nullptr) *padding = double(rest.cwiseAbs().maxCoeff());
  return to;
}

inline Results truth(const Case& c) {
  using Along = Dual<double, 1>;  // along the cotangent of the gradient
  using Twice = Dual<Along, 1>;   // and then along one component of x or the weights
  Results r{c.d_value, c.x, c.x, Vector<double>::Zero(c.weights.size())};
  Vector<Twice> x(c.x.cols()), weights = c.weights.cast<Twice>();
  for (Index p = 0; p < c.x.rows(); ++p) {
    for (Index i = 0; i < x.size(); ++i) x(i) = Twice(Along(c.x(p, i), {c.d_gradient(p, i)}));
    r.value(p) = potential(c.network, weights, x).value.value;
    const auto slope = [&](Twice& variable) {
      variable.tangent[0] = Along(1);
      const Along along = potential(c.network, weights, x).tangent[0];
      variable.tangent[0] = Along(0);
      return along;
    };
    for (Index i = 0; i < x.size(); ++i) {
      const Along d = slope(x(i));
      r.gradient(p, i) = d.value;
      r.d_x(p, i) = c.d_value(p) * d.value + d.tangent[0];
    }
    for (Index k = 0; k < weights.size(); ++k) {
      const Along d = slope(weights(k));
      r.d_weights(k) += c.d_value(p) * d.value + d.tangent[0];
    }
  }
  return r;
}

/// What a vector network makes of a case, whose cotangents of the values are `d_values` [points x outputs].
struct ValueResults {
  Matrix<double> values, d_x;
  Vector<double> d_weights;
};

inline ValueResults value_truth(const Case& c, const Matrix<double>& d_values) {
  using T = Dual<double, 1>;
  ValueResults r{d_values, c.x, Vector<double>::Zero(c.weights.size())};
  for (Index p = 0; p < c.x.rows(); ++p) {
    Vector<T> x(c.x.cols()), weights = c.weights.cast<T>();
    for (Index i = 0; i < x.size(); ++i) x(i) = T(c.x(p, i));
    const auto slope = [&](T& variable) {
      variable.tangent[0] = 1;
      const Vector<T> y = values(c.network, weights, x);
      variable.tangent[0] = 0;
      double sum = 0;
      for (Index i = 0; i < y.size(); ++i) {
        r.values(p, i) = y(i).value;
        sum += d_values(p, i) * y(i).tangent[0];
      }
      return sum;
    };
    for (Index k = 0; k < weights.size(); ++k) r.d_weights(k) += slope(weights(k));
    for (Index i = 0; i < x.size(); ++i) r.d_x(p, i) = slope(x(i));
  }
  return r;
}

/// Returns the largest difference, relative to the largest entry.
inline double difference(const Matrix<double>& a, const Matrix<double>& b) {
  return (a - b).cwiseAbs().maxCoeff() / b.cwiseAbs().maxCoeff();
}

}  // namespace metriplex

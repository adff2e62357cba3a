// The field at one state in LibTorch, as a peer of the benchmarks: answers names of rows (field/f64/w64), one a line,
// with the seconds of one evaluation. The gradient of the energy is written out in tensor operations that record
// nothing, or, as the argument "autograd" asks for, taken by autograd.

#include <torch/torch.h>

#include <chrono>
#include <cstdio>
#include <functional>
#include <iostream>
#include <map>
#include <sstream>

namespace {

struct Net {
  std::vector<torch::Tensor> weights, transposed, biases;
  torch::Tensor last;  ///< the output's weights, a vector
};

Net random_net(int width, torch::Dtype dtype) {
  Net net;
  const auto options = torch::TensorOptions().dtype(dtype);
  for (const int in : {2, width, width}) {
    net.weights.push_back(torch::randn({width, in}, options) * std::sqrt(2.0 / (in + width)));
    net.transposed.push_back(net.weights.back().t().contiguous());
    net.biases.push_back(torch::zeros({width}, options));
  }
  net.last = torch::randn({width}, options) * std::sqrt(2.0 / (1 + width));
  return net;
}

/// Rotates the energy's gradient: q̇ = ∂H/∂p, ṗ = −∂H/∂q.
torch::Tensor rotate(const torch::Tensor& gradient, const torch::Tensor& rotation) {
  return torch::mv(rotation, gradient);
}

torch::Tensor by_hand(const Net& net, const torch::Tensor& x) {
  torch::Tensor h[3], in = x;
  for (std::size_t l = 0; l < 3; ++l) in = h[l] = torch::addmv(net.biases[l], net.weights[l], in).tanh_();
  torch::Tensor g = net.last;
  for (std::size_t l = 3; l-- > 0;) g = torch::mv(net.transposed[l], torch::tanh_backward(g, h[l]));
  return g;
}

torch::Tensor by_autograd(const Net& net, const torch::Tensor& x) {
  const auto leaf = x.detach().requires_grad_();
  torch::Tensor in = leaf;
  for (std::size_t l = 0; l < 3; ++l) in = torch::addmv(net.biases[l], net.weights[l], in).tanh_();
  return torch::autograd::grad({torch::dot(net.last, in)}, {leaf})[0];
}

using Evaluate = std::function<void()>;

/// A step of Euler's rule after another, as in the row of the library.
Evaluate evaluation(int width, torch::Dtype dtype, bool hand) {
  const auto options = torch::TensorOptions().dtype(dtype);
  return [net = random_net(width, dtype), hand, x = torch::tensor({1.0, 0.5}, options),
          rotation = torch::tensor({{0.0, 1.0}, {-1.0, 0.0}}, options)] {
    if (hand) {
      const c10::InferenceMode guard;
      x.add_(rotate(by_hand(net, x), rotation), 1e-3);
    } else {
      const auto gradient = by_autograd(net, x);
      const torch::NoGradGuard guard;
      x.add_(rotate(gradient, rotation), 1e-3);
    }
  };
}

double seconds(const Evaluate& evaluate, double at_least) {
  using Clock = std::chrono::steady_clock;
  const auto start = Clock::now();
  double runs = 0, time = 0;
  while (time < at_least) {
    for (int i = 0; i < 100; ++i) evaluate();
    runs += 100;
    time = std::chrono::duration<double>(Clock::now() - start).count();
  }
  return time / runs;
}

Evaluate evaluation_of(const std::string& row, bool hand) {
  std::istringstream parts(row);
  std::string field, scalar, width;
  std::getline(parts, field, '/');
  std::getline(parts, scalar, '/');
  std::getline(parts, width, '/');
  return evaluation(std::stoi(width.substr(1)), scalar == "f64" ? torch::kFloat64 : torch::kFloat32, hand);
}

}  // namespace

int main(int argc, char** argv) {
  const bool hand = argc < 2 || std::string(argv[1]) != "autograd";
  torch::set_num_threads(1);
  std::map<std::string, Evaluate> evaluations;
  std::puts("ready");
  std::fflush(stdout);
  for (std::string row; std::getline(std::cin, row); std::fflush(stdout)) {
    if (!evaluations.contains(row)) evaluations[row] = evaluation_of(row, hand);
    std::printf("%.9g\n", seconds(evaluations[row], 0.1));
  }
}

// The field of a Lagrangian at one state by LibTorch's autograd, as a peer of benchmarks/lagrangian: answers the name of a row, field, with
// the seconds of one evaluation.

#include <torch/torch.h>

#include <chrono>
#include <cstdio>
#include <iostream>

int main() {
  torch::set_num_threads(1);
  const auto options = torch::TensorOptions().dtype(torch::kFloat64);
  std::vector<torch::Tensor> weights, biases;
  for (const int in : {4, 64, 64}) {
    weights.push_back(torch::randn({64, in}, options) * std::sqrt(2.0 / (in + 64)));
    biases.push_back(torch::zeros({64}, options));
  }
  const auto last = torch::randn({64}, options) * std::sqrt(2.0 / 65);
  auto x = torch::tensor({0.5, -0.3, 0.2, 0.1}, options);
  const auto gradient = [](const torch::Tensor& of, const torch::Tensor& by, bool again, bool keep) {
    return torch::autograd::grad({of}, {by}, {}, keep, again)[0];
  };
  const auto evaluate = [&] {
    const auto at = x.detach().requires_grad_();
    auto h = at;
    for (std::size_t l = 0; l < 3; ++l) h = torch::addmv(biases[l], weights[l], h).tanh();
    const auto v = at.slice(0, 2);
    const auto slope = gradient(torch::dot(v, v) / 2 + torch::dot(last, h), at, true, true);
    const auto first = gradient(slope[2], at, false, true), second = gradient(slope[3], at, false, false);
    const torch::NoGradGuard guard;
    const auto s = slope.accessor<double, 1>(), f = first.accessor<double, 1>(),
               g = second.accessor<double, 1>(), state = x.accessor<double, 1>();
    const double b0 = s[0] - f[0] * state[2] - f[1] * state[3], b1 = s[1] - g[0] * state[2] - g[1] * state[3];
    const double determinant = f[2] * g[3] - f[3] * g[2];
    x.add_(torch::tensor({state[2], state[3], (g[3] * b0 - f[3] * b1) / determinant,
                          (f[2] * b1 - g[2] * b0) / determinant},
                         options),
           1e-6);
  };
  std::puts("ready");
  std::fflush(stdout);
  for (std::string row; std::getline(std::cin, row); std::fflush(stdout)) {
    using Clock = std::chrono::steady_clock;
    const auto start = Clock::now();
    double runs = 0, time = 0;
    for (; time < 0.2; ++runs) {
      evaluate();
      time = std::chrono::duration<double>(Clock::now() - start).count();
    }
    std::printf("%.9g\n", time / runs);
  }
}

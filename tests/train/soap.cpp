#include "metriplex/train/soap.hpp"

#include <Eigen/QR>
#include <numeric>

#include "metriplex/core/random.hpp"
#include "metriplex/modulation/svd.hpp"
#include "metriplex/structure/hamiltonian.hpp"
#include "metriplex/train/auto_decoder.hpp"
#include "support/allocation_counter.hpp"
#include "support/catch.hpp"
#include "support/error_text.hpp"
#include "support/goes_on.hpp"
#include "support/oscillator_family.hpp"

using namespace metriplex;

namespace {

/// Is SOAP for one matrix as its formulas stand, with Eigen's products and its QR by reflections.
struct DenseSoap {
  using M = Eigen::MatrixXd;
  double beta1 = 0.9, beta2 = 0.8, epsilon = 1e-2, decay = 0.02;
  int renewal = 3, t = 0;
  bool rows = true, columns = true;  // which sides have a basis
  M l, r, ql, qr, m, v;              // m in the coordinates of the matrix itself

  DenseSoap(Index n, Index k)
      : l(M::Zero(n, n)),
        r(M::Zero(k, k)),
        ql(M::Identity(n, n)),
        qr(M::Identity(k, k)),
        m(M::Zero(n, k)),
        v(M::Zero(n, k)) {}

  static std::vector<Index> renew(const M& mean, M& q) {
    const M image = mean * q;
    std::vector<Index> order(static_cast<std::size_t>(q.cols()));
    std::iota(order.begin(), order.end(), Index{0});
    const Eigen::VectorXd values = (q.transpose() * image).diagonal();
    std::stable_sort(order.begin(), order.end(), [&](Index a, Index b) { return values[a] > values[b]; });
    const Eigen::HouseholderQR<M> qr(image(Eigen::all, order));
    q = qr.householderQ();
    for (Index k = 0; k < q.cols(); ++k)  // the sign of Gram and Schmidt
      if (qr.matrixQR()(k, k) < 0) q.col(k) *= -1;
    return order;
  }

  void step(M& theta, const M& g, double rate) {
    l += (1 - beta2) * (g * g.transpose() - l);
    r += (1 - beta2) * (g.transpose() * g - r);
    if (t % renewal == 0) {
      if (rows) v = M(v(renew(l, ql), Eigen::all));
      if (columns) v = M(v(Eigen::all, renew(r, qr)));
    }
    ++t;
    m += (1 - beta1) * (g - m);
    const M turned = ql.transpose() * g * qr;
    v += (1 - beta2) * (turned.cwiseAbs2() - v);
    const Eigen::ArrayXXd first = (ql.transpose() * m * qr).array() / (1 - std::pow(beta1, t)),
                          second = v.array() / (1 - std::pow(beta2, t));
    theta -= rate * (ql * (first / (second.sqrt() + epsilon)).matrix() * qr.transpose() + decay * theta);
  }
};

Vector<double> random_vector(Index size, Random& random) {
  Vector<double> v(size);
  for (double& value : v) value = random.normal();
  return v;
}

}  // namespace

TEMPLATE_TEST_CASE("SOAP steps matrices as its formulas say, and the rest as Adam", "[train][soap]", double,
                   float) {
  // [6 x 4] with leading 8 and a column that lies behind it; [20 x 3] and [3 x 20], whose long sides have no basis; empty
  // ones, and the rest.
  constexpr Index size = 190;
  const std::vector<ParameterMatrix> matrices{{3, 6, 4, 8, 0, 0, "W"},      {35, 6, 1, 8, 0, 0, "b"},
                                              {60, 20, 3, 20, -1, -1, "A"}, {120, 3, 20, 3, -1, 1, "B"},
                                              {189, 0, 3, 1, 0, 2, "W"},    {188, 1, 1, 1, 0, 2, "b"}};
  // An epsilon that leaves entries alone which are no more than rounding, as those of a vector for which the first
  // gradient has no room.
  const typename Soap<TestType>::Options options{
      .beta1 = 0.9, .beta2 = 0.8, .epsilon = 1e-2, .weight_decay = 0.02, .renewal = 3, .longest = 10};
  Soap<TestType> soap(options, size, matrices);
  Adam<TestType> adam({.beta1 = 0.9, .beta2 = 0.8, .epsilon = 1e-2, .weight_decay = 0.02}, size);
  DenseSoap both(6, 5), columns(20, 3), rows(3, 20);
  columns.rows = rows.columns = false;
  Random random(5);
  Vector<TestType> theta = random_vector(size, random).template cast<TestType>(), by_adam = theta;
  const auto view = [&](const auto& v, Index offset, Index n, Index k, Index leading) {
    return Eigen::MatrixXd(Eigen::Map<const Matrix<TestType>, 0, Eigen::OuterStride<>>(
                               v.data() + offset, n, k, Eigen::OuterStride<>(leading))
                               .template cast<double>());
  };
  Eigen::MatrixXd a = view(theta, 3, 6, 5, 8), b = view(theta, 60, 20, 3, 20), c = view(theta, 120, 3, 20, 3);
  const Vector<double> scale = random_vector(size, random).array().exp();
  for (int step = 0; step < 25; ++step) {
    const Vector<TestType> g =
        (random_vector(size, random).array() * scale.array()).matrix().template cast<TestType>();
    const double rate = 0.05 / (1 + step);
    soap.step(theta, g, rate);
    adam.step(by_adam, g, rate);
    both.step(a, view(g, 3, 6, 5, 8), rate);
    columns.step(b, view(g, 60, 20, 3, 20), rate);
    rows.step(c, view(g, 120, 3, 20, 3), rate);
  }
  const double tolerance = sizeof(TestType) == 8 ? 1e-10 : 1e-4;
  CHECK((view(theta, 3, 6, 5, 8) - a).cwiseAbs().maxCoeff() < tolerance);
  CHECK((view(theta, 60, 20, 3, 20) - b).cwiseAbs().maxCoeff() < tolerance);
  CHECK((view(theta, 120, 3, 20, 3) - c).cwiseAbs().maxCoeff() < tolerance);
  for (const Index rest : {0, 2, 9, 10, 44, 50, 59, 180, 188, 189})
    CHECK(theta[rest] == Approx(by_adam[rest]).epsilon(tolerance));
}

TEMPLATE_TEST_CASE("SOAP without matrices is Adam to the bit", "[train][soap]", double, float) {
  constexpr Index size = 37;
  Soap<TestType> soap({}, size), reset({}, size);
  Adam<TestType> adam({.beta1 = 0.95, .beta2 = 0.9}, size);
  Random random(6);
  Vector<TestType> a = random_vector(size, random).template cast<TestType>(), b = a, c = a;
  reset.step(c, a, 0.1);
  reset.reset();
  c = a;
  for (int step = 0; step < 30; ++step) {
    const Vector<TestType> g = random_vector(size, random).template cast<TestType>();
    soap.step(a, g, 0.01);
    adam.step(b, g, 0.01);
    reset.step(c, g, 0.01);
  }
  CHECK(a == b);
  CHECK(a == c);
}

TEST_CASE("SOAP forgets bases and moments when reset", "[train][soap]") {
  const std::vector<ParameterMatrix> matrices{{0, 5, 4, 5, 0, 0, "W"}};
  Soap<double> fresh({}, 20, matrices), used({}, 20, matrices);
  Random random(7);
  Vector<double> a = random_vector(20, random), b = a;
  for (int i = 0; i < 12; ++i) used.step(b, random_vector(20, random), 0.1);
  used.reset();
  b = a;
  for (int i = 0; i < 12; ++i) {
    const Vector<double> g = random_vector(20, random);
    fresh.step(a, g, 0.1);
    used.step(b, g, 0.1);
  }
  CHECK(a == b);
}

TEST_CASE("zero gradients move nothing, and gradients of rank one stay finite", "[train][soap]") {
  const std::vector<ParameterMatrix> matrices{{0, 9, 7, 9, 0, 0, "W"}};
  Soap<double> soap({.renewal = 1}, 63, matrices);
  Random random(8);
  const Vector<double> start = random_vector(63, random);
  Vector<double> theta = start;
  for (int i = 0; i < 20; ++i) soap.step(theta, Vector<double>::Zero(63), 0.1);
  CHECK(theta == start);
  for (int i = 0; i < 1000; ++i) {
    const Matrix<double> g = random_vector(9, random) * random_vector(7, random).transpose();
    soap.step(theta, Vector<double>(g.reshaped()), 1e-3);
  }
  CHECK(all_finite(theta));
  // No entry of a step is more than ten rates long, in bases of which a vector has nine and seven.
  CHECK((theta - start).norm() < 1000 * 1e-3 * 10 * std::sqrt(63.0));
}

TEST_CASE("a gradient that is not finite shows in the parameters", "[train][soap]") {
  Soap<double> soap({}, 6, std::vector<ParameterMatrix>{{0, 2, 3, 2, 0, 0, "W"}});
  Vector<double> theta = Vector<double>::Ones(6), gradient = theta;
  gradient[4] = std::nan("");
  soap.step(theta, gradient, 0.1);
  CHECK_FALSE(all_finite(theta));
}

TEST_CASE("a quadratic whose valleys lie across the coordinates: SOAP is down where Adam is not",
          "[train][soap]") {
  // f(W) = ½ ‖A W B‖², A and B with condition 100 each, in turned bases.
  constexpr Index n = 8;
  Random random(9);
  const auto turned = [&] {
    Eigen::MatrixXd m(n, n);
    for (double& value : m.reshaped()) value = random.normal();
    const Eigen::MatrixXd q = m.householderQr().householderQ();
    const Eigen::VectorXd s =
        Eigen::VectorXd::LinSpaced(n, 0, -2).unaryExpr([](double e) { return std::pow(10, e); });
    return Eigen::MatrixXd(q * s.asDiagonal() * q.transpose());
  };
  const Eigen::MatrixXd a = turned(), b = turned();
  const Vector<double> start = random_vector(n * n, random);
  const auto descend = [&](auto optimizer) {
    Vector<double> w = start;
    double f = 0;
    for (int i = 0; i < 400; ++i) {
      const Eigen::MatrixXd residual = a * w.reshaped(n, n) * b;
      f = 0.5 * residual.squaredNorm();
      optimizer.step(w, Vector<double>((a.transpose() * residual * b.transpose()).reshaped()),
                     0.03 * CosineSchedule{}(i, 400));
    }
    return f;
  };
  const double soap = descend(Soap<double>({}, n * n, std::vector<ParameterMatrix>{{0, n, n, n, 0, 0, "W"}}));
  const double adam = descend(Adam<double>({.beta1 = 0.95, .beta2 = 0.95}, n * n));
  INFO("SOAP " << soap << ", Adam " << adam);
  CHECK(soap < 0.01 * adam);
}

TEST_CASE("SOAP refuses matrices outside the parameters, other sizes, and options that would stop it",
          "[train][soap]") {
  const auto refused = [](const Soap<double>::Options& options, const ParameterMatrix& m) {
    return error_text([&] { Soap<double>(options, 12, std::vector<ParameterMatrix>{m}); });
  };
  const ParameterMatrix inside{0, 3, 4, 3, 0, 0, "W"};
  CHECK(refused({}, inside).empty());
  CHECK(one_line_with(refused({}, {1, 3, 4, 3, 0, 0, "W"}), "inside its 12 parameters; got 'W' at 1"));
  CHECK(one_line_with(refused({}, {-1, 3, 2, 3, 0, 0, "W"}), "got 'W' at -1"));
  CHECK(one_line_with(refused({}, {0, 3, 2, 2, 0, 0, "W"}), "inside its 12 parameters"));
  CHECK(one_line_with(refused({.renewal = 0}, inside), "of at least 1; got 0 and 256"));
  CHECK(one_line_with(refused({.longest = 0}, inside), "of at least 1; got 10 and 0"));
  CHECK(one_line_with(refused({.beta2 = 1}, inside), "Soap needs 0 <= beta1, beta2 < 1; got 0.95 and 1"));
  Soap<double> soap({}, 3);
  Vector<double> three = Vector<double>::Ones(3), two = Vector<double>::Ones(2);
  CHECK(one_line_with(error_text([&] { soap.step(three, two, 0.1); }), "of the size it was made for"));
}

TEST_CASE("SOAP in meta-training: the same bits for any number of threads, and no allocation",
          "[train][soap]") {
  using Family = Model<Hamiltonian<2>, Mlp<Softplus, 2, 8, 1>, Svd<2>>;
  const TaskSet<2> family = test::oscillator_family(4, 40);
  const auto trained = [&] {
    Family model(3);
    AutoDecoder<Family, Soap> trainer(model, family, {.steps = 25, .points = 32});
    trainer.step();
    const AllocationCounter counter;
    for (int i = 1; i < 12; ++i) trainer.step();  // a renewal is among them
    if (thread_count() == 1) CHECK(counter.count() == 0);
    return model.parameters();
  };
#ifdef _OPENMP
  const int before = omp_get_max_threads();
  omp_set_num_threads(1);
  const Vector<double> one = trained();
  for (const int threads : {2, 3, 7}) {
    omp_set_num_threads(threads);
    CHECK(trained() == one);
  }
  omp_set_num_threads(before);
#else
  trained();
#endif
  test::goes_on<AutoDecoder<Family, Soap>>(family, {.steps = 25, .points = 32}, 3);
}

#include "support/catch.hpp"
//
#include "metriplex/model/model.hpp"
#include "metriplex/modulation/except.hpp"
#include "metriplex/modulation/film.hpp"
#include "metriplex/modulation/full_weight.hpp"
#include "metriplex/modulation/low_rank.hpp"
#include "metriplex/modulation/none.hpp"
#include "metriplex/modulation/shift.hpp"
#include "metriplex/modulation/svd.hpp"
#include "metriplex/structure/generic.hpp"
#include "metriplex/structure/hamiltonian.hpp"
#include "metriplex/structure/lagrangian.hpp"
#include "metriplex/structure/mechanical.hpp"
#include "metriplex/structure/poisson.hpp"
#include "metriplex/structure/port_hamiltonian.hpp"
#include "metriplex/structure/unstructured.hpp"
#include "support/golden.hpp"

using namespace metriplex;

namespace {

double relative_error(const Matrix<double>& ours, const Matrix<double>& truth) {
  const double size = std::max(truth.cwiseAbs().maxCoeff(), 1e-30);
  return (ours - truth).cwiseAbs().maxCoeff() / size;
}

/// A golden case and how near its values are to be met; comparisons are in `double`, compiled once for all models.
struct Case {
  test::Golden golden;
  double tolerance;

  void check(const char* what, const Matrix<double>& ours, const Matrix<double>& truth) const {
    INFO(what);
    CHECK(relative_error(ours, truth) < tolerance);
  }
};

/// Runs the half that sees no modulation: energy and field, one state at a time and many, and the pullback of a cotangent
/// of the field, which it returns. It is compiled once for all modulations of a structure.
template <class Bound>
Vector<typename Bound::Scalar> check_field(const Case& c, const Bound& bound) {
  using Scalar = typename Bound::Scalar;
  constexpr int Dim = Bound::dimension;
  const test::Golden& golden = c.golden;
  const Matrix<double> x = golden.points(golden.json.at("x"));
  const Matrix<double> field = golden.points(golden.json.at("field"));
  const Vector<double> energy = golden.flat(golden.json.at("energy"));
  const Matrix<Scalar, Dim> states = x.template cast<Scalar>();
  Matrix<Scalar, Dim> dx(Dim, x.cols());
  Vector<Scalar> energies;
  bound.batch(states, dx, &energies);
  c.check("field of a batch", dx.template cast<double>(), field);
  c.check("energy of a batch", energies.template cast<double>(), energy);
  for (Index p = 0; p < x.cols(); ++p) {  // one state at a time, another kernel
    dx.col(p) = bound(states.col(p));
    if constexpr (EnergyStructure<typename Bound::Structure>) energies[p] = bound.energy(states.col(p));
  }
  c.check("field of one state", dx.template cast<double>(), field);
  c.check("energy of one state", energies.template cast<double>(), energy);

  constexpr int points = tile_points<Scalar>;
  const auto sweep = std::make_unique<typename Bound::template Sweep<points>>();
  const auto tile = [&](const char* key) {
    Eigen::Matrix<Scalar, points, Dim> t = Eigen::Matrix<Scalar, points, Dim>::Zero();
    t.topRows(x.cols()) = golden.points(golden.json.at(key)).transpose().template cast<Scalar>();
    return t;
  };
  const auto x_tile = tile("x"), d_dx = tile("cotangent");
  Eigen::Matrix<Scalar, points, Dim> dx_tile, d_x;
  Vector<Scalar> d_weights = Vector<Scalar>::Zero(bound.weights().size());
  sweep->template forward<true>(bound.weights().data(), bound.scaling(), x_tile.data(), dx_tile.data());
  sweep->pullback(bound.weights().data(), bound.scaling(), nullptr, d_dx.data(), d_weights.data(),
                  d_x.data());
  c.check("gradient by the states", d_x.topRows(x.cols()).transpose().template cast<double>(),
          golden.points(golden.json.at("x_gradient")));
  return d_weights;
}

/// Runs one golden case: effective weights, the field of these, and the pullback to parameters and latent.
template <class M>
void check_golden() {
  using Scalar = typename M::Scalar;
  const std::string name =
      std::string(M::Structure::name) + std::to_string(M::dimension) + "_" + std::string(M::Modulation::name);
  INFO(name);
  const Case c{test::Golden(name), sizeof(Scalar) == 8 ? 1e-12 : 1e-4};
  const test::Golden& golden = c.golden;
  M model(golden.latent().size());
  const auto matrices = model.optimizer_matrices();
  const Index size = model.parameters().size(), shared = M::base_size + M::basis_size;
  model.parameters() = golden.read("parameters", matrices, size, shared).template cast<Scalar>();
  const Vector<Scalar> z = golden.latent().template cast<Scalar>();
  const auto bound = model.bind(z);
  c.check("effective weights", bound.weights().template cast<double>(),
          golden.read("effective", matrices, M::base_size, shared));
  const Vector<Scalar> d_weights = check_field(c, bound);

  Vector<Scalar> d_parameters = 0 * model.parameters();
  Matrix<Scalar> codes;
  model.encode(z, codes);
  Matrix<Scalar> d_codes = 0 * codes, d_z = Matrix<Scalar>::Zero(z.size(), 1);
  model.pullback(codes.data(), d_weights.data(), d_parameters.data(), d_parameters.data() + M::base_size,
                 d_codes.data());
  model.encode_pullback(z, d_codes, d_parameters.data(), d_z);
  c.check("gradient by the parameters", d_parameters.template cast<double>(),
          golden.read("parameter_gradient", matrices, size, shared));
  if (M::code_size > 0)
    c.check("gradient by the latent", d_z.template cast<double>(),
            golden.flat(golden.json.at("latent_gradient")));
}

}  // namespace

TEMPLATE_TEST_CASE("models reproduce PyTorch's values and gradients", "[model]", None, Shift, Film,
                   FullWeight, LowRank<1>, LowRank<3>, Svd<3>) {
  check_golden<Model<Hamiltonian<2>, Mlp<Tanh, 2, 7, 5, 1>, TestType, double>>();
  check_golden<Model<Hamiltonian<2>, Mlp<Tanh, 2, 7, 5, 1>, TestType, float>>();
  check_golden<Model<Hamiltonian<4>, Mlp<Tanh, 4, 7, 5, 1>, TestType, double>>();
  check_golden<Model<Hamiltonian<4>, Mlp<Tanh, 4, 7, 5, 1>, TestType, float>>();
  using Nets3 = Networks<Mlp<Tanh, 3, 7, 5, 1>, Mlp<Tanh, 3, 6, 6>>;
  using Nets4 = Networks<Mlp<Tanh, 4, 7, 5, 1>, Mlp<Tanh, 4, 6, 12>>;
  check_golden<Model<Generic<3, 1>, Nets3, TestType, double>>();
  check_golden<Model<Generic<3, 1>, Nets3, TestType, float>>();
  check_golden<Model<Generic<4, 2>, Nets4, TestType, double>>();
  check_golden<Model<Generic<4, 2>, Nets4, TestType, float>>();
}

TEMPLATE_TEST_CASE("structures beyond energy and entropy reproduce PyTorch's values and gradients", "[model]",
                   FullWeight, Svd<3>) {
  using Ported = Networks<Mlp<Tanh, 4, 7, 5, 1>, Mlp<Tanh, 4, 6, 4>>;
  check_golden<Model<PortHamiltonian<4>, Ported, TestType>>();
  check_golden<Model<Poisson<So3>, Mlp<Tanh, 3, 7, 5, 1>, TestType>>();
  check_golden<Model<Unstructured<3>, Mlp<Tanh, 3, 7, 5, 3>, TestType>>();
  using Jointed = Networks<Mlp<Tanh, 2, 7, 3>, Mlp<Tanh, 2, 7, 5, 1>>;
  check_golden<Model<Mechanical<2>, Jointed, TestType>>();
  using Damped = Networks<Mlp<Tanh, 2, 7, 3>, Mlp<Tanh, 2, 7, 1>, Mlp<Tanh, 2, 6, 4>>;
  check_golden<Model<Mechanical<2, true>, Damped, TestType>>();
  check_golden<Model<Lagrangian<2>, Mlp<Tanh, 4, 7, 5, 1>, TestType>>();
}

TEMPLATE_TEST_CASE("the lists of a model's matrices cover every parameter once", "[model]", None, Shift,
                   FullWeight, LowRank<3>, Svd<3>) {
  using Nets = Networks<Mlp<Tanh, 3, 7, 5, 1>, Mlp<Tanh, 3, 6, 6>>;
  using M = Model<Generic<3, 1>, Nets, TestType, double, MlpHypernetwork<4>>;
  const M model(2);
  for (const auto& list : {model.matrices(), model.optimizer_matrices()}) {
    Vector<double> seen = 0 * model.parameters();
    for (const ParameterMatrix& m : list)
      for (Index j = 0; j < m.columns; ++j)
        for (Index i = 0; i < m.rows; ++i) seen[m.offset + j * m.leading + i] += 1;
    CHECK(seen.maxCoeff() == 1);
    CHECK(seen.sum() == static_cast<double>(model.parameter_count()));
  }
  int factors = 0;  // what makes a rank's factors has their shapes
  for (const ParameterMatrix& m : model.optimizer_matrices())
    if (std::is_same_v<TestType, LowRank<3>> && m.network == 0 && m.layer == 1 && m.name == "u") {
      CHECK(m.rows == 5);
      CHECK(m.columns == 3);
      ++factors;
    }
  CHECK(factors ==
        (std::is_same_v<TestType, LowRank<3>> ? 5 : 0));  // one a hidden unit, and one for the offset
}

#include "metriplex/train/batch_gradient.hpp"

#include "metriplex/autodiff/check_gradient.hpp"
#include "metriplex/core/random.hpp"
#include "metriplex/modulation/low_rank.hpp"
#include "metriplex/structure/hamiltonian.hpp"
#include "support/catch.hpp"

using namespace metriplex;

namespace {

using Small = Model<Hamiltonian<2>, Mlp<Tanh, 2, 5, 1>, LowRank<2>>;

/// A model with latents, and measurements of its systems that fit no model.
struct Family {
  Small model{3};
  std::vector<Matrix<double, 2>> x, dx;

  Family(Index systems, Index points) {
    Random random(11);
    model.initialize(random);
    const auto draw = [&](Index rows, Index columns) {
      return Matrix<double>(Matrix<double>::NullaryExpr(rows, columns, [&] { return random.normal(); }));
    };
    model.latents() = draw(3, systems);
    for (Index i = 0; i < systems; ++i) {
      x.emplace_back(draw(2, points));
      dx.emplace_back(draw(2, points));
    }
  }

  /// Computes the loss of a batch one state at a time.
  double loss(const Batch& batch, Index points, double mean_square) const {
    double total = 0;
    for (std::size_t j = 0; j < batch.systems.size(); ++j) {
      const auto system = static_cast<std::size_t>(batch.systems[j]);
      const auto bound = model.bind(model.latents().col(batch.systems[j]));
      for (Index p = 0; p < points; ++p) {
        const auto at = j * static_cast<std::size_t>(points) + static_cast<std::size_t>(p);
        const Index column = batch.columns.empty() ? p : static_cast<Index>(batch.columns[at]);
        total += (bound(x[system].col(column)) - dx[system].col(column)).squaredNorm();
      }
    }
    return total /
           (2.0 * static_cast<double>(points * static_cast<Index>(batch.systems.size())) * mean_square);
  }
};

/// Compares loss and gradients of a batch with differences of a naive loss.
void check(Index systems, std::initializer_list<Index> drawn, Index points, bool with_differences,
           bool whole = false) {
  INFO(drawn.size() << " of " << systems << " systems, " << points << " points");
  Family family(systems, points);
  BatchGradient<Small> gradient;
  for (std::size_t i = 0; i < family.x.size(); ++i)
    gradient.loss().add(family.model.scaling(), family.x[i], family.dx[i]);
  CHECK(gradient.systems() == systems);
  Batch batch;
  for (const Index system : drawn) {
    batch.systems.push_back(system);
    for (Index p = 0; p < points && !whole; ++p)
      batch.columns.push_back(static_cast<std::uint32_t>((7 * p + system) % points));
  }
  Vector<double> d_parameters;
  Matrix<double> d_latents;
  const double got = gradient(family.model, batch, points, 0.7, d_parameters, d_latents);
  CHECK(got == Approx(family.loss(batch, points, 0.7)).epsilon(1e-12));
  // What a call finds in its buffers does not matter.
  const Vector<double> first = d_parameters;
  CHECK(gradient(family.model, batch, points, 0.7, d_parameters, d_latents) == got);
  CHECK(d_parameters == first);
  if (!with_differences) return;

  const Vector<double> parameters = family.model.parameters();
  const GradientCheck of_parameters = check_gradient(
      [&](const Vector<double>& p) {
        family.model.parameters() = p;
        return family.loss(batch, points, 0.7);
      },
      parameters, d_parameters, {.tolerance = 1e-6});
  INFO(of_parameters.message);
  CHECK(of_parameters.ok);
  family.model.parameters() = parameters;

  const Matrix<double> latents = family.model.latents();
  Index j = 0;
  for (const Index system : drawn) {
    const GradientCheck of_latent = check_gradient(
        [&](const Vector<double>& z) {
          family.model.latents().col(system) = z;
          return family.loss(batch, points, 0.7);
        },
        Vector<double>(latents.col(system)), Vector<double>(d_latents.col(j++)), {.tolerance = 1e-6});
    INFO("latent of system " << system << ": " << of_latent.message);
    CHECK(of_latent.ok);
    family.model.latents() = latents;
  }
}

}  // namespace

TEST_CASE("a batch's loss and gradients are those of one state at a time", "[train][batch_gradient]") {
  check(1, {0}, 1, true);
  check(5, {0, 2, 4}, 40, true);
  check(9, {1, 2, 3, 5, 6, 8}, 300, true);  // runs of one and of two systems
  check(3, {0, 2}, 1300, true);             // runs that begin and end within a system
  check(3, {0, 2}, 1300, true, true);       // all points, in their order
  check(2, {0, 1}, 40'000, false);          // more blocks than runs
}

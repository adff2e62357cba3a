#include "metriplex/nn/low_rank_product.hpp"

#include "metriplex/core/random.hpp"
#include "metriplex/nn/mlp.hpp"
#include "support/catch.hpp"

using namespace metriplex;

namespace {

/// Small integers: their sums of products are exact, so that results must be equal, not near.
template <class Scalar>
Matrix<Scalar> digits(Random& random, Index rows, Index columns) {
  Matrix<Scalar> m(rows, columns);
  for (Scalar& value : m.reshaped()) value = static_cast<Scalar>(std::floor(random.uniform(-4.0, 5.0)));
  return m;
}

/// A matrix in memory with gaps between its columns, which must survive; a single row is contiguous.
template <class Scalar>
struct Layer {
  Index out, in, leading = out == 1 ? 1 : out + 3;
  Vector<Scalar> memory = Vector<Scalar>::Constant(leading * in, Scalar(-7)),
                 bias = Vector<Scalar>::Zero(out);

  template <class S>
  LayerView<S> view() {
    return {{memory.data(), out, in, Eigen::OuterStride<>(leading)}, {bias.data(), out}};
  }
};

template <class Scalar, int rank>
void check(int out, int in) {
  INFO(out << " x " << in << ", rank " << rank);
  Random random(7);
  const LayerShape shape{out, in, 0, out == 1};
  const Matrix<Scalar> u = digits<Scalar>(random, out, rank), v = digits<Scalar>(random, in, rank),
                       s = digits<Scalar>(random, rank, 1), w = digits<Scalar>(random, out, in),
                       d = digits<Scalar>(random, out, in);
  Layer<Scalar> from{out, in}, to{out, in}, expected{out, in};
  auto from_view = from.template view<Scalar>(), to_view = to.template view<Scalar>();
  from_view.weight = w;
  const Matrix<Scalar> twice_u = 2 * u;
  const LowRankTerm<Scalar> term{u.data(), s.data(), v.data()}, doubled{twice_u.data(), s.data(), v.data()};
  add_low_rank<rank, Scalar>({term}, LowRankView<const Scalar>(shape, from_view),
                             LowRankView<Scalar>(shape, to_view));
  const Matrix<Scalar> product = u * s.col(0).asDiagonal() * v.transpose();
  expected.template view<Scalar>().weight = w + product;
  CHECK(to.memory == expected.memory);
  add_low_rank<rank, Scalar>({term, doubled}, nullptr, LowRankView<Scalar>(shape, to_view));
  expected.template view<Scalar>().weight = 3 * product;
  CHECK(to.memory == expected.memory);

  // The pullback accumulates: everything starts from ones.
  Layer<Scalar> d_to{out, in}, d_from{out, in};
  auto d_view = d_to.template view<Scalar>(), d_from_view = d_from.template view<Scalar>();
  d_view.weight = d;
  d_from_view.weight.setOnes();
  Matrix<Scalar> d_u = Matrix<Scalar>::Ones(out, rank), d_v = Matrix<Scalar>::Ones(in, rank);
  for (const bool with_values : {true, false}) {
    Matrix<Scalar> d_s = Matrix<Scalar>::Ones(rank, 1);
    d_u.setOnes();
    d_v.setOnes();
    d_from_view.weight.setOnes();
    add_low_rank_pullback<rank>(u.data(), s.data(), v.data(), LowRankView<const Scalar>(shape, d_view),
                                LowRankView<Scalar>(shape, d_from_view), d_u.data(), d_v.data(),
                                with_values ? d_s.data() : nullptr);
    const Matrix<Scalar> along_v = d * v, along_u = d.transpose() * u, values = u.transpose() * along_v;
    CHECK(d_u == along_v * s.col(0).asDiagonal() + Matrix<Scalar>::Ones(out, rank));
    CHECK(d_v == along_u * s.col(0).asDiagonal() + Matrix<Scalar>::Ones(in, rank));
    for (int k = 0; k < rank; ++k) CHECK(d_s(k) == (with_values ? values(k, k) : Scalar(0)) + Scalar(1));
    expected.template view<Scalar>().weight = d + Matrix<Scalar>::Ones(out, in);
    CHECK(d_from.memory == expected.memory);
  }
}

}  // namespace

TEMPLATE_TEST_CASE("a low-rank update and its pullback equal Eigen's, whatever the sizes",
                   "[nn][low_rank_product]", float, double) {
  for (const int out : {1, 2, 3, 7, 17, 31, 33, 64, 100})
    for (const int in : {1, 2, 7, 17, 33, 64, 128}) {
      check<TestType, 1>(out, in);
      check<TestType, 5>(out, in);
    }
  check<TestType, 2>(64, 64);
  check<TestType, 3>(33, 40);
  check<TestType, 9>(40, 33);
}

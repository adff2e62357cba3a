#include "metriplex/train/integral_whitening.hpp"

#include <Eigen/LU>
#include <cmath>

#include "support/catch.hpp"
#include "support/error_text.hpp"

using namespace metriplex;

TEST_CASE("windows at the same times share their whitening", "[train][integral_whitening]") {
  IntegralWhitening<double, 2> whitening;
  const Vector<double, 2> noise{{0.1, 0.3}}, tolerance{{2, 0.01}};
  whitening.start(6, noise, tolerance, Vector<double, 2>::Zero());
  const Vector<double> times{{0, 0.1, 0.3, 0.4, 0.7, 1.1}}, later = times.array() + 1000,
                                                            brief = times.head(4);
  const auto first = whitening.of(times.data(), 6);
  CHECK(whitening.of(later.data(), 6) == first);
  const auto cut = whitening.of(brief.data(), 4);
  CHECK(cut != first);
  CHECK(whitening.of(times.data(), 6) == first);
  CHECK(whitening[cut].integral[0].bottomRows(2).isZero());
  CHECK(whitening[cut].difference[1].rightCols(2).isZero());
  const Vector<double> stuck{{0, 1, 1, 2}};
  CHECK(one_line_with(error_text([&] { whitening.of(stuck.data(), 4); }), "at times that differ"));
}

TEST_CASE("errors of the supposed size come out white", "[train][integral_whitening]") {
  // Q_F Q_Fᵀ τ² + Q_D Q_Dᵀ σ² = 1, whatever the root.
  IntegralWhitening<double, 2> whitening;
  const Vector<double, 2> noise{{0.1, 0.3}}, tolerance{{2, 0.01}};
  whitening.start(6, noise, tolerance, Vector<double, 2>::Zero());
  for (const double unit : {1.0, 1e-12, 1e12}) {
    const Vector<double> times = unit * Vector<double>{{5, 5.1, 5.3, 5.4, 5.7, 6.1}};
    IntegralWhitening<double, 2> other;
    other.start(6, noise, tolerance / unit, Vector<double, 2>::Zero());
    const auto& window = other[other.of(times.data(), 6)];
    for (std::size_t i = 0; i < 2; ++i) {
      const auto at = static_cast<Index>(i);
      const double t = tolerance[at] / unit, s = noise[at];
      const Matrix<double> covariance = t * t * window.integral[i] * window.integral[i].transpose() +
                                        s * s * window.difference[i] * window.difference[i].transpose();
      CHECK((covariance - Matrix<double>::Identity(5, 5)).norm() < 1e-9);
    }
  }
}

TEST_CASE("what interpolation loses counts as noise of each interval", "[train][integral_whitening]") {
  // x = t⁵/120 has a fifth derivative of 1; its rate t⁴/24 is integrated through six samples exactly, through four it is not.
  IntegralWhitening<double, 1> rough;
  const double noise = 1e-9, tolerance = 1e-6;
  rough.start(8, Vector<double, 1>{{noise}}, Vector<double, 1>{{tolerance}}, Vector<double, 1>{{1}});
  const Vector<double> times{{0, 0.1, 0.3, 0.4, 0.7, 1.1, 1.3, 1.4}};
  Matrix<double> d = Matrix<double>::Zero(7, 8), lost = Matrix<double>::Zero(7, 7);
  for (Index k = 0; k < 7; ++k) {
    const IntervalIntegral lower(times.data(), 8, k, 4);
    lost(k, k) = (std::pow(times[k + 1], 5) - std::pow(times[k], 5)) / 120;
    for (Index j = 0; j < lower.count; ++j)
      lost(k, k) -= lower.weights[static_cast<std::size_t>(j)] * std::pow(times[lower.first + j], 4) / 24;
    lost(k, k) = 6 * std::abs(lost(k, k));
    d(k, k) = -1, d(k, k + 1) = 1;
  }
  const auto& got = rough[rough.of(times.data(), 8)];
  // `difference` is L⁻¹D, and D Dᵀ has an inverse.
  const Matrix<double> root = got.difference[0] * d.transpose() * Matrix<double>(d * d.transpose()).inverse();
  const Matrix<double> alternating = root * lost * d;
  const Matrix<double> covariance = noise * noise * got.difference[0] * got.difference[0].transpose() +
                                    alternating * alternating.transpose() +
                                    tolerance * tolerance * got.integral[0] * got.integral[0].transpose();
  CHECK((covariance - Matrix<double>::Identity(7, 7)).norm() < 1e-6);
  CHECK(alternating.norm() > 0.1);
}

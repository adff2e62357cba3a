#include "metriplex/adapt/state_errors.hpp"

#include <limits>

#include "support/catch.hpp"
#include "support/error_text.hpp"
#include "support/random_family.hpp"

using namespace metriplex;
using Family = test::SmallFamily;

namespace {

struct Collected {
  std::vector<double> errors;
  std::vector<Vector<double>> rows;

  Collected(StateErrors<Family>& at, const Vector<double>& unknowns) {
    at(unknowns.head(2), unknowns.data() + 2, true, [&](double error, double* row, int) {
      errors.push_back(error);
      rows.push_back(Vector<double>::Map(row, unknowns.size()));
    });
  }
};

}  // namespace

TEST_CASE("errors of states come through the integrator, with derivatives that agree with differences",
          "[adapt][state_errors]") {
  const Family model = test::random_family<Family>(1);
  std::vector<Motion<2>> motions(2);
  Random random(3);
  for (auto& motion : motions) {
    motion.times = Vector<double>::LinSpaced(7, 0.0, 0.9);
    motion.times[3] += 0.05;
    motion.states = Matrix<double, 2>::NullaryExpr(2, 7, [&] { return random.uniform(-1, 1); });
  }
  motions[1].weights.setOnes(2, 7);
  motions[1].weights(0, 0) = 0;
  motions[1].states(0, 0) = std::numeric_limits<double>::quiet_NaN();
  motions[1].weights(1, 4) = 9;

  StateErrors<Family> errors(model);
  errors.measure(motions, {.piece = 4});
  CHECK(errors.terms() == 27);
  CHECK(errors.extras() == 8);  // two pieces of each
  Vector<double> unknowns(10);
  unknowns.head(2) << 0.3, -0.5;
  errors.start(unknowns.data() + 2);
  const Collected at(errors, unknowns);
  REQUIRE(at.errors.size() == 27);
  CHECK(at.errors[0] == Approx(0).margin(1e-12));  // pieces start as measured
  CHECK(std::abs(at.errors[2]) > 1e-3);
  constexpr double h = 1e-5;
  for (Index k = 0; k < 10; ++k) {
    Vector<double> there = unknowns, back = unknowns;
    there[k] += h;
    back[k] -= h;
    const Collected after(errors, there), before(errors, back);
    for (std::size_t i = 0; i < at.errors.size(); ++i)
      CHECK(at.rows[i][k] ==
            Approx((after.errors[i] - before.errors[i]) / (2 * h)).epsilon(1e-5).margin(1e-7));
  }
  CHECK_THROWS_AS(errors.measure({}, {}), Error);

  // Without derivatives it is the same motion.
  errors(unknowns.head(2), unknowns.data() + 2, false,
         [k = std::size_t{0}, &at](double error, double*, int) mutable {
           CHECK(error == Approx(at.errors[k++]).epsilon(1e-9).margin(1e-12));
         });
}

TEST_CASE("a gap that takes more steps than allowed is refused at once, with its sample",
          "[adapt][state_errors]") {
  const Family model = test::random_family<Family>(1);
  StateErrors<Family> errors(model);
  std::vector<Motion<2>> motions(
      2, {Vector<double>::LinSpaced(12, 0, 1), Matrix<double, 2>::Constant(2, 12, 0.3)});
  errors.measure(motions, {.model_error = 0, .piece = std::numeric_limits<Index>::max()});
  CHECK(errors.extras() == 4);  // one piece each
  motions[1].times.tail(5).array() += 1e9;
  CHECK(one_line_with(error_text([&] { errors.measure(motions, {}); }), "at most 100 steps of 0."));
  CHECK(one_line_with(error_text([&] { errors.measure(motions, {}); }), "before sample 7 of motion 1"));
  motions[1].times[11] = std::numeric_limits<double>::max();
  CHECK(one_line_with(error_text([&] { errors.measure(motions, {}); }), "are times in the model's unit?"));
  motions[1].times = Vector<double>::LinSpaced(12, 0, 1);
  motions[1].times.tail(6).array() += 1e9;  // between two pieces nothing is integrated
  errors.measure(motions, {.model_error = 0, .piece = 6});
  CHECK(errors.extras() == 8);
  // Nor are many gaps allowed that each would be.
  CHECK(
      one_line_with(error_text([&] { errors.measure(motions, {.model_error = 0, .piece = 6, .work = 15}); }),
                    "at most 15 steps of 0."));
  CHECK(
      one_line_with(error_text([&] { errors.measure(motions, {.model_error = 0, .piece = 6, .work = 15}); }),
                    "LatentFitOptions::work"));
}

#include "metriplex/adapt/latent_fit_options.hpp"

#include <limits>

#include "support/catch.hpp"
#include "support/error_text.hpp"

using namespace metriplex;

TEST_CASE("options out of range are refused, and statuses say what they mean",
          "[adapt][latent_fit_options]") {
  const auto refused = [](const LatentFitOptions& options, const char* part) {
    return one_line_with(error_text([&] { options.validate(); }), part);
  };
  constexpr double nan = std::numeric_limits<double>::quiet_NaN();
  constexpr double infinity = std::numeric_limits<double>::infinity();
  LatentFitOptions{}.validate();
  for (const double noise : {0.0, nan, infinity, 1e300, 1e-300})
    CHECK(refused({.noise = noise}, "LatentFit needs a noise from 1e-12 to 1e+06; got "));
  for (const double error : {-1.0, nan, infinity, 1e300})
    CHECK(refused({.model_error = error}, "LatentFit needs a model_error from 0 to 1e+06; got "));
  for (const double poor : {0.0, nan, infinity}) CHECK(refused({.poor = poor}, "LatentFit needs poor from "));
  for (const double huber : {-1.0, nan, infinity}) CHECK(refused({.huber = huber}, "huber from 0 to 1e+06"));
  for (const double tolerance : {0.0, nan, 2.0})
    CHECK(refused({.tolerance = tolerance}, "a tolerance from 1e-12 to 1; got "));
  CHECK(refused({.iterations = -1}, "LatentFit needs iterations >= 0; got -1"));
  CHECK(refused({.restarts = -1}, "restarts >= 0; got -1"));
  CHECK(refused({.neighbours = -1}, "neighbours >= 0; got -1"));
  CHECK(refused({.piece = 1}, "a piece >= 2; got 1"));
  CHECK(refused({.steps = 0}, "steps >= 1; got 0"));
  CHECK(describe(FitStatus::converged) == "the fit converged");
  CHECK(describe(FitStatus::stopped).find("all its iterations") != std::string_view::npos);
  CHECK(describe(FitStatus::outside).find("outside of what the model was trained on") !=
        std::string_view::npos);
  CHECK(describe(FitStatus::poor).find("no member of the family") != std::string_view::npos);
}

#include "metriplex/adapt/latent_fit_options.hpp"

#include <limits>

#include "support/catch.hpp"
#include "support/error_text.hpp"

using namespace metriplex;

TEST_CASE("options out of range are refused, and statuses say what they mean",
          "[adapt][latent_fit_options]") {
  const auto refused = [](const LatentFitOptions& options) {
    return one_line_with(error_text([&] { options.validate(); }), "LatentFit needs a positive noise");
  };
  LatentFitOptions{}.validate();
  CHECK(refused({.noise = 0}));
  CHECK(refused({.noise = std::numeric_limits<double>::quiet_NaN()}));
  CHECK(refused({.iterations = -1}));
  CHECK(refused({.huber = -1}));
  CHECK(refused({.tolerance = 0}));
  CHECK(refused({.neighbours = -1}));
  CHECK(refused({.piece = 1}));
  CHECK(describe(FitStatus::converged) == "the fit converged");
  CHECK(describe(FitStatus::stopped).find("all its iterations") != std::string_view::npos);
  CHECK(describe(FitStatus::poor).find("no member of the family") != std::string_view::npos);
}

#include "metriplex/systems/tgc.hpp"

#include "support/catch.hpp"
#include "support/system_suite.hpp"

using namespace metriplex;

TEST_CASE("tgc agrees with its golden trajectories", "[systems][tgc]") {
  check_system<Tgc>();
}

TEST_CASE("two gas containers move by their equations", "[systems][tgc]") {
  const double m = 0.8, alpha = 1.3, q = 1.2, p = -0.3, s1 = 1.7, s2 = 2.2;
  const double e1 = std::pow(std::exp(s1) / q, 2.0 / 3), e2 = std::pow(std::exp(s2) / (2 - q), 2.0 / 3);
  const double t1 = 2 * e1 / 3, t2 = 2 * e2 / 3;
  const auto field = exact_field<Tgc>({m, alpha});
  Vector<double, 4> rate;
  field({q, p, s1, s2}, rate);
  CHECK(rate[0] == Approx(p / m));
  CHECK(rate[1] == Approx(2.0 / 3 * (e1 / q - e2 / (2 - q))));
  CHECK(rate[2] == Approx(alpha / t1 * (1 / t1 - 1 / t2)));
  CHECK(rate[3] == Approx(-alpha / t2 * (1 / t1 - 1 / t2)));
  CHECK(field.energy({q, p, s1, s2}) == Approx(p * p / (2 * m) + e1 + e2));
}

TEST_CASE("the reference start has both energies at 2", "[systems][tgc]") {
  CHECK(Tgc::inner_energy(Tgc::reference_state(), 0) == Approx(2));
  CHECK(Tgc::inner_energy(Tgc::reference_state(), 1) == Approx(2));
}

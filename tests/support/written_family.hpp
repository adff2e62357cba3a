#pragma once

#include "metriplex/data/recordings.hpp"
#include "support/catch.hpp"

/// Checks that a family is the one that tests/files/written/write.* write: member m, motion k, sample s, component c, all from 1,
/// is 400 m + 100 k + 10 s + c.
inline void check_written_family(const metriplex::Recordings<2>& family, bool rates = true,
                                 bool parameters = true) {
  REQUIRE(family.members.size() == 2);
  for (int m = 1; m <= 2; ++m) {
    const auto& member = family.members[static_cast<std::size_t>(m - 1)];
    REQUIRE(member.motions.size() == 3);
    if (parameters) CHECK((member.mu.size() == 1 && member.mu[0] == m + 6));
    for (int k = 1; k <= 3; ++k) {
      const auto& motion = member.motions[static_cast<std::size_t>(k - 1)];
      REQUIRE(motion.samples() == 5);
      CHECK(motion.weights.size() == 0);
      CHECK(motion.inputs.size() == 0);
      REQUIRE(motion.has_rates() == rates);
      bool same = true;
      for (int s = 1; s <= 5; ++s)
        for (int c = 1; c <= 2; ++c) {
          const double expected = 400 * m + 100 * k + 10 * s + c;
          same = same && motion.states(c - 1, s - 1) == expected && motion.times[s - 1] == (s - 1) / 2.0 &&
                 (!rates || motion.rates(c - 1, s - 1) == -expected);
        }
      CHECK(same);
    }
  }
}

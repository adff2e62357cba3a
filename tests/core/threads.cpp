#include "metriplex/core/threads.hpp"

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <numeric>
#include <vector>

#include "support/catch.hpp"

using namespace metriplex;

TEST_CASE("parallel_for visits every index once, with a worker that exists", "[core][threads]") {
  REQUIRE(thread_count() >= 1);
  for (const std::size_t count : {0, 1, 2, 3, 1000}) {
    std::vector<std::atomic<int>> visits(count);
    std::atomic<int> strangers = 0;
    parallel_for(static_cast<Index>(count), [&](Index i, int worker) {
      ++visits[static_cast<std::size_t>(i)];
      if (worker < 0 || worker >= thread_count()) ++strangers;
    });
    CHECK(std::all_of(visits.begin(), visits.end(), [](const auto& visit) { return visit == 1; }));
    CHECK(strangers == 0);
  }
}

TEST_CASE("no two threads share a worker's workspace", "[core][threads]") {
  // Plain additions: they lose counts, and a thread sanitizer complains, if two threads meet here.
  std::vector<Index> workspaces(static_cast<std::size_t>(thread_count()));
  constexpr Index count = 20000;
  parallel_for(count, [&](Index i, int worker) { workspaces[static_cast<std::size_t>(worker)] += i; });
  CHECK(std::accumulate(workspaces.begin(), workspaces.end(), Index{0}) == count * (count - 1) / 2);
}

TEST_CASE("a sum over places that each index owns is the same bits every time", "[core][threads]") {
  const auto total = [] {
    std::vector<double> places(777);
    parallel_for(static_cast<Index>(places.size()),
                 [&](Index i, int) { places[static_cast<std::size_t>(i)] = 1.0 / (1.0 + double(i)); });
    return std::accumulate(places.begin(), places.end(), 0.0);
  };
  const double first = total();
  for (int i = 0; i < 20; ++i) REQUIRE(total() == first);
}

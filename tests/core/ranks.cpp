#include "metriplex/core/ranks.hpp"

#include "support/catch.hpp"

using namespace metriplex;

TEST_CASE("every term is of one rank, and they are shared out evenly", "[core][ranks]") {
  struct Some final : Ranks {
    explicit Some(int number) : number_(number) {}
    int rank() const override { return 0; }
    int count() const override { return number_; }
    void receive(void*, std::size_t) override {}
    void pass_on(const void*, std::size_t) override {}
    void share(void*, std::size_t) override {}
    int number_;
  };
  for (const int count : {1, 2, 4, 7, 40})
    for (const Index terms : {0, 1, 5, 32}) {
      const Some ranks(count);
      CHECK(ranks.first(terms, 0) == 0);
      CHECK(ranks.first(terms, count) == terms);
      for (int r = 0; r < count; ++r) {
        const Index own = ranks.first(terms, r + 1) - ranks.first(terms, r);
        CHECK((own == terms / count || own == terms / count + 1));
      }
    }
}

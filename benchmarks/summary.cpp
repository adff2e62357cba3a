#include "summary.hpp"

#include <algorithm>
#include <cstdio>

namespace metriplex::bench {
namespace {

class Figures {
 public:
  explicit Figures(const std::vector<Line>& lines) : lines_(lines) {}

  void fraction(const std::string& row, double asked) const {
    if (const Line* line = find(row)) print(row + ", of the FMA peak", asked, *line->fraction_of_peak, true);
  }
  void ratio(const std::string& row, const std::string& peer, double asked) const {
    if (const Line* line = find(row, peer))
      print(row + ", times faster than " + peer, asked, line->ratio(), true);
  }
  /// Time of `row` over that of `base`.
  void overhead(const std::string& row, const std::string& base, double asked) const {
    const Line *of = find(row), *over = find(base);
    if (of != nullptr && over != nullptr)
      print(row + ", time over " + base, asked, of->seconds / over->seconds, false);
  }
  /// The row's time over its peer's, or the inverse.
  void cost(const std::string& row, const std::string& peer, double asked) const {
    if (const Line* line = find(row, peer))
      print(row + ", time over " + peer, asked, 1 / line->ratio(), false);
  }
  void speed_of_peer(const std::string& row, const std::string& peer, double asked) const {
    if (const Line* line = find(row, peer))
      print(row + ", speed of " + peer + " over ours", asked, 1 / line->ratio(), true);
  }
  void growth(const std::string& row, const std::string& base, double asked) const {
    const Line *of = find(row), *over = find(base);
    if (of != nullptr && over != nullptr)
      print(row + ", bytes over " + base, asked, *of->bytes / *over->bytes, false);
  }

 private:
  const Line* find(const std::string& row, const std::string& peer = "") const {
    const auto line = std::find_if(lines_.begin(), lines_.end(), [&](const Line& candidate) {
      return candidate.name == row && (peer.empty() || candidate.peer == peer);
    });
    return line == lines_.end() ? nullptr : &*line;
  }

  void print(const std::string& figure, double asked, double measured, bool at_least) const {
    if (!std::exchange(begun_, true))
      std::printf("\n%-84s %8s %9s\n", "what the project asks", "asked", "measured");
    std::printf("%-84s %s %5.2f %9.2f%s\n", figure.c_str(), at_least ? ">=" : "<=", asked, measured,
                (at_least ? measured >= asked : measured <= asked) ? "" : "  not reached");
  }

  const std::vector<Line>& lines_;
  mutable bool begun_ = false;
};

}  // namespace

void print_summary(const std::vector<Line>& lines) {
  const Figures figures(lines);
  const std::string step = "train_step/f64/w64/mr/70x64";
  figures.fraction(step, 0.75);
  figures.fraction("train_step/f64/w128/mr/70x64", 0.82);
  figures.fraction("train_step/f32/w64/mr/70x64", 0.80);
  figures.ratio(step, "PyTorch", 3.5);
  figures.ratio(step + "/threads2", "one thread", 1.85);
  figures.ratio("field/f64/w64", "LibTorch, autograd", 50);
  figures.ratio("field/f64/w64", "LibTorch, by hand", 50);
  figures.fraction("field/f64/w64", 0.40);
  figures.ratio("adapt/lm/f64/w64/50", "PyTorch", 300);
  figures.overhead("adapt/stream/f64/w64", "field/f64/w64", 25 * 4);  // 25 a latent dimension
  figures.fraction("field/f32/w64", 0.50);
  // No slower, within what runs differ by: on a network both wait for the field.
  for (const char* run :
       {"dormand_prince/kepler/1e-6", "dormand_prince/kepler/1e-10", "dormand_prince/w64/1e-6",
        "dormand_prince/w64/1e-10", "rk4/kepler/1000", "rk4/w64/1000"})
    figures.ratio(std::string("integrate/") + run, "Boost.odeint", 0.95);
  figures.speed_of_peer(step, "plain -O2", 0.25);
  figures.speed_of_peer("field/f64/w64", "plain -O2", 0.25);
  figures.growth("memory/f64/w64/mr/2x1000000", "memory/f64/w64/mr/2x1000", 1.01);
  for (const char* modulation : {"mr", "svd", "fw"})
    figures.overhead(std::string("train_step/f64/w64/") + modulation + "/70x64",
                     "train_step/f64/w64/none/70x64", modulation == std::string("fw") ? 1.30 : 1.15);
  const std::string states = "train_step/f64/w64/svd/states/";
  figures.overhead(states + "integral", states + "rates", 1.05);
  figures.overhead(states + "rollout", states + "rates", 6);
  figures.cost("compile/quickstart", "Eigen alone", 2.5);
}

}  // namespace metriplex::bench

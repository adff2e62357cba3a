#pragma once

#include <string_view>

#include "metriplex/modulation/film.hpp"
#include "metriplex/modulation/full_weight.hpp"
#include "metriplex/modulation/low_rank.hpp"
#include "metriplex/modulation/none.hpp"
#include "metriplex/modulation/shift.hpp"
#include "metriplex/modulation/svd.hpp"
#include "parts.hpp"

/// What --modulation chooses from, the one place that lists it: of each its name, what it does, whether --rank says of which
/// rank, and its type.
namespace metriplex::driver::modulations {

struct none {
  static constexpr std::string_view name = "none", meaning = "nothing: the baseline";
  static constexpr bool ranked = false;
  template <int>
  using type = None;
};

struct shift {
  static constexpr std::string_view name = "shift", meaning = "its biases";
  static constexpr bool ranked = false;
  template <int>
  using type = Shift;
};

struct film {
  static constexpr std::string_view name = "film", meaning = "scales and shifts what each unit receives";
  static constexpr bool ranked = false;
  template <int>
  using type = Film;
};

struct fw {
  static constexpr std::string_view name = "fw", meaning = "full weight: adds any matrix to the weights";
  static constexpr bool ranked = false;
  template <int>
  using type = FullWeight;
};

struct ro {
  static constexpr std::string_view name = "ro", meaning = "adds a matrix of rank one";
  static constexpr bool ranked = false;
  template <int>
  using type = LowRank<1>;
};

struct mr {
  static constexpr std::string_view name = "mr", meaning = "multi-rank: adds a matrix of --rank";
  static constexpr bool ranked = true;
  template <int Rank>
  using type = LowRank<Rank>;
};

struct svd {
  static constexpr std::string_view
      name = "svd",
      meaning = "likewise, of directions that all share and singular values of the latent's";
  static constexpr bool ranked = true;
  template <int Rank>
  using type = Svd<Rank>;
};

using All = PartList<none, shift, film, fw, ro, mr, svd>;

}  // namespace metriplex::driver::modulations

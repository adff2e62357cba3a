#pragma once

#include <cmath>
#include <optional>
#include <string_view>
#include <vector>

namespace metriplex {

/// What was found of a model's laws at many states: the worst of each defect, relative to the size of what it is made
/// of (`Magnitude`), so that rounding is the unit. What does not apply to a structure is empty.
struct Certificate {
  long long states = 0;                   ///< looked at
  std::optional<double> energy_rate;      ///< |dE/dt| = |∇E·f|
  std::optional<double> skew;             ///< ‖L + Lᵀ‖
  std::optional<double> symmetry;         ///< ‖M − Mᵀ‖
  std::optional<double> eigenvalue;       ///< smallest eigenvalue of M; never much below zero
  std::optional<double> poisson_entropy;  ///< ‖L∇S‖
  std::optional<double> friction_energy;  ///< ‖M∇E‖
  std::optional<double> entropy_rate;     ///< least dS/dt = ∇S·f; never much below zero
  std::optional<double> production;  ///< least ∇S·M∇S, a sum of squares, in its own unit; never below zero
  std::optional<double> divergence;     ///< |tr ∂f/∂x|, relative to ‖∂f/∂x‖
  std::optional<double> symplecticity;  ///< ‖AᵀΩA − Ω‖ of a step of the implicit midpoint rule
  std::optional<double> energy_gain;    ///< largest dE/dt, where friction takes energy; never much above zero
  std::optional<double> casimir_rate;   ///< |dC/dt| of what a Poisson bracket keeps
  std::optional<double> unsupplied;     ///< largest dE/dt beyond the power supplied; never much above zero

  /// One line of a table: what it is, what it should be, what it came to.
  struct Entry {
    std::string_view name, meaning;
    double value;
  };
  /// Lists what applies, for tables and files.
  std::vector<Entry> entries() const {
    std::vector<Entry> list;
    const auto add = [&](std::string_view name, std::string_view meaning,
                         const std::optional<double>& value) {
      if (value) list.push_back({name, meaning, *value});
    };
    add("energy_rate", "dE/dt = 0", energy_rate);
    add("skew", "L = -L^T", skew);
    add("symmetry", "M = M^T", symmetry);
    add("eigenvalue", "M >= 0, smallest eigenvalue", eigenvalue);
    add("poisson_entropy", "L grad S = 0", poisson_entropy);
    add("friction_energy", "M grad E = 0", friction_energy);
    add("entropy_rate", "dS/dt >= 0, least", entropy_rate);
    add("production", "grad S . M grad S >= 0, least", production);
    add("divergence", "div f = 0", divergence);
    add("symplecticity", "A^T J A = J of a step", symplecticity);
    add("energy_gain", "dE/dt <= 0, largest", energy_gain);
    add("casimir_rate", "dC/dt = 0", casimir_rate);
    add("unsupplied", "dE/dt <= power supplied, largest beyond", unsupplied);
    return list;
  }

  /// Tells whether all laws hold to `tolerance`.
  bool holds(double tolerance = 1e-9) const {
    const auto below = [&](const std::optional<double>& value) { return !value || *value <= tolerance; };
    const auto above = [&](const std::optional<double>& value) { return !value || *value >= -tolerance; };
    return below(energy_rate) && below(skew) && below(symmetry) && above(eigenvalue) &&
           below(poisson_entropy) && below(friction_energy) && above(entropy_rate) &&
           (!production || *production >= 0) && below(divergence) && below(symplecticity) &&
           below(energy_gain) && below(casimir_rate) && below(unsupplied);
  }

  /// Takes the worst of this and another.
  void merge(const Certificate& other) {
    states += other.states;
    for (const auto defect :
         {&Certificate::energy_rate, &Certificate::skew, &Certificate::symmetry,
          &Certificate::poisson_entropy, &Certificate::friction_energy, &Certificate::divergence,
          &Certificate::symplecticity, &Certificate::energy_gain, &Certificate::casimir_rate,
          &Certificate::unsupplied})
      if (other.*defect) worst(this->*defect, *(other.*defect));
    for (const auto gain : {&Certificate::eigenvalue, &Certificate::entropy_rate, &Certificate::production})
      if (other.*gain) least(this->*gain, *(other.*gain));
  }

  /// Keeps the larger, or the smaller; NaN is the worst of all, and stays.
  static void worst(std::optional<double>& so_far, double value) {
    if (!so_far || !(value <= *so_far)) so_far = value;
  }
  static void least(std::optional<double>& so_far, double value) {
    if (!so_far || !(value >= *so_far)) so_far = value;
  }
};

}  // namespace metriplex

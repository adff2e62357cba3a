#include "evaluation.hpp"

#include <numeric>
#include <optional>

#include "metriplex/adapt/fit_start.hpp"
#include "metriplex/core/random.hpp"
#include "metriplex/integrate/discrete_gradient.hpp"
#include "metriplex/integrate/gauss_legendre.hpp"
#include "metriplex/integrate/generic_discrete_gradient.hpp"

namespace metriplex::driver {

namespace {

/// Returns points all over a box: a grid, or, where that would have too many, random ones.
template <int Dim>
Matrix<double, Dim> points_over(const Box<Dim>& box) {
  if constexpr (Dim <= 4) {
    return grid_over<Dim>(box);
  } else {
    Random random(0);
    Matrix<double, Dim> points(Dim, 5000);
    for (Index p = 0; p < points.cols(); ++p)
      for (int i = 0; i < Dim; ++i) {
        const auto k = static_cast<std::size_t>(i);
        points(i, p) = random.uniform(box.lo[k], box.hi[k]);
      }
    return points;
  }
}

template <int Dim>
ErrorsOf errors_of(const RelativeErrors<Dim>& errors) {
  return {errors.together(), errors.pooled, {errors.component.data(), errors.component.data() + Dim}};
}

}  // namespace

template <int Dim>
Unseen<Dim> part(const Member<Dim>& member) {
  const auto& motions = member.motions;
  if (motions.size() > 1) return {motions[0], {motions.begin() + 1, motions.end()}, member.mu};
  const Index n = motions[0].samples(), half = n / 2;
  require(half >= 2, [&] {
    return "expected two motions a member, or one of four samples or more, one part to adapt to and one to "
           "measure the "
           "prediction on; got one of " +
           std::to_string(n);
  });
  const auto cut = [&](Index from, Index count) {
    std::vector<Index> chosen(static_cast<std::size_t>(count));
    std::iota(chosen.begin(), chosen.end(), from);
    return motions[0].pick(chosen);
  };
  return {cut(0, half), {cut(half, n - half)}, member.mu};
}

template <int Dim>
std::pair<Matrix<double, Dim>, Matrix<double, Dim>> points_of(const std::vector<Motion<Dim>>& motions) {
  std::pair<Matrix<double, Dim>, Matrix<double, Dim>> points;
  Index count = 0;
  const auto for_each = [&](auto body) {
    for (const Motion<Dim>& motion : motions)
      for (Index k = 0; k < motion.samples() && motion.has_rates(); ++k)
        if (motion.complete(k)) body(motion, k);
  };
  for_each([&](const Motion<Dim>&, Index) { ++count; });
  points.first.resize(Dim, count);
  points.second.resize(Dim, count);
  count = 0;
  for_each([&](const Motion<Dim>& motion, Index k) {
    points.first.col(count) = motion.states.col(k);
    points.second.col(count++) = motion.rates.col(k);
  });
  return points;
}

template <int Dim>
std::optional<RelativeErrors<Dim>> measure_field(const Family<Dim>& family, const Unseen<Dim>& unseen,
                                                 const AnyField<Dim>& learned) {
  if (!family.exact) {
    const auto [x, dx] = points_of(unseen.held_out);
    if (x.cols() == 0) return std::nullopt;
    return field_errors(learned, x, dx);
  }
  const AnyField<Dim> exact = family.exact(unseen.mu);
  const Matrix<double, Dim> grid = points_over(family.box);
  Matrix<double, Dim> rates(Dim, grid.cols());
  for (Index p = 0; p < grid.cols(); ++p) {
    Vector<double, Dim> rate;
    exact(grid.col(p), rate);
    rates.col(p) = rate;
  }
  return field_errors(learned, grid, rates);
}

/// The motions that a prediction can set out on: of two samples or more, the first one complete.
template <int Dim>
std::vector<Motion<Dim>> predictable(const Unseen<Dim>& unseen) {
  std::vector<Motion<Dim>> found;
  for (const Motion<Dim>& motion : unseen.held_out)
    if (motion.samples() > 1 && motion.complete(0)) found.push_back(motion);
  return found;
}

template <int Dim>
void measure(const Family<Dim>& family, const Unseen<Dim>& unseen, const AnyField<Dim>& learned,
             MemberResult& result) {
  if (const auto found = measure_field(family, unseen, learned)) result.field = errors_of(*found);
  const std::vector<Motion<Dim>> motions = predictable(unseen);
  if (motions.empty()) return;  // there is nothing to predict
  const auto start = [&](const Motion<Dim>& motion) {
    return start_of(learned, motion, family.noise, family.spread);
  };
  result.trajectory = errors_of(motion_errors<AnyField<Dim>, Dim>(learned, motions, start));

  // What the predictions, stepped by an integrator that knows no laws, make of the learned ones.
  if (!learned.conserves()) return;
  double lowest = std::numeric_limits<double>::infinity(), highest = -lowest;
  const Matrix<double, Dim> box = points_over(family.box);
  for (Index p = 0; p < box.cols(); ++p) {
    const double energy = learned.energy(box.col(p));
    lowest = std::min(lowest, energy);
    highest = std::max(highest, energy);
  }
  const double range = highest > lowest ? highest - lowest : 1;  // of a constant energy
  result.e_energy = 0;
  for (const Motion<Dim>& motion : motions) {
    const Matrix<double> given = motion.states.bottomRows(learned.given());
    const auto path = rollout(learned, Rk4{}, start(motion), motion.times, 4, GivenAtSamples(given));
    for (Index i = 1; i < path.completed; ++i) {
      const double drift = std::abs(learned.energy(path.states.col(i)) - learned.energy(path.states.col(0)));
      result.e_energy = std::max(result.e_energy, drift / range);
      if (!learned.has_entropy()) continue;
      const double gain = learned.entropy(path.states.col(i)) - learned.entropy(path.states.col(i - 1));
      result.min_dS = std::min(result.min_dS.value_or(gain), gain);
    }
  }
}

/// What a motion is given between its samples: what the field makes of the one before, so inputs are held and the time passes.
template <int Dim>
Matrix<double> given_at(const AnyField<Dim>& field, const Motion<Dim>& motion, const Vector<double>& times) {
  Matrix<double> found(field.given(), times.size());
  Index sample = 0;
  for (Index k = 0; k < times.size(); ++k) {
    while (sample + 1 < motion.samples() && motion.times[sample + 1] <= times[k]) ++sample;
    const Vector<double, Dim> state = motion.states.col(sample);
    Vector<double, Dim> rate;
    field(state, rate);
    found.col(k) = (state + (times[k] - motion.times[sample]) * rate).tail(field.given());
  }
  return found;
}

/// Fills the parts of a picture that lie on a grid over the plane of the first position and momentum; the
/// other components rest at their mean.
template <int Dim>
class Plane {
 public:
  Plane(const Box<Dim>& box, const Vector<double, Dim>& centre, int momentum)
      : box_(box), centre_(centre), momentum_(momentum) {}

  Vector<double> axis(int row, Index count) const {
    const auto k = static_cast<std::size_t>(row);
    return Vector<double>::LinSpaced(count, box_.lo[k], box_.hi[k]);
  }

  /// Calls body(i, j, x) for every point of the grid.
  template <class Body>
  void for_each(const Vector<double>& q, const Vector<double>& p, Body body) const {
    Vector<double, Dim> x = centre_;
    for (Index i = 0; i < q.size(); ++i)
      for (Index j = 0; j < p.size(); ++j) {
        x[0] = q[i];
        x[momentum_] = p[j];
        body(i, j, x);
      }
  }

 private:
  Box<Dim> box_;
  Vector<double, Dim> centre_;
  int momentum_;
};

/// Rolls out the learned field far beyond the data and notes how its energy drifts.
template <int Dim, class Integrator>
void add_drift(PictureData& data, const AnyField<Dim>& learned, const Vector<double, Dim>& start,
               double scale, const Integrator& integrator, const std::string& label) {
  const auto path = rollout(learned, integrator, start, data.long_times, 1);
  const Index series = data.long_energy.rows();
  data.long_energy.conservativeResize(series + 1, data.long_times.size());
  const double first = learned.energy(start);
  for (Index i = 0; i < data.long_times.size(); ++i)
    data.long_energy(series, i) = (learned.energy(path.states.col(i)) - first) / scale;
  char step[32];
  std::snprintf(step, sizeof step, ", step %.2g", data.long_times[1] - data.long_times[0]);
  data.long_labels.push_back(label + step);
}

template <int Dim>
std::vector<LongRun> long_runs(const Unseen<Dim>& unseen, const AnyField<Dim>& learned, Index steps) {
  std::vector<LongRun> runs;
  const std::vector<Motion<Dim>> motions = predictable(unseen);
  if (motions.empty() || !learned.conserves()) return runs;
  const auto add = [&](const auto& integrator, std::string name) {
    LongRun run{.scheme = std::move(name), .step = 4 * (motions[0].times[1] - motions[0].times[0])};
    Vector<double, Dim> x = motions[0].states.col(0);
    const double first = learned.energy(x);
    double entropy = learned.has_entropy() ? learned.entropy(x) : 0;
    for (; run.steps < steps; ++run.steps) {
      if (integrator.step(learned, x, run.step) != StepStatus::ok) break;
      run.drift = std::max(run.drift, std::abs(learned.energy(x) - first) / std::abs(first));
      if (!learned.has_entropy()) continue;
      const double before = std::exchange(entropy, learned.entropy(x));
      run.least_gain = std::min(run.least_gain.value_or(entropy - before), entropy - before);
    }
    runs.push_back(std::move(run));
  };
  if (learned.has_gradients()) add(GenericGonzalez{}, "discrete gradient");
  if constexpr (Dim % 2 == 0)
    if (learned.is_canonical()) add(Gonzalez{}, "discrete gradient");
  if (runs.empty()) add(ImplicitMidpoint{}, "implicit midpoint");
  add(Rk4{}, "RK4");
  return runs;
}

template <int Dim>
PictureData picture_data(const Family<Dim>& family, const Unseen<Dim>& unseen, const AnyField<Dim>& learned,
                         const Matrix<double, Dim>& shots) {
  const int half = std::max(1, (Dim - family.entropies - family.given) / 2);
  PictureData data;
  data.state_names = family.state_names;
  data.momentum_row = half;
  data.shots = shots;

  const Plane<Dim> plane(family.box, unseen.seen.states.rowwise().mean(), half);
  std::optional<AnyField<Dim>> exact;
  if (family.exact) exact = family.exact(unseen.mu);
  const auto draw = [&](const AnyField<Dim>& field, Eigen::MatrixXd& energy, Eigen::MatrixXd& production,
                        Eigen::MatrixXd& dq, Eigen::MatrixXd& dp) {
    const auto grid = [&](Eigen::MatrixXd& values) { values.resize(data.grid_q.size(), data.grid_p.size()); };
    if (field.has_entropy()) {
      grid(production);
      plane.for_each(data.grid_q, data.grid_p,
                     [&](Index i, Index j, const auto& x) { production(i, j) = field.entropy_rate(x); });
    }
    dq.resize(data.field_q.size(), data.field_p.size());
    dp.resizeLike(dq);
    if (field.has_energy()) {
      grid(energy);
      plane.for_each(data.grid_q, data.grid_p,
                     [&](Index i, Index j, const auto& x) { energy(i, j) = field.energy(x); });
    }
    plane.for_each(data.field_q, data.field_p, [&](Index i, Index j, const auto& x) {
      Vector<double, Dim> dx;
      field(x, dx);
      dq(i, j) = dx[0];
      dp(i, j) = dx[half];
    });
  };
  data.grid_q = plane.axis(0, 121), data.grid_p = plane.axis(half, 121);
  data.field_q = plane.axis(0, 13), data.field_p = plane.axis(half, 11);
  draw(learned, data.energy_learned, data.production_learned, data.dq_learned, data.dp_learned);
  if (exact) draw(*exact, data.energy_true, data.production_true, data.dq_true, data.dp_true);

  const std::vector<Motion<Dim>> motions = predictable(unseen);
  if (motions.empty()) return data;
  for (std::size_t k = 0; k < std::min<std::size_t>(motions.size(), 3); ++k) {
    const Motion<Dim>& motion = motions[k];
    const Index samples = motion.samples();
    const double begin = motion.times[0], end = motion.times[samples - 1];
    const Motion<Dim> complete = motion.pick(motion.complete_samples());
    const Vector<double> times = Vector<double>::LinSpaced(8 * (samples - 1) + 1, begin, end);
    Curve measured{complete.times.array() - begin, complete.states, {}, {}};
    const Matrix<double> given = given_at(learned, motion, times);
    Curve predicted{times.array() - begin,
                    rollout(learned, Rk4{}, start_of(learned, motion, family.noise, family.spread), times, 1,
                            GivenAtSamples(given))
                        .states,
                    {},
                    {}};
    if (learned.has_entropy()) {
      const auto entropies = [&](const AnyField<Dim>& field, const Eigen::MatrixXd& states) {
        Vector<double> entropy(states.cols());
        for (Index i = 0; i < states.cols(); ++i) entropy[i] = field.entropy(states.col(i));
        return entropy;
      };
      measured.entropy = entropies(exact && exact->has_entropy() ? *exact : learned, measured.states);
      predicted.entropy = entropies(learned, predicted.states);
    }
    data.measured.push_back(std::move(measured));
    data.predicted.push_back(std::move(predicted));
  }

  // Energy over forty times the horizon, with steps as long as the samples are apart.
  if (!learned.conserves()) return data;
  const Index samples = motions[0].samples();
  const double horizon = motions[0].times[samples - 1] - motions[0].times[0];
  const double range = data.energy_learned.maxCoeff() - data.energy_learned.minCoeff();
  const double scale = range > 0 ? range : 1;
  const Vector<double, Dim> start = start_of(learned, motions[0], family.noise, family.spread);
  data.long_times = Vector<double>::LinSpaced(40 * (samples - 1) + 1, 0, 40 * horizon);
  if (learned.has_gradients())
    add_drift(data, learned, start, scale, GenericGonzalez{}, "discrete gradient");
  else
    add_drift(data, learned, start, scale, ImplicitMidpoint{}, "implicit midpoint");
  add_drift(data, learned, start, scale, Rk4{}, "RK4");
  return data;
}

template Unseen<METRIPLEX_DIM> part(const Member<METRIPLEX_DIM>&);
template std::pair<Matrix<double, METRIPLEX_DIM>, Matrix<double, METRIPLEX_DIM>> points_of(
    const std::vector<Motion<METRIPLEX_DIM>>&);
template std::optional<RelativeErrors<METRIPLEX_DIM>> measure_field(const Family<METRIPLEX_DIM>&,
                                                                    const Unseen<METRIPLEX_DIM>&,
                                                                    const AnyField<METRIPLEX_DIM>&);
template void measure(const Family<METRIPLEX_DIM>&, const Unseen<METRIPLEX_DIM>&,
                      const AnyField<METRIPLEX_DIM>&, MemberResult&);
template std::vector<LongRun> long_runs(const Unseen<METRIPLEX_DIM>&, const AnyField<METRIPLEX_DIM>&, Index);
template PictureData picture_data(const Family<METRIPLEX_DIM>&, const Unseen<METRIPLEX_DIM>&,
                                  const AnyField<METRIPLEX_DIM>&, const Matrix<double, METRIPLEX_DIM>&);

}  // namespace metriplex::driver

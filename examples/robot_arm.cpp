// A robot arm of which inertia and gravity are known, but not the payload in its hand, nor the friction of its worn joints: both
// are identified from two seconds of angles, speeds and motor torques, and how the arm then moves is predicted. Prints tables, to the
// first of which robot_arm_compared, the same compiled with ROBOT_ARM_COMPARED, adds models that know less.
// Usage: robot_arm [--quick | --more] [CURVES]: 100 training steps, or 48 times the data; CURVES gets what examples/robot_arm.gp draws.
#include <cmath>
#include <cstdio>
#include <memory>
#include <string_view>

#include "metriplex/adapt/adapt.hpp"
#include "metriplex/autodiff/dual_math.hpp"
#include "metriplex/data/sample_family.hpp"
#include "metriplex/modulation/svd.hpp"
#include "metriplex/train/auto_decoder.hpp"
#include "metriplex/train/metrics.hpp"
#ifdef ROBOT_ARM_COMPARED
#include "metriplex/structure/driven.hpp"
#include "metriplex/structure/mechanical.hpp"
#include "metriplex/structure/unstructured.hpp"
#endif

using namespace metriplex;

/// Two links in a vertical plane: angles q₁ from where the arm hangs and q₂ of the elbow, a payload m at the tip.
///
/// Math: M(q)v̇ = u + f − c(q, v) − g(q), u the motors' torques and f friction's (Spong et al., Robot Modeling and Control, §7.3).
/// Units: kilograms, metres, seconds, radians, newton metres.
struct Arm {
  static constexpr double gravity = 9.81, upper = 0.4, lower = 0.3;

  /// Writes the rates of x = (q, v, u), for numbers and dual numbers.
  template <class T>
  static void move(const Vector<T, 6>& x, const T& m, const Vector<T, 2>& friction, Vector<T, 6>& dx) {
    using std::cos, std::sin;
    const T &v1 = x[2], &v2 = x[3];
    const T own = 0.11 + m * (lower * lower), both = 0.533 + m * (upper * upper) + own;
    const T coupling = 0.16 + m * (upper * lower), c = coupling * cos(x[1]), s = coupling * sin(x[1]);
    const T lift = gravity * (0.4 + m * lower) * sin(x[0] + x[1]);
    const T torque1 =
        x[4] + friction[0] + s * (2 * v1 + v2) * v2 - gravity * (1.6 + m * upper) * sin(x[0]) - lift;
    const T torque2 = x[5] + friction[1] - s * v1 * v1 - lift;
    const T M11 = both + 2 * c, M12 = own + c, determinant = M11 * own - M12 * M12;
    dx << v1, v2, (own * torque1 - M12 * torque2) / determinant,
        (M11 * torque2 - M12 * torque1) / determinant, T(0), T(0);
  }
};

/// The family: payloads m, and for each joint viscous friction b and dry friction c, which is c tanh(v/0.3).
struct WornArm {
  static constexpr std::string_view name = "worn_arm";
  static constexpr int dim = 6, inputs = 2, parameters = 5;
  static constexpr double max_step = 0.005;
  static constexpr Box<5> parameter_box{{0, 0.1, 0.3, 0.05, 0.1},
                                        {2, 0.6, 1.5, 0.3, 0.7}};  // m, b₁, c₁, b₂, c₂
  static constexpr Box<6> initial_box{{-1.5, -1.5, -2, -2, -8, -3}, {1.5, 1.5, 2, 2, 8, 3}};

  template <class T>
  static Vector<T, 2> friction(const Vector<T, 6>& x, const Vector<double, 5>& mu) {
    using std::tanh;
    return {T(-mu[1] * x[2] - mu[2] * tanh(x[2] / 0.3)), T(-mu[3] * x[3] - mu[4] * tanh(x[3] / 0.3))};
  }
  template <class T>
  static void rate(const Vector<T, 6>& x, const Vector<double, 5>& mu, Vector<T, 6>& dx) {
    Arm::move(x, T(mu[0]), friction(x, mu), dx);
  }
};

/// The arm as a structure of its own: a network that sees the speeds makes a root K of the friction −K Kᵀv, which takes energy at any
/// weights; the payload is a constant that comes with an arm's latent. Dual numbers pull back, a point at a time.
struct KnownArm {
  static constexpr std::string_view name = "known_arm";
  static constexpr int dim = 6, given = 2, outputs = 5, all = dim + outputs;
  static constexpr std::array<NetworkSlot, 2> networks{
      {{"K", Role::coefficients, 2, 2, 4}, {"m", Role::coefficients, 0, 0, 1}}};
  static constexpr bool canonical = false, separable = false;
  static constexpr int canonical_pairs = 0;

  template <class T>
  static Vector<T, 2> friction(const T* v, const T* K) {
    const T along[2] = {K[0] * v[0] + K[2] * v[1], K[1] * v[0] + K[3] * v[1]};
    return {T(-K[0] * along[0] - K[1] * along[1]), T(-K[2] * along[0] - K[3] * along[1])};
  }
  /// Writes the rates at a state with what the networks make of it behind it.
  template <class T>
  static void rate(const Vector<T, all>& x, Vector<T, dim>& dx) {
    Arm::move<T>(x.template head<dim>(), x[dim + 4], friction(x.data() + 2, x.data() + dim), dx);
  }

  template <class T>
  static void field(const Place<T>& at, const T* o, T* dx) {
    for (int p = 0; p < points<T>; ++p) {
      using Number = decltype(point(*o, p));
      Vector<Number, all> x;
      Vector<Number, dim> rates;
      for (int i = 0; i < all; ++i) x[i] = point(i < dim ? at.x[i] : o[i - dim], p);
      rate(x, rates);
      for (int i = 0; i < dim; ++i) set_point(dx[i], p, rates[i]);
    }
  }
  template <class T>
  static void pullback(const Place<T>& at, const T* o, const T* d_dx, T* d_o, T* d_x) {
    for (int p = 0; p < points<T>; ++p) {
      using Number = decltype(point(*o, p));
      Vector<Dual<Number, all>, all> x;
      Vector<Dual<Number, all>, dim> rates;
      for (int i = 0; i < all; ++i) {
        x[i] = point(i < dim ? at.x[i] : o[i - dim], p);
        x[i].tangent[static_cast<std::size_t>(i)] = Number(1);
      }
      rate(x, rates);
      for (int i = 0; i < all; ++i) {
        Number sum(0);
        for (int r = 0; r < dim; ++r)
          sum += point(d_dx[r], p) * rates[r].tangent[static_cast<std::size_t>(i)];
        set_point(i < dim ? d_x[i] : d_o[i - dim], p, sum);
      }
    }
  }

 private:
  /// Whether a T is a register of points, how many, and one of them.
  template <class T>
  static constexpr bool packed = requires(const T& t) {
    t[0];
  };
  template <class T>
  static constexpr int points = [] {
    if constexpr (packed<T>) return static_cast<int>(sizeof(T) / sizeof(std::declval<T>()[0]));
    return 1;
  }();
  template <class T>
  static auto point(const T& values, [[maybe_unused]] int p) {
    if constexpr (packed<T>)
      return values[p];
    else
      return values;
  }
  template <class T, class Number>
  static void set_point(T& values, [[maybe_unused]] int p, const Number& value) {
    if constexpr (packed<T>)
      values[p] = value;
    else
      values = value;
  }
};

namespace {

using Family = TaskSet<WornArm::dim>;
using State = Vector<double, WornArm::dim>;

using Known = Model<KnownArm, Networks<Mlp<Tanh, 2, 32, 32, 4>, Constants<1>>, Svd<4>>;
#ifdef ROBOT_ARM_COMPARED
template <int Out>
using OfAngles = Mlp<Tanh, 2, 64, 64, 64, Out>;
using Learned = Model<Driven<Mechanical<2, true>, 2>,
                      Networks<OfAngles<3>, OfAngles<1>, Mlp<Tanh, 2, 32, 32, 4>, Constants<4>>, Svd<4>>;
using Any = Model<Unstructured<4, 2>, Mlp<Tanh, 6, 64, 64, 64, 4>, Svd<4>>;
#endif

/// Times from 0 on, ten a second.
Vector<double> times_of(Index samples) {
  return Vector<double>::LinSpaced(samples, 0, 0.1 * static_cast<double>(samples - 1));
}

template <class M>
M trained(const Family& arms, Index steps) {
  M model(/*latent=*/5);
  AutoDecoder(model, arms, {.steps = steps}).run();
  return model;
}

/// Identifies an arm from the first two seconds of its first motion.
template <class M>
auto identified(const M& model, const Family& arms, std::size_t member) {
  const Matrix<double, 6> x = arms.states(member, 0).leftCols(21),
                          dx = arms.derivatives(member, 0).leftCols(21);
  return model.bind(adapt(model, x, dx).z);
}

/// Returns what was measured of all motions but the first.
Matrix<double, 6> held_out(const Family& arms, const Matrix<double, 6>& measured) {
  return measured.rightCols((arms.trajectories - 1) * arms.samples());
}

/// Prints a row of the table: how far the field and motions are off, in hundredths, means over arms.
template <class Find>
void print_row(const char* name, const Family& arms, Find&& find) {
  double field = 0, motion = 0;
  for (std::size_t i = 0; i < arms.tasks.size(); ++i) {
    const auto arm = find(i);
    field += field_error(arm, held_out(arms, arms.tasks[i].x), held_out(arms, arms.tasks[i].dx));
    motion += e_traj(arm, arms, i, 1, 20);
  }
  const double share = 100 / static_cast<double>(arms.tasks.size());
  std::printf("| %s | %.2f | %.2f |\n", name, share * field, share * motion);
  std::fflush(stdout);
}

template <class Bound>
Vector<double, 2> friction_of(const Bound& arm, const State& x) {
  const auto outputs = arm.outputs(x);
  return KnownArm::friction(x.data() + 2, outputs.data());
}
template <class Bound>
double payload_of(const Bound& arm) {
  return arm.outputs(State::Zero())[4];
}

/// Writes what the picture shows of an arm, in three blocks: a motion that was not seen (time, angles), as it is predicted (time,
/// angles, angles without friction), and friction along all motions (speeds of both joints, torques as they were, as learned).
template <class Bound, class Frictionless>
void write_curves(const char* path, const Family& arms, std::size_t member, const Bound& arm,
                  const Frictionless& frictionless) {
  const std::unique_ptr<std::FILE, int (*)(std::FILE*)> file(std::fopen(path, "w"), std::fclose);
  require(file != nullptr, {"expected a file that can be written, got ", path});
  constexpr Index between = 10;
  const Matrix<double, 6> motion = arms.states(member, 1), seen = held_out(arms, arms.tasks[member].x);
  const auto line = [&](std::initializer_list<double> values) {
    for (const double value : values) std::fprintf(file.get(), "%g ", value);
    std::fputs("\n", file.get());
  };
  for (Index k = 0; k < arms.samples(); ++k) line({arms.times[k], motion(0, k), motion(1, k)});
  std::fputs("\n\n", file.get());
  const Vector<double> times =
      Vector<double>::LinSpaced(between * (arms.samples() - 1) + 1, 0, arms.times[arms.samples() - 1]);
  Matrix<double> torques = Matrix<double>::Constant(2, times.size(), NAN);
  for (Index k = 0; k < arms.samples(); ++k) torques.col(between * k) = motion.col(k).tail<2>();
  const auto predict = [&](const auto& field) {
    return rollout(field, Rk4{}, State(motion.col(0)), times, 2, GivenAtSamples(torques)).states;
  };
  const auto learned = predict(arm), known = predict(frictionless);
  for (Index k = 0; k < times.size(); ++k)
    line({times[k], learned(0, k), learned(1, k), known(0, k), known(1, k)});
  std::fputs("\n\n", file.get());
  for (Index k = 0; k < seen.cols(); ++k) {
    const State x = seen.col(k);
    const Vector<double, 2> truth = WornArm::friction(x, Vector<double, 5>(arms.tasks[member].mu)),
                            found = friction_of(arm, x);
    line({x[2], x[3], truth[0], truth[1], found[0], found[1]});
  }
}

}  // namespace

int main(int argc, char** argv) try {
  const std::string_view asked = argc > 1 ? argv[1] : "";
  const bool quick = asked == "--quick", more = asked == "--more";
  const char* curves = argc > 1 + (quick || more) ? argv[1 + (quick || more)] : nullptr;
  require(argc <= 2 + (quick || more) && (!curves || curves[0] != '-'),
          "expected [--quick | --more] and perhaps one file to write, got other arguments");
  const Index steps = quick ? 100 : 2000;
  const auto fleet = sample_family<WornArm>(
      {.members = more ? 80 : 20, .trajectories = more ? 10 : 2, .times = times_of(more ? 51 : 21)});
  const auto unseen =
      sample_family<WornArm>({.members = 10, .trajectories = 6, .times = times_of(51), .seed = 1});

  const auto model = trained<Known>(fleet, steps);
  const auto known = [&](std::size_t i) { return identified(model, unseen, i); };
  const auto frictionless = [&](std::size_t i) {
    return exact_field<WornArm>(Vector<double, 5>(unseen.tasks[i].mu[0], 0, 0, 0, 0));
  };
  std::puts("| ten unseen arms | e_field | e_traj |\n|---|---|---|");
  print_row("inertia and gravity known, friction and payload learned", unseen, known);
  print_row("inertia, gravity and payload known, no friction", unseen, frictionless);
#ifdef ROBOT_ARM_COMPARED
  const auto learned = trained<Learned>(fleet, steps);
  print_row("driven_mechanical_damped: nothing known", unseen,
            [&](std::size_t i) { return identified(learned, unseen, i); });
  const auto any = trained<Any>(fleet, steps);
  print_row("unstructured", unseen, [&](std::size_t i) { return identified(any, unseen, i); });
#endif

  std::puts("\n| arm | payload, kg | found | friction, off by, N m | of |\n|---|---|---|---|---|");
  for (std::size_t i = 0; i < unseen.tasks.size(); ++i) {
    const auto arm = known(i);
    const Vector<double, 5> mu = unseen.tasks[i].mu;
    const Matrix<double, 6> states = held_out(unseen, unseen.tasks[i].x);
    double off = 0, size = 0;
    for (const auto& x : states.colwise()) {
      const Vector<double, 2> truth = WornArm::friction(State(x), mu);
      off += (friction_of(arm, x) - truth).squaredNorm() / static_cast<double>(states.cols());
      size += truth.squaredNorm() / static_cast<double>(states.cols());
    }
    std::printf("| %zu | %.3f | %.3f | %.3f | %.2f |\n", i, mu[0], payload_of(arm), std::sqrt(off),
                std::sqrt(size));
  }
  if (curves) write_curves(curves, unseen, 0, known(0), frictionless(0));
} catch (const std::exception& error) {
  std::fprintf(stderr, "robot_arm: %s\n", error.what());
  return 1;
}

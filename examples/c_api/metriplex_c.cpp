#include "metriplex_c.h"

#include <algorithm>
#include <limits>
#include <memory>
#include <optional>
#include <string>
#include <variant>

#include "metriplex/io/load_any.hpp"
#include "models.hpp"

/// What the C functions do, whatever the make of the model.
struct metriplex_model {
  virtual ~metriplex_model() = default;
  virtual int dimension() const = 0;
  virtual int latent() const = 0;
  virtual int adapt(int shots, const double* x, const double* dx, const double* weights, double noise) = 0;
  virtual int adapt_states(int samples, const double* times, const double* x, double noise) = 0;
  virtual int update(const double* x, const double* dx, const double* noise) = 0;
  virtual void reset() = 0;
  virtual int stream_status() const = 0;
  virtual int changes() const = 0;
  virtual int innovation(double* square, double* weight) const = 0;
  virtual void get_latent(double* z) const = 0;
  virtual void set_latent(const double* z) = 0;
  virtual void get_covariance(double* covariance) const = 0;
  virtual void field(int points, const double* x, double* dx) const = 0;
  virtual void energy(int points, const double* x, double* energies) const = 0;
  virtual void step(double* x, double dt, int steps) const = 0;
};

namespace {

using namespace metriplex;

template <class M>
class Adaptable final : public metriplex_model {
  static constexpr int dim = M::dimension;
  using State = Vector<double, dim>;
  using States = Matrix<double, dim>;

 public:
  explicit Adaptable(M model)
      : model_(std::move(model)),
        z_(model_.mean_latent()),
        covariance_(Matrix<double>::Zero(model_.latent(), model_.latent())),
        member_(model_.bind(z_)) {}

  int dimension() const override { return dim; }
  int latent() const override { return static_cast<int>(model_.latent()); }

  int adapt(int shots, const double* x, const double* dx, const double* weights, double noise) override {
    require(shots >= 1, {"expected at least one measurement, got ", shots});
    LatentFit<M> fit(model_, options(noise));
    const auto states = States::Map(x, dim, shots), rates = States::Map(dx, dim, shots);
    return take(fit, weights == nullptr ? fit.fit(states, rates)
                                        : fit.fit(states, rates, States::Map(weights, dim, shots)));
  }
  int adapt_states(int samples, const double* times, const double* x, double noise) override {
    require(samples >= 2, {"expected at least two samples, got ", samples});
    LatentFit<M> fit(model_, options(noise));
    return take(fit, fit.fit(Motion<dim>{Vector<double>::Map(times, samples), States::Map(x, dim, samples)}));
  }

  int update(const double* x, const double* dx, const double* noise) override {
    if (!estimator_) estimator_ = std::make_unique<LatentEstimator<M>>(model_, State::Map(noise));
    innovation_ = estimator_->update(State::Map(x), State::Map(dx));
    z_ = estimator_->z();
    estimator_->covariance(covariance_);
    member_ = estimator_->member();
    return estimator_->out_of_family() ? 1 : 0;
  }
  void reset() override {
    estimator_.reset();
    innovation_ = {};
  }
  int stream_status() const override {
    return static_cast<int>(estimator_ ? estimator_->status() : StreamStatus::learning);
  }
  int changes() const override {
    constexpr Index most = std::numeric_limits<int>::max();
    return estimator_ ? static_cast<int>(std::min(estimator_->changes(), most)) : 0;
  }
  int innovation(double* square, double* weight) const override {
    *square = innovation_.square;
    *weight = innovation_.weight;
    return static_cast<int>(innovation_.terms);
  }

  void get_latent(double* z) const override { std::copy_n(z_.data(), z_.size(), z); }
  void set_latent(const double* z) override {
    const Vector<double> next = Vector<double>::Map(z, model_.latent());
    member_ = model_.bind(next);
    z_ = next;
    covariance_.setZero();
  }
  void get_covariance(double* covariance) const override {
    std::copy_n(covariance_.data(), covariance_.size(), covariance);
  }

  void field(int points, const double* x, double* dx) const override {
    require(points >= 0, {"expected 0 points or more, got ", points});
    for (int p = 0; p < points; ++p) {
      State rate;
      member_(State::Map(x + p * dim), rate);
      std::copy_n(rate.data(), dim, dx + p * dim);
    }
  }
  void energy(int points, const double* x, double* energies) const override {
    require(points >= 0, {"expected 0 points or more, got ", points});
    for (int p = 0; p < points; ++p) energies[p] = member_.energy(State::Map(x + p * dim));
  }
  void step(double* x, double dt, int steps) const override {
    State state = State::Map(x);
    for (int k = 0; k < steps; ++k) {
      StepStatus status;
      if constexpr (DissipativeStructure<typename M::Structure>)
        status = GenericGonzalez{}.step(member_, state, dt);
      else
        status = ImplicitMidpoint{}.step(member_, state, dt);
      require(status == StepStatus::ok, [&] {
        return "expected step " + std::to_string(k + 1) + " to succeed: " + std::string(describe(status));
      });
    }
    std::copy_n(state.data(), dim, x);
  }

 private:
  static LatentFitOptions options(double noise) {
    LatentFitOptions options;
    if (noise != 0) options.noise = noise;
    return options;
  }
  int take(const LatentFit<M>& fit, FitStatus status) {
    member_ = model_.bind(fit.z());
    z_ = fit.z();
    covariance_ = fit.covariance();
    return static_cast<int>(status);
  }

  M model_;
  Vector<double> z_;
  Matrix<double> covariance_;
  typename M::Bound member_;
  std::unique_ptr<LatentEstimator<M>> estimator_;
  Innovation innovation_;
};

thread_local std::string last_error;

/// Runs body, and turns what it throws into the value that stands for a failure.
template <class Body>
auto guarded(Body&& body) -> decltype(body()) {
  using Result = decltype(body());
  try {
    return body();
  } catch (const std::exception& error) {
    last_error = error.what();
  } catch (...) {
    last_error = "unknown error";
  }
  if constexpr (std::is_pointer_v<Result>)
    return nullptr;
  else
    return -1;
}

/// Runs body on what the pointers point to, once none of them is null; a body that returns nothing returns 0.
template <class Model, class Body, class... Pointers>
int on(Model* model, Body&& body, const Pointers*... pointers) {
  return guarded([&] {
    require(model != nullptr && (true && ... && (pointers != nullptr)),
            "expected a model and arrays, got a null pointer");
    if constexpr (std::is_void_v<decltype(body(*model))>) {
      body(*model);
      return 0;
    } else {
      return body(*model);
    }
  });
}

/// Loads a model of whichever make the library is built with.
template <class... M>
metriplex_model* load(const char* path, std::type_identity<std::tuple<M...>>) {
  return std::visit(
      []<class Loaded>(Loaded&& model) -> metriplex_model* {
        return new Adaptable<std::remove_cvref_t<Loaded>>(std::move(model));
      },
      load_any<M...>(path));
}

}  // namespace

const char* metriplex_error(void) {
  return last_error.c_str();
}

metriplex_model* metriplex_load(const char* path) {
  return guarded([&] {
    require(path != nullptr, "expected a path, got a null pointer");
    return load(path, std::type_identity<c_api::Models>{});
  });
}
void metriplex_free(metriplex_model* model) {
  delete model;
}
int metriplex_dimension(const metriplex_model* model) {
  return on(model, [](const auto& m) { return m.dimension(); });
}
int metriplex_latent(const metriplex_model* model) {
  return on(model, [](const auto& m) { return m.latent(); });
}
int metriplex_adapt(metriplex_model* model, int shots, const double* x, const double* dx,
                    const double* weights, double noise) {
  return on(
      model, [&](auto& m) { return m.adapt(shots, x, dx, weights, noise); }, x, dx);
}
int metriplex_adapt_states(metriplex_model* model, int samples, const double* times, const double* x,
                           double noise) {
  return on(
      model, [&](auto& m) { return m.adapt_states(samples, times, x, noise); }, times, x);
}
int metriplex_update(metriplex_model* model, const double* x, const double* dx, const double* noise) {
  return on(
      model, [&](auto& m) { return m.update(x, dx, noise); }, x, dx, noise);
}
int metriplex_reset(metriplex_model* model) {
  return on(model, [](auto& m) { m.reset(); });
}
int metriplex_stream_status(const metriplex_model* model) {
  return on(model, [](const auto& m) { return m.stream_status(); });
}
int metriplex_changes(const metriplex_model* model) {
  return on(model, [](const auto& m) { return m.changes(); });
}
int metriplex_innovation(const metriplex_model* model, double* square, double* weight) {
  return on(
      model, [&](const auto& m) { return m.innovation(square, weight); }, square, weight);
}
int metriplex_get_latent(const metriplex_model* model, double* z) {
  return on(
      model, [&](const auto& m) { m.get_latent(z); }, z);
}
int metriplex_set_latent(metriplex_model* model, const double* z) {
  return on(
      model, [&](auto& m) { m.set_latent(z); }, z);
}
int metriplex_get_covariance(const metriplex_model* model, double* covariance) {
  return on(
      model, [&](const auto& m) { m.get_covariance(covariance); }, covariance);
}
int metriplex_field(const metriplex_model* model, int points, const double* x, double* dx) {
  return on(
      model, [&](const auto& m) { m.field(points, x, dx); }, x, dx);
}
int metriplex_energy(const metriplex_model* model, int points, const double* x, double* energies) {
  return on(
      model, [&](const auto& m) { m.energy(points, x, energies); }, x, energies);
}
int metriplex_step(const metriplex_model* model, double* x, double dt, int steps) {
  return on(
      model, [&](const auto& m) { m.step(x, dt, steps); }, x);
}

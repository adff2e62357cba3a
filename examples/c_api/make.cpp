// One make of models: what the C functions do with it. The macros are parts of METRIPLEX_MAKE, its name.

#include <algorithm>
#include <limits>
#include <memory>

#include "../meta_train/trained.hpp"
#include "loaded_model.hpp"
#include "metriplex/inference.hpp"
#include "metriplex/model/cast_model.hpp"

namespace {

using namespace metriplex;

/// A family, and the member that it is adapted to, which is evaluated in double whatever the model was trained in.
template <class M>
class Adaptable final : public metriplex_model {
  using Structure = typename M::Structure;
  using Scalar = typename M::Scalar;
  static constexpr int dim = M::dimension, inputs = given_count<Structure>;
  using State = Vector<double, dim>;
  using States = Matrix<double, dim>;
  using Member = BoundModel<Structure, typename M::Network, double>;
  // The scheme that keeps the model's laws.
  using Scheme = std::conditional_t<DissipativeStructure<Structure>, GenericGonzalez, ImplicitMidpoint>;

 public:
  explicit Adaptable(M model)
      : model_(std::move(model)),
        z_(model_.mean_latent()),
        covariance_(Matrix<double>::Zero(model_.latent(), model_.latent())),
        member_(cast_model<double>(model_.bind(z_))) {}

  int dimension() const override { return dim; }
  int given() const override { return inputs; }
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
    const auto cast = [](const double* values) {
      return Vector<Scalar, dim>(State::Map(values).template cast<Scalar>());
    };
    if (!estimator_) estimator_ = std::make_unique<LatentEstimator<M>>(model_, cast(noise));
    innovation_ = estimator_->update(cast(x), cast(dx));
    z_ = estimator_->z();
    estimator_->covariance(covariance_);
    member_ = cast_model<double>(estimator_->member());
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

  void get_latent(double* z) const override {
    for (Index k = 0; k < z_.size(); ++k) z[k] = static_cast<double>(z_[k]);
  }
  void set_latent(const double* z) override {
    const typename M::Latent next = Vector<double>::Map(z, model_.latent()).template cast<Scalar>();
    member_ = cast_model<double>(model_.bind(next));
    z_ = next;
    covariance_.setZero();
  }
  void get_covariance(double* covariance) const override {
    std::copy_n(covariance_.data(), covariance_.size(), covariance);
  }

  void field(int points, const double* x, double* dx) const override {
    for_each_point(points, [&](int p) {
      State rate;
      member_(State::Map(x + p * dim), rate);
      std::copy_n(rate.data(), dim, dx + p * dim);
    });
  }
  void energy(int points, const double* x, double* energies) const override {
    require(EnergyStructure<Structure>, [&] { return "expected a model with an energy, got a " + name(); });
    for_each_point(points, [&](int p) {
      if constexpr (EnergyStructure<Structure>) energies[p] = member_.energy(State::Map(x + p * dim));
    });
  }
  void entropy(int points, const double* x, double* entropies) const override {
    require(DissipativeStructure<Structure>,
            [&] { return "expected a model with an entropy, got a " + name(); });
    for_each_point(points, [&](int p) {
      if constexpr (DissipativeStructure<Structure>) entropies[p] = member_.entropy(State::Map(x + p * dim));
    });
  }
  void step(double* x, double dt, int steps) const override {
    State state = State::Map(x);
    for (int k = 0; k < steps; ++k) {
      const StepStatus status = Scheme{}.step(member_, state, dt);
      require(status == StepStatus::ok, [&] {
        return "expected step " + std::to_string(k + 1) + " to succeed: " + std::string(describe(status));
      });
    }
    std::copy_n(state.data(), dim, x);
  }
  void rollout(int samples, const double* times, double* x, int substeps) const override {
    require(samples >= 1 && substeps >= 1,
            {"expected a sample and a substep or more, got ", samples, " and ", substeps});
    auto states = States::Map(x, dim, samples);
    const Matrix<double> inputs_at = states.bottomRows(inputs);
    const auto found =
        metriplex::rollout(member_, Scheme{}, State(states.col(0)), Vector<double>::Map(times, samples),
                           substeps, GivenAtSamples(inputs_at));
    require(found.status == StepStatus::ok, [&] {
      return "expected a motion up to the last time, got one of " + std::to_string(found.completed) +
             " samples: " + std::string(describe(found.status));
    });
    states.topRows(dim - inputs) = found.states.topRows(dim - inputs);
  }

 private:
  static std::string name() { return std::string(Structure::name); }
  template <class Body>
  static void for_each_point(int points, const Body& body) {
    require(points >= 0, {"expected 0 points or more, got ", points});
    for (int p = 0; p < points; ++p) body(p);
  }
  static LatentFitOptions options(double noise) {
    LatentFitOptions options;
    if (noise != 0) options.noise = noise;
    return options;
  }
  int take(const LatentFit<M>& fit, FitStatus status) {
    member_ = cast_model<double>(model_.bind(fit.z()));
    z_ = fit.z();
    covariance_ = fit.covariance();
    return static_cast<int>(status);
  }

  M model_;
  typename M::Latent z_;
  Matrix<double> covariance_;
  Member member_;
  std::unique_ptr<LatentEstimator<M>> estimator_;
  Innovation innovation_;
};

[[maybe_unused]] const bool noted = [] {
  using M = driver::Trained;
  c_api::makes().push_back(
      {METRIPLEX_MAKE, is_of_make<M>, [](TensorFile file, const std::filesystem::path& path) {
         return static_cast<metriplex_model*>(new Adaptable<M>(load_model<M>(std::move(file), path)));
       }});
  return true;
}();

}  // namespace

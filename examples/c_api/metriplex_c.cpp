#include "metriplex_c.h"

#include <algorithm>
#include <memory>
#include <sstream>
#include <string>

#include "loaded_model.hpp"

std::vector<metriplex::c_api::Make>& metriplex::c_api::makes() {
  static std::vector<Make> all;
  return all;
}

namespace {

using namespace metriplex;

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
metriplex_model* load(const std::filesystem::path& path) {
  TensorFile file = read_model_file(path);
  std::string known;
  for (const c_api::Make& make : c_api::makes()) {
    known += (known.empty() ? "" : ", ") + std::string(make.name);
    if (!make.is_of(file)) continue;
    std::istringstream names(file.metadata.contains("components") ? file.metadata.at("components") : "");
    std::unique_ptr<metriplex_model> model(make.load(std::move(file), path));
    model->make = make.name;
    for (std::string name; std::getline(names, name, ',');) model->components.push_back(name);
    return model.release();
  }
  throw Error("expected a model of a make that this library is built with (" + known + "), got " +
              make_text(file.metadata) + " in " + path.string());
}

}  // namespace

const char* metriplex_error(void) {
  return last_error.c_str();
}

metriplex_model* metriplex_load(const char* path) {
  return guarded([&] {
    require(path != nullptr, "expected a path, got a null pointer");
    return load(path);
  });
}
void metriplex_free(metriplex_model* model) {
  delete model;
}
int metriplex_dimension(const metriplex_model* model) {
  return on(model, [](const auto& m) { return m.dimension(); });
}
int metriplex_given(const metriplex_model* model) {
  return on(model, [](const auto& m) { return m.given(); });
}
const char* metriplex_make(const metriplex_model* model) {
  return guarded([&] {
    require(model != nullptr, "expected a model, got a null pointer");
    return model->make.data();
  });
}
const char* metriplex_component(const metriplex_model* model, int index) {
  return guarded([&]() -> const char* {
    require(model != nullptr, "expected a model, got a null pointer");
    const auto count = static_cast<int>(model->components.size());
    require(index >= 0 && index < count,
            {"expected one of the ", count, " components that the model's file names, got ", index});
    return model->components[static_cast<std::size_t>(index)].c_str();
  });
}
const char* metriplex_known_make(int index) {
  const auto& makes = c_api::makes();
  return index >= 0 && static_cast<std::size_t>(index) < makes.size()
             ? makes[static_cast<std::size_t>(index)].name.data()
             : nullptr;
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
int metriplex_entropy(const metriplex_model* model, int points, const double* x, double* entropies) {
  return on(
      model, [&](const auto& m) { m.entropy(points, x, entropies); }, x, entropies);
}
int metriplex_rollout(const metriplex_model* model, int samples, const double* times, double* x,
                      int substeps) {
  return on(
      model, [&](const auto& m) { m.rollout(samples, times, x, substeps); }, times, x);
}
int metriplex_step(const metriplex_model* model, double* x, double dt, int steps) {
  return on(
      model, [&](const auto& m) { m.step(x, dt, steps); }, x);
}

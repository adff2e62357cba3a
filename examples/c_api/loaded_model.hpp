#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "metriplex/io/load_any.hpp"
#include "metriplex_c.h"

/// What the C functions do, whatever the make of the model.
struct metriplex_model {
  std::string_view make;                ///< its name
  std::vector<std::string> components;  ///< names of a state's, as the file tells

  virtual ~metriplex_model() = default;
  virtual int dimension() const = 0;
  virtual int given() const = 0;
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
  virtual void entropy(int points, const double* x, double* entropies) const = 0;
  virtual void step(double* x, double dt, int steps) const = 0;
  virtual void rollout(int samples, const double* times, double* x, int substeps) const = 0;
};

namespace metriplex::c_api {

/// A make of models that the library is built with; each is a unit of its own (make.cpp), which notes it when the library is loaded.
struct Make {
  std::string_view name;
  bool (*is_of)(const TensorFile&);
  metriplex_model* (*load)(TensorFile, const std::filesystem::path&);
};

/// Lists the makes that there are.
std::vector<Make>& makes();

}  // namespace metriplex::c_api

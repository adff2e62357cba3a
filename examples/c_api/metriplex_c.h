/* Trained models for every language that can call C: load one, adapt it to the system at hand, evaluate and step it.
 *
 * Errors: a function that fails returns NULL or -1, changes nothing, and metriplex_error() says in one line what was
 * expected and what came.
 * Arrays hold doubles, one point after another: [points][dimension]. A model may be used by one thread at a time;
 * different models by different threads. */
#ifndef METRIPLEX_C_H
#define METRIPLEX_C_H

#ifdef _WIN32
#define METRIPLEX_C __declspec(dllexport)
#else
#define METRIPLEX_C __attribute__((visibility("default")))
#endif

#ifdef __cplusplus
extern "C" {
#endif

/* A family of systems, and the member that it is adapted to: at first, the mean of those it was trained on. */
typedef struct metriplex_model metriplex_model;

/* How an adaptation ended. */
enum {
  METRIPLEX_CONVERGED = 0,
  METRIPLEX_STOPPED = 1, /* after all iterations, before it converged */
  METRIPLEX_POOR = 2,    /* no member explains the measurements to the expected noise */
  METRIPLEX_OUTSIDE = 3  /* one does, unlike all that the model was trained on: it may be wrong elsewhere */
};

/* The present thread's last error. */
METRIPLEX_C const char* metriplex_error(void);

/* Loads a model that meta_train wrote. Errors: a file that cannot be read, a model of a make that was not built in. */
METRIPLEX_C metriplex_model* metriplex_load(const char* path);
METRIPLEX_C void metriplex_free(metriplex_model* model);

/* Names make `index`, from 0, of those that the library is built with (METRIPLEX_C_MAKES), or NULL after the last; and that of a model. */
METRIPLEX_C const char* metriplex_known_make(int index);
METRIPLEX_C const char* metriplex_make(const metriplex_model* model);

METRIPLEX_C int metriplex_dimension(const metriplex_model* model); /* components of a state */
METRIPLEX_C int metriplex_given(const metriplex_model* model);     /* the last of them that are given: inputs, or the time */
/* Names a component, from 0, as the model's file does. Errors: a file that names none. */
METRIPLEX_C const char* metriplex_component(const metriplex_model* model, int index);
METRIPLEX_C int metriplex_latent(const metriplex_model* model);    /* dimensions of the latent */

/* Identifies a system from measured pairs: x, dx [shots][dimension]; returns how that ended, and moves the model there.
 * noise: what errors to expect, relative to the rates' size; 0 for the default. weights [shots][dimension], of which
 * those that are 0 are missing, or NULL. */
METRIPLEX_C int metriplex_adapt(metriplex_model* model, int shots, const double* x, const double* dx, const double* weights, double noise);
/* Likewise from states alone: times [samples], increasing, x [samples][dimension]; noise relative to the states' spread. */
METRIPLEX_C int metriplex_adapt_states(metriplex_model* model, int samples, const double* times, const double* x, double noise);

/* Takes one measurement of a stream more; noise [dimension], the deviations of dx, counts in the first after a reset. Moves
 * the model there. Returns 1 while the system seems to be none of the family, else 0. */
METRIPLEX_C int metriplex_update(metriplex_model* model, const double* x, const double* dx, const double* noise);
METRIPLEX_C int metriplex_reset(metriplex_model* model);

/* What a stream seems to be. */
enum {
  METRIPLEX_LEARNING = 0,      /* a member of the family, not known for long */
  METRIPLEX_FOLLOWING = 1,     /* a member of the family */
  METRIPLEX_RECONSIDERING = 2, /* it surprises: the latent is provisional, for up to 18 measurements */
  METRIPLEX_OUT_OF_FAMILY = 3  /* none of the family */
};
METRIPLEX_C int metriplex_stream_status(const metriplex_model* model);
/* Counts how often the system became another member of the family since the last reset. */
METRIPLEX_C int metriplex_changes(const metriplex_model* model);
/* Reads how far the last measurement was from what was expected of it, chi-square with as many degrees of freedom as are
 * returned, and what it counted: 1, less for an outlier, and 0, with 0 returned, where nothing was taken (NaN). */
METRIPLEX_C int metriplex_innovation(const metriplex_model* model, double* square, double* weight);

/* Reads, or sets, the latent [latent]; its covariance [latent][latent], zero where the latent was set. */
METRIPLEX_C int metriplex_get_latent(const metriplex_model* model, double* z);
METRIPLEX_C int metriplex_set_latent(metriplex_model* model, const double* z);
METRIPLEX_C int metriplex_get_covariance(const metriplex_model* model, double* covariance);

/* Evaluates the field, dx [points][dimension], the energy or the entropy, [points], at x [points][dimension]. Errors: a model without. */
METRIPLEX_C int metriplex_field(const metriplex_model* model, int points, const double* x, double* dx);
METRIPLEX_C int metriplex_energy(const metriplex_model* model, int points, const double* x, double* energies);
METRIPLEX_C int metriplex_entropy(const metriplex_model* model, int points, const double* x, double* entropies);

/* Steps a state x [dimension] in place, `steps` times by dt, by a scheme that keeps the model's laws: the implicit midpoint
 * rule, or with friction the discrete gradient. */
METRIPLEX_C int metriplex_step(const metriplex_model* model, double* x, double dt, int steps);
/* Predicts a motion by the same schemes at times [samples], `substeps` steps from one to the next, from the state in the first row of x
 * [samples][dimension] on, into the rows after; given components are read from every row, and held until the next. */
METRIPLEX_C int metriplex_rollout(const metriplex_model* model, int samples, const double* times, double* x, int substeps);

#ifdef __cplusplus
}
#endif

#endif

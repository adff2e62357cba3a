#!/usr/bin/env bash
# GSL 2.7.1 (Debian 12, libgsl-dev 2.7.1+dfsg-5+deb12u1), gsl_odeiv2_driver_apply_fixed_step with the implicit Gauss methods: the
# tolerance of the driver, which refuses steps whose error it exceeds, also says when Newton's method stops. Where it is wide enough
# for a step to pass, the equations of the step are solved no better:
# - rk2imp, the implicit midpoint rule, loses energy steadily on a pendulum in steps of 0.1, whatever the tolerance: the one at which
#   Newton's method would do better refuses the steps. With gsl_odeiv2_step_apply, which does not, its energy swings and stays.
# - rk4imp at the tolerance 1e-6 is worse the smaller the steps are: a quarter of the step, nine times the error.
# Expected: a symplectic method in equal steps keeps the energy near, and smaller steps do not make the answer worse.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
for package in libgsl-dev libgsl27 libgslcblas0; do apt-get -qq download "$package=2.7.1+dfsg-5+deb12u1" 2>/dev/null; done
for file in *.deb; do dpkg -x "$file" root; done
cat >pendulum.c <<'C'
#include <gsl/gsl_errno.h>
#include <gsl/gsl_odeiv2.h>
#include <gsl/gsl_version.h>
#include <math.h>
#include <stdio.h>
static int rate(double t, const double y[], double dydt[], void* none) {
  dydt[0] = y[1];
  dydt[1] = -sin(y[0]);
  return GSL_SUCCESS;
}
static int jacobian(double t, const double y[], double* dfdy, double dfdt[], void* none) {
  dfdy[0] = dfdt[0] = dfdt[1] = dfdy[3] = 0;
  dfdy[1] = 1;
  dfdy[2] = -cos(y[0]);
  return GSL_SUCCESS;
}
static gsl_odeiv2_system pendulum = {rate, jacobian, 2, NULL};

/* The motion from rest at 1.5: by the driver, or step by step, which compares no error. 0 if no step was refused. */
static int motion(const gsl_odeiv2_step_type* type, double tolerance, double h, long steps, int driven, double y[]) {
  gsl_odeiv2_driver* driver = gsl_odeiv2_driver_alloc_y_new(&pendulum, type, h, tolerance, 0);
  double t = 0, error[2];
  int status = GSL_SUCCESS;
  y[0] = 1.5, y[1] = 0;
  if (driven)
    status = gsl_odeiv2_driver_apply_fixed_step(driver, &t, h, steps, y);
  else
    for (long i = 0; i < steps && status == GSL_SUCCESS; ++i)
      status = gsl_odeiv2_step_apply(driver->s, i * h, h, y, error, NULL, NULL, &pendulum);
  gsl_odeiv2_driver_free(driver);
  return status;
}
static void energies(const char* how, double tolerance, int driven) {
  printf("rk2imp, %s, tolerance %.0e, change of the energy after 1000, 10000, 100000 steps:", how, tolerance);
  for (long steps = 1000; steps <= 100000; steps *= 10) {
    double y[2];
    if (motion(gsl_odeiv2_step_rk2imp, tolerance, 0.1, steps, driven, y) != GSL_SUCCESS)
      printf(" refused");
    else
      printf(" %.1e", y[1] * y[1] / 2 - cos(y[0]) + cos(1.5));
  }
  printf("\n");
}
int main(void) {
  double exact[2], y[2];
  gsl_set_error_handler_off();
  printf("GSL %s\n", gsl_version);
  energies("driver", 1e-2, 1);
  energies("driver", 2e-4, 1);
  energies("driver", 5e-5, 1);
  energies("step by step", 1e-10, 0);
  motion(gsl_odeiv2_step_rk8pd, 1, 0.001, 5000, 0, exact);
  for (int driven = 1; driven >= 0; --driven) {
    printf("rk4imp, %s, error after 50, 100, 200 steps to t = 5:", driven ? "driver, tolerance 1e-06" : "step by step, tolerance 1e-10");
    for (long steps = 50; steps <= 200; steps *= 2) {
      motion(gsl_odeiv2_step_rk4imp, driven ? 1e-6 : 1e-10, 5.0 / steps, steps, driven, y);
      printf(" %.1e", hypot(y[0] - exact[0], y[1] - exact[1]));
    }
    printf("\n");
  }
  return 0;
}
C
libraries=root/usr/lib/$(gcc -print-multiarch)
gcc -Iroot/usr/include pendulum.c -L"$libraries" -lgsl -lgslcblas -lm -o pendulum
seen=$(LD_LIBRARY_PATH=$libraries ./pendulum)
echo "$seen"
[ "$seen" = "GSL 2.7.1
rk2imp, driver, tolerance 1e-02, change of the energy after 1000, 10000, 100000 steps: -5.7e-04 -6.3e-03 -6.0e-02
rk2imp, driver, tolerance 2e-04, change of the energy after 1000, 10000, 100000 steps: -5.7e-04 -6.3e-03 -6.0e-02
rk2imp, driver, tolerance 5e-05, change of the energy after 1000, 10000, 100000 steps: refused refused refused
rk2imp, step by step, tolerance 1e-10, change of the energy after 1000, 10000, 100000 steps: 6.6e-05 2.0e-07 4.4e-06
rk4imp, driver, tolerance 1e-06, error after 50, 100, 200 steps to t = 5: 1.2e-08 2.9e-08 1.1e-07
rk4imp, step by step, tolerance 1e-10, error after 50, 100, 200 steps to t = 5: 2.2e-08 1.4e-09 8.6e-11" ]

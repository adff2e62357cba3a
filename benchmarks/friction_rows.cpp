#include "friction_rows.hpp"

#include "train_row.hpp"

namespace metriplex::bench {

void add_friction_rows(Plan& plan) {
  plan.rows.push_back(train_row<FrictionFamily<Svd<5>, double>>("train_step/f64/w64/svd/tgc/70x64", 70, 64));
  plan.rows.push_back(train_row<FrictionFamily<Svd<5>, float>>("train_step/f32/w64/svd/tgc/70x64", 70, 64));
}

}  // namespace metriplex::bench

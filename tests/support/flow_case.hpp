#pragma once

#include <type_traits>

#include "metriplex/model/model.hpp"
#include "metriplex/modulation/none.hpp"
#include "metriplex/structure/generic.hpp"

// A small model whose field sweeps integrate, and its field at dual numbers.

namespace metriplex::test {

using Flow = Model<Generic<3, 1>,
                   Networks<Mlp<Tanh, 3, 5, 1>, Mlp<Tanh, 3, 4, Generic<3, 1>::networks[1].outputs>>, None>;

/// The field at dual numbers, by its Jacobian.
template <class T>
Vector<T, 3> field_at(const Flow::Bound& field, const Vector<T, 3>& x) {
  const auto value = [](const T& number) {
    if constexpr (std::is_same_v<T, double>)
      return number;
    else
      return number.value;
  };
  const Flow::Bound::State at{{value(x[0]), value(x[1]), value(x[2])}};
  const Vector<double, 3> f = field(at);
  Flow::Bound::Jacobian jacobian;
  field.jacobian(at, jacobian);
  Vector<T, 3> result;
  for (int i = 0; i < 3; ++i) {
    result[i] = T(f[i]);
    for (int j = 0; j < 3; ++j) result[i] += jacobian(i, j) * (x[j] - at[j]);
  }
  return result;
}

}  // namespace metriplex::test

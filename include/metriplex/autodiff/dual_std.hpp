#pragma once

#include <algorithm>
#include <cmath>

#include "metriplex/autodiff/dual_math.hpp"

// A call of `std::sin(x)` looks nowhere but into std, and an energy written so says 80 lines about overloads that a dual
// number does not fit, none of them of use. No trait or concept can see it coming, since a lambda's body is compiled to
// learn its type. So std gets our overloads, which fit dual numbers only, as complex numbers have theirs there.
namespace std {

using metriplex::abs, metriplex::acos, metriplex::acosh, metriplex::asin, metriplex::asinh, metriplex::atan,
    metriplex::atan2, metriplex::atanh, metriplex::cbrt, metriplex::ceil, metriplex::copysign, metriplex::cos,
    metriplex::cosh, metriplex::erf, metriplex::erfc, metriplex::exp, metriplex::exp2, metriplex::expm1,
    metriplex::fabs, metriplex::fdim, metriplex::floor, metriplex::fma, metriplex::fmax, metriplex::fmin,
    metriplex::fmod, metriplex::hypot, metriplex::isfinite, metriplex::isinf, metriplex::isnan,
    metriplex::isnormal, metriplex::lerp, metriplex::lgamma, metriplex::log, metriplex::log10,
    metriplex::log1p, metriplex::log2, metriplex::max, metriplex::min, metriplex::pow, metriplex::remainder,
    metriplex::round, metriplex::signbit, metriplex::sin, metriplex::sinh, metriplex::sqrt, metriplex::tan,
    metriplex::tanh, metriplex::tgamma, metriplex::trunc;

}  // namespace std

#include "work.hpp"

namespace metriplex::show {

double Work::order(double floor) const {
  for (std::size_t i = points.size(); i-- > 1;)
    if (points[i].error > floor)
      return std::log(points[i - 1].error / points[i].error) / std::log(points[i - 1].dt / points[i].dt);
  return std::numeric_limits<double>::quiet_NaN();
}

double Work::evaluations_for(double error) const {
  for (std::size_t i = 1; i < points.size(); ++i)
    if (points[i].error <= error && points[i - 1].error > error) {
      const double part =
          std::log(points[i - 1].error / error) / std::log(points[i - 1].error / points[i].error);
      return points[i - 1].evaluations * std::pow(points[i].evaluations / points[i - 1].evaluations, part);
    }
  return std::numeric_limits<double>::quiet_NaN();
}

}  // namespace metriplex::show

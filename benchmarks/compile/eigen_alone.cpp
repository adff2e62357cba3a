// The least that a program with Eigen does: what the compile time of the quickstart is compared with.
#include <Eigen/Core>

int main() {
  const Eigen::MatrixXd a = Eigen::MatrixXd::Random(8, 8), b = Eigen::MatrixXd::Random(8, 8);
  const Eigen::MatrixXd c = a * b;
  return c(0, 0) > 0;
}

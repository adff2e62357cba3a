#include "metriplex/adapt/chi_square.hpp"

#include "support/catch.hpp"
#include "support/error_text.hpp"

using namespace metriplex;

// From SciPy 1.x: scipy.stats.chi2.cdf, sf and ppf.
TEST_CASE("both sides of a chi-square distribution are SciPy's", "[adapt][chi_square]") {
  struct Truth {
    double freedom, x, below, above;
  };
  for (const Truth& t : {Truth{1, 1e-08, 7.9788455947305724e-05, 9.9992021154405264e-01},
                         Truth{1, 3.841458820694124, 9.5000000000000007e-01, 4.9999999999999892e-02},
                         Truth{2, 5.99, 9.4996337291341371e-01, 5.0036627086586287e-02},
                         Truth{3, 0.5, 8.1108588345324181e-02, 9.1889141165467580e-01},
                         Truth{5, 5, 5.8411981300449201e-01, 4.1588018699550788e-01},
                         Truth{10, 30, 9.9914335878922467e-01, 8.5664121077530097e-04},
                         Truth{50, 50, 5.2660153144365063e-01, 4.7339846855634937e-01},
                         Truth{250, 400, 9.9999999495914349e-01, 5.0408565473172862e-09},
                         Truth{2, 900, 1.0, 3.6938830684871615e-196},
                         Truth{1000, 1000, 5.0594714617076031e-01, 4.9405285382923964e-01},
                         Truth{0.5, 0.2, 6.0833884572896602e-01, 3.9166115427103398e-01},
                         Truth{4, 60, 9.9999999999709910e-01, 2.9008631203404573e-12}}) {
    INFO(t.freedom << " degrees of freedom at " << t.x);
    const ChiSquareSplit split = chi_square_split(t.x, t.freedom);
    CHECK(std::abs(split.below - t.below) <= 1e-12 * t.below);
    CHECK(std::abs(split.above - t.above) <= 1e-12 * t.above);
  }
  CHECK(chi_square_split(0, 3).below == 0);
  CHECK(chi_square_split(std::numeric_limits<double>::infinity(), 3).above == 0);
}

TEST_CASE("the two ways to compute a chi-square distribution meet", "[adapt][chi_square]") {
  for (const double freedom : {0.5, 1.0, 2.0, 7.0, 100.0}) {
    const double seam = freedom + 2, aside = 1e-9 * seam;
    const ChiSquareSplit left = chi_square_split(seam - aside, freedom),
                         right = chi_square_split(seam, freedom);
    CHECK(right.below > left.below);
    CHECK(right.below - left.below < aside);  // no density is above 1 there
  }
}

TEST_CASE("chi-square quantiles are SciPy's, and undo the distribution", "[adapt][chi_square]") {
  struct Truth {
    double probability, freedom, x;
  };
  for (const Truth& t :
       {Truth{1e-06, 1, 1.5707963267957187e-12}, Truth{0.05, 2, 1.0258658877510106e-01},
        Truth{0.5, 1, 4.5493642311957200e-01}, Truth{0.95, 1, 3.8414588206941240e+00},
        Truth{0.95, 2, 5.9914645471079790e+00}, Truth{0.99, 5, 1.5086272469388989e+01},
        Truth{0.99, 40, 6.3690739751564465e+01}, Truth{0.999, 100, 1.4944925277903886e+02},
        Truth{0.9998, 250, 3.3693393049949179e+02}, Truth{0.999999999, 3, 4.4841275388361254e+01}}) {
    INFO(t.probability << " of " << t.freedom << " degrees of freedom");
    const double x = chi_square_quantile(t.probability, t.freedom);
    CHECK(std::abs(x - t.x) <= 1e-11 * t.x);
    CHECK(std::abs(chi_square_split(x, t.freedom).below - t.probability) <= 1e-12 * t.probability);
  }
  CHECK(chi_square_quantile(0, 2) < 1e-300);
  CHECK(std::isinf(chi_square_quantile(1, 2)));
}

TEST_CASE("chi-square bounds of small probabilities are what is exceeded so seldom", "[adapt][chi_square]") {
  for (const double probability : {0.3, 1e-6, 1e-20, 1e-300})  // with two degrees of freedom, exp(−x/2)
    CHECK(std::abs(chi_square_bound(probability, 2) + 2 * std::log(probability)) <= 1e-11);
  CHECK(std::abs(chi_square_bound(5.0408565473172862e-09, 250) - 400) <= 1e-9);  // SciPy's, as above
  CHECK(std::abs(chi_square_bound(0.9, 2) + 2 * std::log(0.9)) <= 1e-12);
  CHECK(std::isinf(chi_square_bound(0, 2)));
}

TEST_CASE("chi-square distributions refuse what is none", "[adapt][chi_square]") {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  CHECK(one_line_with(error_text([] { (void)chi_square_split(1, 0); }), "degrees of freedom > 0"));
  CHECK(one_line_with(error_text([] { (void)chi_square_split(-1, 2); }), "a value >= 0"));
  CHECK(one_line_with(error_text([&] { (void)chi_square_split(nan, 2); }), "a value >= 0"));
  CHECK(one_line_with(error_text([] { (void)chi_square_quantile(1.5, 2); }), "a probability from 0 to 1"));
  CHECK(one_line_with(error_text([&] { (void)chi_square_quantile(nan, 2); }), "a probability from 0 to 1"));
  CHECK(one_line_with(error_text([&] { (void)chi_square_bound(nan, 2); }), "a probability from 0 to 1"));
}

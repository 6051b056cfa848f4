#pragma once

namespace musl {

/// A screen of pairs, each measured by several constructs; an interaction is
/// called by a one-sided t-test of the constructs' mean with an sd pooled over
/// all pairs, at a false discovery rate of Benjamini and Hochberg over the
/// pairs.
struct ScreenPlan {
  int n_pairs = 1;
  double share_hits = 0;  // expected share of interactions among the pairs
  double effect = 0;      // of an interaction; > 0 is the side that is tested
  double sd = 1;          // of one construct, the mean of its replicates
  int n_constructs = 1;   // of a pair
  double df = 1;          // degrees of freedom of the pooled sd
  double fdr = 0.1;
};

/// P(T > x) of Student's t with noncentrality `ncp`.
double upper_tail_t(double x, double df, double ncp);

/// The probability that an interaction is called, exact if pairs are
/// independent.
double screen_power(const ScreenPlan& plan);

}  // namespace musl

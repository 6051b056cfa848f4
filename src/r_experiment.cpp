#include <Rcpp.h>

#include <cstddef>
#include <vector>

#include "judge/cover.h"
#include "judge/power.h"

// `sets`: of each its elements, from 0.
// [[Rcpp::export(rng = false)]]
Rcpp::List cpp_greedy_cover(std::vector<std::vector<int>> sets,
                            std::vector<double> weights) {
  std::vector<std::vector<std::size_t>> elements;
  elements.reserve(sets.size());
  for (const auto& set : sets) elements.emplace_back(set.begin(), set.end());
  std::vector<int> chosen;
  std::vector<double> gained;
  for (const auto& step : musl::greedy_cover(elements, weights)) {
    chosen.push_back(static_cast<int>(step.set));
    gained.push_back(step.gained);
  }
  return Rcpp::List::create(Rcpp::Named("set") = chosen,
                            Rcpp::Named("gained") = gained);
}

// Columns of `plans` are fields of musl::ScreenPlan; one power a row.
// [[Rcpp::export(rng = false)]]
std::vector<double> cpp_screen_power(Rcpp::List plans) {
  const auto column = [&](const char* name) {
    return Rcpp::as<std::vector<double>>(plans[name]);
  };
  const auto n_pairs = column("n_pairs");
  const auto share_hits = column("share_hits");
  const auto effect = column("effect");
  const auto sd = column("sd");
  const auto n_constructs = column("n_constructs");
  const auto df = column("df");
  const auto fdr = column("fdr");
  std::vector<double> out;
  for (std::size_t i = 0; i < n_pairs.size(); ++i) {
    musl::ScreenPlan plan;
    plan.n_pairs = static_cast<int>(n_pairs[i]);
    plan.share_hits = share_hits[i];
    plan.effect = effect[i];
    plan.sd = sd[i];
    plan.n_constructs = static_cast<int>(n_constructs[i]);
    plan.df = df[i];
    plan.fdr = fdr[i];
    out.push_back(musl::screen_power(plan));
  }
  return out;
}

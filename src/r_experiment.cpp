#include <Rcpp.h>

#include <cstddef>
#include <vector>

#include "musl/cover.h"

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

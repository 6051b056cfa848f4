#include "features/expression_evidence.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include "store/cohorts.h"
#include "store/gene_columns.h"
#include "store/gene_store.h"

namespace musl {

std::vector<float> percentiles(const std::vector<float>& values) {
  std::vector<float> sorted;
  for (const float v : values) {
    if (!std::isnan(v)) sorted.push_back(v);
  }
  std::sort(sorted.begin(), sorted.end());
  std::vector<float> out(values.size(), kFloatNaN);
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (std::isnan(values[i])) continue;
    const auto range =
        std::equal_range(sorted.begin(), sorted.end(), values[i]);
    const auto below = static_cast<double>(range.first - sorted.begin());
    const auto upto = static_cast<double>(range.second - sorted.begin());
    out[i] = static_cast<float>((below + upto) / 2 /
                                static_cast<double>(sorted.size()));
  }
  return out;
}

std::vector<float> known_means(const std::vector<std::vector<float>>& columns,
                               std::int64_t n_genes, float otherwise) {
  std::vector<float> sum(at(n_genes), 0), n = sum;
  for (const auto& column : columns) {
    for (std::size_t g = 0; g < column.size(); ++g) {
      if (std::isnan(column[g])) continue;
      sum[g] += column[g];
      ++n[g];
    }
  }
  for (std::size_t g = 0; g < sum.size(); ++g) {
    sum[g] = n[g] > 0 ? sum[g] / n[g] : otherwise;
  }
  return sum;
}

ExpressionLevels expression_levels(const GeneStore& store) {
  ExpressionLevels out;
  for (const auto& cohort : store.part<Cohorts>()) {
    out.each.push_back(percentiles(cohort.mean));
  }
  for (const auto& column : store.part<GeneColumns>()) {
    if (column.role != "expression") continue;
    out.each.push_back(percentiles(column.value));
  }
  out.mean = known_means(out.each, store.n_genes);
  out.lowest.assign(at(store.n_genes), kFloatNaN);
  for (const auto& level : out.each) {
    for (std::size_t g = 0; g < level.size(); ++g) {
      out.lowest[g] = std::fmin(out.lowest[g], level[g]);
    }
  }
  return out;
}

}  // namespace musl

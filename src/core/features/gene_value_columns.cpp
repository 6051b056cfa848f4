#include <algorithm>
#include <cmath>
#include <utility>

#include "base/numbers.h"
#include "features/expression_evidence.h"
#include "features/pair_columns.h"

namespace musl {

namespace {

using Values = std::vector<float>;

/// The lower and higher of each column of a table per gene.
class GeneValueColumns : public ColumnGroup {
 public:
  explicit GeneValueColumns(const EvidenceStore& store) : store_(store) {
    for (const auto& column : store.genes) {
      if (column.role == "expression") continue;
      const bool is_fitness = column.role == "fitness" ||
                              column.role == "dependent" ||
                              column.role == "essential";
      add_both(column.name, is_fitness ? "fitness" : "gene_table",
               column.role == "dependent" ? 1 : 0);
      used_.push_back(&column.value);
    }
  }

  void write(std::int32_t a, std::int32_t b, float* out,
             PairFacts* /*facts*/) const override {
    for (const Values* value : used_) {
      out = write_both((*value)[at(a)], (*value)[at(b)], out);
    }
  }

 private:
  const EvidenceStore& store_;
  std::vector<const Values*> used_;
};

/// Means and standard deviations with their percentiles, and correlations, of
/// the cohorts; expression columns of the gene table provide means only.
class ExpressionColumns : public ColumnGroup {
 public:
  explicit ExpressionColumns(const EvidenceStore& store)
      : store_(store), summary_(expression_levels(store)) {
    auto percentile = summary_.each.begin();
    for (const auto& cohort : store.cohorts) {
      add_level("mean:" + cohort.name, cohort.mean, std::move(*percentile++),
                /*monotone_min=*/1);
      add_level("sd:" + cohort.name, cohort.sd, percentiles(cohort.sd),
                /*monotone_min=*/0);
    }
    for (const auto& column : store.genes) {
      if (column.role != "expression") continue;
      add_level("mean:" + column.name, column.value, std::move(*percentile++),
                /*monotone_min=*/1);
    }
    add_both("percentile_mean", "expression", 1);
    add_both("percentile_lowest", "expression", 1);
    for (const auto& cohort : store.cohorts) {
      add("pearson:" + cohort.name, "coexpression", true);
    }
    if (!store.cohorts.empty()) {
      add("pearson_mean", "coexpression", true);
      add("pearson_largest", "coexpression", true);
    }
  }

  void write(std::int32_t a, std::int32_t b, float* out,
             PairFacts* facts) const override {
    for (const Values& level : levels_) {
      out = write_both(level[at(a)], level[at(b)], out);
    }
    out = write_both(summary_.mean[at(a)], summary_.mean[at(b)], out);
    facts->expressed = out[-2];
    out = write_both(summary_.lowest[at(a)], summary_.lowest[at(b)], out);
    if (!store_.cohorts.empty()) write_correlations(a, b, out, facts);
  }

 private:
  void add_level(const std::string& name, const Values& values,
                 Values percentile, int monotone_min) {
    add_both(name, "expression", monotone_min);
    add_both("percentile:" + name, "expression", monotone_min);
    levels_.push_back(values);
    levels_.push_back(std::move(percentile));
  }

  void write_correlations(std::int32_t a, std::int32_t b, float* out,
                          PairFacts* facts) const {
    float sum = 0, n = 0, largest = PairFacts::kUnknown;
    for (const auto& cohort : store_.cohorts) {
      const float r = cohort.profile.product(a, b);
      *out++ = r;
      if (std::isnan(r)) continue;
      sum += r;
      ++n;
      largest = std::fmax(largest, r);
    }
    out[0] = facts->correlation = n > 0 ? sum / n : PairFacts::kUnknown;
    out[1] = largest;
  }

  const EvidenceStore& store_;
  std::vector<Values> levels_;
  ExpressionLevels summary_;  // but for `each`, which levels_ has
};

}  // namespace

std::unique_ptr<ColumnGroup> gene_columns(const EvidenceStore& store) {
  const bool any =
      std::any_of(store.genes.begin(), store.genes.end(),
                  [](const auto& x) { return x.role != "expression"; });
  if (!any) return nullptr;
  return std::make_unique<GeneValueColumns>(store);
}

std::unique_ptr<ColumnGroup> expression_columns(const EvidenceStore& store) {
  const bool any =
      std::any_of(store.genes.begin(), store.genes.end(),
                  [](const auto& x) { return x.role == "expression"; });
  if (!any && store.cohorts.empty()) return nullptr;
  return std::make_unique<ExpressionColumns>(store);
}

}  // namespace musl

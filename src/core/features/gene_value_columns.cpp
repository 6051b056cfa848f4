#include <algorithm>
#include <cmath>
#include <utility>

#include "base/numbers.h"
#include "features/expression_evidence.h"
#include "features/feature_group.h"
#include "features/related_genes.h"
#include "store/cohorts.h"

namespace musl {

namespace {

using Values = std::vector<float>;

/// The lower and higher of each column of a table per gene.
class GeneValueColumns : public PairColumns {
 public:
  explicit GeneValueColumns(const GeneStore& store) {
    for (const auto& column : store.part<GeneColumns>()) {
      if (column.role == "expression") continue;
      const bool is_fitness = column.role == "fitness" ||
                              column.role == "dependent" ||
                              column.role == "essential";
      add_both(column.name, is_fitness ? "fitness" : "gene_table",
               words_of(column), column.role == "dependent" ? 1 : 0);
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
  std::vector<const Values*> used_;
};

/// Means and standard deviations with their percentiles, and correlations, of
/// the cohorts; expression columns of the gene table provide means only.
class ExpressionColumns : public PairColumns {
 public:
  explicit ExpressionColumns(const GeneStore& store)
      : cohorts_(store.part<Cohorts>()), summary_(expression_levels(store)) {
    if (summary_.each.empty()) return;
    auto percentile = summary_.each.begin();
    for (const auto& cohort : cohorts_) {
      add_level("mean:", "mean expression in ", cohort.name, cohort.mean,
                std::move(*percentile++));
      add_level("sd:", "spread of expression in ", cohort.name, cohort.sd,
                percentiles(cohort.sd));
    }
    for (const auto& column : store.part<GeneColumns>()) {
      if (column.role != "expression") continue;
      add_level("mean:", "mean expression in ", column.name, column.value,
                std::move(*percentile++));
    }
    add_both("percentile_mean", "expression",
             "mean expression percentile over cohorts", 1);
    add_both("percentile_lowest", "expression",
             "lowest expression percentile over cohorts", 1);
    if (!cohorts_.empty()) add_correlations();
  }

  void write(std::int32_t a, std::int32_t b, float* out,
             PairFacts* facts) const override {
    for (const Values& level : levels_) {
      out = write_both(level[at(a)], level[at(b)], out);
    }
    out = write_both(summary_.mean[at(a)], summary_.mean[at(b)], out);
    facts->expressed = out[-2];
    out = write_both(summary_.lowest[at(a)], summary_.lowest[at(b)], out);
    if (!cohorts_.empty()) write_correlations(a, b, out, facts);
  }

 private:
  /// Means may only raise the score of the lower one.
  void add_level(const std::string& kind, const std::string& words,
                 const std::string& name, const Values& values,
                 Values percentile) {
    const int monotone_min = kind == "mean:" ? 1 : 0;
    add_both(kind + name, "expression", words + name, monotone_min);
    add_both("percentile:" + kind + name, "expression",
             "percentile of " + words + name, monotone_min);
    levels_.push_back(values);
    levels_.push_back(std::move(percentile));
  }

  void add_correlations() {
    const std::string group = "coexpression";
    const std::string words = "correlation of expression";
    for (const auto& cohort : cohorts_) {
      add("pearson:" + cohort.name, group, words + " in " + cohort.name);
    }
    add("pearson_mean", group, words + ", mean over cohorts");
    add("pearson_largest", group, words + ", largest of the cohorts");
  }

  void write_correlations(std::int32_t a, std::int32_t b, float* out,
                          PairFacts* facts) const {
    float sum = 0, n = 0, largest = PairFacts::kUnknown;
    for (const auto& cohort : cohorts_) {
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

  const Cohorts& cohorts_;
  std::vector<Values> levels_;
  ExpressionLevels summary_;  // but for `each`, which levels_ has
};

const bool kValuesAreRegistered =
    register_feature_group(
        {"genes", 70, nullptr, make_columns<GeneValueColumns>}) &&
    register_feature_group(
        {"expression", 90, nullptr, make_columns<ExpressionColumns>});

}  // namespace

}  // namespace musl

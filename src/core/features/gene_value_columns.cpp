#include <algorithm>
#include <cmath>
#include <utility>

#include "base/numbers.h"
#include "features/expression_evidence.h"
#include "features/feature_group.h"

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

const bool values_are_registered =
    register_feature_group(
        {"genes", 70, nullptr, make_columns<GeneValueColumns>}) &&
    register_feature_group(
        {"expression", 90, nullptr, make_columns<ExpressionColumns>});

}  // namespace

namespace {

/// 0 for unknown, so that no evidence and no data count alike.
float known(float x) { return std::isnan(x) ? 0 : x; }

float square_of_positive(float x) {
  const float positive = std::max(0.0F, known(x));
  return positive * positive;
}

/// 1 if the genes share a family of at most `size` genes.
float shares_family(const PairFacts& facts, float size) {
  return facts.family_smallest <= size ? 1 : 0;
}

}  // namespace

std::vector<EvidenceColumn> scaled_evidence_columns(const GeneStore& store) {
  std::vector<EvidenceColumn> out;
  const auto add = [&out](const char* name, const char* group,
                          const char* words) {
    out.push_back({std::string("evidence:") + name, group, /*of_pair=*/true,
                   /*monotone=*/0, /*evidence=*/true,
                   std::string(words) + " (scaled)"});
  };
  add("family_of_30", "families", "shared family of at most 30 genes");
  add("family_of_10", "families", "shared family of at most 10 genes");
  add("family_of_3", "families", "shared family of at most 3 genes");
  add("family_sum", "families", "shared families by inverse size");
  add("family_jaccard", "families", "share of families in common");
  add("module_sum", "modules", "shared modules by inverse size");
  add("module_shared", "modules", "number of shared modules");
  add("term_cosine", "annotation", "annotation similarity");
  add("term_max", "annotation", "information of the most specific shared term");
  add("term_sum", "annotation", "information of all shared terms");
  add("adamic_adar", "network", "shared neighbours (Adamic-Adar)");
  add("edge", "network", "edge in the network");
  add("word_containment", "sequence",
      "sequence similarity (shared words of 4 residues)");
  add("pearson_mean", "coexpression",
      "correlation of expression, mean over cohorts");
  add("expressed_family", "families", "shared small family, both expressed");
  if (!store.part<Paralogs>().empty()) {
    add("paralog_likeness", "sequence",
        "identity and coverage of the aligned proteins");
    add("closest_paralog", "sequence", "closest paralogs of each other");
    add("only_expressed_paralog", "sequence",
        "only paralog expressed, of either gene");
  }
  return out;
}

// Scales that weight each piece about by its hit rate in an unselected screen:
// small families and modules most.
void write_scaled_evidence(const PairFacts& facts, bool aligned, float* out) {
  const bool small = facts.family_smallest <= 100;
  *out++ = 3 * shares_family(facts, 30);
  *out++ = 3 * shares_family(facts, 10);
  *out++ = 3 * shares_family(facts, 3);
  *out++ = 5 * std::min(1.0F, known(facts.family_sum));
  *out++ = small ? 3 * known(facts.family_jaccard) : 0;
  *out++ = facts.module_sum > .02F ? 3 : 0;
  *out++ = std::min(3.0F, std::log1p(known(facts.module_shared)));
  *out++ = 4 * square_of_positive(facts.term_cosine);
  *out++ = std::clamp(known(facts.term_max) - 4, 0.0F, 5.0F);
  *out++ = .7F * std::clamp(std::log1p(known(facts.term_sum)) - 1, 0.0F, 6.0F);
  *out++ = std::min(4.0F, std::log1p(known(facts.adamic_adar)));
  *out++ = 3 * known(facts.edge);
  *out++ = 4 * std::min(.6F, known(facts.words));
  *out++ = 3 * square_of_positive(facts.correlation);
  *out++ = facts.expressed > kExpressed ? 3 * shares_family(facts, 10) : 0;
  if (!aligned) return;
  *out++ = 4 * known(facts.paralog_identity) * known(facts.paralog_coverage);
  // Each is the other's closest paralog.
  *out++ = facts.paralog_rank <= 1 ? 3 : 0;
  const bool only = facts.other_paralogs == 0 && facts.expressed > kExpressed;
  *out++ = only ? 3 : 0;
}

}  // namespace musl

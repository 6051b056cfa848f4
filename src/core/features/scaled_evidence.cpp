#include "features/scaled_evidence.h"

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include "features/expression_evidence.h"
#include "features/feature_group.h"
#include "store/paralogs.h"

namespace musl {

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

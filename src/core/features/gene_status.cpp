#include "musl/gene_status.h"

#include <algorithm>
#include <cmath>

#include "base/numbers.h"
#include "musl/gene_facts.h"

namespace musl {

namespace {

/// Marks the genes for which `known(gene)`.
template <class Known>
void mark(const Known& known, std::vector<std::uint8_t>* judged) {
  for (std::size_t g = 0; g < judged->size(); ++g) {
    if (known(static_cast<std::int32_t>(g))) (*judged)[g] = 1;
  }
}

void mark_values(const std::vector<float>& values,
                 std::vector<std::uint8_t>* judged) {
  if (values.empty()) return;
  mark([&](std::int32_t g) { return !std::isnan(values[at(g)]); }, judged);
}

std::vector<std::uint8_t> judged_genes(const EvidenceStore& store) {
  std::vector<std::uint8_t> judged(at(store.n_genes), 0);
  for (const auto* sets : {&store.terms, &store.families, &store.modules}) {
    if (sets->empty()) continue;
    mark([&](std::int32_t g) { return sets->count(g) > 0; }, &judged);
  }
  if (store.network.n_nodes() > 0) {
    mark([&](std::int32_t g) { return store.network.degree(g) > 0; }, &judged);
  }
  for (const auto& cohort : store.cohorts) mark_values(cohort.mean, &judged);
  for (const auto& column : store.genes) mark_values(column.value, &judged);
  return judged;
}

GeneStatus status_of(float dependent, float expressed, bool judged,
                     const StatusCuts& cuts) {
  if (!judged) return GeneStatus::not_judged;
  if (dependent > cuts.lethal_alone) return GeneStatus::lethal_alone;
  if (expressed < cuts.not_expressed) return GeneStatus::not_expressed;
  if (std::isnan(dependent)) return GeneStatus::unknown;
  return dependent > cuts.often_lethal ? GeneStatus::often_lethal
                                       : GeneStatus::selective;
}

/// Puts what a line expresses in the place of shares, where it is known.
void read_line(const LineExpression& lines, std::int32_t line,
               std::vector<float>* expressed) {
  if (line < 0) return;
  for (std::size_t g = 0; g < expressed->size(); ++g) {
    const float level = lines.level(static_cast<std::int32_t>(g), at(line));
    if (!std::isnan(level)) (*expressed)[g] = expressed_at(level);
  }
}

}  // namespace

GeneFacts gene_facts(const EvidenceStore& store, std::int32_t line) {
  GeneFacts facts{dependent_share(store), expressed_share(store),
                  judged_genes(store)};
  read_line(store.lines, line, &facts.expressed);
  mark_values(facts.dependent, &facts.judged);
  mark_values(facts.expressed, &facts.judged);
  return facts;
}

std::vector<GeneStatus> gene_status(const GeneFacts& facts,
                                    const StatusCuts& cuts) {
  std::vector<GeneStatus> out;
  out.reserve(facts.judged.size());
  for (std::size_t g = 0; g < facts.judged.size(); ++g) {
    out.push_back(status_of(facts.dependent[g], facts.expressed[g],
                            facts.judged[g] != 0, cuts));
  }
  return out;
}

int status_tier(GeneStatus status) {
  switch (status) {
    case GeneStatus::lethal_alone:
    case GeneStatus::not_expressed:
    case GeneStatus::not_judged:
      return 1;
    default:
      return 0;
  }
}

double status_handicap(GeneStatus status) {
  return status == GeneStatus::often_lethal ? 0.5 : 0;
}

}  // namespace musl

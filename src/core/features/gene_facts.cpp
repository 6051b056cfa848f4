#include "features/gene_facts.h"

#include <algorithm>
#include <cmath>

#include "features/expression_evidence.h"
#include "store/cohorts.h"
#include "store/gene_columns.h"
#include "store/gene_sets.h"
#include "store/gene_store.h"
#include "store/line_expression.h"
#include "store/network.h"

namespace musl {

namespace {

std::vector<float> expressed_by_level(const std::vector<float>& level) {
  std::vector<float> out;
  out.reserve(level.size());
  for (const float x : level) out.push_back(expressed_at(x));
  return out;
}

/// The highest of the columns of a role; NaN where none is known.
std::vector<float> highest_of(const GeneStore& store, const char* role) {
  std::vector<float> out(at(store.n_genes), kFloatNaN);
  for (const auto& column : store.part<GeneColumns>()) {
    if (column.role != role) continue;
    for (std::size_t g = 0; g < out.size(); ++g) {
      out[g] = std::fmax(out[g], column.value[g]);
    }
  }
  return out;
}

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

std::vector<std::uint8_t> judged_genes(const GeneStore& store) {
  std::vector<std::uint8_t> judged(at(store.n_genes), 0);
  for (const auto* sets :
       {&store.part<Terms>().sets, &store.part<Families>().sets,
        &store.part<Modules>().sets}) {
    if (sets->empty()) continue;
    mark([&](std::int32_t g) { return sets->count(g) > 0; }, &judged);
  }
  if (store.part<Network>().graph.n_nodes() > 0) {
    mark(
        [&](std::int32_t g) {
          return store.part<Network>().graph.degree(g) > 0;
        },
        &judged);
  }
  for (const auto& cohort : store.part<Cohorts>())
    mark_values(cohort.mean, &judged);
  for (const auto& column : store.part<GeneColumns>())
    mark_values(column.value, &judged);
  return judged;
}

/// Puts what a line expresses in the place of shares, where it is known.
void read_line(const LineExpression& lines, std::int32_t line,
               std::vector<float>* expressed) {
  const auto levels = lines.levels(line);
  for (std::size_t g = 0; g < levels.size(); ++g) {
    if (!std::isnan(levels[g])) (*expressed)[g] = expressed_at(levels[g]);
  }
}

/// The number of lines that shares are of, if they are few; else 0. Other data
/// may tell of genes that these lines lack.
int few_lines(const GeneStore& store, const std::vector<float>& expressed) {
  constexpr std::size_t kMany = 50;
  constexpr double kMostly = .9, kWhole = .01;
  const std::size_t n = store.part<LineExpression>().names.size();
  if (n == 0 || n >= kMany) return 0;
  double known = 0, whole = 0;
  for (const float share : expressed) {
    if (std::isnan(share)) continue;
    const double count = static_cast<double>(share) * static_cast<double>(n);
    ++known;
    if (std::abs(count - std::round(count)) < kWhole) ++whole;
  }
  return whole > kMostly * known ? static_cast<int>(n) : 0;
}

std::vector<float> sampled_share(const GeneStore& store) {
  std::vector<float> out(at(store.n_genes), kFloatNaN);
  for (const auto& cohort : store.part<Cohorts>()) {
    for (std::size_t g = 0; g < cohort.expressed.size(); ++g) {
      out[g] = std::fmax(out[g], cohort.expressed[g]);
    }
  }
  return out;
}

}  // namespace

float expressed_at(float level) {
  return 1 / (1 + std::exp(-3 * (level - kExpressedLevel)));
}

std::vector<float> expressed_share(const GeneStore& store) {
  std::vector<std::vector<float>> shares;
  for (const auto& cohort : store.part<Cohorts>())
    shares.push_back(cohort.expressed);
  for (const auto& column : store.part<GeneColumns>()) {
    if (column.role != "expression") continue;
    shares.push_back(expressed_by_level(column.value));
  }
  auto known = known_means(shares, store.n_genes);
  if (store.part<LineExpression>().expressed.empty()) return known;
  std::vector<float> out = store.part<LineExpression>().expressed;
  fill_unknown(known, &out);
  return out;
}

std::vector<float> dependent_share(const GeneStore& store) {
  std::vector<float> out = highest_of(store, "dependent");
  std::vector<float> essential = highest_of(store, "essential");
  for (float& flag : essential) {
    if (!std::isnan(flag)) flag = flag > .5F ? 1.0F : 0.0F;
  }
  fill_unknown(essential, &out);
  return out;
}

GeneFacts gene_facts(const GeneStore& store, std::int32_t line) {
  GeneFacts facts{dependent_share(store), expressed_share(store),
                  judged_genes(store), line >= 0};
  if (line < 0) facts.few_lines = few_lines(store, facts.expressed);
  facts.sampled = sampled_share(store);
  read_line(store.part<LineExpression>(), line, &facts.expressed);
  mark_values(facts.dependent, &facts.judged);
  mark_values(facts.expressed, &facts.judged);
  return facts;
}

}  // namespace musl

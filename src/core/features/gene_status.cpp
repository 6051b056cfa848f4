#include "musl/gene_status.h"

#include <algorithm>
#include <cmath>

#include "features/expression_evidence.h"

namespace musl {

namespace {

std::vector<float> expressed_by_level(const std::vector<float>& level) {
  std::vector<float> out;
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

constexpr double kHardlyExpressed = .1;
constexpr float kNearlyIdentical = .95F;

/// Whether the alignment of two proteins says that they are nearly the same.
bool align_alike(const Paralogs& paralogs, std::int32_t a, std::int32_t b) {
  if (paralogs.empty()) return false;
  const std::int64_t found = find_paralog(paralogs, a, b);
  return found >= 0 && paralogs.identity[at(found)] >= kNearlyIdentical &&
         paralogs.coverage[at(found)] >= kNearlyIdentical;
}

bool nearly_identical(const GeneStore& store, std::int32_t a, std::int32_t b) {
  if (align_alike(store.part<Paralogs>(), a, b)) return true;
  return !store.part<ProteinWords>().empty() &&
         word_containment(store.part<ProteinWords>(), a, b) >= kNearlyIdentical;
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
  const auto known = known_means(shares, store.n_genes);
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

std::vector<Doubt> label_doubts(const GeneStore& store, const PairSet& pairs) {
  check_pairs(pairs, store.n_genes);
  const auto share = expressed_share(store);
  std::vector<Doubt> out;
  for (std::size_t i = 0; i < pairs.a.size(); ++i) {
    const std::int32_t a = pairs.a[i], b = pairs.b[i];
    if (share[at(a)] < kHardlyExpressed && share[at(b)] < kHardlyExpressed) {
      out.push_back(Doubt::unexpressed);
    } else {
      out.push_back(nearly_identical(store, a, b) ? Doubt::identical
                                                  : Doubt::none);
    }
  }
  return out;
}

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

int status_of(const OneGeneFacts& gene) {
  int found = 0, precedence = 0;
  for (std::size_t k = 0; k < status_kinds().size(); ++k) {
    const StatusKind& kind = status_kinds()[k];
    if (kind.holds == nullptr || kind.precedence <= precedence) continue;
    if (!kind.holds(gene, kind.cut)) continue;
    found = static_cast<int>(k) + 1;
    precedence = kind.precedence;
  }
  return found;
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

GeneFacts gene_facts(const GeneStore& store, std::int32_t line) {
  GeneFacts facts{dependent_share(store), expressed_share(store),
                  judged_genes(store), line >= 0};
  read_line(store.part<LineExpression>(), line, &facts.expressed);
  mark_values(facts.dependent, &facts.judged);
  mark_values(facts.expressed, &facts.judged);
  return facts;
}

const std::vector<StatusKind>& status_kinds() {
  constexpr double kMost = .5, kNearlyAll = .9;
  // Expression may be known of few lines, dependence of many: what some lines
  // need, some express, such as PHOX2B in neuroblastoma.
  static constexpr double kNeededSomewhere = .004;
  // A handicap of half a unit was chosen on textbook pairs and held-out queries
  // of a screen: a tier of their own loses partners such as ENO1 of ENO2,
  // nothing at all fills a third of the first twenty places with such genes.
  static const std::vector<StatusKind> kinds{
      {"selective", 0, 0, kMost, 1,
       [](const OneGeneFacts& x, double cut) { return x.dependent <= cut; }},
      {"often_lethal", 0, .5, kMost, 2,
       [](const OneGeneFacts& x, double cut) { return x.dependent > cut; }},
      {"lethal_alone", 1, 0, kNearlyAll, 4,
       [](const OneGeneFacts& x, double cut) { return x.dependent > cut; }},
      {"not_expressed", 1, 0, kHardlyExpressed, 3,
       [](const OneGeneFacts& x, double cut) {
         return x.expressed < cut &&
                (x.in_line || !(x.dependent >= kNeededSomewhere));
       }},
      {"not_judged", 1, 0, 0, 5,
       [](const OneGeneFacts& x, double) { return !x.judged; }},
      {"rescued", 1},
      {"not_needed", 1}};
  return kinds;
}

StatusKind status_kind(int status) {
  return status == 0 ? StatusKind{} : status_kinds()[at(status - 1)];
}

int status_code(const std::string& name) {
  const auto& kinds = status_kinds();
  for (std::size_t k = 0; k < kinds.size(); ++k) {
    if (kinds[k].name == name) return static_cast<int>(k) + 1;
  }
  return 0;
}

std::vector<int> gene_status(const GeneFacts& facts) {
  std::vector<int> out;
  for (std::size_t g = 0; g < facts.judged.size(); ++g) {
    out.push_back(status_of({facts.dependent[g], facts.expressed[g],
                             facts.judged[g] != 0, facts.in_line}));
  }
  return out;
}

}  // namespace musl

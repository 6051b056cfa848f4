#include "features/gene_status.h"

#include "base/numbers.h"

namespace musl {

namespace {

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

/// Whether no line seems to express a gene. Expression may be known of few
/// lines, dependence of many: what some need, some express, such as PHOX2B in
/// neuroblastoma.
bool silent(const OneGeneFacts& x, double cut) {
  constexpr double kNeededSomewhere = .004;
  return x.expressed < cut && (x.in_line || !(x.dependent >= kNeededSomewhere));
}

/// Share of the samples of a cohort of many tissues: that of one of them.
constexpr double kExpressedSomewhere = .01;

}  // namespace

const std::vector<StatusKind>& status_kinds() {
  constexpr double kMost = .5, kNearlyAll = .9;
  // A handicap of half a unit was chosen on textbook pairs and held-out queries
  // of a screen: a tier of their own loses partners such as ENO1 of ENO2,
  // nothing at all fills a third of the first twenty places with such genes.
  static const std::vector<StatusKind> kinds{
      {"selective", 0, 0, kMost, 1,
       [](const OneGeneFacts& x, double cut) { return x.dependent <= cut; }},
      {"often_lethal", 0, .5, kMost, 2,
       [](const OneGeneFacts& x, double cut) { return x.dependent > cut; }},
      {"lethal_alone", 1, 0, kNearlyAll, 5,
       [](const OneGeneFacts& x, double cut) { return x.dependent > cut; }},
      {"restricted", 0, 0, kHardlyExpressed, 4,
       [](const OneGeneFacts& x, double cut) {
         return silent(x, cut) && !x.in_line && x.few_lines &&
                x.sampled >= kExpressedSomewhere;
       }},
      {"not_expressed", 1, 0, kHardlyExpressed, 3, &silent},
      {"not_judged", 1, 0, 0, 6,
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
    const double sampled = facts.sampled.empty() ? kNaN : facts.sampled[g];
    out.push_back(
        status_of({facts.dependent[g], facts.expressed[g], sampled,
                   facts.judged[g] != 0, facts.in_line, facts.few_lines > 0}));
  }
  return out;
}

}  // namespace musl

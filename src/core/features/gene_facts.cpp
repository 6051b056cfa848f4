#include "musl/gene_facts.h"

#include <cmath>

#include "base/numbers.h"
#include "features/protein_words.h"
#include "features/store_parts.h"

namespace musl {

namespace {

/// Adds the known values, and counts them.
void add_known(const std::vector<float>& value, std::vector<float>* sum,
               std::vector<float>* n) {
  for (std::size_t g = 0; g < value.size(); ++g) {
    if (std::isnan(value[g])) continue;
    (*sum)[g] += value[g];
    ++(*n)[g];
  }
}

std::vector<float> expressed_by_level(const std::vector<float>& level) {
  std::vector<float> out;
  out.reserve(level.size());
  for (const float x : level) out.push_back(expressed_at(x));
  return out;
}

/// The highest of the columns of a role; NaN where none is known.
std::vector<float> highest_of(const EvidenceStore& store, const char* role) {
  std::vector<float> out(at(store.n_genes), kFloatNaN);
  for (const auto& column : store.genes) {
    if (column.role != role) continue;
    for (std::size_t g = 0; g < out.size(); ++g) {
      out[g] = std::fmax(out[g], column.value[g]);
    }
  }
  return out;
}

/// Takes from `other` what is unknown.
void fill_unknown(const std::vector<float>& other, std::vector<float>* value) {
  for (std::size_t g = 0; g < value->size(); ++g) {
    if (std::isnan((*value)[g])) (*value)[g] = other[g];
  }
}

constexpr float kHardlyExpressed = .1F, kNearlyIdentical = .95F;

/// Whether the alignment of two proteins says that they are nearly the same.
bool align_alike(const Paralogs& paralogs, std::int32_t a, std::int32_t b) {
  if (paralogs.empty()) return false;
  const std::int64_t found = find_paralog(paralogs, a, b);
  return found >= 0 && paralogs.identity[at(found)] >= kNearlyIdentical &&
         paralogs.coverage[at(found)] >= kNearlyIdentical;
}

bool nearly_identical(const EvidenceStore& store, std::int32_t a,
                      std::int32_t b) {
  if (align_alike(store.paralogs, a, b)) return true;
  return !store.words.empty() &&
         word_containment(store.words, a, b) >= kNearlyIdentical;
}

}  // namespace

float expressed_at(float level) {
  return 1 / (1 + std::exp(-3 * (level - kExpressedLevel)));
}

std::vector<float> expressed_share(const EvidenceStore& store) {
  std::vector<float> sum(at(store.n_genes), 0), n = sum;
  for (const auto& cohort : store.cohorts)
    add_known(cohort.expressed, &sum, &n);
  for (const auto& column : store.genes) {
    if (column.role != "expression") continue;
    add_known(expressed_by_level(column.value), &sum, &n);
  }
  for (std::size_t g = 0; g < sum.size(); ++g) {
    sum[g] = n[g] > 0 ? sum[g] / n[g] : kFloatNaN;
  }
  if (store.lines.expressed.empty()) return sum;
  std::vector<float> out = store.lines.expressed;
  fill_unknown(sum, &out);
  return out;
}

std::vector<float> dependent_share(const EvidenceStore& store) {
  std::vector<float> out = highest_of(store, "dependent");
  std::vector<float> essential = highest_of(store, "essential");
  for (float& flag : essential) {
    if (!std::isnan(flag)) flag = flag > .5F ? 1.0F : 0.0F;
  }
  fill_unknown(essential, &out);
  return out;
}

std::vector<Doubt> label_doubts(const EvidenceStore& store,
                                const PairSet& pairs) {
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

}  // namespace musl

#include "features/label_doubts.h"

#include "base/numbers.h"
#include "features/gene_facts.h"
#include "store/gene_store.h"
#include "store/paralogs.h"
#include "store/protein_words.h"

namespace musl {

namespace {

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

}  // namespace musl

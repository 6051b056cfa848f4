#include <algorithm>
#include <cmath>

#include "base/numbers.h"
#include "features/gene_sets.h"
#include "features/pair_columns.h"
#include "features/protein_words.h"

namespace musl {

namespace {

constexpr float kNoFamily = 9999;  // size of the smallest shared one, if none

float number_of_sets(const GeneSets& sets, std::int32_t gene) {
  return static_cast<float>(sets.count(gene));
}

/// Shared terms by branch and of all branches.
class TermColumns : public ColumnGroup {
 public:
  explicit TermColumns(const EvidenceStore& store) : store_(store) {
    const std::string group = "annotation";
    for (const auto& branch : store.terms.branches) {
      add("term_sum:" + branch, group, true, 1);
      add("term_max:" + branch, group, true);
    }
    add("term_sum", group, true, 1);
    add("term_max", group, true);
    add("term_cosine", group, true, 1);
    add_both("terms", group);
  }

  void write(std::int32_t a, std::int32_t b, float* out,
             PairFacts* facts) const override {
    const GeneSets& terms = store_.terms;
    const std::size_t n = terms.branches.size();
    std::fill(out, out + 2 * n + 2, 0.0F);
    for_shared_sets(terms, a, b, [&](std::int32_t term) {
      const float bits = information(terms, term);
      const auto branch = at(terms.branch[at(term)]);
      for (float* sums : {out + 2 * branch, out + 2 * n}) {
        sums[0] += bits;
        sums[1] = std::max(sums[1], bits);
      }
    });
    facts->term_sum = out[2 * n];
    facts->term_max = out[2 * n + 1];
    facts->term_cosine = store_.term_rows.product(a, b);
    out[2 * n + 2] = facts->term_cosine;
    write_both(number_of_sets(terms, a), number_of_sets(terms, b),
               out + 2 * n + 3);
  }

 private:
  const EvidenceStore& store_;
};

class FamilyColumns : public ColumnGroup {
 public:
  explicit FamilyColumns(const EvidenceStore& store)
      : store_(store), smallest_(at(store.n_genes), PairFacts::kUnknown) {
    const std::string group = "families";
    add("family_shared", group, true, 1);
    add("family_jaccard", group, true, 1);
    add("family_smallest", group, true, -1);
    add("family_sum", group, true);
    add("family_cosine", group, true);
    add_both("family_size", group);
    add_both("family_twins", group);
    const GeneSets& sets = store.families;
    for (std::int64_t g = 0; g < store.n_genes; ++g) {
      for (auto k = sets.offset[at(g)]; k < sets.offset[at(g + 1)]; ++k) {
        smallest_[at(g)] =
            std::fmin(smallest_[at(g)], sets.size[at(sets.set[at(k)])]);
      }
    }
  }

  void write(std::int32_t a, std::int32_t b, float* out,
             PairFacts* facts) const override {
    const GeneSets& sets = store_.families;
    float shared = 0, smallest = kNoFamily, sum = 0;
    for_shared_sets(sets, a, b, [&](std::int32_t family) {
      ++shared;
      smallest = std::min(smallest, sets.size[at(family)]);
      sum += 1 / sets.size[at(family)];
    });
    const float either =
        number_of_sets(sets, a) + number_of_sets(sets, b) - shared;
    out[0] = shared;
    out[1] = facts->family_jaccard = either > 0 ? shared / either : 0;
    out[2] = facts->family_smallest = smallest;
    out[3] = facts->family_sum = sum;
    // Rows of genes without a family are rounding errors of unit length.
    const bool both = sets.count(a) > 0 && sets.count(b) > 0;
    out[4] = both ? store_.family_rows.product(a, b) : 0.0F;
    float* next = write_both(smallest_[at(a)], smallest_[at(b)], out + 5);
    write_both(store_.family_twins[at(a)], store_.family_twins[at(b)], next);
  }

 private:
  const EvidenceStore& store_;
  std::vector<float> smallest_;  // (G) size of a gene's smallest family
};

class ModuleColumns : public ColumnGroup {
 public:
  explicit ModuleColumns(const EvidenceStore& store)
      : store_(store), has_layout_(store.layout.cols() == 2) {
    const std::string group = "modules";
    if (!store.modules.empty()) {
      add("module_shared", group, true, 1);
      add("module_sum", group, true);
      add_both("modules", group);
    }
    if (has_layout_) add("layout_distance", group, true, -1);
  }

  void write(std::int32_t a, std::int32_t b, float* out,
             PairFacts* facts) const override {
    if (!store_.modules.empty()) out = write_shared(a, b, out, facts);
    if (has_layout_) {
      *out = (store_.layout.row(a) - store_.layout.row(b)).norm();
    }
  }

 private:
  float* write_shared(std::int32_t a, std::int32_t b, float* out,
                      PairFacts* facts) const {
    const GeneSets& sets = store_.modules;
    float shared = 0, sum = 0;
    for_shared_sets(sets, a, b, [&](std::int32_t module) {
      ++shared;
      sum += 1 / sets.size[at(module)];
    });
    out[0] = facts->module_shared = shared;
    out[1] = facts->module_sum = sum;
    return write_both(number_of_sets(sets, a), number_of_sets(sets, b),
                      out + 2);
  }

  const EvidenceStore& store_;
  bool has_layout_;
};

class WordColumns : public ColumnGroup {
 public:
  explicit WordColumns(const EvidenceStore& store) : store_(store) {
    add("word_containment", "sequence", true, 1);
  }
  void write(std::int32_t a, std::int32_t b, float* out,
             PairFacts* facts) const override {
    *out = facts->words = word_containment(store_, a, b);
  }

 private:
  const EvidenceStore& store_;
};

}  // namespace

std::unique_ptr<ColumnGroup> term_columns(const EvidenceStore& store) {
  if (store.terms.empty()) return nullptr;
  return std::make_unique<TermColumns>(store);
}

std::unique_ptr<ColumnGroup> family_columns(const EvidenceStore& store) {
  if (store.families.empty()) return nullptr;
  return std::make_unique<FamilyColumns>(store);
}

std::unique_ptr<ColumnGroup> module_columns(const EvidenceStore& store) {
  if (store.modules.empty() && store.layout.cols() != 2) return nullptr;
  return std::make_unique<ModuleColumns>(store);
}

std::unique_ptr<ColumnGroup> word_columns(const EvidenceStore& store) {
  if (store.word_offset.empty()) return nullptr;
  return std::make_unique<WordColumns>(store);
}

}  // namespace musl

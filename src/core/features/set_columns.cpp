#include <algorithm>
#include <cmath>
#include <limits>

#include "base/numbers.h"
#include "features/feature_group.h"
#include "features/store_parts.h"

namespace musl {

namespace {

constexpr float kNoFamily = 9999;  // size of the smallest shared one, if none

float number_of_sets(const GeneSets& sets, std::int32_t gene) {
  return static_cast<float>(sets.count(gene));
}

/// Shared terms by branch and of all branches.
class TermColumns : public PairColumns {
 public:
  explicit TermColumns(const GeneStore& store) : store_(store) {
    if (store.terms.empty()) return;
    const std::string group = "annotation";
    const std::string sum = "information of all shared terms";
    const std::string most = "information of the most specific shared term";
    for (const auto& branch : store.terms.branches) {
      add("term_sum:" + branch, group, sum + " of " + branch, 1);
      add("term_max:" + branch, group, most + " of " + branch);
    }
    add("term_sum", group, sum, 1);
    add("term_max", group, most);
    add("term_cosine", group, "annotation similarity", 1);
    add_both("terms", group, "number of terms");
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
  const GeneStore& store_;
};

class FamilyColumns : public PairColumns {
 public:
  explicit FamilyColumns(const GeneStore& store) : store_(store) {
    if (store.families.empty()) return;
    const std::string group = "families";
    add("family_shared", group, "number of shared families", 1);
    add("family_jaccard", group, "share of families in common", 1);
    add("family_smallest", group, "size of the smallest shared family", -1);
    add("family_sum", group, "shared families by inverse size");
    add("family_cosine", group, "family similarity");
    add_both("family_size", group, "size of the gene's smallest family");
    add_both("family_twins", group, "genes with the same families");
    smallest_ = smallest_sets(store.families);
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
  const GeneStore& store_;
  std::vector<float> smallest_;  // (G) size of a gene's smallest family
};

class ModuleColumns : public PairColumns {
 public:
  explicit ModuleColumns(const GeneStore& store)
      : store_(store), has_layout_(store.layout.cols() == 2) {
    const std::string group = "modules";
    if (!store.modules.empty()) {
      add("module_shared", group, "number of shared modules", 1);
      add("module_sum", group, "shared modules by inverse size");
      add_both("modules", group, "number of modules");
    }
    if (has_layout_) {
      add("layout_distance", group, "distance in the layout of modules", -1);
    }
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

  const GeneStore& store_;
  bool has_layout_;
};

class WordColumns : public PairColumns {
 public:
  explicit WordColumns(const GeneStore& store) : store_(store) {
    if (store.words.empty()) return;
    add("word_containment", "sequence",
        "sequence similarity (shared words of 4 residues)", 1);
  }
  void write(std::int32_t a, std::int32_t b, float* out,
             PairFacts* facts) const override {
    *out = facts->words = word_containment(store_.words, a, b);
  }

 private:
  const GeneStore& store_;
};

constexpr int kTermAxes = 128;
constexpr int kFamilyAxes = 64;
constexpr int kPathwayAxes = 32;
// A term of one gene relates no pair; a term of too many genes says little
// about a pair.
constexpr float kSmallestTerm = 2;
constexpr float kLargestTerm = 300;
constexpr float kAnySize = std::numeric_limits<float>::infinity();

UnitRows rows_of_sets(const GeneSets& sets, int axes, int bits,
                      std::uint64_t seed, int threads) {
  if (sets.empty()) return {};
  return make_unit_rows(gene_set_axes(sets, axes, seed, threads), bits);
}

/// Also of sets that tell of single genes alone.
void make_terms(const EvidenceInput& input, std::uint64_t seed, int threads,
                GeneStore* store) {
  const std::int64_t n = input.n_genes;
  const auto rows_of = [&](const GeneSets& sets, int axes) {
    return rows_of_sets(sets, axes, input.bits, seed, threads);
  };
  store->terms = make_gene_sets(input.terms, n, kSmallestTerm, kLargestTerm);
  store->term_rows = rows_of(store->terms, kTermAxes);
  const auto all_sets = [&](const GeneSetsInput& sets) {
    return make_gene_sets(sets, n, kSmallestTerm, kAnySize);
  };
  store->wide_rows = rows_of(all_sets(input.wide), kTermAxes);
  store->pathway_rows = rows_of(all_sets(input.pathways), kPathwayAxes);
}

void make_families(const EvidenceInput& input, std::uint64_t seed, int threads,
                   GeneStore* store) {
  store->families = make_gene_sets(input.families, input.n_genes, 1, kAnySize);
  if (store->families.empty()) return;
  store->family_rows =
      rows_of_sets(store->families, kFamilyAxes, input.bits, seed, threads);
  store->family_twins = count_twins(store->families);
}

void make_modules(const EvidenceInput& input, std::uint64_t /*seed*/,
                  int /*threads*/, GeneStore* store) {
  store->modules = make_gene_sets(input.modules, input.n_genes, 1, kAnySize);
  store->layout = input.layout;
}

void make_words(const EvidenceInput& input, std::uint64_t /*seed*/,
                int /*threads*/, GeneStore* store) {
  store->words = protein_words(input.sequences);
}

const bool sets_are_registered =
    register_feature_group(
        {"terms", 20, make_terms, make_columns<TermColumns>}) &&
    register_feature_group(
        {"families", 30, make_families, make_columns<FamilyColumns>}) &&
    register_feature_group(
        {"words", 40, make_words, make_columns<WordColumns>}) &&
    register_feature_group(
        {"modules", 60, make_modules, make_columns<ModuleColumns>});

}  // namespace

}  // namespace musl

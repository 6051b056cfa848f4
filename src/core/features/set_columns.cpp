#include <algorithm>
#include <cmath>

#include "base/numbers.h"
#include "features/feature_group.h"
#include "store/protein_words.h"
#include "store/shared_sets.h"

namespace musl {

namespace {

constexpr float kNoFamily = 9999;  // size of the smallest shared one, if none

float number_of_sets(const GeneSets& sets, std::int32_t gene) {
  return static_cast<float>(sets.count(gene));
}

/// Shared terms by branch and of all branches.
class TermColumns : public PairColumns {
 public:
  explicit TermColumns(const GeneStore& store) : terms_(store.part<Terms>()) {
    if (terms_.empty()) return;
    const std::string group = "annotation";
    const std::string sum = "information of all shared terms";
    const std::string most = "information of the most specific shared term";
    for (const auto& branch : terms_.sets.branches) {
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
    const GeneSets& terms = terms_.sets;
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
    facts->term_cosine = terms_.rows.product(a, b);
    out[2 * n + 2] = facts->term_cosine;
    write_both(number_of_sets(terms, a), number_of_sets(terms, b),
               out + 2 * n + 3);
  }

 private:
  const Terms& terms_;
};

class FamilyColumns : public PairColumns {
 public:
  explicit FamilyColumns(const GeneStore& store)
      : families_(store.part<Families>()) {
    if (families_.empty()) return;
    const std::string group = "families";
    add("family_shared", group, "number of shared families", 1);
    add("family_jaccard", group, "share of families in common", 1);
    add("family_smallest", group, "size of the smallest shared family", -1);
    add("family_sum", group, "shared families by inverse size");
    add("family_cosine", group, "family similarity");
    add_both("family_size", group, "size of the gene's smallest family");
    add_both("family_twins", group, "genes with the same families");
    smallest_ = smallest_sets(families_.sets);
  }

  void write(std::int32_t a, std::int32_t b, float* out,
             PairFacts* facts) const override {
    const GeneSets& sets = families_.sets;
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
    out[4] = both ? families_.rows.product(a, b) : 0.0F;
    float* next = write_both(smallest_[at(a)], smallest_[at(b)], out + 5);
    write_both(families_.twins[at(a)], families_.twins[at(b)], next);
  }

 private:
  const Families& families_;
  std::vector<float> smallest_;  // (G) size of a gene's smallest family
};

class ModuleColumns : public PairColumns {
 public:
  explicit ModuleColumns(const GeneStore& store)
      : sets_(store.part<Modules>().sets),
        layout_(store.part<Layout>().place),
        has_layout_(layout_.cols() == 2) {
    const std::string group = "modules";
    if (!sets_.empty()) {
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
    if (!sets_.empty()) out = write_shared(a, b, out, facts);
    if (has_layout_) {
      *out = (layout_.row(a) - layout_.row(b)).norm();
    }
  }

 private:
  float* write_shared(std::int32_t a, std::int32_t b, float* out,
                      PairFacts* facts) const {
    float shared = 0, sum = 0;
    for_shared_sets(sets_, a, b, [&](std::int32_t module) {
      ++shared;
      sum += 1 / sets_.size[at(module)];
    });
    out[0] = facts->module_shared = shared;
    out[1] = facts->module_sum = sum;
    return write_both(number_of_sets(sets_, a), number_of_sets(sets_, b),
                      out + 2);
  }

  const GeneSets& sets_;
  const Matrix& layout_;
  bool has_layout_;
};

class WordColumns : public PairColumns {
 public:
  explicit WordColumns(const GeneStore& store)
      : words_(store.part<ProteinWords>()) {
    if (words_.empty()) return;
    add("word_containment", "sequence",
        "sequence similarity (shared words of 4 residues)", 1);
  }
  void write(std::int32_t a, std::int32_t b, float* out,
             PairFacts* facts) const override {
    *out = facts->words = word_containment(words_, a, b);
  }

 private:
  const ProteinWords& words_;
};

const bool kSetsAreRegistered =
    register_feature_group({"terms", 20, nullptr, make_columns<TermColumns>}) &&
    register_feature_group(
        {"families", 30, nullptr, make_columns<FamilyColumns>}) &&
    register_feature_group({"words", 40, nullptr, make_columns<WordColumns>}) &&
    register_feature_group(
        {"modules", 60, nullptr, make_columns<ModuleColumns>});

}  // namespace

}  // namespace musl

#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <vector>

#include "base/pair_set.h"
#include "data/dataset.h"
#include "features/partner_evidence.h"
#include "model/model.h"
#include "store/gene_store.h"

namespace musl {

/// What to rank partners of one gene by if networks score them: a quarter of
/// the score, evidence of the pair, and that of its genes.
///
/// The weight of the score was chosen on development screens and textbook pairs
/// (bench/RESULTS.md, "One list for all anchors").
class ListOrder {
 public:
  /// Refers to both arguments.
  ///
  /// annotation  of the data's genes, whose partner_evidence() is added to that
  ///             of the pair; null for none
  ListOrder(const Dataset& data, const GeneStore* annotation);

  /// Whether evidence tells these SL pairs; test_evidence().
  [[nodiscard]] EvidenceTest test(const PairSet& sl, std::uint64_t seed,
                                  int threads) const;

  struct Values {
    std::vector<double> evidence;  // (N) of the pair
    std::vector<double> order;     // (N) NaN where the score is
  };

  /// score  (N) of the pairs
  /// go_on  asked now and then; CancelledError if it returns false
  [[nodiscard]] Values of(const PairSet& pairs,
                          const std::vector<double>& score, int threads,
                          const std::function<bool()>& go_on = {}) const;

 private:
  const Dataset& data_;
  const GeneStore* annotation_;
  PartnerEvidence evidence_;
};

/// Places of the 300 highest values of a list, highest first, ties by place;
/// NaN is left out.
[[nodiscard]] std::vector<std::size_t> list_shortlist(
    const std::vector<double>& order);

/// Networks that learned recorded pairs give the partners of any gene to
/// well-studied genes. So this ranks the shortlist of a list by what the score
/// has above its mean with some genes; all others stay behind the shortlist.
///
/// mean   (N) mean_scores() of each candidate; NaN: unknown, none is taken off.
///        Only those of the shortlist are read.
/// order  (N) of ListOrder
void take_off_means(const std::vector<double>& mean,
                    std::vector<double>* order);

using ScoreOfPairs = std::function<std::vector<double>(const PairSet&)>;

/// (genes) the mean score of each gene with the first 8 of `others`, NaN
/// without any.
[[nodiscard]] std::vector<double> mean_scores(
    const std::vector<std::int32_t>& genes, std::vector<std::int32_t> others,
    const ScoreOfPairs& score);

/// (genes * others) scores of each of `genes` with each of `others`, row by
/// row; NaN with itself.
[[nodiscard]] std::vector<double> cross_scores(
    const std::vector<std::int32_t>& genes,
    const std::vector<std::int32_t>& others, const ScoreOfPairs& score);

}  // namespace musl

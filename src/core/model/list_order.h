#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <vector>

#include "base/pair_set.h"
#include "features/partner_evidence.h"
#include "store/gene_store.h"

namespace musl {

/// Whether lists are ranked by more than the score; `relation`: only that part
/// of it is asked for.
enum class SumEvidence { never, if_it_tells, always, relation };

/// What Scorer::lists() ranks.
struct PartnerRequest {
  PairSet pairs;  // (N) a: the anchor, b: a candidate
  /// (R) distinct genes that lists are compared on, the same for all.
  std::vector<std::int32_t> reference;
  PairSet sl;              // known SL pairs
  std::uint64_t seed = 1;  // of the pairs that these are compared with
  SumEvidence sum = SumEvidence::if_it_tells;
  /// Annotation of the data's genes, whose evidence is added to that of the
  /// pair; must outlive the request. Null for none.
  const GeneStore* annotation = nullptr;
};

/// Whether evidence orders the lists of `request`: as it asks, or if evidence
/// tells its SL pairs.
[[nodiscard]] bool sums_evidence(const PartnerRequest& request,
                                 const PartnerEvidence& evidence, int threads);

/// Weight of the score beside evidence in the order of a list.
inline constexpr double kScoreBesideEvidence = .25;

/// What to rank partners of one gene by if scorers learned recorded pairs: a
/// quarter of the score, evidence of the pair, and that of its genes.
///
/// The weight of the score was chosen on development screens and textbook pairs
/// (bench/RESULTS.md, "One list for all anchors").
///
/// score  (N) of the pairs; NaN stays NaN
[[nodiscard]] std::vector<double> order_by_evidence(
    const EvidenceValues& evidence, const std::vector<double>& score);

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
/// order  (N) of order_by_evidence()
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

#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "musl/atlas.h"
#include "musl/dataset.h"
#include "musl/model.h"
#include "musl/pair_set.h"
#include "musl/partner_evidence.h"

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

struct ShortlistConfig {
  double top = 0.02;            // share of the pairs that passes
  std::int64_t pairs = 100000;  // to learn from
  std::int64_t test = 200000;   // to measure the recall on
  std::uint64_t seed = 0;
  int threads = 0;
};

/// How many of the model's best pairs pass the student.
struct ShortlistReport {
  double threshold = 0;  // of the student's score
  /// (G) of what orders lists of partners, with the student's score: infinity
  /// for genes that have no list.
  std::vector<double> list_threshold;
  std::int64_t n_training = 0;
  std::int64_t n_test = 0;    // with a score
  std::int64_t n_best = 0;    // the best .1 % of these
  std::int64_t n_passed = 0;  // those of n_best that pass
};

/// Shortlist of an atlas: the model scores only the pairs that a student ranks
/// in the best `top` of all or, with ListOrder if that orders lists, in the
/// best `top` / 2 of either gene, estimated on 500 of its pairs.
struct Shortlist {
  std::shared_ptr<const Student> student;
  ShortlistReport report;
};

/// Trains a student on pairs of `pool` and measures its recall.
///
/// The test pairs are sampled first, at random, and not used for training. Half
/// of the training pairs are sampled at random; the others are the best of
/// twenty times as many by a student trained on the first half, since only the
/// best pairs matter. Throws InputError if the pool is too small for training
/// pairs besides the test pairs.
///
/// order  what orders lists, null for the score
[[nodiscard]] Shortlist make_shortlist(const PairScorer& scorer,
                                       const StudentFeatures& features,
                                       const AtlasTile& pool,
                                       const ShortlistConfig& config,
                                       const Tick& tick = {},
                                       const ListOrder* order = nullptr);

/// 1 for the pairs that reach a threshold; `order` as in make_shortlist().
[[nodiscard]] std::vector<std::uint8_t> passes(
    const Shortlist& shortlist, const PairSet& pairs, int threads,
    const ListOrder* order = nullptr);

/// Writes or reads a file with a checksum, written completely or not at all;
/// FormatError if it is damaged or belongs to an atlas with another key.
void write_shortlist(const std::string& path, const std::string& key,
                     const Shortlist& shortlist);
[[nodiscard]] Shortlist read_shortlist(const std::string& path,
                                       const std::string& key,
                                       const StudentFeatures& features);
[[nodiscard]] ShortlistReport read_shortlist_report(const std::string& path,
                                                    const std::string& key);

}  // namespace musl

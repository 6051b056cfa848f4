#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "base/matrix.h"
#include "base/pair_set.h"
#include "data/dataset.h"
#include "data/preprocess.h"
#include "graph/csr_graph.h"

namespace musl {

/// Path scores of a pair in the training SL graph.
inline constexpr int kPartnerPaths = 2;
/// Number of parts of the training pairs, left out in turn.
inline constexpr int kPartnerFolds = 5;

/// Features of a pair from the known SL and non-SL partners of its genes.
///
/// Per direction, from gene a's partners to gene b: in each space the mean
/// similarity of b to a's SL partners and to a's non-SL partners; log1p of the
/// numbers of both; 1 if a has an SL partner. Zero without partners. Per pair:
/// log of the 2-step and 3-step path scores in the symmetrically normalised
/// graph of the known SL pairs. Copies share spaces and means.
class KnownPartners {
 public:
  /// No gene has a partner.
  KnownPartners() = default;
  /// spaces   with n_genes rows each
  /// known    labelled pairs, each once
  /// threads  0: all; no bit depends on it
  KnownPartners(GeneSpaces spaces, const PairSet& known, std::int64_t n_genes,
                int threads = 1);

  /// Whether the gene is in a known pair.
  [[nodiscard]] bool seen(std::int32_t gene) const {
    return !row_.empty() && row_[static_cast<std::size_t>(gene)] >= 0;
  }
  /// P, the number of columns of one direction.
  [[nodiscard]] int columns() const { return columns_; }
  /// 2 P + kPartnerPaths: from a to b, from b to a, paths.
  [[nodiscard]] int width() const { return 2 * columns_ + kPartnerPaths; }

  [[nodiscard]] int n_spaces() const {
    return static_cast<int>(spaces_.size());
  }
  [[nodiscard]] const GeneSpaces& spaces() const { return spaces_; }
  /// Cosine of two genes in space `space`, from 0; 0 if either row is zero.
  [[nodiscard]] float similarity(int space, std::int32_t a,
                                 std::int32_t b) const {
    const auto& rows = spaces_[static_cast<std::size_t>(space)].values;
    return rows.row(a).dot(rows.row(b));
  }
  /// Names of features(); {a} and {b} stand for the two genes.
  [[nodiscard]] std::vector<std::string> feature_names() const;

  /// Unscaled features of `pairs`, each with a <= b, (n, width()). Reentrant.
  void features(const PairSet& pairs, float* out) const;

 private:
  friend class OutOfFold;
  struct Means {
    Matrix sl, non_sl;  // (genes seen, F) mean rows of a gene's partners
  };
  /// Knows the partners of the genes with a 1 in `use` (G) alone: features() of
  /// other genes are as if they had none.
  KnownPartners(GeneSpaces spaces, const PairSet& known,
                const std::vector<std::uint8_t>& use, int threads);
  void direction(std::int32_t from, std::int32_t to, float* out) const;
  void count(const PairSet& known, const std::vector<std::uint8_t>& use);
  void add_means(const PairSet& known, int threads);

  int columns_ = 3;
  std::vector<std::int32_t> row_;  // of a gene in the means, -1 if not seen
  std::vector<float> n_sl_, n_non_sl_;
  GeneSpaces spaces_;
  std::shared_ptr<const std::vector<Means>> means_ =  // a space each
      std::make_shared<const std::vector<Means>>();
  CsrGraph paths_;  // D^-1/2 A D^-1/2 of the SL pairs
};

/// Number of columns of one direction over `n_spaces` spaces.
[[nodiscard]] int partner_columns(int n_spaces);

/// Features of known pairs, each computed without the fifth of the known pairs
/// that contains it, so that they do not leak its label. (Leaving out only the
/// pair would encode the label.) A hash of the pair selects the fifth.
class OutOfFold {
 public:
  OutOfFold() = default;
  /// asked  the pairs to compute; unknown pairs are left out
  OutOfFold(const GeneSpaces& spaces, const PairSet& known,
            const PairSet& asked, std::int64_t n_genes, int threads);

  /// Features of the pair, or null if the table lacks it.
  [[nodiscard]] const float* find(std::int32_t a, std::int32_t b) const;
  [[nodiscard]] const Matrix& features() const { return features_; }

 private:
  std::int64_t n_genes_ = 0;
  std::vector<std::int64_t> keys_;  // ascending
  Matrix features_;                 // a row a key
};

/// The known pairs used to score a pair: all of them or, if the pair is known,
/// those outside the fifth that contains it.
[[nodiscard]] PairSet known_for_pair(const PairSet& known, std::int32_t a,
                                     std::int32_t b, std::int64_t n_genes);

/// How the features of known partners are standardised.
struct PartnerScalers {
  Scaler partners;  // (P) columns of one direction
  Scaler paths;     // (kPartnerPaths)
};

/// Learns them from out-of-fold features of at most 20,000 of the training
/// pairs.
[[nodiscard]] PartnerScalers fit_partner_scalers(const GeneSpaces& spaces,
                                                 const PairSet& training,
                                                 std::int64_t n_genes,
                                                 int threads);

}  // namespace musl

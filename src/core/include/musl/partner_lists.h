#pragma once

#include <cstdint>
#include <vector>

#include "musl/model.h"
#include "musl/partner_evidence.h"

namespace musl {

/// Whether lists are ranked by more than the score; `relation`: only that part
/// of it is asked for.
enum class SumEvidence { never, if_it_tells, always, relation };

/// What partner_lists() ranks.
struct PartnerRequest {
  PairSet pairs;  // (N) a: the anchor, b: a candidate
  /// (R) distinct genes that lists are compared on, the same for all.
  std::vector<std::int32_t> reference;
  PairSet sl;              // known SL pairs
  std::uint64_t seed = 1;  // of the pairs that these are compared with
  SumEvidence sum = SumEvidence::if_it_tells;
  /// Annotation of the data's genes, whose partner_evidence() is added to that
  /// of the pair; must outlive the request. Null for none.
  const EvidenceStore* annotation = nullptr;
};

/// Scores of the pairs, of a network with the evidence of each as `relation`
/// where that orders lists, and what orders them.
struct PartnerLists : Prediction {
  bool combined = false;  // whether more than the score ranks
  /// (N) orders each list, highest first; NaN where the score is.
  std::vector<double> rank_by;
  /// (R A) of a network, scores of each of A anchors, in order of appearance,
  /// with the reference genes; NaN with itself.
  std::vector<double> reference;
  /// Whether evidence tells the model's SL pairs.
  EvidenceTest test;
};

/// Scores candidates by a model's networks and ranks them by the score or by
/// ListOrder, with take_off_means() over 8 reference genes.
///
/// Throws like Model::predict(), GeneError for an index outside the universe.
[[nodiscard]] PartnerLists partner_lists(const Model& model,
                                         const Dataset& data,
                                         const PartnerRequest& request,
                                         const PredictOptions& options,
                                         const EventSink& sink = {});

}  // namespace musl

#include <algorithm>

#include "features/pair_columns.h"
#include "musl/parallel.h"

namespace musl {

namespace {

constexpr std::int64_t kPairsABlock = 256;  // pairs a piece of work

using Groups = std::vector<std::unique_ptr<ColumnGroup>>;

void write_row(const Groups& groups, std::int32_t a, std::int32_t b,
               bool aligned, float* out) {
  PairFacts facts;
  for (const auto& group : groups) {
    group->write(std::min(a, b), std::max(a, b), out, &facts);
    out += group->columns().size();
  }
  write_scaled_evidence(facts, aligned, out);
}

}  // namespace

PairEvidence::PairEvidence(const EvidenceStore& store) : store_(store) {
  for (const auto make : {network_columns, term_columns, family_columns,
                          word_columns, paralog_columns, module_columns,
                          gene_columns, related_columns, expression_columns}) {
    if (auto group = make(store)) groups_.push_back(std::move(group));
  }
}

std::vector<EvidenceColumn> PairEvidence::columns() const {
  std::vector<EvidenceColumn> out;
  for (const auto& group : groups_) {
    out.insert(out.end(), group->columns().begin(), group->columns().end());
  }
  const auto scaled = scaled_evidence_columns(store_);
  out.insert(out.end(), scaled.begin(), scaled.end());
  return out;
}

Matrix PairEvidence::of(const PairSet& pairs, int threads) const {
  check_pairs(pairs, store_.n_genes);
  std::size_t width = scaled_evidence_columns(store_).size();
  const bool aligned = !store_.paralogs.empty();
  for (const auto& group : groups_) width += group->columns().size();
  Matrix out(pairs.size(), static_cast<Eigen::Index>(width));
  const std::int64_t n_blocks =
      (pairs.size() + kPairsABlock - 1) / kPairsABlock;
  parallel_for(n_blocks, threads, [&](std::int64_t block) {
    const std::int64_t end = std::min(pairs.size(), (block + 1) * kPairsABlock);
    for (std::int64_t i = block * kPairsABlock; i < end; ++i) {
      const auto k = static_cast<std::size_t>(i);
      write_row(groups_, pairs.a[k], pairs.b[k], aligned, out.row(i).data());
    }
  });
  return out;
}

std::vector<EvidenceColumn> evidence_columns(const EvidenceStore& store) {
  return PairEvidence(store).columns();
}

Matrix pair_evidence(const EvidenceStore& store, const PairSet& pairs,
                     int threads) {
  return PairEvidence(store).of(pairs, threads);
}

}  // namespace musl

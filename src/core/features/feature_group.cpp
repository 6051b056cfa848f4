#include "features/feature_group.h"

#include <algorithm>
#include <string>
#include <utility>

#include "base/error.h"
#include "base/parallel.h"
#include "features/evidence.h"
#include "features/scaled_evidence.h"
#include "store/paralogs.h"

namespace musl {

namespace {

constexpr std::int64_t kPairsABlock = 256;  // pairs a piece of work

using Groups = std::vector<std::unique_ptr<PairColumns>>;

// A function's static, because kinds register before main().
std::vector<FeatureGroup>& registry() {
  static std::vector<FeatureGroup> groups;
  return groups;
}

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

bool register_feature_group(FeatureGroup group) {
  auto& groups = registry();
  const auto place = std::upper_bound(
      groups.begin(), groups.end(), group, [](const auto& x, const auto& y) {
        return std::pair(x.place, x.name) < std::pair(y.place, y.name);
      });
  groups.insert(place, std::move(group));
  return true;
}

const std::vector<FeatureGroup>& feature_groups() { return registry(); }

PairEvidence::PairEvidence(const GeneStore& store) : store_(store) {
  for (const auto& group : feature_groups()) {
    if (group.columns == nullptr) continue;
    auto columns = group.columns(store);
    if (!columns->columns().empty()) groups_.push_back(std::move(columns));
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
  const bool aligned = !store_.part<Paralogs>().empty();
  for (const auto& group : groups_) width += group->columns().size();
  Matrix out(pairs.size(), static_cast<Eigen::Index>(width));
  parallel_blocks(pairs.size(), kPairsABlock, threads,
                  [&](std::int64_t first, std::int64_t last) {
                    for (std::int64_t i = first; i < last; ++i) {
                      const auto k = static_cast<std::size_t>(i);
                      write_row(groups_, pairs.a[k], pairs.b[k], aligned,
                                out.row(i).data());
                    }
                  });
  return out;
}

}  // namespace musl

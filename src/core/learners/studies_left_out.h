#pragma once

#include <cstdint>
#include <vector>

#include "judge/intervals.h"
#include "learners/measured_fit.h"
#include "learners/weigh_measured.h"
#include "store/gene_store.h"

namespace musl {

/// How the linear scorer of all other studies ranks the pairs of one.
struct LeftOutStudy {
  std::int32_t study = 0;  // of MeasuredPairs::studies
  AurocInterval auroc{};   // 95 %
};

/// Each study with ten hits and ten non-hits is ranked by the others, if their
/// other pairs hold fifty of each; at most 4,000 non-hits a study are drawn. A
/// study at chance was measured or labelled in another way than the rest. The
/// bits do not depend on `threads`.
[[nodiscard]] std::vector<LeftOutStudy> studies_left_out(
    const GeneStore& store, const MeasuredPairs& measured,
    const MeasuredConfig& config, std::uint64_t seed, int threads);

}  // namespace musl

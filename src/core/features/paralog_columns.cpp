#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include "base/numbers.h"
#include "features/expression_evidence.h"
#include "features/feature_group.h"
#include "store/paralogs.h"

namespace musl {

namespace {

constexpr float kNoParalog = 9999;  // rank where proteins do not align

/// Similarity of two proteins, the rank of either among the paralogs of the
/// other, and the number of either's other expressed paralogs, which might
/// substitute for it; unknown if either was not searched.
class ParalogColumns : public PairColumns {
 public:
  explicit ParalogColumns(const GeneStore& store)
      : paralogs_(store.part<Paralogs>()) {
    if (paralogs_.empty()) return;
    level_ = expression_levels(store).mean;
    const std::string group = "sequence";
    const std::string rank = "rank among the paralogs, ";
    add("paralog_identity", group, "identity of the aligned proteins", 1);
    add("paralog_coverage", group, "share of both proteins that align", 1);
    add("paralog_rank_best", group, rank + "better of the two", -1);
    add("paralog_rank_worst", group, rank + "worse of the two", -1);
    add_both("paralogs", group, "number of paralogs");
    add_both("other_expressed_paralogs", group,
             "number of other paralogs that are expressed");
  }

  void write(std::int32_t a, std::int32_t b, float* out,
             PairFacts* facts) const override {
    const float count_a = paralogs_.count[at(a)];
    const float count_b = paralogs_.count[at(b)];
    if (std::isnan(count_a) || std::isnan(count_b)) {
      std::fill(out, out + columns().size(), PairFacts::kUnknown);
      return;
    }
    const std::int64_t to_b = find_paralog(paralogs_, a, b);
    const std::int64_t to_a = find_paralog(paralogs_, b, a);
    const bool aligned = to_a >= 0 && to_b >= 0;
    out[0] = aligned ? paralogs_.identity[at(to_b)] : 0;
    out[1] = aligned ? paralogs_.coverage[at(to_b)] : 0;
    write_both(aligned ? paralogs_.rank[at(to_b)] : kNoParalog,
               aligned ? paralogs_.rank[at(to_a)] : kNoParalog, out + 2);
    write_both(count_a, count_b, out + 4);
    write_both(other_expressed(a, b), other_expressed(b, a), out + 6);
    facts->paralog_identity = out[0];
    facts->paralog_coverage = out[1];
    facts->paralog_rank = out[3];
    if (aligned) facts->other_paralogs = out[6];
  }

 private:
  /// Number of expressed paralogs of `gene` except `partner`; unknown if the
  /// expression of the gene is.
  [[nodiscard]] float other_expressed(std::int32_t gene,
                                      std::int32_t partner) const {
    if (std::isnan(level_[at(gene)])) return PairFacts::kUnknown;
    const auto first = paralogs_.gene.begin() + paralogs_.offset[at(gene)];
    const auto last = paralogs_.gene.begin() + paralogs_.offset[at(gene) + 1];
    return static_cast<float>(std::count_if(first, last, [&](auto other) {
      return other != partner && level_[at(other)] > kExpressed;
    }));
  }

  const Paralogs& paralogs_;
  std::vector<float> level_;  // (G) mean percentile of expression
};

const bool kParalogsAreRegistered = register_feature_group(
    {"paralogs", 50, nullptr, make_columns<ParalogColumns>});

}  // namespace

}  // namespace musl

#include <algorithm>
#include <cmath>

#include "base/numbers.h"
#include "evidence/pair_columns.h"
#include "evidence/paralogs.h"

namespace musl {

namespace {

constexpr float kNoParalog = 9999;  // rank where proteins do not align

/// How alike two proteins are, and where either stands among the paralogs of
/// the other; unknown where either was not searched.
class ParalogColumns : public ColumnGroup {
 public:
  explicit ParalogColumns(const EvidenceStore& store)
      : paralogs_(store.paralogs) {
    const std::string group = "sequence";
    add("paralog_identity", group, true, 1);
    add("paralog_coverage", group, true, 1);
    add("paralog_rank_best", group, true, -1);
    add("paralog_rank_worst", group, true, -1);
    add_both("paralogs", group);
  }

  void write(std::int32_t a, std::int32_t b, float* out,
             PairFacts* facts) const override {
    const float count_a = paralogs_.count[at(a)];
    const float count_b = paralogs_.count[at(b)];
    if (std::isnan(count_a) || std::isnan(count_b)) {
      std::fill(out, out + 6, PairFacts::kUnknown);
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
    facts->paralog_identity = out[0];
    facts->paralog_coverage = out[1];
    facts->paralog_rank = out[3];
  }

 private:
  const Paralogs& paralogs_;
};

}  // namespace

std::unique_ptr<ColumnGroup> paralog_columns(const EvidenceStore& store) {
  if (store.paralogs.empty()) return nullptr;
  return std::make_unique<ParalogColumns>(store);
}

}  // namespace musl

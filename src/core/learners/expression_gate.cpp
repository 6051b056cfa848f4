#include "learners/expression_gate.h"

#include <algorithm>
#include <cmath>

#include "base/numbers.h"
#include "features/gene_facts.h"
#include "store/gene_store.h"
#include "store/line_expression.h"

namespace musl {

namespace {

constexpr double kFloor = .02;
constexpr double kShareWeight = .25, kLevelWeight = .5;

}  // namespace

ExpressionGate::ExpressionGate(const GeneStore& store, std::int32_t line)
    : share_(expressed_share(store)),
      level_(store.part<LineExpression>().levels(line)) {
  const bool none = std::all_of(share_.begin(), share_.end(),
                                [](float share) { return std::isnan(share); });
  if (none) share_.clear();
}

ExpressionGate::Lower ExpressionGate::lower(std::int32_t a,
                                            std::int32_t b) const {
  if (!level_.empty()) {
    const float x = level_[at(a)], y = level_[at(b)];
    if (!std::isnan(x) && !std::isnan(y)) return {true, std::min(x, y)};
  }
  if (share_.empty()) return {false, kNaN};
  const float x = share_[at(a)], y = share_[at(b)];
  return {false, std::isnan(x) || std::isnan(y) ? kNaN : std::min(x, y)};
}

double ExpressionGate::of(std::int32_t a, std::int32_t b) const {
  if (share_.empty()) return 0;
  const Lower known = lower(a, b);
  if (known.in_line) {
    const double s = expressed_at(static_cast<float>(known.value));
    return kLevelWeight * std::log(kFloor + s);
  }
  const auto share = [&](std::int32_t gene) {
    const float s = share_[at(gene)];
    return std::isnan(s) ? .5 : static_cast<double>(s);
  };
  return kShareWeight * std::log(kFloor + std::min(share(a), share(b)));
}

}  // namespace musl

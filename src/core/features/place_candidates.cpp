#include "features/place_candidates.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <utility>

#include "base/numbers.h"
#include "features/gene_facts.h"
#include "store/gene_sets.h"
#include "store/gene_store.h"
#include "store/paralogs.h"

namespace musl {

namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();
constexpr double kLeadingRate = .01, kMostExpressed = .9;
constexpr double kFewTwins = 4, kMostTwins = 30;

/// The rows of each list.
std::map<std::int32_t, std::vector<std::size_t>> rows_of(
    const std::vector<std::int32_t>& list) {
  std::map<std::int32_t, std::vector<std::size_t>> out;
  for (std::size_t i = 0; i < list.size(); ++i) out[list[i]].push_back(i);
  return out;
}

/// Whether cells only seem to need each candidate, of those that are lethal.
std::vector<std::uint8_t> seems_lethal(const Candidates& x,
                                       const std::vector<std::uint8_t>& lethal,
                                       const std::vector<double>& order) {
  std::vector<std::uint8_t> out = x.hit;
  if (x.twins.empty()) return out;
  std::map<std::int32_t, std::size_t> first;  // of larger families, by list
  const auto value = [&](std::size_t i) {
    return std::isnan(order[i]) ? -kInfinity : order[i];
  };
  for (std::size_t i = 0; i < lethal.size(); ++i) {
    if (lethal[i] == 0 || std::isnan(x.twins[i])) continue;
    if (x.twins[i] <= kFewTwins) {
      out[i] = 1;
      continue;
    }
    const auto found = first.try_emplace(x.list[i], i).first;
    if (value(i) > value(found->second)) found->second = i;
  }
  for (const auto& of_list : first) out[of_list.second] = 1;
  return out;
}

/// Mean of values in extended precision, in two passes.
double mean_of(const std::vector<double>& value) {
  const auto n = static_cast<long double>(value.size());
  long double sum = 0, rest = 0;
  for (const double x : value) sum += x;
  sum /= n;
  for (const double x : value) rest += x - sum;
  return static_cast<double>(sum + rest / n);
}

/// Ratios of a list; see Placement.
void set_ratios(const std::vector<std::size_t>& list, Placement* out) {
  std::vector<std::size_t> rows;
  double highest = -kInfinity;
  for (const std::size_t i : list) {
    if (!std::isfinite(out->order[i])) continue;
    rows.push_back(i);
    highest = std::max(highest, out->order[i]);
  }
  const bool any_usual =
      std::any_of(rows.begin(), rows.end(),
                  [&](std::size_t i) { return out->tier[i] == 0; });
  const auto is_usual = [&](std::size_t i) {
    return !any_usual || out->tier[i] == 0;
  };
  std::vector<double> usual;
  for (const std::size_t i : rows) {
    out->ratio[i] = std::exp(out->order[i] - highest);
    if (is_usual(i)) usual.push_back(out->ratio[i]);
  }
  const double mean = mean_of(usual);
  double low = kInfinity, high = -kInfinity;  // of usual ones
  double high_last = -kInfinity, low_first = kInfinity;
  for (const std::size_t i : rows) {
    double& odds = out->ratio[i];
    odds /= mean;
    if (is_usual(i)) {
      low = std::min(low, odds);
      high = std::max(high, odds);
    } else if (out->tier[i] > 0) {
      high_last = std::max(high_last, odds);
    } else {
      low_first = std::min(low_first, odds);
    }
  }
  for (const std::size_t i : rows) {
    if (is_usual(i)) continue;
    out->ratio[i] *= out->tier[i] > 0 ? .99 * low / high_last
                                      : std::max(1.0, 1.01 * high / low_first);
  }
}

void set_ranks(std::vector<std::size_t> rows, Placement* out) {
  const auto value = [&](std::size_t i) {
    return std::isnan(out->order[i]) ? -kInfinity : out->order[i];
  };
  std::stable_sort(rows.begin(), rows.end(), [&](std::size_t a, std::size_t b) {
    if (out->tier[a] != out->tier[b]) return out->tier[a] < out->tier[b];
    return value(a) > value(b);
  });
  std::int32_t rank = 0;
  for (const std::size_t i : rows) out->rank[i] = ++rank;
}

/// The calls of known differences.
std::vector<Direction> calls_of(const Candidates& x,
                                const KnownDifferences& known,
                                const std::vector<double>& order) {
  auto calls = call_directions(known.found, {x.list, x.list, {}},
                               x.relation.empty() ? order : x.relation);
  std::vector<std::uint8_t> significant;
  for (const auto one : known.significant) significant.push_back(one == 1);
  const auto tested = call_tested(known.found, significant);
  for (std::size_t k = 0; k < calls.size(); ++k) {
    if (known.significant[k] >= 0) calls[k] = tested[k];
  }
  return calls;
}

/// Moves candidates by what lines tell of them.
void follow_differences(const KnownDifferences& known,
                        const PlaceConfig& config, Placement* out) {
  for (std::size_t k = 0; k < known.found.size(); ++k) {
    const auto row = at(known.found[k].row);
    const Direction call = out->direction[k];
    if (call == Direction::needed_less || call == Direction::not_needed) {
      out->status[row] =
          status_code(call == Direction::not_needed ? "not_needed" : "rescued");
      out->tier[row] = 1;
    } else if (call == Direction::needed_more) {
      out->tier[row] = known.fdr[k] <= kLeadingRate ? -1 : 0;
    }
    if (config.combined) {
      out->order[row] += direction_bonus(known.found[k]);
    }
  }
}

}  // namespace

Placement place_candidates(const Candidates& candidates, const GeneFacts& facts,
                           const KnownDifferences& known,
                           const PlaceConfig& config) {
  const std::size_t n = candidates.gene.size();
  const std::int32_t lethal_alone = status_code("lethal_alone");
  const auto of_gene = gene_status(facts);
  Placement out;
  out.order = candidates.order;
  std::vector<std::uint8_t> lethal;
  for (std::size_t i = 0; i < n; ++i) {
    const auto gene = candidates.gene[i];
    const int status = gene < 0 || of_gene.empty() ? 0 : of_gene[at(gene)];
    const StatusKind kind = status_kind(status);
    out.status.push_back(status);
    out.tier.push_back(kind.tier);
    lethal.push_back(status == lethal_alone);
    if (config.combined && config.lethal != LethalPlace::rank) {
      out.order[i] -= kind.handicap;
    }
  }
  const auto seems = seems_lethal(candidates, lethal, out.order);
  for (std::size_t i = 0; i < n; ++i) {
    if (lethal[i] != 0 && seems[i] != 0) out.tier[i] = 0;
  }
  out.direction = calls_of(candidates, known, out.order);
  follow_differences(known, config, &out);
  for (std::size_t i = 0; i < n; ++i) {
    if (config.lethal != LethalPlace::rank) break;
    if (out.status[i] == lethal_alone) out.tier[i] = std::min(out.tier[i], 0);
  }
  out.ratio.assign(n, kNaN);
  out.rank.assign(n, 0);
  for (auto& list : rows_of(candidates.list)) {
    set_ratios(list.second, &out);
    std::vector<std::size_t> listed;
    for (const std::size_t i : list.second) {
      const bool is_dropped = config.lethal == LethalPlace::drop &&
                              out.status[i] == lethal_alone && out.tier[i] == 1;
      if (!is_dropped && !std::isnan(candidates.order[i])) listed.push_back(i);
    }
    set_ranks(std::move(listed), &out);
  }
  return out;
}

std::vector<double> close_twins(const GeneStore& store, const PairSet& pairs,
                                const GeneFacts& facts) {
  const auto& families = store.part<Families>();
  const auto& paralogs = store.part<Paralogs>();
  const auto status = gene_status(facts);
  const std::int32_t lethal_alone = status_code("lethal_alone");
  std::vector<double> out(pairs.a.size(), kNaN);
  for (std::size_t i = 0; i < out.size(); ++i) {
    const auto anchor = pairs.a[i], gene = pairs.b[i];
    if (status[at(gene)] != lethal_alone) continue;
    if (!paralogs.empty()) {
      const auto found = find_paralog(paralogs, anchor, gene);
      if (found >= 0 && paralogs.identity[at(found)] > 0) {
        out[i] = 2;
        continue;
      }
    }
    if (families.empty() || !same_sets(families.sets, anchor, gene)) continue;
    // Where all lines have the anchor, they need the other one in spite of it.
    const double most =
        facts.expressed[at(anchor)] < kMostExpressed ? kMostTwins : kFewTwins;
    const double twins = families.twins[at(gene)];
    if (twins <= most) out[i] = twins;
  }
  return out;
}

}  // namespace musl

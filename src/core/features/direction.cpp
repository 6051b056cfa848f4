#include "features/direction.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <numeric>
#include <unordered_map>
#include <utility>

#include "base/numbers.h"
#include "base/sorted_ids.h"

namespace musl {

namespace {

constexpr float kNearScore = 3, kFarScore = 4, kFewLinesMore = 1;
constexpr std::int32_t kFewLines = 30;
constexpr float kHarmed = -.2F;        // a mean effect that harms cells
constexpr float kLittleHarmed = -.1F;  // one that harms them a little
constexpr float kSomeLines = .1F;      // a share of lines that need a gene
constexpr float kGrowBetter = .05F;    // one of cells that grow better
constexpr float kMoreSize = -.1F, kLessSize = .2F;  // effect sizes

/// A row of an alteration.
struct Entry {
  std::int32_t alteration = -1;
  std::int64_t row = 0;
  bool turned = false;
};

/// What is known of one anchor with each other gene.
class AnchorEntries {
 public:
  AnchorEntries(const std::vector<Alteration>& alterations,
                AlterationState state, std::int32_t anchor)
      : alterations_(alterations) {
    for (std::size_t k = 0; k < alterations.size(); ++k) {
      const Alteration& one = alterations[k];
      const auto id = static_cast<std::int32_t>(k);
      const auto& altered = one.genes_of(state);
      if (std::binary_search(altered.begin(), altered.end(), anchor)) {
        for (std::int64_t i = 0; i < size_of(one.gene); ++i) {
          add(one.gene[at(i)], {id, i, false});
        }
      }
      const auto found = position_of(one.gene, anchor);
      if (found < 0) continue;
      for (const std::int32_t gene : altered) add(gene, {id, found, true});
    }
  }

  [[nodiscard]] const Entry* find(std::int32_t gene) const {
    const auto found = entries_.find(gene);
    return found == entries_.end() ? nullptr : &found->second;
  }

 private:
  [[nodiscard]] float size(const Entry& entry) const {
    return std::abs(alterations_[at(entry.alteration)].z[at(entry.row)]);
  }
  void add(std::int32_t gene, const Entry& entry) {
    const auto [found, is_new] = entries_.emplace(gene, entry);
    if (!is_new && size(entry) > size(found->second)) found->second = entry;
  }

  const std::vector<Alteration>& alterations_;
  std::unordered_map<std::int32_t, Entry> entries_;
};

/// PairDifference::explained_by of a row of an alteration.
std::int32_t explanation(const std::vector<Alteration>& alterations,
                         const Alteration& one, std::size_t row) {
  for (std::size_t k = 0; k < alterations.size(); ++k) {
    const Alteration& other = alterations[k];
    if (std::find(one.together.begin(), one.together.end(), other.name) ==
        one.together.end()) {
      continue;
    }
    const auto found = position_of(other.gene, one.gene[row]);
    if (found < 0) continue;
    const float sign = one.z[row] < 0 ? -1.0F : 1.0F;
    if (sign * other.z[at(found)] >= std::max(kNearScore, sign * one.z[row])) {
      return static_cast<std::int32_t>(k);
    }
  }
  return -1;
}

PairDifference difference_of(const std::vector<Alteration>& alterations,
                             const Entry& entry, std::int64_t row) {
  const Alteration& one = alterations[at(entry.alteration)];
  const auto i = at(entry.row);
  PairDifference out;
  out.row = row;
  out.alteration = entry.alteration;
  out.turned = entry.turned;
  out.n_lines = one.n_lines;
  out.z = one.z[i];
  out.effect_size = one.effect_size[i];
  out.altered = one.altered[i];
  out.other = one.other[i];
  out.share_altered = one.share_altered[i];
  out.share_other = one.share_other[i];
  out.explained_by = explanation(alterations, one, i);
  return out;
}

/// The lowest relation of the nearest of each list, by its anchor.
std::unordered_map<std::int32_t, double> near_limits(
    const PairSet& pairs, const std::vector<double>& relation) {
  std::unordered_map<std::int32_t, std::vector<double>> of_list;
  for (std::size_t i = 0; i < relation.size(); ++i) {
    if (!std::isnan(relation[i])) of_list[pairs.a[i]].push_back(relation[i]);
  }
  std::unordered_map<std::int32_t, double> out;
  for (auto& [anchor, values] : of_list) {
    const auto n = std::min(kNearRelations, size_of(values));
    std::nth_element(values.begin(), values.begin() + (n - 1), values.end(),
                     [](double x, double y) { return x > y; });
    out[anchor] = values[at(n - 1)];
  }
  return out;
}

float least_score(const PairDifference& x, bool near) {
  return (near ? kNearScore : kFarScore) +
         (x.n_lines < kFewLines ? kFewLinesMore : 0);
}

}  // namespace

Direction call_direction(const PairDifference& x, bool near) {
  if (!(std::abs(x.z) >= least_score(x, near))) return Direction::unclear;
  if (x.z < 0) {
    if (x.altered <= kHarmed) {
      return x.effect_size <= kMoreSize ? Direction::needed_more
                                        : Direction::unclear;
    }
    return near && x.other >= kGrowBetter ? Direction::not_needed
                                          : Direction::unclear;
  }
  const bool was_needed =
      x.other <= kHarmed ||
      (near && (x.other <= kLittleHarmed || x.altered >= kGrowBetter));
  return x.effect_size >= kLessSize && was_needed ? Direction::needed_less
                                                  : Direction::unclear;
}

std::vector<PairDifference> differences_of(
    const std::vector<Alteration>& alterations, const PairSet& pairs,
    std::int64_t n_genes, AlterationState state) {
  check_pairs(pairs, n_genes);
  std::vector<PairDifference> out;
  if (alterations.empty()) return out;
  std::unordered_map<std::int32_t, AnchorEntries> known;
  for (std::size_t i = 0; i < pairs.a.size(); ++i) {
    const auto anchor =
        known.try_emplace(pairs.a[i], alterations, state, pairs.a[i]).first;
    const Entry* entry = anchor->second.find(pairs.b[i]);
    if (entry == nullptr) continue;
    out.push_back(
        difference_of(alterations, *entry, static_cast<std::int64_t>(i)));
  }
  return out;
}

std::vector<Direction> call_directions(
    const std::vector<PairDifference>& differences, const PairSet& pairs,
    const std::vector<double>& relation) {
  const auto limits = near_limits(pairs, relation);
  std::vector<Direction> out;
  for (const PairDifference& x : differences) {
    const auto limit = limits.find(pairs.a[at(x.row)]);
    const bool near =
        limit != limits.end() && relation[at(x.row)] >= limit->second;
    out.push_back(call_direction(x, near));
  }
  return out;
}

std::vector<Direction> call_tested(
    const std::vector<PairDifference>& differences,
    const std::vector<std::uint8_t>& significant) {
  std::vector<Direction> out;
  for (std::size_t i = 0; i < differences.size(); ++i) {
    const PairDifference& x = differences[i];
    Direction call = Direction::unclear;
    if (significant[i] != 0 && x.z < 0) {
      if (!(x.altered > kHarmed) || x.share_altered >= kSomeLines) {
        call = Direction::needed_more;
      } else if (x.other >= kGrowBetter) {
        call = Direction::not_needed;
      }
    } else if (significant[i] != 0 && x.z > 0 &&
               (!(x.other > kLittleHarmed) || x.altered >= kGrowBetter)) {
      call = Direction::needed_less;
    }
    out.push_back(call);
  }
  return out;
}

bool asks_relation(const PairDifference& difference) {
  return call_direction(difference, true) != call_direction(difference, false);
}

double direction_bonus(const PairDifference& x) {
  constexpr double kWeight = .5, kFrom = 2, kMost = 6;
  const double size =
      kWeight * std::min(std::max(std::abs(x.z) - kFrom, 0.0), kMost);
  if (x.z < 0 && x.altered <= kHarmed) return size;
  if (x.z > 0 && x.other <= kLittleHarmed) return -size;
  return 0;
}

}  // namespace musl

#include "learners/background.h"

#include <algorithm>
#include <cstdint>
#include <unordered_set>
#include <vector>

#include "base/numbers.h"
#include "musl/rng.h"

namespace musl {

namespace {

constexpr std::int64_t kFewest = 5000;  // pairs wanted, however few are chosen
constexpr std::int64_t kTries = 20;     // for each pair wanted

/// Both genes of all rows without a query, and the weight of rows without and
/// with one.
struct Chosen {
  std::vector<std::int32_t> genes;
  double weight = 0, by_query = 0;
};

Chosen chosen_pairs(const TrainingRows& rows) {
  Chosen out;
  for (std::size_t i = 0; i < rows.query.size(); ++i) {
    if (rows.query[i] >= 0) {
      out.by_query += rows.weight[i];
      continue;
    }
    out.genes.push_back(rows.pairs.a[i]);
    out.genes.push_back(rows.pairs.b[i]);
    out.weight += rows.weight[i];
  }
  return out;
}

}  // namespace

void add_background(const MeasuredPairs& measured, const WeighingConfig& config,
                    std::int64_t n_genes, std::uint64_t seed,
                    TrainingRows* rows) {
  const Chosen chosen = chosen_pairs(*rows);
  const double lacking = config.background * chosen.weight - chosen.by_query;
  if (lacking <= 0) return;
  const auto n_chosen = static_cast<std::int64_t>(chosen.genes.size() / 2);
  const std::int64_t wanted =
      std::min(std::max(n_chosen, kFewest), config.most_non_hits);
  const double weight = lacking / static_cast<double>(wanted);
  const double rate = config.background_rate;
  const std::int32_t group =
      rows->group.empty()
          ? 0
          : *std::max_element(rows->group.begin(), rows->group.end()) + 1;
  const auto known = pair_keys(measured.pairs, n_genes);
  std::unordered_set<std::int64_t> taken(known.begin(), known.end());
  Rng rng(seed);
  const auto draw = [&] {
    return chosen.genes[rng.below(chosen.genes.size())];
  };
  const auto add = [&](std::int32_t a, std::int32_t b, bool hit) {
    rows->pairs.a.push_back(std::min(a, b));
    rows->pairs.b.push_back(std::max(a, b));
    rows->pairs.label.push_back(hit ? 1.0F : 0.0F);
    rows->study.push_back(-1);
    rows->query.push_back(-1);
    rows->group.push_back(group + (hit ? 1 : 0));
    rows->weight.push_back(
        static_cast<float>(weight * (hit ? rate : 1 - rate)));
    rows->drawn.push_back(0);
  };
  std::int64_t n = 0;
  for (std::int64_t i = 0; i < kTries * wanted && n < wanted; ++i) {
    const std::int32_t a = draw(), b = draw();
    if (a == b || !taken.insert(pair_key(a, b, n_genes)).second) continue;
    add(a, b, true);
    add(a, b, false);
    ++n;
  }
}

}  // namespace musl

#include "learners/weigh_measured.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <map>
#include <string>
#include <tuple>
#include <unordered_set>
#include <utility>

#include "base/error.h"
#include "base/numbers.h"
#include "base/rng.h"
#include "store/part_map.h"

namespace musl {

namespace {

/// One pair of one study: weighted sums over its lines.
struct Row {
  std::int64_t key = 0;
  std::int32_t study = 0, a = 0, b = 0;
  double label = 0, weight = 0;
  double effect = 0, effect_weight = 0;  // of lines whose effect is known
  std::int64_t n = 0;
  std::int32_t query = -1;

  /// Sums of weights are rounded.
  [[nodiscard]] bool is_hit() const { return label >= (0.5 - 1e-9) * weight; }
  [[nodiscard]] bool has_effect() const { return effect_weight > 0; }
  [[nodiscard]] double mean_effect() const { return effect / effect_weight; }
  [[nodiscard]] double mean_weight() const {
    return weight / static_cast<double>(n);
  }
};

/// Rows by study and pair; sums the rows of the same pair. Labels of weight 0
/// do not count.
std::vector<Row> average(const MeasuredPairs& measured, std::int64_t n_genes) {
  std::vector<Row> rows;
  for (std::size_t i = 0; i < measured.pairs.a.size(); ++i) {
    const double weight = measured.weight[i];
    if (weight <= 0) continue;
    const std::int32_t a = measured.pairs.a[i], b = measured.pairs.b[i];
    Row row;
    row.key = pair_key(a, b, n_genes);
    row.study = measured.study[i];
    std::tie(row.a, row.b) = std::minmax(a, b);
    row.label = weight * measured.pairs.label[i];
    row.weight = weight;
    row.n = 1;
    row.query = measured.query[i];
    if (!std::isnan(measured.effect[i])) {
      row.effect = weight * measured.effect[i];
      row.effect_weight = weight;
    }
    rows.push_back(row);
  }
  std::stable_sort(rows.begin(), rows.end(), [](const Row& x, const Row& y) {
    return std::pair(x.study, x.key) < std::pair(y.study, y.key);
  });
  std::vector<Row> out;
  for (const Row& row : rows) {
    if (out.empty() || out.back().key != row.key ||
        out.back().study != row.study) {
      out.push_back(row);
      continue;
    }
    Row& sum = out.back();
    sum.label += row.label;
    sum.weight += row.weight;
    sum.effect += row.effect;
    sum.effect_weight += row.effect_weight;
    sum.n += row.n;
    sum.query = std::min(sum.query, row.query);
  }
  return out;
}

/// Scale of |effect| for a study's hits: the mean to subtract and the divisor.
struct EffectScale {
  double mean = 0, unit = 0;  // unit 0: no effect is known
};

EffectScale scale_of(const Row* first, const Row* last) {
  double sum = 0, squares = 0, n = 0, non_hits = 0, known = 0;
  std::vector<double> of_hits;
  for (const Row* row = first; row != last; ++row) {
    if (!row->is_hit()) ++non_hits;
    if (!row->has_effect()) continue;
    const double effect = row->mean_effect();
    sum += effect;
    squares += effect * effect;
    ++n;
    if (row->is_hit()) of_hits.push_back(std::abs(effect));
    if (!row->is_hit()) ++known;
  }
  if (of_hits.empty()) return {};
  if (known > non_hits / 2) {
    const double mean = sum / n;
    return {mean, 2 * std::sqrt(std::max(0.0, squares / n - mean * mean))};
  }
  const auto middle =
      of_hits.begin() + static_cast<std::ptrdiff_t>(of_hits.size() / 2);
  std::nth_element(of_hits.begin(), middle, of_hits.end());
  return {0, *middle};
}

double effect_weight(const Row& row, const EffectScale& scale,
                     const WeighingConfig& config) {
  if (!row.has_effect() || scale.unit <= 0) return 1;
  return std::clamp(std::abs(row.mean_effect() - scale.mean) / scale.unit,
                    config.least_effect, config.most_effect);
}

void add_row(const Row& row, double weight, bool drawn, TrainingRows* out) {
  if (weight <= 0) return;
  out->pairs.a.push_back(row.a);
  out->pairs.b.push_back(row.b);
  out->pairs.label.push_back(row.is_hit() ? 1.0F : 0.0F);
  out->study.push_back(row.study);
  out->query.push_back(row.query);
  out->weight.push_back(static_cast<float>(weight));
  out->drawn.push_back(drawn ? 1 : 0);
}

/// What rows of a study are multiplied by.
struct Caps {
  double study = 1;
  double non_hits[2] = {1, 1};  // without a query, with one
};

/// A study of few hits among many pairs would teach all others its rate.
Caps caps_of(const Row* first, const Row* last, const WeighingConfig& config) {
  double hits[2] = {0, 0}, non_hits[2] = {0, 0};
  for (const Row* row = first; row != last; ++row) {
    (row->is_hit() ? hits : non_hits)[row->query >= 0 ? 1 : 0] += 1;
  }
  const double most[2] = {config.non_hits_of_pairs, config.non_hits_of_queries};
  Caps out;
  for (int kind = 0; kind < 2; ++kind) {
    // Without a hit the rate is that of one.
    const double allowed = most[kind] * std::max(1.0, hits[kind]);
    if (non_hits[kind] > allowed) {
      out.non_hits[kind] = allowed / non_hits[kind];
    }
  }
  out.study =
      std::min(1.0, config.most_hits / std::max(1.0, hits[0] + hits[1]));
  return out;
}

/// `most` of the rows, in their order: those whose pairs a seed numbers lowest.
/// Whether a row is drawn hardly depends on which others there are, and not on
/// other studies.
std::vector<const Row*> drawn_of(std::vector<const Row*> rows,
                                 std::int64_t most, std::uint64_t seed) {
  std::vector<std::pair<std::uint64_t, const Row*>> by_number;
  by_number.reserve(rows.size());
  for (const Row* row : rows) {
    by_number.emplace_back(
        derive_seed(seed, static_cast<std::uint64_t>(row->key)), row);
  }
  const auto end = by_number.begin() + static_cast<std::ptrdiff_t>(most);
  std::nth_element(by_number.begin(), end, by_number.end());
  std::vector<const Row*> out;
  for (auto one = by_number.begin(); one != end; ++one) {
    out.push_back(one->second);
  }
  // All are of one array, by pair.
  std::sort(out.begin(), out.end());
  return out;
}

/// The rows of one study; samples its non-hits if there are too many.
void add_study(const Row* first, const Row* last, const WeighingConfig& config,
               std::uint64_t seed, TrainingRows* out) {
  std::vector<const Row*> non_hits;
  const EffectScale scale = scale_of(first, last);
  const Caps caps = caps_of(first, last, config);
  const auto n_non_hits =
      std::count_if(first, last, [](const Row& row) { return !row.is_hit(); });
  const bool drawn = n_non_hits > config.most_non_hits;
  for (const Row* row = first; row != last; ++row) {
    if (!row->is_hit()) {
      non_hits.push_back(row);
      continue;
    }
    add_row(
        *row,
        row->mean_weight() * effect_weight(*row, scale, config) * caps.study,
        drawn, out);
  }
  double stands_for = 1;
  if (drawn) {
    non_hits = drawn_of(std::move(non_hits), config.most_non_hits, seed);
    stands_for = static_cast<double>(n_non_hits) /
                 static_cast<double>(config.most_non_hits);
  }
  for (const Row* row : non_hits) {
    const double cap = caps.study * caps.non_hits[row->query >= 0 ? 1 : 0];
    add_row(*row, row->mean_weight() * stands_for * cap, drawn, out);
  }
}

/// Numbers the queries of each study.
void number_groups(TrainingRows* rows) {
  std::map<std::pair<std::int32_t, std::int32_t>, std::int32_t> number;
  for (std::size_t i = 0; i < rows->study.size(); ++i) {
    const auto next = static_cast<std::int32_t>(number.size());
    const auto found =
        number.emplace(std::pair(rows->study[i], rows->query[i]), next);
    rows->group.push_back(found.first->second);
  }
}

/// Gives hits the total weight of the non-hits, and a mean weight of 1.
void balance(TrainingRows* rows) {
  double mass[2] = {0, 0};
  for (std::size_t i = 0; i < rows->weight.size(); ++i) {
    mass[rows->pairs.label[i] > 0.5F ? 1 : 0] += rows->weight[i];
  }
  const double n = static_cast<double>(rows->weight.size());
  const double of_class[2] = {n / (2 * mass[0]), n / (2 * mass[1])};
  for (std::size_t i = 0; i < rows->weight.size(); ++i) {
    rows->weight[i] = static_cast<float>(
        rows->weight[i] * of_class[rows->pairs.label[i] > 0.5F ? 1 : 0]);
  }
}

void check_classes(const TrainingRows& rows) {
  const auto n_hits =
      std::count(rows.pairs.label.begin(), rows.pairs.label.end(), 1.0F);
  if (n_hits > 0 && n_hits < rows.pairs.size()) return;
  throw InputError("Measured pairs must hold hits and non-hits; there are " +
                   std::string(n_hits > 0 ? "no non-hits" : "no hits") + ".");
}

/// Hits and pairs of each gene as partner among the requested rows.
PartnerRates rates_of(const std::string& name, const MeasuredPairs& measured,
                      const std::vector<std::int32_t>& group,
                      std::int32_t wanted, std::int64_t n_genes) {
  constexpr double kPrior = 10;  // pairs of the mean rate
  std::vector<double> hits(at(n_genes), 0), pairs(at(n_genes), 0);
  double all_hits = 0, all = 0;
  const auto count = [&](std::int32_t gene, double label) {
    hits[at(gene)] += label;
    ++pairs[at(gene)];
    all_hits += label;
    ++all;
  };
  for (std::size_t i = 0; i < group.size(); ++i) {
    if (group[i] != wanted || measured.weight[i] <= 0) continue;
    const double label = measured.pairs.label[i];
    const std::int32_t query = measured.query[i];
    if (measured.pairs.a[i] != query) count(measured.pairs.a[i], label);
    if (measured.pairs.b[i] != query) count(measured.pairs.b[i], label);
  }
  PartnerRates out{name, std::vector<float>(at(n_genes), 0)};
  if (all_hits <= 0) return out;
  const double rate = all_hits / all;
  for (std::size_t g = 0; g < hits.size(); ++g) {
    if (pairs[g] <= 0) continue;
    out.log_ratio[g] = static_cast<float>(
        std::log((hits[g] + kPrior * rate) / (pairs[g] + kPrior) / rate));
  }
  return out;
}

// ---- Random pairs ----

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

/// Adds random pairs of the genes that screens without queries measured, each
/// as two rows, in a group each. A gene is drawn as often as it was measured,
/// so that it is no more frequent here than there.
///
/// rows  before weights are balanced
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

}  // namespace

TrainingRows weigh_measured(const MeasuredPairs& measured,
                            const WeighingConfig& config, std::int64_t n_genes,
                            std::uint64_t seed) {
  const std::vector<Row> rows = average(measured, n_genes);
  TrainingRows out;
  for (std::size_t first = 0; first < rows.size();) {
    std::size_t last = first;
    while (last < rows.size() && rows[last].study == rows[first].study) {
      ++last;
    }
    add_study(rows.data() + first, rows.data() + last, config, seed, &out);
    first = last;
  }
  check_classes(out);
  number_groups(&out);
  add_background(measured, config, n_genes, derive_seed(seed, 0, 1), &out);
  balance(&out);
  return out;
}

std::vector<PartnerRates> partner_rates(const MeasuredPairs& measured,
                                        std::int64_t n_genes) {
  std::vector<PartnerRates> out;
  const auto add = [&](const std::vector<std::string>& names,
                       const std::vector<std::int32_t>& group) {
    for (std::size_t i = 0; i < names.size(); ++i) {
      if (find_named(out, names[i]) != nullptr) continue;
      out.push_back(rates_of(names[i], measured, group,
                             static_cast<std::int32_t>(i), n_genes));
    }
  };
  add(measured.studies, measured.study);
  add(measured.lines, measured.line);
  return out;
}

}  // namespace musl

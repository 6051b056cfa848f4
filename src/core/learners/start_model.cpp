#include "learners/start_model.h"

#include <algorithm>
#include <cmath>
#include <string>
#include <utility>

#include "base/error.h"
#include "base/numbers.h"
#include "base/prediction.h"
#include "base/rng.h"
#include "judge/metrics.h"
#include "learners/boosted_trees.h"
#include "learners/boosting.h"
#include "learners/logistic.h"
#include "learners/measured_archive.h"

namespace musl {

namespace {

// Chosen on studies of which 50 pairs to half of all were given back.
constexpr double kHitsOfStart = 50;
constexpr double kPairsOfNear = 10;
constexpr double kFewestToStack = 20;  // hits, and others
constexpr std::int64_t kMostToStack = 6000;
constexpr int kStackFolds = 5;

void average(double weight, const std::vector<double>& by_start,
             std::vector<double>* scores) {
  for (std::size_t i = 0; i < scores->size(); ++i) {
    (*scores)[i] += weight * (by_start[i] - (*scores)[i]);
  }
}

/// The own scorers of the rows `learned`, for the rows `asked`.
std::vector<double> scores_of(const OwnRows& own, const MeasuredConfig& config,
                              const std::vector<std::int64_t>& learned,
                              const std::vector<std::int64_t>& asked,
                              int threads) {
  const auto label = rows_of(own.rows.pairs.label, learned);
  const auto weight = rows_of(own.rows.weight, learned);
  auto out = predict_logistic(fit_logistic(rows_of(own.linear, learned), label,
                                           weight, config.linear, threads),
                              rows_of(own.linear, asked));
  const auto boosted =
      predict_boosting(fit_boosting(rows_of(own.raw, learned), label, weight,
                                    config.boosting, threads, {}),
                       rows_of(own.raw, asked), threads);
  const double boosting = config.weights.of("boosting");
  const double share = boosting / (boosting + config.weights.of("linear"));
  average(share, boosted, &out);
  return out;
}

/// Measured rows that are stacked, with the scores of both models.
struct Stacked {
  std::vector<float> label;
  std::vector<double> own, start;
};

Stacked out_of_fold(const OwnRows& own, const MeasuredConfig& config,
                    std::uint64_t seed, int threads) {
  Stacked out;
  auto order = Rng(seed).permutation(size_of(own.rows.study));
  if (size_of(order) > kMostToStack) order.resize(at(kMostToStack));
  for (int fold = 0; fold < kStackFolds; ++fold) {
    std::vector<std::int64_t> learned, asked;
    for (std::size_t k = 0; k < order.size(); ++k) {
      const bool held = static_cast<int>(k % kStackFolds) == fold;
      const std::int64_t i = order[k];
      if (!held) learned.push_back(i);
      if (held && own.rows.study[at(i)] >= 0) asked.push_back(i);
    }
    if (asked.empty()) continue;
    const auto scores = scores_of(own, config, learned, asked, threads);
    out.own.insert(out.own.end(), scores.begin(), scores.end());
    for (const std::int64_t i : asked) {
      out.start.push_back(own.by_start[at(i)]);
      out.label.push_back(own.rows.pairs.label[at(i)]);
    }
  }
  return out;
}

double best_share(const Stacked& stacked) {
  double best = 0, reached = -1;
  for (int tenth = 0; tenth <= 10; ++tenth) {
    auto scores = stacked.start;
    average(tenth / 10.0, stacked.own, &scores);
    const double found = auroc(scores, stacked.label);
    if (found > reached) {
      reached = found;
      best = tenth / 10.0;
    }
  }
  return best;
}

}  // namespace

double start_weight(const OwnRows& own, const MeasuredConfig& config,
                    std::uint64_t seed, int threads) {
  double hits = 0, others = 0;
  for (std::size_t i = 0; i < own.rows.study.size(); ++i) {
    if (own.rows.study[i] < 0) continue;
    ++(own.rows.pairs.label[i] > 0.5F ? hits : others);
  }
  const double known = hits / (hits + kHitsOfStart);
  if (std::min(hits, others) < kFewestToStack ||
      config.weights.of("linear") + config.weights.of("boosting") <= 0) {
    return 1 - known;
  }
  const double found = best_share(out_of_fold(own, config, seed, threads));
  return 1 - (known * found + (1 - known) * known);
}

std::vector<double> measured_pairs_of(const MeasuredModel& model) {
  std::vector<double> out(at(model.store.n_genes), 0);
  const PairSet pairs = pairs_of(model.measured_key, model.store.n_genes);
  for (std::size_t i = 0; i < pairs.a.size(); ++i) {
    ++out[at(pairs.a[i])];
    ++out[at(pairs.b[i])];
  }
  return out;
}

double nearness(double pairs_a, double pairs_b) {
  const double more = std::max(pairs_a, pairs_b);
  return std::min(pairs_a, pairs_b) > 0 ? more / (more + kPairsOfNear) : 0;
}

std::vector<std::int32_t> genes_of_start(
    const StartModel& start, const std::vector<std::int32_t>& gene_of) {
  if (gene_of.empty()) return start.gene_of;
  std::vector<std::int32_t> out;
  out.reserve(gene_of.size());
  for (const std::int32_t gene : gene_of) {
    out.push_back(gene < 0 ? -1 : start.gene_of[at(gene)]);
  }
  return out;
}

void add_start(const StartModel& start, const Prediction& by_start,
               const std::vector<double>& near, Prediction* scores) {
  average(start.weight, by_start.score, &scores->score);
  for (std::size_t i = 0; i < near.size(); ++i) {
    const double own = (1 - start.weight) * near[i];
    double& order = scores->list_order[i];
    // Without a share of its own, to the bit what the start says.
    order = own > 0 ? by_start.list_order[i] +
                          own * (order - by_start.list_order[i])
                    : by_start.list_order[i];
  }
  average(start.weight, by_start.relation, &scores->relation);
}

void add_start(const StartModel& start, double near,
               const std::vector<ColumnShare>& by_start,
               std::vector<ColumnShare>* shares) {
  const double own_order = (1 - start.weight) * near;
  for (auto& share : *shares) {
    share.contribution *= 1 - start.weight;
    share.order *= own_order;
  }
  for (ColumnShare share : by_start) {
    share.contribution *= start.weight;
    share.order *= 1 - own_order;
    const auto same =
        std::find_if(shares->begin(), shares->end(), [&](const auto& x) {
          return x.name == share.name && x.of_pair == share.of_pair;
        });
    if (same == shares->end()) {
      shares->push_back(share);
    } else {
      same->contribution += share.contribution;
      same->order += share.order;
    }
  }
}

void put_start(const std::string& prefix, const StartModel& start,
               Archive* archive) {
  if (!start.model) return;
  archive->put(prefix + "gene_of", {size_of(start.gene_of)},
               start.gene_of.data());
  archive->put(prefix + "weight", {1}, &start.weight);
  put_measured(prefix, *start.model, archive);
}

StartModel read_start(const std::string& prefix, std::int64_t n_genes,
                      const Archive& archive) {
  if (!archive.has(prefix + "gene_of")) return {};
  StartModel out;
  out.gene_of = archive.ints(prefix + "gene_of");
  const auto weight = archive.doubles(prefix + "weight");
  auto model = read_measured(prefix, archive);
  const bool known = std::all_of(
      out.gene_of.begin(), out.gene_of.end(), [&model](std::int32_t gene) {
        return gene >= -1 && gene < model.store.n_genes;
      });
  if (size_of(out.gene_of) != n_genes || weight.size() != 1 ||
      !(weight[0] > 0 && weight[0] <= 1) || !known) {
    throw FormatError(
        "The scorers of features are damaged: the model they started "
        "from does not fit them.");
  }
  out.weight = weight[0];
  out.model = std::make_shared<const MeasuredModel>(std::move(model));
  return out;
}

std::vector<float> rows_of(const std::vector<float>& x,
                           const std::vector<std::int64_t>& rows) {
  std::vector<float> out;
  out.reserve(rows.size());
  for (const std::int64_t i : rows) out.push_back(x[at(i)]);
  return out;
}

Matrix rows_of(const Matrix& x, const std::vector<std::int64_t>& rows) {
  Matrix out(size_of(rows), x.cols());
  for (std::size_t i = 0; i < rows.size(); ++i) {
    out.row(static_cast<Eigen::Index>(i)) = x.row(rows[i]);
  }
  return out;
}

}  // namespace musl

#include <algorithm>
#include <cmath>
#include <string>
#include <utility>

#include "base/numbers.h"
#include "features/feature_group.h"
#include "learners/feature_learner.h"
#include "learners/measured_scorer.h"
#include "musl/error.h"
#include "musl/measured_model.h"

namespace musl {

namespace {

// Chosen on studies of which 50 pairs to half of all were given back.
constexpr double kHitsOfStart = 50;

void average(double weight, const std::vector<double>& by_start,
             std::vector<double>* scores) {
  for (std::size_t i = 0; i < scores->size(); ++i) {
    (*scores)[i] += weight * (by_start[i] - (*scores)[i]);
  }
}

}  // namespace

double start_weight(std::int64_t n_hits) {
  return kHitsOfStart / (kHitsOfStart + static_cast<double>(n_hits));
}

std::vector<std::int32_t> genes_of_start(
    const StartModel& start, const std::vector<std::int32_t>& gene_of) {
  if (gene_of.empty()) return start.gene_of;
  std::vector<std::int32_t> out;
  for (const std::int32_t gene : gene_of) {
    out.push_back(gene < 0 ? -1 : start.gene_of[at(gene)]);
  }
  return out;
}

void add_start(const StartModel& start, const Prediction& by_start,
               Prediction* scores) {
  average(start.weight, by_start.score, &scores->score);
  average(start.weight, by_start.list_order, &scores->list_order);
  average(start.weight, by_start.relation, &scores->relation);
}

void add_start(const StartModel& start,
               const std::vector<ColumnShare>& by_start,
               std::vector<ColumnShare>* shares) {
  for (auto& share : *shares) share.contribution *= 1 - start.weight;
  for (ColumnShare share : by_start) {
    share.contribution *= start.weight;
    const auto same =
        std::find_if(shares->begin(), shares->end(), [&](const auto& x) {
          return x.name == share.name && x.of_pair == share.of_pair;
        });
    if (same == shares->end()) {
      shares->push_back(share);
    } else {
      same->contribution += share.contribution;
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

namespace {

struct ClassMass {
  double sl = 0, other = 0;
};

ClassMass count_classes(const PairSet& recorded) {
  ClassMass out;
  for (const float label : recorded.label)
    ++(label > 0.5F ? out.sl : out.other);
  if (out.sl == 0 || out.other == 0) {
    throw InputError("Recorded pairs must be of both classes.");
  }
  return out;
}

/// All but those that help where pairs are measured and not where they are
/// recorded (bench/RESULTS.md).
std::vector<EvidenceColumn> columns_of_recorded(const EvidenceStore& store) {
  auto out = evidence_columns(store);
  out.erase(std::remove_if(out.begin(), out.end(),
                           [](const auto& x) { return x.of_measured; }),
            out.end());
  return out;
}

}  // namespace

std::vector<float> weigh_recorded(const PairSet& recorded, std::int64_t n_genes,
                                  double hub) {
  const ClassMass mass = count_classes(recorded);
  const auto degree = pair_degree(recorded, n_genes, /*positives_only=*/true);
  std::vector<double> weight(recorded.label.size(), 1.0);
  double sum = 0;
  for (std::size_t i = 0; i < weight.size(); ++i) {
    if (recorded.label[i] <= 0.5F) continue;
    const auto known =
        std::max(degree[at(recorded.a[i])], degree[at(recorded.b[i])]);
    weight[i] = std::pow(static_cast<double>(known), -hub);
    sum += weight[i];
  }
  std::vector<float> out;
  for (std::size_t i = 0; i < weight.size(); ++i) {
    const double by = recorded.label[i] > 0.5F ? mass.sl / sum : 1.0;
    out.push_back(static_cast<float>(weight[i] * by));
  }
  return out;
}

MeasuredModel fit_recorded(EvidenceStore store, const PairSet& recorded,
                           const RecordedConfig& config, int threads,
                           const std::function<bool()>& go_on) {
  check_pairs(recorded, store.n_genes);
  const ClassMass mass = count_classes(recorded);
  // Like the scorers of measured pairs, gives the log-odds at equal shares.
  const double at_half = std::log(mass.sl / mass.other);
  const auto weight = weigh_recorded(recorded, store.n_genes, config.hub);
  MeasuredModel out;
  out.store = std::move(store);
  out.columns = columns_of_recorded(out.store);
  out.weights = {0, 0, 0, 1, 0, 0};
  const Matrix all = ModelColumns(out.columns, out.store).of(recorded, threads);
  out.recorded =
      fit_boosting(all.leftCols(count_raw(out.columns)), recorded.label, weight,
                   config.boosting, threads, go_on);
  out.recorded.base -= at_half;
  if (gene_places_width(out.store) > 0 && is_wanted(config.scorers, "terms")) {
    out.weights.recorded = config.recorded;
    out.weights.terms = 1 - config.recorded;
    out.terms = fit_logistic(gene_places(out.store, {}, recorded),
                             recorded.label, weight, config.terms, threads);
    out.terms.intercept -= at_half;
    keep_weights(config.scorers, &out.weights);
  }
  return out;
}

}  // namespace musl

#include "learners/studies_left_out.h"

#include <algorithm>
#include <cstdint>
#include <unordered_set>
#include <utility>
#include <vector>

#include "base/numbers.h"
#include "judge/intervals.h"
#include "learners/measured_fit.h"
#include "learners/measured_scorer.h"
#include "learners/model_columns.h"
#include "learners/start_model.h"
#include "learners/weigh_measured.h"

namespace musl {

namespace {

constexpr std::int64_t kNonHitsHere = 4000;  // of a study: this is no fit
constexpr double kToJudge = 10;              // hits and non-hits of a study
constexpr double kToLearn = 50;              // of the others
constexpr int kSteps = 4;                    // of Newton's method
constexpr double kNormal95 = 1.959963984540054;

/// Rows of a study, and those of all others but of its pairs.
struct Parts {
  std::vector<std::int64_t> study, others;
};

Parts parts_of(const TrainingRows& rows, std::int32_t study,
               std::int64_t n_genes) {
  const auto key = [&](std::size_t i) {
    return pair_key(rows.pairs.a[i], rows.pairs.b[i], n_genes);
  };
  Parts out;
  std::unordered_set<std::int64_t> measured;
  for (std::size_t i = 0; i < rows.study.size(); ++i) {
    if (rows.study[i] != study) continue;
    out.study.push_back(static_cast<std::int64_t>(i));
    measured.insert(key(i));
  }
  for (std::size_t i = 0; i < rows.study.size(); ++i) {
    if (rows.study[i] < 0 || rows.study[i] == study) continue;
    if (measured.count(key(i)) > 0) continue;
    out.others.push_back(static_cast<std::int64_t>(i));
  }
  return out;
}

bool has_both(const std::vector<float>& label, double fewest) {
  const auto hits = static_cast<double>(std::count_if(
      label.begin(), label.end(), [](float x) { return x > .5F; }));
  return hits >= fewest && static_cast<double>(label.size()) - hits >= fewest;
}

}  // namespace

std::vector<LeftOutStudy> studies_left_out(const GeneStore& store,
                                           const MeasuredPairs& measured,
                                           const MeasuredConfig& config,
                                           std::uint64_t seed, int threads) {
  WeighingConfig weighing = config.weighing;
  weighing.most_non_hits = std::min(weighing.most_non_hits, kNonHitsHere);
  const TrainingRows rows =
      weigh_measured(measured, weighing, store.n_genes, seed);
  const Matrix all = pair_evidence(store, rows.pairs, threads);
  const Eigen::Index n_raw = count_raw(evidence_columns(store));
  const Matrix raw = all.leftCols(n_raw);
  const Matrix x = linear_columns(fit_normal_scores(raw), raw,
                                  all.rightCols(all.cols() - n_raw), threads);
  LogisticConfig quick = config.linear;
  quick.max_iterations = kSteps;
  std::vector<LeftOutStudy> out;
  for (std::int32_t study = 0; study < size_of(measured.studies); ++study) {
    const Parts parts = parts_of(rows, study, store.n_genes);
    const auto label = rows_of(rows.pairs.label, parts.study);
    const auto learned = rows_of(rows.pairs.label, parts.others);
    if (!has_both(label, kToJudge) || !has_both(learned, kToLearn)) continue;
    const LogisticModel model =
        fit_logistic(rows_of(x, parts.others), learned,
                     rows_of(rows.weight, parts.others), quick, threads);
    out.push_back(
        {study, auroc_interval(predict_logistic(model, rows_of(x, parts.study)),
                               label, kNormal95)});
  }
  return out;
}

}  // namespace musl

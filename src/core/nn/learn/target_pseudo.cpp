#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

#include "base/numbers.h"
#include "musl/error.h"
#include "nn/infer/predictor.h"
#include "nn/learn/pseudo_labels.h"
#include "nn/learn/target_source.h"

namespace musl::nn {
namespace {

std::vector<std::string> split_names(const std::string& text) {
  std::vector<std::string> names;
  std::size_t first = 0;
  while (first <= text.size()) {
    const auto end = std::min(text.find('+', first), text.size());
    names.push_back(text.substr(first, end - first));
    first = end + 1;
  }
  return names;
}

/// Pseudo-labels of unlabelled pairs by trained branches; the pairs are fixed,
/// their pseudo-labels are updated at each phase.
class Pseudo : public TargetSource {
 public:
  explicit Pseudo(std::vector<std::string> teachers)
      : teachers_(std::move(teachers)) {}

  void refresh(const TargetContext& context) override;
  [[nodiscard]] PairSet more_pairs() const override;
  [[nodiscard]] UnlabelledUse unlabelled() const override;
  [[nodiscard]] Target of(const PairSet& pairs) const override;
  void put_state(const std::string& prefix, Archive* archive) const override;
  void get_state(const std::string& prefix, const Archive& archive) override;

 private:
  [[nodiscard]] std::vector<double> logits(const TargetContext& context,
                                           const PairSet& pairs) const;
  void index();

  std::vector<std::string> teachers_;
  PairSet pool_;
  PseudoLabels labels_;
  double temperature_ = std::numeric_limits<double>::quiet_NaN();
  std::int64_t n_genes_ = 0;
  std::vector<std::pair<std::int64_t, std::int64_t>> order_;  // key, place
};

/// Mean over the teachers that a pair has; NaN if it has none.
std::vector<double> Pseudo::logits(const TargetContext& context,
                                   const PairSet& pairs) const {
  std::vector<double> sum(pairs.a.size(), 0.0), count(pairs.a.size(), 0.0);
  for (const auto& teacher : teachers_) {
    ScoreRequest request;
    request.branch = context.net->branch_of(teacher);
    request.threads = context.threads;
    const Batcher batcher(context.inputs, context.net->wanted(request.branch),
                          context.net->sizes(), context.device);
    const Predictor predictor(context.net, context.inputs.data, batcher,
                              context.genes);
    const auto score = predictor.score(pairs, request).score;
    for (std::size_t i = 0; i < score.size(); ++i) {
      if (std::isnan(score[i])) continue;
      sum[i] += score[i];
      count[i] += 1;
    }
  }
  for (std::size_t i = 0; i < sum.size(); ++i) {
    sum[i] = count[i] > 0 ? sum[i] / count[i]
                          : std::numeric_limits<double>::quiet_NaN();
  }
  return sum;
}

void Pseudo::refresh(const TargetContext& context) {
  n_genes_ = context.inputs.data.n_genes;
  const auto n = static_cast<double>(context.training.size());
  const auto& control = context.control;
  if (pool_.size() == 0) {
    const PairSet held_out =
        context.calibration == nullptr
            ? context.validation
            : joined(context.validation, *context.calibration);
    pool_ = draw_unlabelled(
        context.training, held_out, n_genes_,
        static_cast<std::int64_t>(control.em_unlabelled * n), context.seed);
    index();
  }
  PseudoRules rules;
  rules.n_positive = std::count(context.training.label.begin(),
                                context.training.label.end(), 1.0f);
  rules.hard = control.em_preset == "muse";
  if (!rules.hard) {
    rules.temperature = fit_temperature(logits(context, context.validation),
                                        context.validation.label);
    rules.shift = logit(control.em_prior) -
                  logit(static_cast<double>(rules.n_positive) / n);
  }
  rules.confidence = control.em_confidence;
  rules.total = n;
  temperature_ = rules.temperature;
  labels_ = pseudo_labels(logits(context, pool_), rules);
}

void Pseudo::index() {
  order_.clear();
  for (std::size_t i = 0; i < pool_.a.size(); ++i) {
    order_.emplace_back(pair_key(pool_.a[i], pool_.b[i], n_genes_),
                        static_cast<std::int64_t>(i));
  }
  std::sort(order_.begin(), order_.end());
}

PairSet Pseudo::more_pairs() const {
  PairSet pairs;
  for (std::size_t i = 0; i < pool_.a.size(); ++i) {
    if (!(labels_.weight[i] > 0)) continue;
    pairs.a.push_back(pool_.a[i]);
    pairs.b.push_back(pool_.b[i]);
  }
  return pairs;
}

UnlabelledUse Pseudo::unlabelled() const {
  UnlabelledUse use;
  double all = 0, positive = 0;
  for (std::size_t i = 0; i < labels_.weight.size(); ++i) {
    const double weight = labels_.weight[i];
    if (!(weight > 0)) continue;
    ++use.n;
    all += weight;
    positive += weight * labels_.probability[i];
  }
  if (use.n == 0) return use;
  use.share_positive = positive / all;
  use.temperature = temperature_;
  return use;
}

Target Pseudo::of(const PairSet& pairs) const {
  std::vector<float> value(pairs.a.size(), 0.0f), weight(pairs.a.size(), 0.0f);
  for (std::size_t i = 0; i < pairs.a.size(); ++i) {
    const auto key = pair_key(pairs.a[i], pairs.b[i], n_genes_);
    const auto found = std::lower_bound(
        order_.begin(), order_.end(),
        std::pair<std::int64_t, std::int64_t>{key, std::int64_t{0}});
    if (found == order_.end() || found->first != key) continue;
    const auto at = static_cast<std::size_t>(found->second);
    value[i] = labels_.probability[at];
    weight[i] = labels_.weight[at];
  }
  return {torch::tensor(value, torch::kFloat32),
          torch::tensor(weight, torch::kFloat32)};
}

void Pseudo::put_state(const std::string& prefix, Archive* archive) const {
  const std::vector<std::int64_t> shape{pool_.size()};
  archive->put(prefix + "n_genes", {1}, &n_genes_);
  archive->put(prefix + "a", shape, pool_.a.data());
  archive->put(prefix + "b", shape, pool_.b.data());
  if (labels_.weight.empty()) return;
  archive->put(prefix + "probability", shape, labels_.probability.data());
  archive->put(prefix + "weight", shape, labels_.weight.data());
  archive->put(prefix + "temperature", {1}, &temperature_);
}

void Pseudo::get_state(const std::string& prefix, const Archive& archive) {
  if (!archive.has(prefix + "weight")) return;
  n_genes_ = archive.longs(prefix + "n_genes").at(0);
  pool_ = {archive.ints(prefix + "a"), archive.ints(prefix + "b"), {}};
  labels_ = {archive.floats(prefix + "probability"),
             archive.floats(prefix + "weight")};
  if (archive.has(prefix + "temperature")) {  // older checkpoints lack it
    temperature_ = archive.doubles(prefix + "temperature").at(0);
  }
  const auto n = pool_.a.size();
  if (pool_.b.size() != n || labels_.probability.size() != n ||
      labels_.weight.size() != n) {
    throw FormatError("The checkpoint's pseudo-labels have no common length.");
  }
  check_pairs(pool_, n_genes_);
  index();
}

[[maybe_unused]] const bool kPseudoRegistered =
    register_target("pseudo", [](const std::string& argument) {
      if (argument.empty()) {
        throw InputError(
            "The target \"pseudo\" needs teachers: \"pseudo:<encoder>\", "
            "several joined by \"+\".");
      }
      return std::make_unique<Pseudo>(split_names(argument));
    });

}  // namespace
}  // namespace musl::nn

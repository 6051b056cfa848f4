#include "learners/feature_learner.h"

#include <algorithm>
#include <utility>

#include "learners/measured_scorer.h"
#include "musl/error.h"

namespace musl {

namespace {

/// The columns that relate the two genes, of all or of the raw ones.
std::vector<std::uint8_t> pair_columns(const MeasuredModel& model,
                                       std::int64_t n) {
  std::vector<std::uint8_t> out;
  for (std::size_t j = 0; j < at(n); ++j) {
    out.push_back(model.columns[j].of_pair ? 1 : 0);
  }
  return out;
}

std::vector<double> linear_part(const LogisticModel& model, const Matrix& x,
                                const std::vector<std::uint8_t>& chosen) {
  LogisticModel part = model;
  part.intercept = 0;
  for (std::size_t j = 0; j < chosen.size(); ++j) {
    if (chosen[j] == 0) part.coefficient[j] = 0;
  }
  return predict_logistic(part, x);
}

/// Coefficients times columns: "linear", "relation", and the path of the pair
/// network.
class LinearLearner : public FeatureLearner {
 public:
  /// columns  those of the input that the path reads
  /// of_pair  1 for each of them that relates the two genes
  LinearLearner(const LogisticModel& path, Matrix ScorerInput::*columns,
                std::vector<std::uint8_t> of_pair)
      : path_(path), columns_(columns), of_pair_(std::move(of_pair)) {}

  [[nodiscard]] ScorerOutput score(const ScorerInput& x, bool parts,
                                   int /*threads*/) const override {
    ScorerOutput out{predict_logistic(path_, x.*columns_), {}};
    if (parts) out.relation = linear_part(path_, x.*columns_, of_pair_);
    return out;
  }
  [[nodiscard]] std::vector<double> shares(const ScorerInput& x,
                                           int /*threads*/) const override {
    const Matrix& read = x.*columns_;
    // The others stand before.
    std::vector<double> out(at(x.raw.cols() + x.scaled.cols() - read.cols()));
    for (Eigen::Index j = 0; j < read.cols(); ++j) {
      out.push_back(path_.coefficient[at(j)] * read(0, j));
    }
    return out;
  }

 private:
  const LogisticModel& path_;
  Matrix ScorerInput::*columns_;
  std::vector<std::uint8_t> of_pair_;
};

class PairNetLearner final : public LinearLearner {
 public:
  using LinearLearner::LinearLearner;

  [[nodiscard]] ScorerOutput score(const ScorerInput& x, bool parts,
                                   int threads) const override {
    ScorerOutput out = LinearLearner::score(x, parts, threads);
    for (std::size_t i = 0; i < x.heads.size(); ++i) {
      out.score[i] += x.heads[i];
    }
    return out;
  }
  [[nodiscard]] double of_genes(const ScorerInput& x) const override {
    return x.heads.at(0);
  }
};

/// Trees on raw columns: "boosting" and "recorded".
class TreeLearner final : public FeatureLearner {
 public:
  TreeLearner(const BoostedTrees& trees, const MeasuredModel& model)
      : trees_(trees),
        of_pair_(pair_columns(model, count_raw(model.columns))) {}

  [[nodiscard]] ScorerOutput score(const ScorerInput& x, bool parts,
                                   int threads) const override {
    if (!parts) return {predict_boosting(trees_, x.raw, threads), {}};
    auto found = boosting_parts(trees_, x.raw, of_pair_, threads);
    return {std::move(found.score), std::move(found.part)};
  }
  [[nodiscard]] std::vector<double> shares(const ScorerInput& x,
                                           int threads) const override {
    std::vector<double> out(at(x.raw.cols() + x.scaled.cols()), 0.0);
    std::vector<std::uint8_t> one(of_pair_.size(), 0);
    for (std::size_t j = 0; j < one.size(); ++j) {
      one[j] = 1;
      out[j] = boosting_parts(trees_, x.raw, one, threads).part[0];
      one[j] = 0;
    }
    return out;
  }

 private:
  const BoostedTrees& trees_;
  std::vector<std::uint8_t> of_pair_;
};

/// On the annotation of both genes, which relates none.
class TermsLearner final : public FeatureLearner {
 public:
  explicit TermsLearner(const MeasuredModel& model) : path_(model.terms) {}

  [[nodiscard]] ScorerOutput score(const ScorerInput& x, bool parts,
                                   int /*threads*/) const override {
    ScorerOutput out{predict_logistic(path_, x.places), {}};
    if (parts) out.relation.assign(out.score.size(), 0.0);
    return out;
  }
  [[nodiscard]] std::vector<double> shares(const ScorerInput& x,
                                           int /*threads*/) const override {
    return std::vector<double>(at(x.raw.cols() + x.scaled.cols()), 0.0);
  }
  [[nodiscard]] double of_genes(const ScorerInput& x) const override {
    return predict_logistic(path_, x.places)[0] - path_.intercept;
  }

 private:
  const LogisticModel& path_;
};

using Model = const MeasuredModel&;
using Made = std::unique_ptr<FeatureLearner>;

bool learned_measured(Model model) { return model.has_measured(); }

template <class Learner>
Made on_all_columns(const LogisticModel& path, Model model) {
  return std::make_unique<Learner>(path, &ScorerInput::linear,
                                   pair_columns(model, size_of(model.columns)));
}

Made on_scaled_columns(Model model) {
  const std::vector<std::uint8_t> of_pair(model.evidence.coefficient.size(), 1);
  return std::make_unique<LinearLearner>(model.evidence, &ScorerInput::scaled,
                                         of_pair);
}

}  // namespace

const std::vector<LearnerKind>& learner_kinds() {
  using Weights = ScorerWeights;
  constexpr bool kOfOutcome = true, kLinear = true;
  static const std::vector<LearnerKind> kinds = {
      {"linear", &Weights::linear, kOfOutcome, kLinear, learned_measured,
       [](MeasuredModel& x) -> double& { return x.linear.intercept; },
       [](Model x) { return on_all_columns<LinearLearner>(x.linear, x); }},
      {"boosting", &Weights::boosting, kOfOutcome, !kLinear, learned_measured,
       [](MeasuredModel& x) -> double& { return x.boosting.base; },
       [](Model x) -> Made {
         return std::make_unique<TreeLearner>(x.boosting, x);
       }},
      {"pair_net", &Weights::pair_net, kOfOutcome, kLinear,
       [](Model x) { return !x.neural.empty(); },
       [](MeasuredModel& x) -> double& { return x.neural.linear.intercept; },
       [](Model x) {
         return on_all_columns<PairNetLearner>(x.neural.linear, x);
       }},
      {"recorded", &Weights::recorded, !kOfOutcome, !kLinear,
       [](Model x) { return x.has_recorded(); }, /*constant=*/nullptr,
       [](Model x) -> Made {
         return std::make_unique<TreeLearner>(x.recorded, x);
       }},
      {"relation", &Weights::relation, !kOfOutcome, !kLinear, learned_measured,
       [](MeasuredModel& x) -> double& { return x.evidence.intercept; },
       on_scaled_columns},
      {"terms", &Weights::terms, !kOfOutcome, !kLinear,
       [](Model x) { return x.has_terms(); }, /*constant=*/nullptr,
       [](Model x) -> Made { return std::make_unique<TermsLearner>(x); }}};
  return kinds;
}

const LearnerKind& learner_kind(const std::string& name) {
  const auto* found = find_named(learner_kinds(), name);
  if (found != nullptr) return *found;
  throw InputError("There is no scorer \"" + name + "\" of features.");
}

std::vector<std::string> scorer_names(const MeasuredModel& model) {
  std::vector<std::string> out;
  for (const auto& kind : learner_kinds()) {
    if (kind.is_fitted(model) && model.weights.*kind.weight > 0) {
      out.push_back(kind.name);
    }
  }
  return out;
}

std::vector<double> used_weights(const ScorerWeights& known,
                                 const std::vector<std::string>& scorers,
                                 bool others) {
  double of_outcome = 0, all = 0;
  for (const auto& scorer : scorers) {
    const double weight = known.*learner_kind(scorer).weight;
    all += weight;
    if (learner_kind(scorer).of_outcome) of_outcome += weight;
  }
  const double unit = of_outcome > 0 ? of_outcome : all;
  std::vector<double> out;
  for (const auto& scorer : scorers) {
    const double weight = known.*learner_kind(scorer).weight;
    const bool scaled = of_outcome <= 0 || learner_kind(scorer).of_outcome;
    const double beside = others ? weight : 0;
    out.push_back(scaled ? weight / unit : beside);
  }
  return out;
}

bool holds(const std::vector<std::string>& scorers, const std::string& name) {
  return std::find(scorers.begin(), scorers.end(), name) != scorers.end();
}

std::vector<std::string> used_scorers(const MeasuredModel& model,
                                      const std::vector<std::string>& scorers) {
  const auto known = scorer_names(model);
  for (const auto& scorer : scorers) {
    if (!holds(known, scorer)) {
      throw InputError("The model has no scorer \"" + scorer + "\".");
    }
  }
  return scorers.empty() ? known : scorers;
}

bool is_wanted(const std::vector<std::string>& wanted,
               const std::string& scorer) {
  return wanted.empty() || holds(wanted, scorer);
}

void keep_weights(const std::vector<std::string>& wanted,
                  ScorerWeights* weights) {
  for (const auto& kind : learner_kinds()) {
    if (!is_wanted(wanted, kind.name)) weights->*kind.weight = 0;
  }
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

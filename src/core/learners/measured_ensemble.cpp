#include "learners/measured_ensemble.h"

#include <algorithm>
#include <utility>

#include "base/numbers.h"
#include "learners/gene_places.h"
#include "learners/measured_columns.h"
#include "musl/error.h"

namespace musl {

namespace {

bool has_linear_path(const std::string& member) {
  return member == "linear" || member == "pair_net";
}

std::vector<std::uint8_t> pair_columns(const MeasuredModel& model,
                                       std::size_t n) {
  std::vector<std::uint8_t> out(n);
  for (std::size_t j = 0; j < n; ++j) {
    out[j] = model.columns[j].of_pair ? 1 : 0;
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

/// Coefficients times the values of one row.
std::vector<double> products(const LogisticModel& model, const Matrix& x) {
  std::vector<double> out;
  for (Eigen::Index j = 0; j < x.cols(); ++j) {
    out.push_back(model.coefficient[static_cast<std::size_t>(j)] * x(0, j));
  }
  return out;
}

/// Whether the member learned the outcome from all columns of measured pairs.
bool is_core(const std::string& member) {
  return member == "linear" || member == "boosting" || member == "pair_net";
}

}  // namespace

Ensemble::Ensemble(const MeasuredModel& model, int threads)
    : model_(model),
      threads_(threads),
      n_raw_(count_raw(model.columns)),
      of_pair_(pair_columns(model, model.columns.size())),
      raw_of_pair_(pair_columns(model, static_cast<std::size_t>(n_raw_))) {}

const BoostedTrees& Ensemble::trees_of(const std::string& member) const {
  return member == "boosting" ? model_.boosting : model_.recorded;
}

const LogisticModel& Ensemble::path_of(const std::string& member) const {
  return member == "pair_net" ? model_.neural.linear : model_.linear;
}

Asked Ensemble::asked(const std::vector<std::string>& members, const Matrix& x,
                      std::vector<double> heads, Matrix places) const {
  Asked out{x.leftCols(n_raw_),
            x.rightCols(x.cols() - n_raw_),
            {},
            std::move(heads),
            std::move(places)};
  if (std::any_of(members.begin(), members.end(), has_linear_path)) {
    out.linear = linear_columns(model_.scores, out.raw, out.scaled, threads_);
  }
  return out;
}

std::vector<double> Ensemble::shares(const std::string& member,
                                     const Asked& asked) const {
  const auto n =
      static_cast<std::size_t>(asked.raw.cols() + asked.scaled.cols());
  if (member == "relation") {
    auto shares = products(model_.evidence, asked.scaled);
    shares.insert(shares.begin(), n - shares.size(), 0.0);
    return shares;
  }
  if (has_linear_path(member)) return products(path_of(member), asked.linear);
  std::vector<double> shares(n, 0.0);
  if (member == "terms") return shares;
  std::vector<std::uint8_t> one(static_cast<std::size_t>(n_raw_), 0);
  for (std::size_t j = 0; j < one.size(); ++j) {
    one[j] = 1;
    shares[j] =
        boosting_parts(trees_of(member), asked.raw, one, threads_).part[0];
    one[j] = 0;
  }
  return shares;
}

Heard Ensemble::hear(const std::string& member, const Asked& asked,
                     bool parts) const {
  Heard out;
  if (has_linear_path(member)) {
    const LogisticModel& path = path_of(member);
    out.score = predict_logistic(path, asked.linear);
    if (parts) out.of_pair = linear_part(path, asked.linear, of_pair_);
    if (member != "pair_net") return out;
    for (std::size_t i = 0; i < asked.heads.size(); ++i) {
      out.score[i] += asked.heads[i];
    }
  } else if (member == "relation") {
    out.score = predict_logistic(model_.evidence, asked.scaled);
    const std::vector<std::uint8_t> all(at(asked.scaled.cols()), 1);
    if (parts) out.of_pair = linear_part(model_.evidence, asked.scaled, all);
  } else if (member == "terms") {
    out.score = predict_logistic(model_.terms, asked.places);
    if (parts) out.of_pair.assign(out.score.size(), 0.0);
  } else if (parts) {
    auto found =
        boosting_parts(trees_of(member), asked.raw, raw_of_pair_, threads_);
    out.score = std::move(found.score);
    out.of_pair = std::move(found.part);
  } else {
    out.score = predict_boosting(trees_of(member), asked.raw, threads_);
  }
  return out;
}

HeardWeights heard_weights(const ScorerWeights& known,
                           const std::vector<std::string>& members) {
  double core = 0, all = 0;
  for (const auto& member : members) {
    const double weight = scorer_weight(known, member);
    all += weight;
    if (is_core(member)) core += weight;
  }
  const double unit = core > 0 ? core : all;
  HeardWeights out;
  for (const auto& member : members) {
    const double weight = scorer_weight(known, member);
    // With the core the others keep their weight; alone they are the score.
    const bool scaled = core <= 0 || is_core(member);
    out.score.push_back(scaled ? weight / unit : weight);
    out.log_odds.push_back(scaled ? weight / unit : 0);
  }
  return out;
}

bool holds(const std::vector<std::string>& members, const std::string& name) {
  return std::find(members.begin(), members.end(), name) != members.end();
}

std::vector<std::string> scorers_asked(
    const MeasuredModel& model, const std::vector<std::string>& members) {
  const auto known = scorer_names(model);
  for (const auto& member : members) {
    if (!holds(known, member)) {
      throw InputError("The model has no scorer \"" + member + "\".");
    }
  }
  return members.empty() ? known : members;
}

bool is_asked(const std::vector<std::string>& asked,
              const std::string& scorer) {
  return asked.empty() || holds(asked, scorer);
}

void keep_weights(const std::vector<std::string>& asked,
                  ScorerWeights* weights) {
  for (const char* scorer :
       {"linear", "boosting", "pair_net", "recorded", "relation", "terms"}) {
    if (!is_asked(asked, scorer)) scorer_weight(*weights, scorer) = 0;
  }
}

Matrix heard_places(const MeasuredModel& model,
                    const std::vector<std::string>& members,
                    const std::vector<std::int32_t>& gene_of,
                    const PairSet& pairs) {
  if (!holds(members, "terms")) return {};
  return gene_places(model.store, gene_of, pairs);
}

}  // namespace musl

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <string>
#include <utility>

#include "base/numbers.h"
#include "base/some_pairs.h"
#include "evidence/gene_places.h"
#include "evidence/measured_columns.h"
#include "musl/error.h"
#include "musl/measured_model.h"

namespace musl {

namespace {

// Number of pairs whose columns are computed at a time: a few megabytes.
constexpr std::int64_t kPairsAtOnce = 16384;

/// One member's scores of pairs, and their part that relates the two genes.
struct Heard {
  std::vector<double> score, of_pair;
};

/// Inputs of the members for pairs, computed once for all members used.
struct Asked {
  Matrix raw, scaled;  // the model's columns
  Matrix linear;       // of linear_columns(); empty if no linear path is used
  std::vector<double> heads;  // the part of `neural` from single genes, if used
  Matrix places;              // of gene_places(); empty if `terms` is not used
};

bool has_linear_path(const std::string& member) {
  return member == "linear" || member == "neural";
}

bool holds(const std::vector<std::string>& members, const std::string& name) {
  return std::find(members.begin(), members.end(), name) != members.end();
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

class Ensemble {
 public:
  Ensemble(const MeasuredModel& model, int threads)
      : model_(model),
        threads_(threads),
        n_raw_(count_raw(model.columns)),
        of_pair_(pair_columns(model, model.columns.size())),
        raw_of_pair_(pair_columns(model, static_cast<std::size_t>(n_raw_))) {}

  /// x      (B, columns)
  /// heads, places  of the same pairs; empty unless their members are used
  [[nodiscard]] Asked asked(const std::vector<std::string>& members,
                            const Matrix& x, std::vector<double> heads,
                            Matrix places) const {
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

  /// Contribution of each column of a pair to a member's score.
  [[nodiscard]] std::vector<double> shares(const std::string& member,
                                           const Asked& asked) const {
    const auto n =
        static_cast<std::size_t>(asked.raw.cols() + asked.scaled.cols());
    if (member == "evidence") {
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

  [[nodiscard]] Heard hear(const std::string& member,
                           const Asked& asked) const {
    if (has_linear_path(member)) {
      const LogisticModel& path = path_of(member);
      Heard out{predict_logistic(path, asked.linear),
                linear_part(path, asked.linear, of_pair_)};
      if (member == "neural") add(asked.heads, &out.score);
      return out;
    }
    if (member == "evidence") {
      const std::vector<std::uint8_t> all(
          static_cast<std::size_t>(asked.scaled.cols()), 1);
      return {predict_logistic(model_.evidence, asked.scaled),
              linear_part(model_.evidence, asked.scaled, all)};
    }
    if (member == "terms") {
      return {predict_logistic(model_.terms, asked.places),
              std::vector<double>(at(asked.places.rows()), 0.0)};
    }
    BoostingParts parts =
        boosting_parts(trees_of(member), asked.raw, raw_of_pair_, threads_);
    return {std::move(parts.score), std::move(parts.part)};
  }

 private:
  [[nodiscard]] const BoostedTrees& trees_of(const std::string& member) const {
    return member == "boosting" ? model_.boosting : model_.recorded;
  }

  [[nodiscard]] const LogisticModel& path_of(const std::string& member) const {
    return member == "neural" ? model_.neural.linear : model_.linear;
  }

  static void add(const std::vector<double>& more, std::vector<double>* sums) {
    for (std::size_t i = 0; i < more.size(); ++i) (*sums)[i] += more[i];
  }

  /// Coefficients times the values of one row.
  static std::vector<double> products(const LogisticModel& model,
                                      const Matrix& x) {
    std::vector<double> out;
    for (Eigen::Index j = 0; j < x.cols(); ++j) {
      out.push_back(model.coefficient[static_cast<std::size_t>(j)] * x(0, j));
    }
    return out;
  }

  const MeasuredModel& model_;
  int threads_;
  Eigen::Index n_raw_;
  std::vector<std::uint8_t> of_pair_, raw_of_pair_;
};

/// Whether the member learned the outcome from all columns of measured pairs.
bool is_core(const std::string& member) {
  return member == "linear" || member == "boosting" || member == "neural";
}

/// Weights of the members used, in the score and in the log-odds.
struct HeardWeights {
  std::vector<double> score, log_odds;
};

HeardWeights heard_weights(const MemberWeights& known,
                           const std::vector<std::string>& members) {
  double core = 0, all = 0;
  for (const auto& member : members) {
    const double weight = member_weight(known, member);
    all += weight;
    if (is_core(member)) core += weight;
  }
  const double unit = core > 0 ? core : all;
  HeardWeights out;
  for (const auto& member : members) {
    const double weight = member_weight(known, member);
    // With the core the others keep their weight; alone they are the score.
    const bool scaled = core <= 0 || is_core(member);
    out.score.push_back(scaled ? weight / unit : weight);
    out.log_odds.push_back(scaled ? weight / unit : 0);
  }
  return out;
}

void check_members(const MeasuredModel& model,
                   const std::vector<std::string>& members) {
  const auto known = measured_members(model);
  for (const auto& member : members) {
    if (std::find(known.begin(), known.end(), member) == known.end()) {
      throw InputError("The model has no member \"" + member + "\".");
    }
  }
}

void check_asked(const EvidenceStore& store,
                 const std::vector<std::int32_t>& gene_of,
                 const PairSet& pairs) {
  check_pairs(pairs, store.n_genes);
  if (!gene_of.empty() &&
      static_cast<std::int64_t>(gene_of.size()) != store.n_genes) {
    throw ShapeError("`gene_of` must have one entry a gene of the store.");
  }
}

const PartnerRates& find_rates(const MeasuredModel& model,
                               const std::string& name) {
  for (const auto& rates : model.rates) {
    if (rates.name == name) return rates;
  }
  throw InputError("The model has no partner rates of \"" + name + "\".");
}

/// The gene in the model's universe, -1 for none.
std::int32_t known_gene(const std::vector<std::int32_t>& gene_of,
                        std::int32_t gene) {
  return gene_of.empty() ? gene : gene_of[static_cast<std::size_t>(gene)];
}

/// The members predict a gene's rate, but too weakly. Chosen on held-out
/// queries of a screen, with the prior of the rate as above.
constexpr double kRateWeight = 1.5;

void add_rates(const PartnerRates& rates, const PairSet& pairs,
               const std::vector<std::int32_t>& gene_of,
               std::vector<double>* score) {
  const auto of = [&](std::int32_t gene) {
    const std::int32_t known = known_gene(gene_of, gene);
    return known < 0 ? 0.0
                     : static_cast<double>(
                           rates.log_ratio[static_cast<std::size_t>(known)]);
  };
  for (std::size_t i = 0; i < score->size(); ++i) {
    (*score)[i] += kRateWeight * (of(pairs.a[i]) + of(pairs.b[i]));
  }
}

/// 1 for a measured hit, 0 for a non-hit, -1 for a pair not measured.
std::int8_t was_measured(const MeasuredModel& model, std::int32_t a,
                         std::int32_t b) {
  if (a < 0 || b < 0) return -1;
  const std::int64_t key = pair_key(a, b, model.store.n_genes);
  const auto found = std::lower_bound(model.measured_key.begin(),
                                      model.measured_key.end(), key);
  if (found == model.measured_key.end() || *found != key) return -1;
  const auto at = static_cast<std::size_t>(found - model.measured_key.begin());
  return model.measured_hit[at] != 0 ? 1 : 0;
}

/// The part of `neural` from single genes; empty if it is not used.
std::vector<double> heard_heads(const MeasuredModel& model,
                                const std::vector<std::string>& members,
                                const EvidenceStore& store,
                                const std::vector<std::int32_t>& gene_of,
                                const PairSet& pairs, int threads) {
  if (!holds(members, "neural")) return {};
  return hear_heads(model.neural, model.store, store, gene_of, pairs, threads);
}

/// Coordinates of the genes of pairs for `terms`; empty if it is not used.
Matrix heard_places(const MeasuredModel& model,
                    const std::vector<std::string>& members,
                    const std::vector<std::int32_t>& gene_of,
                    const PairSet& pairs) {
  if (!holds(members, "terms")) return {};
  return gene_places(model.store, gene_of, pairs);
}

/// Rows [first, last); empty if x is empty.
std::vector<double> some_rows(const std::vector<double>& x, std::int64_t first,
                              std::int64_t last) {
  if (x.empty()) return {};
  return {x.begin() + first, x.begin() + last};
}

}  // namespace

MeasuredScores predict_measured(const MeasuredModel& model,
                                const EvidenceStore& store,
                                const std::vector<std::int32_t>& gene_of,
                                const PairSet& pairs,
                                const MeasuredOptions& options) {
  check_asked(store, gene_of, pairs);
  check_members(model, options.members);
  if (!(options.prior > 0 && options.prior < 1)) {
    throw InputError("`prior` must be above 0 and below 1.");
  }
  MeasuredScores out;
  out.members =
      options.members.empty() ? measured_members(model) : options.members;
  const auto n = static_cast<std::size_t>(pairs.size());
  out.score.assign(n, 0);
  out.list_order = out.log_odds = out.probability = out.score;
  out.pair_evidence = out.gene_effect = out.score;
  out.member_score.resize(pairs.size(),
                          static_cast<Eigen::Index>(out.members.size()));
  const HeardWeights weights = heard_weights(model.weights, out.members);
  const bool of_all = options.members.empty() && model.has_measured();
  const std::vector<double> list_weights =
      of_all ? heard_weights(kListWeights, out.members).score : weights.score;
  const ModelColumns columns(model.columns, store);
  const Ensemble ensemble(model, options.threads);
  // Genes recur in many blocks: each is read once.
  const auto heads =
      heard_heads(model, out.members, store, gene_of, pairs, options.threads);
  for (std::int64_t first = 0; first < pairs.size(); first += kPairsAtOnce) {
    const std::int64_t last = std::min(pairs.size(), first + kPairsAtOnce);
    const PairSet some = some_pairs(pairs, first, last);
    const Asked asked =
        ensemble.asked(out.members, columns.of(some, options.threads),
                       some_rows(heads, first, last),
                       heard_places(model, out.members, gene_of, some));
    for (std::size_t m = 0; m < out.members.size(); ++m) {
      const Heard heard = ensemble.hear(out.members[m], asked);
      for (std::int64_t i = first; i < last; ++i) {
        const auto k = static_cast<std::size_t>(i);
        const auto at = static_cast<std::size_t>(i - first);
        out.score[k] += weights.score[m] * heard.score[at];
        out.list_order[k] += list_weights[m] * heard.score[at];
        out.log_odds[k] += weights.log_odds[m] * heard.score[at];
        out.pair_evidence[k] += weights.score[m] * heard.of_pair[at];
        out.member_score(i, static_cast<Eigen::Index>(m)) =
            static_cast<float>(heard.score[at]);
      }
    }
  }
  for (const auto& name : options.rates) {
    for (auto* order : {&out.score, &out.list_order}) {
      add_rates(find_rates(model, name), pairs, gene_of, order);
    }
  }
  const double prior_log_odds = std::log(options.prior / (1 - options.prior));
  for (std::size_t i = 0; i < n; ++i) {
    out.gene_effect[i] = out.score[i] - out.pair_evidence[i];
    out.measured.push_back(was_measured(model, known_gene(gene_of, pairs.a[i]),
                                        known_gene(gene_of, pairs.b[i])));
    const double told = 1 / (1 + std::exp(-out.log_odds[i] - prior_log_odds));
    out.probability[i] = told + model.unexplained * (options.prior - told);
  }
  return out;
}

std::vector<double> score_weights(const MeasuredModel& model,
                                  const std::vector<std::string>& members) {
  check_members(model, members);
  return heard_weights(model.weights, members).score;
}

std::vector<ColumnShare> explain_measured(
    const MeasuredModel& model, const EvidenceStore& store,
    const std::vector<std::int32_t>& gene_of, std::int32_t a, std::int32_t b,
    const MeasuredOptions& options) {
  const PairSet pair{{a}, {b}, {}};
  check_asked(store, gene_of, pair);
  check_members(model, options.members);
  const auto members =
      options.members.empty() ? measured_members(model) : options.members;
  const Matrix x = ModelColumns(model.columns, store).of(pair, options.threads);
  std::vector<ColumnShare> out;
  for (std::size_t j = 0; j < model.columns.size(); ++j) {
    const auto& column = model.columns[j];
    out.push_back({column.name, column.group, column.of_pair,
                   x(0, static_cast<Eigen::Index>(j)), 0});
  }
  const HeardWeights weights = heard_weights(model.weights, members);
  const Ensemble ensemble(model, options.threads);
  const Asked asked = ensemble.asked(
      members, x,
      heard_heads(model, members, store, gene_of, pair, options.threads),
      heard_places(model, members, gene_of, pair));
  for (std::size_t m = 0; m < members.size(); ++m) {
    const auto shares = ensemble.shares(members[m], asked);
    for (std::size_t j = 0; j < shares.size(); ++j) {
      out[j].contribution += weights.score[m] * shares[j];
    }
    if (members[m] != "neural" && members[m] != "terms") continue;
    // Less its constant, like the other members.
    const double said =
        members[m] == "neural"
            ? asked.heads[0]
            : ensemble.hear("terms", asked).score[0] - model.terms.intercept;
    out.push_back({"single genes", "genes", /*of_pair=*/false,
                   std::numeric_limits<double>::quiet_NaN(),
                   weights.score[m] * said});
  }
  return out;
}

}  // namespace musl

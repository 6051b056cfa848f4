#include "learners/pair_net_scorer.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <numeric>
#include <string>
#include <utility>
#include <vector>

#include "base/numbers.h"
#include "base/rng.h"
#include "base/sorted_ids.h"
#include "io/archive_fields.h"
#include "learners/linear_scorers.h"
#include "learners/measured_scorer.h"
#include "learners/model_columns.h"
#include "learners/neural_inputs.h"
#include "learners/neural_member.h"
#include "learners/scorer_kind.h"

namespace musl {

namespace {

using Json = nlohmann::json;

constexpr std::size_t kMostHeads = 1000;
constexpr std::uint64_t kNeuralStream = 3;

/// Genes of a table, of which there are four times as many, make it worth to
/// compute the vectors of all.
constexpr std::int64_t kFewGenes = 4;

/// The place of each of `ends` among ascending `genes`.
std::vector<std::int32_t> places_of(const std::vector<std::int32_t>& ends,
                                    const std::vector<std::int32_t>& genes) {
  std::vector<std::int32_t> out;
  out.reserve(ends.size());
  for (const std::int32_t gene : ends) {
    out.push_back(static_cast<std::int32_t>(position_of(genes, gene)));
  }
  return out;
}

/// A linear path on pairs, and heads on their genes.
class PairNetOnStore final : public LinearPath {
 public:
  explicit PairNetOnStore(const OnStore& known)
      : LinearPath(
            known.model.part<NeuralMember>().linear, &ScorerInput::linear,
            pair_columns(known.model.columns, size_of(known.model.columns))),
        known_(known) {}

  /// The first table with a quarter of the genes computes the vectors of all,
  /// which stay (some kilobytes a gene).
  void prepare(const PairSet& pairs, int threads) override {
    if (of_all_) return;
    genes_ = once(pairs.a, pairs.b);
    const std::int64_t n = known_.store.n_genes;
    if (size_of(genes_) * kFewGenes >= n) {
      of_all_ = true;
      genes_.resize(at(n));
      std::iota(genes_.begin(), genes_.end(), 0);
    }
    heads_ = heads_on(genes_, threads);
  }
  [[nodiscard]] ScorerOutput score(const ScorerInput& x, bool parts,
                                   int threads) const override {
    ScorerOutput out = LinearPath::score(x, parts, threads);
    const auto of_heads = heads_of(x.pairs, threads);
    for (std::size_t i = 0; i < of_heads.size(); ++i) {
      out.score[i] += of_heads[i];
    }
    return out;
  }
  [[nodiscard]] double of_genes(const ScorerInput& x) const override {
    return heads_of(x.pairs, /*threads=*/1).at(0);
  }

 private:
  [[nodiscard]] std::unique_ptr<NeuralHeads> heads_on(
      const std::vector<std::int32_t>& genes, int threads) const {
    const auto& net = known_.model.part<NeuralMember>();
    return std::make_unique<NeuralHeads>(
        net,
        neural_inputs(net.inputs, known_.model.store, known_.store,
                      known_.gene_of, genes),
        threads);
  }
  [[nodiscard]] std::vector<double> heads_of(const PairSet& pairs,
                                             int threads) const {
    if (of_all_) return heads_->of(pairs.a, pairs.b, threads);
    return heads_->of(places_of(pairs.a, genes_), places_of(pairs.b, genes_),
                      threads);
  }

  OnStore known_;
  bool of_all_ = false;              // heads are of all genes
  std::vector<std::int32_t> genes_;  // of the heads
  std::unique_ptr<NeuralHeads> heads_;
};

// ---- Its training data ----

/// The genes of the rows, each once, and the rows by their numbers.
NeuralTraining number_genes(const TrainingRows& rows, Matrix columns,
                            const NeuralInputs& inputs,
                            const GeneStore& store) {
  NeuralTraining out;
  std::vector<std::int32_t> number(at(store.n_genes), -1);
  std::vector<std::int32_t> genes;
  const auto number_of = [&](std::int32_t gene) {
    auto& known = number[at(gene)];
    if (known < 0) {
      known = static_cast<std::int32_t>(genes.size());
      genes.push_back(gene);
    }
    return known;
  };
  for (std::size_t i = 0; i < rows.pairs.a.size(); ++i) {
    out.a.push_back(number_of(rows.pairs.a[i]));
    out.b.push_back(number_of(rows.pairs.b[i]));
  }
  out.genes = neural_inputs(inputs, store, store, {}, genes);
  out.columns = std::move(columns);
  out.label = rows.pairs.label;
  out.weight = rows.weight;
  out.group = rows.group;
  return out;
}

/// From a larger sample if a study has more non-hits than the other scorers
/// read; else from the same rows.
NeuralTraining neural_training(const MeasuredFit& from,
                               const NeuralInputs& inputs,
                               const MeasuredModel& model) {
  const GeneStore& store = model.store;
  WeighingConfig weighing = from.config.weighing;
  const std::int64_t usual = weighing.most_non_hits;
  weighing.most_non_hits = std::max(usual, from.config.neural_non_hits);
  const auto& drawn = from.rows.drawn;
  if (std::count(drawn.begin(), drawn.end(), 1) == 0 ||
      weighing.most_non_hits == usual) {
    return number_genes(from.rows, from.linear, inputs, store);
  }
  const TrainingRows more =
      weigh_measured(from.measured, weighing, store.n_genes,
                     derive_seed(from.seed, kDrawStream));
  const Matrix all = pair_evidence(store, more.pairs, from.threads);
  const Matrix raw = all.leftCols(from.raw.cols());
  return number_genes(
      more,
      linear_columns(model.scores, raw, all.rightCols(from.scaled.cols()),
                     from.threads),
      inputs, store);
}

void fit_pair_net(const MeasuredFit& from, MeasuredModel* to) {
  if (!from.config.train_neural ||
      !is_wanted(from.config.scorers, "pair_net")) {
    return;
  }
  NeuralInputs inputs = learn_neural_inputs(to->store);
  NeuralTraining training = neural_training(from, inputs, *to);
  limit_neural_inputs(&inputs, &training.genes);
  NeuralNet net = from.config.train_neural(
      training, derive_seed(derive_seed(from.seed, kNeuralStream), 0),
      from.go_on);
  auto& out = to->part<NeuralMember>();
  out = {std::move(inputs), std::move(net.linear), {}};
  out.heads.push_back(std::move(net.head));
}

// ---- Its part of an archive ----

template <class Visit, class Layer>
void visit_layer(const Visit& visit, const std::string& name, Layer& layer) {
  visit(name + "/weight", layer.weight);
  visit(name + "/bias", layer.bias);
  visit(name + "/scale", layer.scale);
  visit(name + "/shift", layer.shift);
}

template <class Visit, class Net>
void visit_net(const Visit& visit, Net& net) {
  auto& inputs = net.inputs;
  for (std::size_t i = 0; i < inputs.cohorts.size(); ++i) {
    visit("axis/" + std::to_string(i), inputs.cohorts[i].axis);
  }
  visit("mean", inputs.mean);
  visit("scale", inputs.scale);
  visit("lowest", inputs.lowest);
  visit("highest", inputs.highest);
  visit("intercept", net.linear.intercept);
  visit("coefficient", net.linear.coefficient);
  for (std::size_t i = 0; i < net.heads.size(); ++i) {
    const std::string name = "head/" + std::to_string(i);
    visit_layer(visit, name + "/gene", net.heads[i].gene);
    visit_layer(visit, name + "/pair", net.heads[i].pair);
    visit(name + "/score", net.heads[i].score);
    visit(name + "/intercept", net.heads[i].intercept);
  }
}

bool fits(const NormedLayer& layer, std::int64_t n_inputs) {
  const auto n = layer.weight.rows();
  return n > 0 && layer.weight.cols() == n_inputs && size_of(layer.bias) == n &&
         size_of(layer.scale) == n && size_of(layer.shift) == n;
}

void check_net(const NeuralMember& net, std::int64_t n_columns,
               std::int64_t width) {
  const auto& inputs = net.inputs;
  for (const auto* values :
       {&inputs.mean, &inputs.scale, &inputs.lowest, &inputs.highest}) {
    require_scorers(
        values->size() == inputs.column.size(),
        "the pair network's table has another size than its names.");
  }
  require_scorers(
      size_of(net.linear.coefficient) == n_columns,
      "the pair network's linear path has another size than its columns.");
  for (const GeneHead& head : net.heads) {
    require_scorers(fits(head.gene, width) &&
                        fits(head.pair, 3 * head.gene.weight.rows()) &&
                        size_of(head.score) == head.pair.weight.rows(),
                    "the sizes of the pair network's layers do not fit.");
  }
}

/// Names of cohorts and columns, and the number of heads.
std::size_t read_names(const std::string& text, NeuralInputs* inputs) {
  try {
    const Json json = Json::parse(text);
    for (const auto& name : json.at("cohorts")) {
      inputs->cohorts.push_back({name.get<std::string>(), 0, {}});
    }
    const Json& profiles = json.at("profiles");
    require_scorers(
        profiles.size() == inputs->cohorts.size(),
        "the pair network's profiles are not as many as its cohorts.");
    for (std::size_t i = 0; i < profiles.size(); ++i) {
      inputs->cohorts[i].profiles = profiles[i].get<std::uint64_t>();
    }
    inputs->column = json.at("columns").get<std::vector<std::string>>();
    const auto n_heads = json.at("heads").get<std::size_t>();
    require_scorers(n_heads <= kMostHeads, "it has too many pair networks.");
    return n_heads;
  } catch (const Json::exception& error) {
    require_scorers(false, error.what());
  }
  return 0;
}

void read_pair_net(const ScorerArchive& from, MeasuredModel* to) {
  to->part<NeuralMember>() =
      read_neural(from.prefix + "neural/", from.n, to->store, from.archive);
  require_scorers(
      to->weights.of("pair_net") == 0 || !to->part<NeuralMember>().empty(),
      "their pair network is not there.");
}

// Knows best which genes are hit with any query; across screens of chosen pairs
// that costs accuracy.
const bool kPairNetIsAScorer = [] {
  ScorerKind kind;
  kind.name = "pair_net";
  kind.place = 3;
  kind.weight = .25;
  kind.of_lists = .6;
  kind.of_outcome = true;
  kind.reads_linear = true;
  kind.is_fitted = [](const MeasuredModel& model) {
    return !model.part<NeuralMember>().empty();
  };
  kind.constant = [](MeasuredModel* model) -> double& {
    return model->part<NeuralMember>().linear.intercept;
  };
  kind.on = [](const OnStore& known) -> std::unique_ptr<StoreScorer> {
    return std::make_unique<PairNetOnStore>(known);
  };
  kind.fit_measured = fit_pair_net;
  kind.write = [](const std::string& prefix, const MeasuredModel& model,
                  Archive* archive) {
    put_neural(prefix + "neural/", model.part<NeuralMember>(), archive);
  };
  kind.read = read_pair_net;
  return register_scorer(std::move(kind));
}();

}  // namespace

void put_neural(const std::string& prefix, const NeuralMember& net,
                Archive* archive) {
  if (net.empty()) return;
  Json names = Json::object();
  names["cohorts"] = Json::array();
  names["profiles"] = Json::array();
  for (const auto& cohort : net.inputs.cohorts) {
    names["cohorts"].push_back(cohort.cohort);
    names["profiles"].push_back(cohort.profiles);
  }
  names["columns"] = net.inputs.column;
  names["heads"] = net.heads.size();
  archive->metadata[prefix + "names"] = names.dump();
  visit_net(TensorWriter(prefix, archive), net);
}

NeuralMember read_neural(const std::string& prefix, std::int64_t n_columns,
                         const GeneStore& store, const Archive& archive) {
  NeuralMember out;
  const auto found = archive.metadata.find(prefix + "names");
  if (found == archive.metadata.end()) return out;
  out.heads.resize(read_names(found->second, &out.inputs));
  visit_net(TensorReader(prefix, archive), out);
  check_net(out, n_columns, neural_width(out.inputs, store));
  return out;
}

}  // namespace musl

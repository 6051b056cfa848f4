// Training, predicting, explaining and embedding while memory runs out.
#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "../../nn/small_world.h"
#include "../../random_chain.h"
#include "musl/archive.h"
#include "musl/esm2.h"
#include "musl/interactions.h"
#include "musl/model.h"
#include "musl/pair_scorer.h"
#include "musl/sites.h"
#include "refusals.h"

namespace musl {
namespace {

using Numbers = std::vector<double>;
using test::small_architecture;
using test::small_world;
using test::SmallWorld;

/// Few in the short run: the program may take half a minute.
constexpr test::RefusalPlan kFew{8, 8};

std::int64_t sum_of(const std::map<std::string, std::int64_t>& counts) {
  std::int64_t sum = 0;
  for (const auto& [what, n] : counts) sum += n;
  return sum;
}

test::Figures& torch_figures() {
  static test::Figures figures("allocations with LibTorch that are refused");
  return figures;
}

/// Fails unless all survived but for what LibTorch itself does.
void expect_survived_in_children(const std::function<Numbers()>& call) {
  const auto found = test::refuse_each(call, test::refusal_plan(kFew));
  EXPECT_EQ(found.faults, std::vector<std::string>{});
  EXPECT_GT(found.refused, 0);
  const auto ended = sum_of(found.ended_in);
  torch_figures().tried += found.tried - ended;
  torch_figures().lost += found.lost;
  torch_figures().crashed += found.crashed;
  torch_figures().ended_elsewhere += ended;
  const std::pair<const char*, std::int64_t> properties[] = {
      {"allocations", found.allocations},
      {"tried", found.tried},
      {"refused", found.refused},
      {"answered", found.answered},
      {"smaller", found.smaller},
      {"ended_by_libtorch", ended},
      {"kept_by_libtorch", sum_of(found.kept_by)}};
  for (const auto& [name, value] : properties) {
    ::testing::Test::RecordProperty(name, std::to_string(value));
  }
  if (std::getenv("MUSL_FIGURES") == nullptr) return;
  for (const auto& [what, n] : found.ended_in) {
    std::cout << n << " ended in " << what << "\n";
  }
  for (const auto& [what, n] : found.kept_by) {
    std::cout << n << " kept memory of " << what << "\n";
  }
}

ControlConfig one_epoch() {
  ControlConfig control;
  control.device = "cpu";
  control.threads = 1;
  control.epochs = control.patience = 1;
  control.batch_size = 100;
  control.seed = 1;
  return control;
}

FitResult fitted() {
  static const SmallWorld world = small_world(small_architecture());
  return fit(small_architecture(), one_epoch(), world.data, world.training,
             world.validation, nullptr);
}

PredictOptions on_the_cpu() {
  PredictOptions options;
  options.device = "cpu";
  options.threads = 1;
  options.parts = true;
  return options;
}

/// A model that children fit when they first ask for it: LibTorch trains in no
/// child of a process that trained.
class TorchAllocations : public ::testing::Test {
 protected:
  const Model& model() {
    if (!result_) result_.emplace(fitted());
    return result_->model;
  }
  PairScorer scorer() {
    return {model(), model().kept(), model().kept().known, on_the_cpu()};
  }
  PairSet some_pairs() {
    const PairSet& known = model().kept().known;
    PairSet some;
    for (std::size_t i = 0; i < 40; ++i) {
      some.a.push_back(known.a[i]);
      some.b.push_back(known.b[i]);
      some.label.push_back(known.label[i]);
    }
    return some;
  }

 private:
  std::optional<FitResult> result_;
};

TEST_F(TorchAllocations, OfTraining) {
  expect_survived_in_children([] {
    const FitResult result = fitted();
    Numbers out = result.valid_score;
    for (const auto& record : result.history) {
      out.push_back(record.valid_loss);
      out.push_back(record.valid_auprc);
    }
    return out;
  });
}

TEST_F(TorchAllocations, OfPredicting) {
  expect_survived_in_children([this] {
    const auto found =
        model().predict(model().kept(), some_pairs(), on_the_cpu());
    Numbers out = found.score;
    out.insert(out.end(), found.gates.data(),
               found.gates.data() + found.gates.size());
    return out;
  });
}

TEST_F(TorchAllocations, OfExplaining) {
  AttributionOptions options;
  options.first_steps = options.most_steps = 4;
  expect_survived_in_children([&] {
    const auto found = scorer().attribute(0, 1, options);
    Numbers out{found.score, found.reference_score, found.error};
    for (const auto& input : found.inputs) {
      out.insert(out.end(), input.contribution.begin(),
                 input.contribution.end());
    }
    return out;
  });
}

TEST_F(TorchAllocations, OfJudgingBranches) {
  BalanceOptions options;
  options.repeats = 2;
  expect_survived_in_children([&] {
    const auto found = scorer().balance(some_pairs(), options);
    Numbers out{found.score.auroc};
    for (const auto& branch : found.branches) {
      out.push_back(branch.own.auprc);
      for (const auto& ranked : branch.permuted) out.push_back(ranked.auroc);
    }
    return out;
  });
}

TEST_F(TorchAllocations, OfSavingAndLoadingAModel) {
  expect_survived_in_children([this] {
    const auto bytes = write_archive(model().to_archive(/*keep_inputs=*/true));
    const auto back =
        Model::from_archive(read_archive(bytes.data(), bytes.size()));
    const auto again = write_archive(back.to_archive(/*keep_inputs=*/true));
    return Numbers(again.begin(), again.end());
  });
}

// Interactions and sites ----------------------------------------------------

InteractionData interactions() {
  Rng rng(3);
  InteractionData data;
  data.nodes.resize(1);
  data.nodes[0].features = Matrix::NullaryExpr(
      12, 3, [&rng] { return static_cast<float>(rng.normal()); });
  std::vector<float> label[2];
  for (std::int32_t a = 0; a < 12; ++a) {
    for (std::int32_t b = a + 1; b < 12; ++b) {
      const bool validates = (a + b) % 4 == 0;
      auto& part = validates ? data.validation : data.training;
      part.a.push_back(a);
      part.b.push_back(b);
      label[validates ? 1 : 0].push_back(rng.uniform() < 0.5 ? 1.0F : 0.0F);
    }
  }
  for (int i = 0; i < 2; ++i) {
    auto& part = i == 0 ? data.training : data.validation;
    part.label = Eigen::Map<const Matrix>(label[i].data(), part.size(), 1);
  }
  return data;
}

TEST_F(TorchAllocations, OfInteractions) {
  const auto data = interactions();
  InteractionConfig config;
  config.width = 8;
  expect_survived_in_children([&] {
    const auto fit = fit_interactions(config, one_epoch(), 1, data, {});
    const auto model = read_interactions(fit.archive);
    const Matrix fused = model->score(data.validation, 1, {}).fused;
    return Numbers(fused.data(), fused.data() + fused.size());
  });
}

TEST_F(TorchAllocations, OfSites) {
  Rng rng(5);
  SiteData data;
  data.nodes.kind = NodeKind::residues;
  for (std::uint8_t i = 0; i < 4; ++i) {
    data.nodes.text.push_back(random_letters(20, &rng));
    data.nodes.coordinates.push_back(random_chain(20, &rng));
    data.label.emplace_back();
    for (const char residue : data.nodes.text.back()) {
      data.label.back().push_back(residue < 'L' ? 1.0F : 0.0F);
    }
    data.validation.push_back(i % 2);
  }
  expect_survived_in_children([&] {
    const auto fit = fit_sites({8, 0.1}, one_epoch(), 1, data, {});
    const auto found = read_sites(fit.archive)->score(data.nodes, 1, {});
    return Numbers(found.score[0].begin(), found.score[0].end());
  });
}

// Embeddings ----------------------------------------------------------------

/// An ESM2 of two layers and eight columns on disk.
class SmallEsm2 {
 public:
  SmallEsm2() {
    std::filesystem::create_directory(path_);
    write("config.json",
          R"({"model_type": "esm", "hidden_size": 8, "intermediate_size": 12,
 "num_hidden_layers": 2, "num_attention_heads": 2, "vocab_size": 33,
 "max_position_embeddings": 34, "position_embedding_type": "rotary",
 "token_dropout": true, "emb_layer_norm_before": false,
 "layer_norm_eps": 1e-5, "hidden_act": "gelu"})");
    write("vocab.txt",
          "<cls>\n<pad>\n<eos>\n<unk>\nL\nA\nG\nV\nS\nE\nR\nT\nI\nD\nP\nK\nQ\n"
          "N\nF\nY\nM\nH\nW\nC\nX\nB\nU\nZ\nO\n.\n-\n<null_1>\n<mask>\n");
    add("esm.embeddings.word_embeddings.weight", {33, 8});
    norm("esm.encoder.emb_layer_norm_after");
    for (int i = 0; i < 2; ++i) {
      const std::string at = "esm.encoder.layer." + std::to_string(i) + ".";
      norm(at + "attention.LayerNorm");
      for (const char* name : {"self.query", "self.key", "self.value"}) {
        dense(at + "attention." + name, 8, 8);
      }
      dense(at + "attention.output.dense", 8, 8);
      norm(at + "LayerNorm");
      dense(at + "intermediate.dense", 12, 8);
      dense(at + "output.dense", 8, 12);
    }
    const auto size = static_cast<std::uint64_t>(header_.size() + 1);
    write("model.safetensors",
          std::string(reinterpret_cast<const char*>(&size), 8) + header_ + "}" +
              values_);
  }
  SmallEsm2(const SmallEsm2&) = delete;
  SmallEsm2& operator=(const SmallEsm2&) = delete;
  ~SmallEsm2() { std::filesystem::remove_all(path_); }

  [[nodiscard]] const std::string& path() const { return path_; }

 private:
  void write(const std::string& name, const std::string& text) const {
    std::ofstream(path_ + "/" + name, std::ios::binary) << text;
  }
  void add(const std::string& name, const std::vector<int>& shape) {
    std::string sizes;
    int n = 1;
    for (const int size : shape) {
      sizes += (sizes.empty() ? "" : ",") + std::to_string(size);
      n *= size;
    }
    const auto begin = values_.size();
    for (int i = 0; i < n; ++i) {
      const auto x = static_cast<float>(0.4 * rng_.normal());
      values_.append(reinterpret_cast<const char*>(&x), sizeof(x));
    }
    header_ += (header_.size() == 1 ? "\"" : ",\"") + name +
               R"(":{"dtype":"F32","shape":[)" + sizes +
               R"(],"data_offsets":[)" + std::to_string(begin) + "," +
               std::to_string(values_.size()) + "]}";
  }
  void dense(const std::string& name, int rows, int columns) {
    add(name + ".weight", {rows, columns});
    add(name + ".bias", {rows});
  }
  void norm(const std::string& name) {
    add(name + ".weight", {8});
    add(name + ".bias", {8});
  }

  std::string path_ = (std::filesystem::temp_directory_path() /
                       ("musl-esm2-" + std::to_string(::getpid())))
                          .string();
  Rng rng_{1};
  std::string header_ = "{", values_;
};

TEST_F(TorchAllocations, OfEmbedding) {
  const SmallEsm2 esm2;
  EmbedOptions options;
  options.threads = 1;
  expect_survived_in_children([&] {
    const auto found =
        embed_proteins(open_esm2(esm2.path()), {"MKVLAAGIVWY"}, options, {});
    return Numbers(found.values.data(),
                   found.values.data() + found.values.size());
  });
}

}  // namespace
}  // namespace musl

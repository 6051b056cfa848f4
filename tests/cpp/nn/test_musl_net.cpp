#include <ATen/Parallel.h>
#include <dlfcn.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <thread>
#include <vector>

#include "gradient_check.h"
#include "nn/base/parameters.h"
#include "nn/learn/contrastive.h"
#include "nn/nets/musl_net.h"
#include "small_sizes.h"

namespace musl::nn {
namespace {

using fixture::expect_gradients;
using fixture::normal;
using fixture::perturb;
using fixture::same_bits;
using fixture::small_sizes;

constexpr std::int64_t kPairs = 6;
/// Hidden units per gene, and 64 relation columns of the wide block and of its
/// copy.
constexpr std::int64_t kNetGeneWidth = 16 + 2 * 64;

ArchitectureConfig small_config(const std::string& fusion) {
  ArchitectureConfig config;
  config.encoders = {"histogram", "descriptors", "graph"};
  config.width = 8;
  config.fusion = fusion;
  config.alignment = 0.1;
  config.dropout = 0.0;
  return config;
}

PairBatch make_batch(torch::Dtype dtype) {
  PairBatch batch;
  batch.size = kPairs;
  batch.tensors["histogram"] = normal({kPairs, 2, 8, 8}, 1).abs();
  batch.tensors["descriptors"] = normal({kPairs, 5}, 2);
  batch.tensors["topology"] = normal({kPairs, 3}, 3);
  batch.tensors["gene_a"] = normal({kPairs, kNetGeneWidth}, 4);
  batch.tensors["gene_b"] = normal({kPairs, kNetGeneWidth}, 5);
  batch.tensors["seen"] =
      torch::tensor({1, 1, 1, 0, 0, 1, 0, 0, 1, 1, 1, 1}).view({kPairs, 2});
  for (const char* name : {"histogram", "descriptors", "graph"}) {
    batch.tensors[std::string("mask:") + name] = torch::ones({kPairs});
  }
  for (auto& item : batch.tensors) item.second = item.second.to(dtype);
  return batch;
}

const std::vector<std::string>& modalities() {
  static const std::vector<std::string> names{"histogram", "descriptors",
                                              "graph"};
  return names;
}

const std::vector<std::string>& inputs_of(const std::string& modality) {
  static const std::map<std::string, std::vector<std::string>> inputs{
      {"histogram", {"histogram"}},
      {"descriptors", {"descriptors"}},
      {"graph", {"gene_a", "gene_b", "topology", "seen"}}};
  return inputs.at(modality);
}

void set_mask(PairBatch* batch, int subset) {
  for (std::size_t m = 0; m < modalities().size(); ++m) {
    batch->tensors["mask:" + modalities()[m]].fill_(
        static_cast<double>((subset >> m) & 1));
  }
}

Tensor labels() { return torch::arange(kPairs).remainder(2); }

Tensor logistic_loss(const Tensor& logit) {
  const auto y = labels().to(logit.scalar_type());
  return (torch::softplus(logit) - logit * y).mean();
}

/// Fused, branch and contrastive terms, as training adds them.
Tensor full_loss(MuslNet net, const PairBatch& batch) {
  const auto out = net->forward(batch);
  auto loss = logistic_loss(out.logit);
  for (std::int64_t m = 0; m < out.branch_logits.size(1); ++m) {
    loss = loss + 0.5 * logistic_loss(out.branch_logits.select(1, m));
  }
  return loss +
         supervised_contrastive_loss(out.projected, out.present, labels(), 0.2);
}

std::vector<Tensor> gradients(MuslNet net, const PairBatch& batch) {
  return torch::autograd::grad({full_loss(net, batch)}, net->parameters(), {},
                               /*retain_graph=*/false, /*create_graph=*/false,
                               /*allow_unused=*/true);
}

class MuslNetTest : public testing::TestWithParam<const char*> {
 protected:
  [[nodiscard]] MuslNet make() const {
    MuslNet net(small_config(GetParam()), small_sizes());
    initialise(*net, 1);
    return net;
  }

  SingleThreadGuard guard_;
};

INSTANTIATE_TEST_SUITE_P(Fusion, MuslNetTest,
                         testing::Values("gate", "attention"));

TEST_P(MuslNetTest, HasTheGradientOfFiniteDifferences) {
  auto net = make();
  net->to(torch::kDouble);
  auto batch = make_batch(torch::kDouble);
  batch.tensors["mask:graph"][2] = 0;
  batch.tensors["mask:histogram"][3] = 0;
  auto leaves = fixture::named_parameters(*net);
  // The gene stage runs before the chunks, so its parameters take no part.
  leaves.erase(std::remove_if(
                   leaves.begin(), leaves.end(),
                   [](const auto& item) {
                     return item.first.find(".genes.") != std::string::npos ||
                            item.first.find(".relations.") != std::string::npos;
                   }),
               leaves.end());
  leaves.emplace_back("gene_a", batch.tensors["gene_a"].requires_grad_());
  expect_gradients([&] { return full_loss(net, batch); }, leaves);
}

TEST_P(MuslNetTest, WorksWithEverySubsetOfModalities) {
  auto net = make();
  auto batch = make_batch(torch::kFloat);
  for (int subset = 1; subset < 8; ++subset) {
    set_mask(&batch, subset);
    const auto out = net->forward(batch);
    EXPECT_TRUE(torch::isfinite(out.logit).all().item<bool>()) << subset;
    for (const auto& gradient : gradients(net, batch)) {
      if (!gradient.defined()) continue;
      EXPECT_TRUE(torch::isfinite(gradient).all().item<bool>()) << subset;
    }
    for (std::int64_t m = 0; m < 3; ++m) {
      if (((subset >> m) & 1) == 0) {
        EXPECT_EQ(out.gates.select(1, m).abs().max().item<float>(), 0.0F);
      }
    }
    EXPECT_TRUE(torch::allclose(out.gates.sum(1), torch::ones({kPairs})));
  }
}

TEST_P(MuslNetTest, TakesNothingFromAbsentModalities) {
  auto net = make();
  for (int subset = 1; subset < 7; ++subset) {
    auto batch = make_batch(torch::kFloat);
    set_mask(&batch, subset);
    const auto out = net->forward(batch);
    const auto before = gradients(net, batch);
    for (std::size_t m = 0; m < 3; ++m) {
      if (((subset >> m) & 1) != 0) continue;
      for (const auto& name : inputs_of(modalities()[m])) {
        batch.tensors[name] = batch.tensors[name] * -3.0 + 50.0;
      }
    }
    const auto changed = net->forward(batch);
    EXPECT_TRUE(same_bits(out.logit, changed.logit)) << subset;
    EXPECT_TRUE(same_bits(out.fused, changed.fused)) << subset;
    EXPECT_TRUE(same_bits(out.branch_logits, changed.branch_logits)) << subset;
    const auto after = gradients(net, batch);
    for (std::size_t i = 0; i < before.size(); ++i) {
      if (!before[i].defined()) continue;
      EXPECT_TRUE(same_bits(before[i], after[i])) << subset << " " << i;
    }
  }
}

TEST_P(MuslNetTest, GivesAPairWithoutModalitiesTheHeadOfZero) {
  auto net = make();
  auto batch = make_batch(torch::kFloat);
  set_mask(&batch, 0);
  const auto out = net->forward(batch);
  EXPECT_EQ(out.gates.abs().max().item<float>(), 0.0F);
  EXPECT_EQ(out.fused.abs().max().item<float>(), 0.0F);
  const auto named = net->named_parameters();
  auto h = torch::zeros({8});
  for (const char* layer : {"head.linear0", "head.linear1", "head.linear2"}) {
    h = torch::mv(named[std::string(layer) + ".weight"], torch::relu(h)) +
        named[std::string(layer) + ".bias"];
  }
  EXPECT_TRUE(torch::allclose(out.logit, h.expand({kPairs})));
}

TEST_P(MuslNetTest, GivesTheSameBitsWhenThePairIsSwapped) {
  auto net = make();
  auto batch = make_batch(torch::kFloat);
  const auto out = net->forward(batch);
  std::swap(batch.tensors["gene_a"], batch.tensors["gene_b"]);
  batch.tensors["seen"] = batch.tensors["seen"].flip(1);
  EXPECT_TRUE(same_bits(out.logit, net->forward(batch).logit));
}

TEST_P(MuslNetTest, GivesTheSameBitsOnManyThreadsAtOnce) {
  auto net = make();
  const auto batch = make_batch(torch::kFloat);
  const auto expected = net->forward(batch).logit;
  const auto expected_gradients = gradients(net, batch);
  std::vector<int> wrong(4, 0);
  std::vector<std::thread> workers;
  for (std::size_t t = 0; t < wrong.size(); ++t) {
    workers.emplace_back([&, t] {
      wrong[t] += !same_bits(expected, net->forward(batch).logit);
      const auto own = gradients(net, batch);
      for (std::size_t i = 0; i < own.size(); ++i) {
        wrong[t] +=
            own[i].defined() && !same_bits(own[i], expected_gradients[i]);
      }
    });
  }
  for (auto& worker : workers) worker.join();
  EXPECT_EQ(wrong, std::vector<int>(4, 0));
}

TEST_P(MuslNetTest, DropsModalitiesAtTheStatedRateButNeverAll) {
  auto config = small_config(GetParam());
  config.dropout = 0.2;
  config.alignment = 0.0;
  MuslNet net(config, small_sizes());
  auto batch = make_batch(torch::kFloat);
  batch.tensors["mask:graph"].slice(0, 0, 2).zero_();
  batch.tensors["mask:histogram"].slice(0, 0, 2).zero_();
  constexpr int kDraws = 300;
  double dropped = 0;
  for (int draw = 0; draw < kDraws; ++draw) {
    ChunkRng rng(static_cast<std::uint64_t>(draw));
    batch.rng = &rng;
    const torch::NoGradGuard no_grad;
    const auto out = net->forward(batch);
    EXPECT_TRUE(out.projected.empty());
    ASSERT_GE(out.present.sum(1).min().item<float>(), 1.0F);
    ASSERT_EQ(out.present.slice(0, 0, 2).sum().item<float>(), 2.0F);
    dropped += (1 - out.present.slice(0, 2)).sum().item<double>();
  }
  // A pair that would lose all three keeps them: p - p^3 are lost.
  const double expected = 0.15 - 0.003375;
  const double n = kDraws * (kPairs - 2) * 3.0;
  EXPECT_NEAR(dropped / n, expected,
              5 * std::sqrt(expected * (1 - expected) / n));
}

TEST_P(MuslNetTest, ScoresOneBranchAsInTheWholeNetwork) {
  auto net = make();
  const auto batch = make_batch(torch::kFloat);
  const auto out = net->forward(batch);
  for (int m = 0; m < 3; ++m) {
    EXPECT_TRUE(same_bits(net->branch_forward(m, batch),
                          out.branch_logits.select(1, m).contiguous()));
  }
}

TEST(MuslNet, GivesASingleModalityAGateOfOne) {
  auto config = small_config("gate");
  config.encoders = {"descriptors"};
  MuslNet net(config, small_sizes());
  auto batch = make_batch(torch::kFloat);
  batch.tensors["mask:descriptors"][1] = 0;
  const auto gates = net->forward(batch).gates;
  EXPECT_EQ(gates[0][0].item<float>(), 1.0F);
  EXPECT_EQ(gates[1][0].item<float>(), 0.0F);
  EXPECT_EQ(net->gene_width(), 0);
}

TEST(MuslNet, NamesWhatItReadsAndHolds) {
  MuslNet net(small_config("attention"), small_sizes());
  const WantedInputs all = net->wanted();
  EXPECT_EQ(all.inputs,
            (std::vector<std::string>{"histogram", "descriptors", "genes",
                                      "topology", "seen"}));
  ASSERT_EQ(all.masks.size(), 3U);
  EXPECT_EQ(all.masks[2].encoder, "graph");
  EXPECT_EQ(all.masks[2].inputs,
            (std::vector<std::string>{"genes", "topology", "seen"}));
  const WantedInputs branch = net->wanted(1);
  EXPECT_EQ(branch.inputs, std::vector<std::string>{"descriptors"});
  ASSERT_EQ(branch.masks.size(), 1U);
  EXPECT_EQ(branch.masks[0].encoder, "descriptors");
  EXPECT_EQ(net->branch_of("graph"), 2);
  ASSERT_EQ(net->gene_encoders().size(), 1U);
  EXPECT_EQ(net->gene_encoders()[0]->encoder_name(), "graph");
  const auto named = net->named_parameters();
  for (const char* name :
       {"encoder.histogram.conv0.weight", "adapter.graph.norm.bias",
        "branch.descriptors.score.weight", "project.graph.linear0.weight",
        "attention.query.weight", "gate.score.weight", "head.linear2.bias"}) {
    EXPECT_TRUE(named.contains(name)) << name;
  }
}

TEST(Initialise, DependsOnTheSeedAlone) {
  MuslNet one(small_config("attention"), small_sizes());
  MuslNet two(small_config("attention"), small_sizes());
  torch::manual_seed(5);
  const auto drawn = torch::rand({4});
  torch::manual_seed(5);
  initialise(*one, 3);
  EXPECT_TRUE(same_bits(torch::rand({4}), drawn));
  initialise(*two, 3);
  const auto a = one->parameters();
  const auto b = two->parameters();
  for (std::size_t i = 0; i < a.size(); ++i) {
    EXPECT_TRUE(same_bits(a[i], b[i]));
  }
  initialise(*two, 4);
  EXPECT_FALSE(same_bits(one->named_parameters()["gate.score.weight"],
                         two->named_parameters()["gate.score.weight"]));
}

TEST(Initialise, KeepsWeightsWithinTheirBounds) {
  MuslNet net(small_config("attention"), small_sizes());
  initialise(*net, 3);
  for (const auto& item : net->named_parameters()) {
    const auto& weight = item.value();
    const auto size = weight.abs().max().item<double>();
    if (weight.dim() < 2) {
      const bool bias = item.key().find("bias") != std::string::npos;
      EXPECT_EQ(weight.min().item<double>(), bias ? 0.0 : 1.0) << item.key();
      EXPECT_EQ(size, bias ? 0.0 : 1.0) << item.key();
      continue;
    }
    const double inputs = weight[0].numel();
    const double bound = std::sqrt((weight.dim() > 2 ? 6.0 : 1.0) / inputs);
    EXPECT_LE(size, bound) << item.key();
    EXPECT_GT(size, 0.5 * bound) << item.key();
  }
}

TEST(SingleThreadGuard, LimitsThisThreadAndNewOnesAndPutsBack) {
  at::set_num_threads(2);
  {
    const SingleThreadGuard guard;
    EXPECT_EQ(at::get_num_threads(), 1);
    int there = 0;
    std::thread worker([&] {
      adopt_thread_limit();
      there = at::get_num_threads();
    });
    worker.join();
    EXPECT_EQ(there, 1);
  }
  EXPECT_EQ(at::get_num_threads(), 2);
}

TEST(SingleThreadGuard, PutsBackTheThreadsOfOpenBlas) {
  auto* get = reinterpret_cast<int (*)()>(
      dlsym(RTLD_DEFAULT, "openblas_get_num_threads"));
  auto* set = reinterpret_cast<void (*)(int)>(
      dlsym(RTLD_DEFAULT, "openblas_set_num_threads"));
  if (get == nullptr || set == nullptr) GTEST_SKIP() << "another BLAS";
  const int found = get();
  set(2);
  {
    const SingleThreadGuard guard;
    EXPECT_EQ(get(), 1);
  }
  EXPECT_EQ(get(), 2);
  set(found);
}

}  // namespace
}  // namespace musl::nn

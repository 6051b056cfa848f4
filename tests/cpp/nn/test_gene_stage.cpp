// Vectors of genes in blocks of rows, and their gradients.
#include <gtest/gtest.h>
#include <torch/autograd.h>

#include <new>
#include <numeric>
#include <string>

#include "base/rng.h"
#include "data/preprocess.h"
#include "nn/base/layers.h"
#include "nn/base/parameters.h"
#include "nn/inputs/batcher.h"
#include "nn/nets/gene_stage.h"
#include "nn/nets/musl_net.h"
#include "nn/train/batch_gradient.h"

namespace musl::nn {
namespace {

constexpr std::int64_t kMany = 300;  // genes: more than two blocks hold

Dataset many_genes() {
  Rng rng(5);
  Dataset data;
  data.n_genes = kMany;
  NodeBlock block;
  block.name = "embedding";
  block.values = Matrix::NullaryExpr(
      kMany, 10, [&rng] { return static_cast<float>(rng.normal()); });
  block.present.assign(kMany, 1);
  data.blocks.push_back(block);
  std::vector<std::int32_t> from(kMany), to;
  std::iota(from.begin(), from.end(), 0);
  for (const auto gene : from) to.push_back((7 * gene + 1) % kMany);
  data.network = make_graph(kMany, from, to, std::vector<float>(kMany, 0.5F));
  data.in_graph.assign(kMany, 1);
  return data;
}

struct Stage {
  explicit Stage(double dropout, int threads = 1) {
    config.encoders = {"genes", "graph"};
    config.width = 16;
    config.dropout = dropout;
    for (std::int32_t gene = 0; gene < kMany; gene += 2) {
      pairs.a.push_back(gene);
      pairs.b.push_back(gene + 1);
      pairs.label.push_back(gene % 4 == 0 ? 1.0F : 0.0F);
    }
    preprocess = fit_preprocess(data, pairs, 1);
    net = MuslNet(config, input_sizes(data, preprocess));
    initialise(*net, 2);
    genes = std::make_unique<GeneStage>(net->gene_encoders(), data, preprocess,
                                        torch::kCPU, threads);
    all.resize(kMany);
    std::iota(all.begin(), all.end(), 0);
  }

  /// Of a weighted sum of vectors (R, Dg).
  [[nodiscard]] std::vector<Tensor> gradients(const Tensor& vectors) const {
    const Tensor weight =
        torch::linspace(-1, 1, vectors.numel()).view_as(vectors).sin();
    return torch::autograd::grad({(vectors * weight).sum()},
                                 parameters_of(*net).tensors, {}, {}, false,
                                 /*allow_unused=*/true);
  }

  ArchitectureConfig config;
  Dataset data = many_genes();
  PairSet pairs;
  Preprocess preprocess;
  MuslNet net{nullptr};
  std::unique_ptr<GeneStage> genes;
  std::vector<std::int64_t> all;
};

void expect_near(const Tensor& found, const Tensor& expected) {
  const Tensor error = (found - expected).norm();
  EXPECT_LT(error.item<double>(), 1e-4 * (1 + expected.norm().item<double>()));
}

TEST(GeneStage, BlocksHoldWhatEachGeneHasByItself) {
  const Stage stage(/*dropout=*/0);
  std::vector<Tensor> rows;
  for (const auto gene : stage.all) {
    rows.push_back(stage.genes->vectors({gene}));
  }
  const Tensor one_by_one = torch::cat(rows);
  expect_near(stage.genes->vectors(stage.all), one_by_one);
  const auto blocks = stage.genes->blocks(torch::tensor(stage.all), 1, {});
  EXPECT_GT(blocks.size(), 1U);
  const Tensor together = torch::cat(blocks);
  expect_near(together, one_by_one);
  const auto found = stage.gradients(together);
  const auto expected = stage.gradients(one_by_one);
  for (std::size_t i = 0; i < found.size(); ++i) {
    ASSERT_EQ(found[i].defined(), expected[i].defined());
    if (found[i].defined()) expect_near(found[i], expected[i]);
  }
}

TEST(GeneStage, BlocksAreTheSameOnAnyNumberOfThreads) {
  const Stage one(/*dropout=*/0.3), two(/*dropout=*/0.3, /*threads=*/2);
  const Tensor found =
      torch::cat(one.genes->blocks(torch::tensor(one.all), /*seed=*/1, {}));
  EXPECT_TRUE(torch::equal(
      found, torch::cat(two.genes->blocks(torch::tensor(two.all), 1, {}))));
  EXPECT_FALSE(torch::equal(
      found, torch::cat(one.genes->blocks(torch::tensor(one.all), 2, {}))));
  EXPECT_TRUE(
      torch::equal(one.genes->vectors(one.all), two.genes->vectors(two.all)));
}

TEST(GeneStage, AnEncoderThatIsNotReadHasZeros) {
  const Stage stage(/*dropout=*/0);
  const auto genes_alone = [](const Encoder& encoder) {
    return encoder.encoder_name() == "genes";
  };
  const Tensor whole = stage.genes->vectors(stage.all);
  const Tensor found = stage.genes->vectors(stage.all, genes_alone);
  const auto width = stage.net->gene_encoders().front()->gene_width();
  EXPECT_TRUE(
      torch::equal(found.narrow(1, 0, width), whole.narrow(1, 0, width)));
  EXPECT_EQ(
      found.narrow(1, width, found.size(1) - width).abs().sum().item<float>(),
      0);
  EXPECT_GT(
      whole.narrow(1, width, found.size(1) - width).abs().sum().item<float>(),
      0);
}

/// Item k costs (w k)^2, where w k is row k of what the chunks share.
struct Squares : Learner {
  explicit Squares(std::vector<std::int64_t> sizes)
      : sizes_(std::move(sizes)), phase_{"fit", {"weight"}, {{"x", ""}},
                                         "",    "loss",     1,
                                         1} {
    const torch::NoGradGuard no_grad;
    net_->weight.fill_(3);
  }
  torch::nn::Module& module() override { return *net_; }
  const std::vector<Phase>& phases() const override { return phases_; }
  void begin_phase(const Phase&, const Tick&) override {}
  std::int64_t n_items() const override { return 200; }
  std::vector<Tensor> begin_batch(const std::vector<std::int64_t>&,
                                  std::uint64_t) override {
    std::vector<Tensor> blocks;
    std::int64_t first = 0;
    for (const auto n : sizes_) {
      const Tensor x = torch::arange(first, first + n, torch::kFloat32);
      blocks.push_back(net_->forward(x.unsqueeze(1)));
      first += n;
    }
    shared_ = torch::cat(blocks).detach();
    return blocks;
  }
  ChunkLoss chunk_loss(const Chunk& chunk) const override {
    const Tensor rows = torch::tensor(chunk.own_items());
    Tensor own = shared_.index_select(0, rows).requires_grad_(true);
    const Tensor sum = own.square().sum();
    return {
        {sum}, sum.detach(), torch::full({}, chunk.n).to(own), {{own, rows}}};
  }

  std::vector<std::int64_t> sizes_;
  Phase phase_;
  std::vector<Phase> phases_{phase_};
  Linear net_{1, 1, false};
  Tensor shared_;
};

TEST(BatchGradient, GoesThroughEachBlockOfWhatIsShared) {
  std::vector<std::int64_t> items(200);
  std::iota(items.begin(), items.end(), 0);
  double squares = 0;
  for (const auto k : items) squares += static_cast<double>(k * k);
  const auto expected = 2 * 3 * squares / 200;  // mean over the batch
  const std::vector<std::vector<std::int64_t>> cuts{
      {200}, {128, 72}, {1, 99, 100}};
  for (const auto& sizes : cuts) {
    for (const int threads : {1, 2}) {
      Squares learner(sizes);
      const auto found = batch_gradient(
          {learner, learner.phase_, {learner.net_->weight}, threads}, items, 1,
          {});
      EXPECT_NEAR(found.gradients.at(0).item<double>() / expected, 1, 1e-5);
    }
  }
}

/// Vectors of a gene: its number. Fails as long as it is told to.
class NumberEncoder : public Encoder {
 public:
  NumberEncoder() : Encoder("number", 1) {}
  [[nodiscard]] Tensor forward(const PairBatch& batch) override {
    return torch::zeros({batch.size, 1});
  }
  [[nodiscard]] std::int64_t gene_width() const override { return 1; }
  [[nodiscard]] bool reads_gene_rows() const override { return true; }
  [[nodiscard]] Tensor gene_vectors(const GeneInputs&, const Tensor& rows,
                                    ChunkRng*) override {
    if (fails) throw std::bad_alloc();
    return rows.to(torch::kFloat32).unsqueeze(1);
  }

  bool fails = false;
};

TEST(GeneStage, RemembersNothingOfGenesThatAnErrorKeptFromBeingComputed) {
  const Stage world(/*dropout=*/0);
  NumberEncoder numbers;
  GeneStage stage({&numbers}, world.data, world.preprocess, torch::kCPU,
                  /*threads=*/1);
  stage.remember(kMany);
  numbers.fails = true;
  EXPECT_THROW((void)stage.vectors(world.all), std::bad_alloc);
  EXPECT_THROW((void)stage.remembered(), std::bad_alloc);
  numbers.fails = false;
  const Tensor expected = torch::arange(kMany, torch::kFloat32).unsqueeze(1);
  EXPECT_TRUE(torch::equal(stage.vectors(world.all), expected));
  numbers.fails = true;  // and nothing is computed twice
  EXPECT_TRUE(torch::equal(stage.remembered(), expected));
}

TEST(GeneStage, ReadsBlocksBesideVectorsThatAreIgnored) {
  Stage world(/*dropout=*/0);
  const Tensor expected = world.genes->vectors(world.all);
  world.data.gene_vectors = Matrix::Ones(kMany, expected.size(1));
  const GeneStage reads({world.net->gene_encoders()}, world.data,
                        world.preprocess, torch::kCPU, 1);
  EXPECT_TRUE(
      torch::equal(reads.vectors(world.all), torch::ones_like(expected)));
  EXPECT_TRUE(reads.copies({1, 2}).empty());
  const GeneStage ignores({world.net->gene_encoders()}, world.data,
                          world.preprocess, torch::kCPU, 1, {0, 1, true});
  EXPECT_TRUE(torch::equal(ignores.vectors(world.all), expected));
  EXPECT_FALSE(ignores.copies({1, 2}).empty());
}

}  // namespace
}  // namespace musl::nn

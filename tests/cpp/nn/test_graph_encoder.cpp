#include <algorithm>
#include <cmath>
#include <memory>
#include <string>
#include <vector>

#include "encoder_fixture.h"
#include "gradient_check.h"
#include "nn/base/sparse_product.h"
#include "nn/base/tensor.h"
#include "nn/encoders/encoder.h"
#include "nn/nets/musl_net.h"
#include "small_sizes.h"

namespace musl::nn {
namespace {

using fixture::dense;
using fixture::expect_gradients;
using fixture::kOwn;
using fixture::named_parameters;
using fixture::normal;
using fixture::perturb;
using fixture::ring;
using fixture::same_bits;
using fixture::small_config;
using fixture::small_sizes;

constexpr std::int64_t kNodeColumns = 12;
/// Own vector, and 64 relation columns of the wide block and of its copy.
constexpr std::int64_t kGeneWidth = kOwn + 2 * 64;

/// Of the propagated copy, not its own statistics.
std::vector<Scaler> some_scalers() {
  std::vector<Scaler> scalers(1);
  for (std::int64_t column = 0; column < kNodeColumns; ++column) {
    const auto x = static_cast<float>(column);
    scalers[0].mean.push_back(0.05F * x - 0.1F);
    scalers[0].scale.push_back(0.3F + 0.02F * x);
  }
  return scalers;
}

std::shared_ptr<Encoder> graph_encoder(const std::string& net) {
  auto config = small_config();
  config.graph_net = net;
  return make_encoder("graph", config, small_sizes());
}

/// Random features of the twelve genes of a graph, which must outlive them.
GeneInputs genes_on(const CsrGraph& graph,
                    torch::ScalarType type = torch::kDouble) {
  GeneInputs genes;
  genes.features = normal({12, kNodeColumns}, 2).to(type);
  genes.adjacency = &graph;
  genes.scalers = some_scalers();
  return genes;
}

/// Five pairs, with both, one and none of the genes seen.
PairBatch graph_batch(std::uint64_t seed) {
  PairBatch batch;
  batch.size = 5;
  batch.tensors["gene_a"] = normal({5, kGeneWidth}, seed);
  batch.tensors["gene_b"] = normal({5, kGeneWidth}, seed + 1);
  batch.tensors["topology"] = normal({5, 3}, seed + 2);
  batch.tensors["seen"] =
      torch::tensor({1, 1, 1, 0, 0, 1, 0, 0, 1, 1}).view({5, 2});
  batch.tensors["mask:graph"] = torch::ones({5}, torch::kDouble);
  return batch;
}

TEST(GraphEncoder, HasTheGradientOfFiniteDifferences) {
  const auto graph = ring(12);
  const auto rows = torch::tensor(std::vector<std::int64_t>{3, 0, 7, 11, 3});
  for (const char* net : {"sign", "sage"}) {
    const auto encoder = graph_encoder(net);
    perturb(*encoder, 1);
    GeneInputs genes = genes_on(graph);
    encoder->prepare_genes(&genes);
    auto batch = graph_batch(5);
    const auto read = normal({5, 8}, 3);
    expect_gradients(
        [&] {
          batch.tensors["gene_a"] = encoder->gene_vectors(genes, rows, nullptr);
          return (encoder->forward(batch) * read).sum();
        },
        fixture::named_parameters(*encoder));
  }
}

/// Another own vector, or other relations, of gene a.
PairBatch with_other(const PairBatch& batch, std::int64_t first,
                     std::int64_t columns) {
  PairBatch other = batch;
  auto& gene = other.tensors["gene_a"];
  gene = gene.clone();
  gene.narrow(1, first, columns).copy_(normal({5, columns}, 77));
  return other;
}

TEST(GraphEncoder, JudgesPairsOfUnseenGenesByWhatRelatesThem) {
  const auto encoder = make_encoder("graph", small_config(), small_sizes());
  perturb(*encoder, 1);
  auto batch = graph_batch(5);
  const auto other_own = with_other(batch, 0, kOwn);
  const auto before = encoder->forward(batch);
  const auto after = encoder->forward(other_own);
  const std::vector<bool> reads_a{true, true, false, false, true};
  for (std::int64_t i = 0; i < 5; ++i) {
    EXPECT_EQ(same_bits(before[i], after[i]),
              !reads_a[static_cast<std::size_t>(i)])
        << i;
  }
  const auto other_relations = with_other(batch, kOwn, kGeneWidth - kOwn);
  const auto moved = encoder->forward(other_relations);
  for (std::int64_t i = 0; i < 5; ++i) {
    EXPECT_FALSE(same_bits(before[i], moved[i])) << i;
  }
}

/// Four times the share that columns [16 h, 16 h + 16) have in the cosine of
/// x W' and y W', by plain sums. x, y (F), weight (64, F).
std::vector<double> partial_cosines(const Tensor& x, const Tensor& y,
                                    const Tensor& weight) {
  std::vector<double> u(64, 0.0), v(64, 0.0), part(4, 0.0);
  double uu = 0, vv = 0;
  for (std::int64_t j = 0; j < 64; ++j) {
    const auto k = static_cast<std::size_t>(j);
    for (std::int64_t c = 0; c < x.size(0); ++c) {
      const auto w = weight[j][c].item<double>();
      u[k] += w * x[c].item<double>();
      v[k] += w * y[c].item<double>();
    }
    uu += u[k] * u[k];
    vv += v[k] * v[k];
    part[k / 16] += u[k] * v[k];
  }
  for (auto& p : part) p *= 4 / std::sqrt(uu * vv);
  return part;
}

TEST(GraphEncoder, ReadsPartialCosinesOfProjectedFeaturesAndTopology) {
  const auto graph = ring(12);
  const auto encoder = make_encoder("graph", small_config(), small_sizes());
  perturb(*encoder, 1);
  GeneInputs genes = genes_on(graph);
  encoder->prepare_genes(&genes);
  const std::vector<std::int64_t> a{3, 0, 7, 11, 3}, b{4, 9, 7, 2, 5};
  auto batch = graph_batch(5);
  batch.tensors["gene_a"] =
      encoder->gene_vectors(genes, torch::tensor(a), nullptr);
  batch.tensors["gene_b"] =
      encoder->gene_vectors(genes, torch::tensor(b), nullptr);
  batch.tensors["seen"].zero_();  // nothing but relations
  const auto found = encoder->forward(batch);

  const auto w = encoder->named_parameters();
  const auto linear = [&w](const std::string& name, const Tensor& x) {
    return torch::mv(w[name + ".weight"], x) + w[name + ".bias"];
  };
  for (std::size_t i = 0; i < a.size(); ++i) {
    std::vector<double> features;
    for (const auto& [name, cohort] :
         {std::make_pair("own0", genes.features),
          std::make_pair("propagated0", genes.propagated.back())}) {
      const auto block = cohort.narrow(1, 0, 8);
      const auto part =
          partial_cosines(block[a[i]], block[b[i]],
                          w[std::string("relations.") + name + ".weight"]);
      features.insert(features.end(), part.begin(), part.end());
    }
    const auto row = static_cast<std::int64_t>(i);
    const auto x = torch::cat({torch::tensor(features, torch::kDouble),
                               batch.tensors["topology"][row]});
    auto h = w["pair.bias"] +
             linear("relate.linear1", torch::relu(linear("relate.linear0", x)));
    h = (h - h.mean()) / (h.var(/*unbiased=*/false) + 1e-5).sqrt();
    h = torch::relu(h * w["pair_norm.weight"] + w["pair_norm.bias"]);
    EXPECT_TRUE(torch::allclose(found[row], linear("output", h), 1e-5, 1e-5))
        << i;
  }
}

TEST(GraphEncoder, ScalesThePropagatedCopyAsTheModelLearned) {
  const auto graph = ring(12);
  const auto encoder = graph_encoder("sign");
  GeneInputs genes = genes_on(graph);
  genes.features = 5 * genes.features;
  encoder->prepare_genes(&genes);
  ASSERT_EQ(genes.propagated.size(), 1U);
  const auto x =
      torch::mm(dense(to_symmetric(graph, torch::kCPU)), genes.features);
  const auto mean = torch::tensor(genes.scalers[0].mean);
  const auto scale = torch::tensor(genes.scalers[0].scale);
  const auto z = ((x - mean) / scale).clamp(-6, 6);
  EXPECT_TRUE(torch::allclose(genes.propagated[0], z, 1e-6, 1e-6));
  EXPECT_GT((z.abs() == 6).sum().item<int>(), 0);  // the clamp matters here
}

TEST(GraphEncoder, RelatesNoGenesByABlockThatIsMissing) {
  const auto graph = ring(12);
  for (const char* net : {"sign", "sage"}) {
    const auto encoder = graph_encoder(net);
    GeneInputs genes = genes_on(graph, torch::kFloat);
    genes.features.narrow(1, 0, 8).zero_();
    encoder->prepare_genes(&genes);
    const auto all = encoder->gene_vectors(genes, torch::arange(12), nullptr);
    EXPECT_TRUE(torch::isfinite(all).all().item<bool>());
    EXPECT_GT(all.narrow(1, 0, kOwn).abs().max().item<float>(), 0.0F);
    EXPECT_EQ(all.narrow(1, kOwn, kGeneWidth - kOwn).abs().max().item<float>(),
              0.0F);
  }
}

TEST(GraphEncoder, IsAnMlpOfTheFeaturesWithoutANetwork) {
  for (const char* net : {"sign", "sage"}) {
    const auto encoder = graph_encoder(net);
    GeneInputs genes;
    genes.features = normal({12, kNodeColumns}, 2).to(torch::kFloat);
    encoder->prepare_genes(&genes);
    const auto all = encoder->gene_vectors(genes, torch::arange(12), nullptr);
    EXPECT_EQ(all.sizes(), torch::IntArrayRef({12, kGeneWidth}));
    // No row knows of another one.
    genes.features[5] = 1.0F;
    const auto changed =
        encoder->gene_vectors(genes, torch::arange(12), nullptr);
    for (std::int64_t i = 0; i < 12; ++i) {
      EXPECT_EQ(torch::allclose(all[i], changed[i], 1e-5, 1e-6), i != 5) << i;
    }
  }
}

TEST(GraphEncoder, ReturnsTheRowsAskedFor) {
  const auto graph = ring(12);
  for (const char* net : {"sign", "sage"}) {
    const auto encoder = graph_encoder(net);
    GeneInputs genes = genes_on(graph, torch::kFloat);
    encoder->prepare_genes(&genes);
    const auto all = encoder->gene_vectors(genes, torch::arange(12), nullptr);
    const auto rows = torch::tensor(std::vector<std::int64_t>{7, 2, 7});
    const auto some = encoder->gene_vectors(genes, rows, nullptr);
    EXPECT_TRUE(torch::allclose(some, all.index_select(0, rows), 1e-5, 1e-6));
    EXPECT_EQ(
        encoder->gene_vectors(genes, torch::empty({0}, torch::kLong), nullptr)
            .size(0),
        0);
  }
}

}  // namespace
}  // namespace musl::nn

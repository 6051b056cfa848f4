#include <algorithm>
#include <cmath>
#include <thread>
#include <vector>

#include "gradient_check.h"
#include "musl/error.h"
#include "nn/encoders/encoder.h"
#include "nn/musl_net.h"
#include "nn/sparse_product.h"
#include "nn/train/batch_gradient.h"
#include "small_sizes.h"

namespace musl::nn {
namespace {

using test::expect_gradients;
using test::normal;
using test::parameters_of;
using test::perturb;
using test::same_bits;
using test::small_sizes;

constexpr std::int64_t kColumns = 12;
constexpr std::int64_t kOwn = 6;  // graph_hidden
/// Own vector, and 64 relation columns of the wide block and of its copy.
constexpr std::int64_t kGeneWidth = kOwn + 2 * 64;

ArchitectureConfig small_config() {
  ArchitectureConfig config;
  config.width = 8;
  config.graph_hidden = kOwn;
  config.dropout = 0.0;
  return config;
}

/// A ring of n genes with chords, D^-1/2 (A + I) D^-1/2 with unit weights.
CsrGraph ring(std::int64_t n) {
  std::vector<std::vector<std::int32_t>> rows(static_cast<std::size_t>(n));
  const auto link = [&](std::int64_t i, std::int64_t j) {
    rows[static_cast<std::size_t>(i)].push_back(static_cast<std::int32_t>(j));
    rows[static_cast<std::size_t>(j)].push_back(static_cast<std::int32_t>(i));
  };
  for (std::int64_t i = 0; i < n; ++i) {
    rows[static_cast<std::size_t>(i)].push_back(static_cast<std::int32_t>(i));
    link(i, (i + 1) % n);
    if (i % 3 == 0) link(i, (i + 5) % n);
  }
  CsrGraph graph;
  graph.offset = {0};
  for (auto& row : rows) {
    std::sort(row.begin(), row.end());
    row.erase(std::unique(row.begin(), row.end()), row.end());
    graph.neighbour.insert(graph.neighbour.end(), row.begin(), row.end());
    graph.offset.push_back(static_cast<std::int64_t>(graph.neighbour.size()));
  }
  for (const auto& row : rows) {
    for (const auto j : row) {
      const auto degrees =
          row.size() * rows[static_cast<std::size_t>(j)].size();
      graph.weight.push_back(1.0F / std::sqrt(static_cast<float>(degrees)));
    }
  }
  return graph;
}

Tensor dense(const SymmetricMatrix& matrix) {
  const auto n = matrix.offset.size(0) - 1;
  auto full = torch::zeros({n, n}, torch::kDouble);
  for (std::int64_t i = 0; i < n; ++i) {
    for (auto e = matrix.offset[i].item<std::int64_t>();
         e < matrix.offset[i + 1].item<std::int64_t>(); ++e) {
      full[i][matrix.column[e].item<std::int64_t>()] =
          matrix.value[e].item<double>();
    }
  }
  return full;
}

/// Of two propagated copies, not their own statistics.
std::vector<Scaler> some_scalers() {
  std::vector<Scaler> scalers(2);
  for (std::size_t copy = 0; copy < 2; ++copy) {
    for (std::int64_t column = 0; column < kColumns; ++column) {
      const auto x = static_cast<float>(column);
      scalers[copy].mean.push_back(0.05F * x - 0.1F);
      scalers[copy].scale.push_back(0.3F + 0.02F * x +
                                    0.1F * static_cast<float>(copy));
    }
  }
  return scalers;
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

TEST(Registry, RefusesAnUnknownEncoderAndNamesTheKnown) {
  try {
    static_cast<void>(make_encoder("sequence", small_config(), small_sizes()));
    FAIL() << "no exception";
  } catch (const InputError& error) {
    const std::string text = error.what();
    for (const char* name : {"sequence", "histogram", "descriptors", "graph"}) {
      EXPECT_NE(text.find(name), std::string::npos) << name;
    }
  }
}

TEST(Registry, RefusesEncodersWithoutTheirData) {
  for (const char* name : {"histogram", "descriptors", "graph"}) {
    EXPECT_THROW(
        static_cast<void>(make_encoder(name, small_config(), InputSizes())),
        InputError);
  }
}

TEST(Registry, TakesAnEncoderOfAnotherFile) {
  class Constant : public Encoder {
   public:
    [[nodiscard]] std::string encoder_name() const override { return "one"; }
    [[nodiscard]] std::vector<std::string> inputs() const override {
      return {};
    }
    [[nodiscard]] int width() const override { return 8; }
    Tensor forward(const PairBatch& batch) override {
      return torch::ones({batch.size, 8});
    }
  };
  register_encoder("one", [](const ArchitectureConfig&, const InputSizes&) {
    return std::make_shared<Constant>();
  });
  const auto encoder = make_encoder("one", small_config(), small_sizes());
  PairBatch batch;
  batch.size = 3;
  EXPECT_EQ(encoder->forward(batch).size(0), 3);
  EXPECT_EQ(encoder->gene_width(), 0);
  EXPECT_THROW(
      static_cast<void>(encoder->gene_vectors({}, torch::zeros({1}), nullptr)),
      InternalError);
  EXPECT_THROW(static_cast<void>(encoder->mask(batch)), InternalError);
}

TEST(HistogramEncoder, HasTheGradientOfFiniteDifferences) {
  for (const char* net : {"small", "cnnc"}) {
    auto config = small_config();
    config.histogram_net = net;
    const auto encoder = make_encoder("histogram", config, small_sizes());
    initialise(*encoder, 1);
    encoder->to(torch::kDouble);
    PairBatch batch;
    batch.size = 3;
    batch.tensors["histogram"] = normal({3, 2, 8, 8}, 2).abs();
    const auto read = normal({3, 8}, 3);
    expect_gradients([&] { return (encoder->forward(batch) * read).sum(); },
                     parameters_of(*encoder));
  }
}

TEST(HistogramEncoder, ReadsMapsOfEightToSixtyFourBins) {
  for (const std::int64_t bins : {8, 13, 32, 64}) {
    auto sizes = small_sizes();
    sizes.bins = static_cast<int>(bins);
    const auto encoder = make_encoder("histogram", small_config(), sizes);
    initialise(*encoder, 1);
    PairBatch batch;
    batch.size = 2;
    batch.tensors["histogram"] =
        normal({2, 2, bins, bins}, 2).to(torch::kFloat);
    const auto z = encoder->forward(batch);
    EXPECT_EQ(z.sizes(), torch::IntArrayRef({2, 8}));
    EXPECT_TRUE(torch::isfinite(z).all().item<bool>());
    EXPECT_FALSE(torch::allclose(z[0], z[1]));
  }
}

TEST(HistogramEncoder, PredictsWhatItTrains) {
  for (const char* net : {"small", "cnnc"}) {
    for (const std::int64_t bins : {8, 13, 16, 32, 40}) {
      auto config = small_config();
      config.histogram_net = net;
      auto sizes = small_sizes();
      sizes.bins = static_cast<int>(bins);
      const auto encoder = make_encoder("histogram", config, sizes);
      initialise(*encoder, 1);
      PairBatch batch;
      batch.size = 3;
      batch.tensors["histogram"] =
          normal({3, 2, bins, bins}, 2).to(torch::kFloat);
      const auto trained = encoder->forward(batch);
      const torch::NoGradGuard no_grad;  // other code then reads the maps
      EXPECT_TRUE(torch::allclose(encoder->forward(batch), trained, 1e-4, 1e-5))
          << net << ", " << bins << " bins";
    }
  }
}

TEST(HistogramEncoder, RefusesAnotherNumberOfChannels) {
  const auto encoder = make_encoder("histogram", small_config(), small_sizes());
  PairBatch batch;
  batch.size = 1;
  batch.tensors["histogram"] = torch::zeros({1, 4, 8, 8});
  EXPECT_THROW(static_cast<void>(encoder->forward(batch)), ShapeError);
}

TEST(DescriptorEncoder, HasTheGradientOfFiniteDifferences) {
  const auto encoder =
      make_encoder("descriptors", small_config(), small_sizes());
  perturb(*encoder, 1);
  PairBatch batch;
  batch.size = 4;
  batch.tensors["descriptors"] = normal({4, 5}, 2);
  const auto read = normal({4, 8}, 3);
  expect_gradients([&] { return (encoder->forward(batch) * read).sum(); },
                   parameters_of(*encoder));
}

TEST(GraphEncoder, HasTheGradientOfFiniteDifferences) {
  const auto graph = ring(12);
  const auto rows = torch::tensor(std::vector<std::int64_t>{3, 0, 7, 11, 3});
  for (const char* net : {"sign", "gcn"}) {
    auto config = small_config();
    config.graph_net = net;
    config.graph_layers = 2;
    const auto encoder = make_encoder("graph", config, small_sizes());
    perturb(*encoder, 1);
    GeneInputs genes;
    genes.features = normal({12, kColumns}, 2);
    genes.adjacency = &graph;
    genes.scalers = some_scalers();
    encoder->prepare_genes(&genes);
    auto batch = graph_batch(5);
    const auto read = normal({5, 8}, 3);
    expect_gradients(
        [&] {
          batch.tensors["gene_a"] = encoder->gene_vectors(genes, rows, nullptr);
          return (encoder->forward(batch) * read).sum();
        },
        parameters_of(*encoder));
  }
}

TEST(GraphEncoder, GivesTheSameBitsWhenThePairIsSwapped) {
  const auto encoder = make_encoder("graph", small_config(), small_sizes());
  auto batch = graph_batch(5);
  for (auto& item : batch.tensors) item.second = item.second.to(torch::kFloat);
  const auto forward = encoder->forward(batch);
  std::swap(batch.tensors["gene_a"], batch.tensors["gene_b"]);
  batch.tensors["seen"] = batch.tensors["seen"].flip(1);
  EXPECT_TRUE(same_bits(forward, encoder->forward(batch)));
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

TEST(GraphEncoder, ReadsTheVectorsOfUnseenGenesWhereAsked) {
  auto config = small_config();
  config.unseen_genes = "shown";
  const auto encoder = make_encoder("graph", config, small_sizes());
  perturb(*encoder, 1);
  const auto names = encoder->inputs();
  EXPECT_EQ(std::count(names.begin(), names.end(), "seen"), 0);
  auto batch = graph_batch(5);
  batch.tensors.erase("seen");
  const auto before = encoder->forward(batch);
  const auto after = encoder->forward(with_other(batch, 0, kOwn));
  for (std::int64_t i = 0; i < 5; ++i) {
    EXPECT_FALSE(same_bits(before[i], after[i])) << i;
  }
}

TEST(HideSeen, ShowsBothOneAndNoneOfTheGenesOfAThirdOfThePairsEach) {
  constexpr std::int64_t kDraws = 6000;
  ChunkRng rng(3);
  const auto shown = hide_seen(torch::ones({kDraws, 2}), &rng);  // (draws, 2)
  const auto kind = shown.select(1, 0) * 2 + shown.select(1, 1);
  const std::vector<double> share{1.0 / 3, 1.0 / 6, 1.0 / 6, 1.0 / 3};
  for (std::int64_t k = 0; k < 4; ++k) {
    const double p = share[static_cast<std::size_t>(k)];
    const auto n = (kind == k).sum().item<double>();
    // 5 standard deviations of a binomial share.
    EXPECT_NEAR(n / kDraws, p, 5 * std::sqrt(p * (1 - p) / kDraws)) << k;
  }
  EXPECT_EQ(hide_seen(torch::zeros({64, 2}), &rng).sum().item<double>(), 0);
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
  GeneInputs genes;
  genes.features = normal({12, kColumns}, 2);
  genes.adjacency = &graph;
  genes.scalers = some_scalers();
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
    for (const auto& [name, source] :
         {std::make_pair("own0", genes.features),
          std::make_pair("propagated0", genes.propagated.back())}) {
      const auto block = source.narrow(1, 0, 8);
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

TEST(GraphEncoder, ScalesThePropagatedCopiesAsTheModelLearned) {
  const auto graph = ring(12);
  auto config = small_config();
  config.graph_layers = 2;
  const auto encoder = make_encoder("graph", config, small_sizes());
  GeneInputs genes;
  genes.features = 5 * normal({12, kColumns}, 2);
  genes.adjacency = &graph;
  genes.scalers = some_scalers();
  encoder->prepare_genes(&genes);
  ASSERT_EQ(genes.propagated.size(), 2U);
  auto x = genes.features;
  for (std::size_t copy = 0; copy < 2; ++copy) {
    x = torch::mm(dense(to_symmetric(graph, torch::kCPU)), x);
    const auto mean = torch::tensor(genes.scalers[copy].mean);
    const auto scale = torch::tensor(genes.scalers[copy].scale);
    const auto z = ((x - mean) / scale).clamp(-6, 6);
    EXPECT_TRUE(torch::allclose(genes.propagated[copy], z, 1e-6, 1e-6));
    EXPECT_GT((z.abs() == 6).sum().item<int>(), 0);  // the clamp matters here
  }
}

TEST(GraphEncoder, RelatesNoGenesByABlockThatIsMissing) {
  const auto graph = ring(12);
  for (const char* net : {"sign", "gcn"}) {
    auto config = small_config();
    config.graph_net = net;
    const auto encoder = make_encoder("graph", config, small_sizes());
    GeneInputs genes;
    genes.features = normal({12, kColumns}, 2).to(torch::kFloat);
    genes.features.narrow(1, 0, 8).zero_();
    genes.adjacency = &graph;
    genes.scalers = some_scalers();
    encoder->prepare_genes(&genes);
    const auto all = encoder->gene_vectors(genes, torch::arange(12), nullptr);
    EXPECT_TRUE(torch::isfinite(all).all().item<bool>());
    EXPECT_GT(all.narrow(1, 0, kOwn).abs().max().item<float>(), 0.0F);
    EXPECT_EQ(all.narrow(1, kOwn, kGeneWidth - kOwn).abs().max().item<float>(),
              0.0F);
  }
}

TEST(GraphEncoder, RefusesPropagatedCopiesWithoutTheirScalers) {
  const auto graph = ring(12);
  for (const char* net : {"sign", "gcn"}) {
    auto config = small_config();
    config.graph_net = net;
    const auto encoder = make_encoder("graph", config, small_sizes());
    GeneInputs genes;
    genes.features = normal({12, kColumns}, 2);
    genes.adjacency = &graph;
    EXPECT_THROW(encoder->prepare_genes(&genes), ShapeError);
    genes.scalers = some_scalers();
    genes.scalers[0].mean.pop_back();
    EXPECT_THROW(encoder->prepare_genes(&genes), ShapeError);
  }
}

TEST(GraphEncoder, IsAnMlpOfTheFeaturesWithoutANetwork) {
  for (const char* net : {"sign", "gcn"}) {
    auto config = small_config();
    config.graph_net = net;
    const auto encoder = make_encoder("graph", config, small_sizes());
    GeneInputs genes;
    genes.features = normal({12, kColumns}, 2).to(torch::kFloat);
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
  for (const char* net : {"sign", "gcn"}) {
    auto config = small_config();
    config.graph_net = net;
    const auto encoder = make_encoder("graph", config, small_sizes());
    GeneInputs genes;
    genes.features = normal({12, kColumns}, 2).to(torch::kFloat);
    genes.adjacency = &graph;
    genes.scalers = some_scalers();
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

TEST(GraphEncoder, RefusesFeaturesOfAnotherWidth) {
  const auto encoder = make_encoder("graph", small_config(), small_sizes());
  GeneInputs genes;
  genes.features = torch::zeros({12, 9});
  EXPECT_THROW(encoder->prepare_genes(&genes), ShapeError);
}

TEST(SparseProduct, AgreesWithTheDenseProduct) {
  const auto matrix = to_symmetric(ring(700), torch::kCPU);
  const auto x = normal({700, 5}, 1);
  EXPECT_TRUE(torch::allclose(sparse_product(matrix, x, 2),
                              torch::mm(dense(matrix), x), 1e-12, 1e-12));
}

TEST(SparseProduct, GivesTheSameBitsForAnyNumberOfThreads) {
  const auto matrix = to_symmetric(ring(700), torch::kCPU);
  const auto x = normal({700, 5}, 1).to(torch::kFloat);
  EXPECT_TRUE(
      same_bits(sparse_product(matrix, x, 1), sparse_product(matrix, x, 3)));
}

TEST(SparseProduct, HasTheGradientOfFiniteDifferences) {
  const auto matrix = to_symmetric(ring(12), torch::kCPU);
  auto x = normal({12, 3}, 1).requires_grad_();
  const auto read = normal({12, 3}, 2);
  expect_gradients(
      [&] { return (sparse_product(matrix, x, 1).square() * read).sum(); },
      {{"x", x}});
}

TEST(SparseProduct, DropsBothDirectionsOfAnEdgeAndKeepsTheDiagonal) {
  const auto matrix = to_symmetric(ring(700), torch::kCPU);
  ChunkRng rng(1);
  const auto before = dense(matrix);
  const auto after = dense(drop_edges(matrix, 0.25, &rng));
  EXPECT_TRUE(same_bits(after, after.t().contiguous()));
  EXPECT_TRUE(same_bits(after.diagonal(), before.diagonal()));
  const auto kept = (after != 0).sum().item<double>() - 700;
  const auto edges = (before != 0).sum().item<double>() - 700;
  // 5 standard deviations of a binomial over edges / 2 draws.
  EXPECT_NEAR(kept / edges, 0.75, 5 * std::sqrt(0.75 * 0.25 / (edges / 2)));
  EXPECT_NEAR(after.max().item<double>(),
              before.triu(1).max().item<double>() / 0.75, 1e-6);
  EXPECT_TRUE(same_bits(before, dense(drop_edges(matrix, 0.25, nullptr))));
}

TEST(Dropout, KeepsTheStatedShareAndTheMean) {
  const auto x = torch::ones({100000});
  ChunkRng rng(3);
  const auto y = dropout(x, 0.2, &rng);
  const auto kept = (y != 0).to(torch::kDouble).mean().item<double>();
  // 5 standard deviations of a binomial share.
  EXPECT_NEAR(kept, 0.8, 5 * std::sqrt(0.8 * 0.2 / 100000));
  EXPECT_FLOAT_EQ(y.max().item<float>(), 1.25F);
  // Neighbours, which share a word of the generator, are independent.
  const auto pairs = (y != 0).to(torch::kDouble).view({-1, 2});
  const auto both = pairs.prod(1).mean().item<double>();
  EXPECT_NEAR(both, 0.64, 5 * std::sqrt(0.64 * 0.36 / 50000));
}

TEST(Dropout, IsTheIdentityInEvaluationAndAtZero) {
  const auto x = normal({10}, 1);
  ChunkRng rng(3);
  EXPECT_TRUE(same_bits(dropout(x, 0.5, nullptr), x));
  EXPECT_TRUE(same_bits(dropout(x, 0.0, &rng), x));
  EXPECT_EQ(dropout(x, 1.0, &rng).abs().max().item<double>(), 0.0);
}

TEST(Dropout, DependsOnTheSeedAlone) {
  const auto x = torch::ones({1000});
  ChunkRng here(7);
  const auto expected = dropout(x, 0.5, &here);
  torch::manual_seed(99);
  Tensor there;
  std::thread worker([&] {
    ChunkRng rng(7);
    there = dropout(x, 0.5, &rng);
  });
  worker.join();
  EXPECT_TRUE(same_bits(expected, there));
  ChunkRng other(8);
  EXPECT_FALSE(same_bits(expected, dropout(x, 0.5, &other)));
}

TEST(Matrix, SurvivesTheWayThroughATensor) {
  Matrix matrix(2, 3);
  matrix << 1, 2, 3, 4, 5, 6;
  const auto tensor = to_tensor(matrix);
  EXPECT_EQ(tensor[1][0].item<float>(), 4.0F);
  EXPECT_EQ(to_matrix(tensor), matrix);
  EXPECT_EQ(to_matrix(tensor.t()), matrix.transpose());
  EXPECT_EQ(to_tensor(Matrix(0, 3)).size(1), 3);
}

}  // namespace
}  // namespace musl::nn

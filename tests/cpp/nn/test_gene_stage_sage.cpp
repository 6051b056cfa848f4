#include <algorithm>
#include <memory>
#include <string>
#include <vector>

#include "encoder_fixture.h"
#include "gradient_check.h"
#include "nn/encoders/encoder.h"
#include "small_sizes.h"

namespace musl::nn {
namespace {

using fixture::kOwn;
using fixture::normal;
using fixture::perturb;
using fixture::small_config;
using fixture::small_sizes;

constexpr std::int64_t kColumns = 12;

constexpr int kLayers = 2;

std::shared_ptr<Encoder> sage_encoder() {
  auto config = small_config();
  config.graph_net = "sage";
  const auto encoder = make_encoder("graph", config, small_sizes());
  perturb(*encoder, 1);
  return encoder;
}

/// Of a graph that must outlive them.
GeneInputs genes_on(const CsrGraph& graph, const Tensor& features) {
  GeneInputs genes;
  genes.features = features;
  genes.adjacency = &graph;
  genes.scalers.resize(1);
  genes.scalers[0].mean.assign(kColumns, 0.0F);
  genes.scalers[0].scale.assign(kColumns, 1.0F);
  return genes;
}

/// A weighted graph of seven genes, the last without neighbours.
CsrGraph weighted_graph() {
  return normalise(make_graph(7, {0, 0, 1, 2, 3, 0}, {1, 2, 2, 3, 4, 5},
                              {0.5F, 2.0F, 1.0F, 0.25F, 3.0F, 1.5F}));
}

std::vector<double> numbers(const Tensor& row) {
  const auto x = row.to(torch::kDouble).contiguous();
  return {x.data_ptr<double>(), x.data_ptr<double>() + x.numel()};
}

/// Of GraphSAGE with mean aggregation, gene by gene, from the lists of the
/// unweighted graph above.
std::vector<std::vector<double>> plain_sage(const Encoder& encoder,
                                            const Tensor& features) {
  const std::vector<std::vector<std::size_t>> neighbours{
      {1, 2, 5}, {0, 2}, {0, 1, 3}, {2, 4}, {3}, {0}, {}};
  const auto w = encoder.named_parameters();
  const auto apply = [&w](const std::string& name,
                          const std::vector<double>& x) {
    std::vector<double> y;
    const auto weight = w["genes." + name + ".weight"];
    const auto* bias = w.find("genes." + name + ".bias");
    for (std::int64_t i = 0; i < weight.size(0); ++i) {
      y.push_back(bias == nullptr ? 0 : (*bias)[i].item<double>());
      for (std::size_t j = 0; j < x.size(); ++j) {
        y.back() +=
            weight[i][static_cast<std::int64_t>(j)].item<double>() * x[j];
      }
    }
    return y;
  };
  std::vector<std::vector<double>> h;
  for (std::int64_t gene = 0; gene < features.size(0); ++gene) {
    h.push_back(apply("input", numbers(features[gene])));
  }
  for (int layer = 0; layer < kLayers; ++layer) {
    const auto before = h;
    for (std::size_t gene = 0; gene < h.size(); ++gene) {
      std::vector<double> mean(before[gene].size(), 0.0);
      for (const auto other : neighbours[gene]) {
        for (std::size_t j = 0; j < mean.size(); ++j) {
          mean[j] +=
              before[other][j] / static_cast<double>(neighbours[gene].size());
        }
      }
      const auto number = std::to_string(layer);
      const auto self = apply("self" + number, before[gene]);
      const auto around = apply("neighbours" + number, mean);
      for (std::size_t j = 0; j < self.size(); ++j) {
        h[gene][j] = std::max(self[j] + around[j], 0.0);
      }
    }
  }
  return h;
}

TEST(SageStage, ReadsTheMeanOfTheNeighboursWhateverTheirWeights) {
  const auto graph = weighted_graph();
  const auto encoder = sage_encoder();
  GeneInputs genes = genes_on(graph, normal({7, kColumns}, 2));
  encoder->prepare_genes(&genes);
  const auto expected = plain_sage(*encoder, genes.features);
  const std::vector<std::int64_t> rows{6, 0, 3, 6};
  const auto found = encoder->gene_vectors(genes, torch::tensor(rows), nullptr);
  double largest = 0;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const auto own =
        numbers(found[static_cast<std::int64_t>(i)].narrow(0, 0, kOwn));
    for (std::size_t j = 0; j < own.size(); ++j) {
      EXPECT_NEAR(own[j], expected[static_cast<std::size_t>(rows[i])][j],
                  1e-12);
      largest = std::max(largest, own[j]);
    }
  }
  EXPECT_GT(largest, 0.1);  // not all are cut off at zero
}

}  // namespace
}  // namespace musl::nn

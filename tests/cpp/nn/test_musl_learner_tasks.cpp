// Does each part learn what it is there for? Small toy sets, plain loops.
#include <torch/optim/adam.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <vector>

#include "gradient_check.h"
#include "nn/base/parameters.h"
#include "nn/learn/musl_learner.h"

namespace musl::nn {
namespace {

/// One thread: the same bits, and so the same verdict, on every machine load.
class Learning : public testing::Test {
  SingleThreadGuard guard_;
};

constexpr std::int64_t kBins = 16;
constexpr std::int64_t kSamples = 300;

Tensor logistic_loss(const Tensor& logit, const Tensor& y) {
  return (torch::softplus(logit) - logit * y).mean();
}

/// Area under the ROC curve by counting pairs.
double area(const Tensor& logit, const Tensor& y) {
  const auto positive = logit.masked_select(y > 0.5);
  const auto negative = logit.masked_select(y < 0.5);
  return (positive.unsqueeze(1) > negative.unsqueeze(0))
      .to(torch::kDouble)
      .mean()
      .item<double>();
}

void train(torch::nn::Module& module, double rate, int steps,
           const std::function<Tensor(int)>& loss) {
  torch::optim::Adam optimiser(module.parameters(),
                               torch::optim::AdamOptions(rate));
  for (int step = 0; step < steps; ++step) {
    optimiser.zero_grad();
    loss(step).backward();
    optimiser.step();
  }
}

/// Scaled swap-invariant maps (2, K, K) of samples (x, y) on a fixed grid.
Tensor map_of(const std::vector<double>& x, const std::vector<double>& y) {
  auto counts = torch::zeros({kBins, kBins});
  const auto bin = [](double v) {
    return std::clamp<std::int64_t>(
        static_cast<std::int64_t>((v + 3) / 6 * kBins), 0, kBins - 1);
  };
  auto* cell = counts.data_ptr<float>();
  for (std::size_t i = 0; i < x.size(); ++i) {
    cell[bin(x[i]) * kBins + bin(y[i])] += 1.0F;
  }
  const auto scaled =
      (torch::log10(counts / static_cast<double>(kSamples) + 1e-4) + 4) / 4;
  return torch::stack(
      {(scaled + scaled.t()) / 2, (scaled - scaled.t()).abs() / 2});
}

enum class Shape { independent, no_corner, cross };

Tensor draw_map(Shape shape, Rng* rng) {
  std::vector<double> x, y;
  while (static_cast<std::int64_t>(x.size()) < kSamples) {
    double u = rng->normal(), v = rng->normal();
    const bool corner = u < -0.6 && v < -0.6;
    if (shape == Shape::no_corner && corner && rng->uniform() < 0.9) continue;
    if (shape == Shape::cross && rng->uniform() < 0.4) {
      v = (rng->uniform() < 0.5 ? u : -u) * 0.94 + 0.34 * rng->normal();
    }
    x.push_back(u);
    y.push_back(v);
  }
  return map_of(x, y);
}

struct Maps {
  Tensor x, y;
};

Maps draw_maps(Shape shape, std::int64_t n, std::uint64_t seed) {
  Rng rng(seed);
  std::vector<Tensor> maps;
  auto y = torch::zeros({n});
  for (std::int64_t i = 0; i < n; ++i) {
    maps.push_back(draw_map(i % 2 == 1 ? shape : Shape::independent, &rng));
    y[i] = static_cast<double>(i % 2);
  }
  return {torch::stack(maps), y};
}

double learn_maps(Shape shape) {
  ArchitectureConfig config;
  config.encoders = {"histogram"};
  InputSizes sizes;
  sizes.set("histogram", {2, kBins, kBins});
  MuslNet net(config, sizes);
  initialise(*net, 1);
  const auto seen = draw_maps(shape, 1024, 2);
  const auto fresh = draw_maps(shape, 400, 3);
  const auto logits = [&](const Maps& maps, ChunkRng* rng) {
    PairBatch batch;
    batch.size = maps.x.size(0);
    batch.rng = rng;
    batch.tensors["histogram"] = maps.x;
    batch.tensors["mask:histogram"] = torch::ones({batch.size});
    return net->branch_forward(0, batch);
  };
  train(*net, 2e-3, 64, [&](int step) {
    ChunkRng rng(static_cast<std::uint64_t>(step));
    const auto first = (step % 8) * 128;
    const Maps some{seen.x.narrow(0, first, 128), seen.y.narrow(0, first, 128)};
    return logistic_loss(logits(some, &rng), some.y);
  });
  const torch::NoGradGuard no_grad;
  return area(logits(fresh, nullptr), fresh.y);
}

TEST_F(Learning, SeesAnEmptyCornerOfTheHistogram) {
  EXPECT_GT(learn_maps(Shape::no_corner), 0.9);
}

TEST_F(Learning, SeesAFaintCrossInTheHistogram) {
  EXPECT_GT(learn_maps(Shape::cross), 0.9);
}

TEST_F(Learning, RecognisesFamiliesOfUnseenGenes) {
  constexpr std::int64_t kFamilies = 120, kMembers = 4, kColumns = 16;
  constexpr std::int64_t kGenes = kFamilies * kMembers;
  const auto centre = fixture::normal({kFamilies, 1, kColumns}, 1);
  GeneInputs genes;
  genes.features =
      (centre + 0.4 * fixture::normal({kFamilies, kMembers, kColumns}, 2))
          .reshape({kGenes, kColumns})
          .to(torch::kFloat);

  struct Pairs {
    Tensor a, b, y;
  };
  const auto draw = [&](std::int64_t first, std::int64_t last, std::int64_t n,
                        std::uint64_t seed) {
    Rng rng(seed);
    std::vector<std::int64_t> a, b;
    std::vector<float> y;
    const auto below = [&](std::int64_t m) {
      return static_cast<std::int64_t>(
          rng.below(static_cast<std::uint64_t>(m)));
    };
    while (static_cast<std::int64_t>(a.size()) < n) {
      const bool same = a.size() % 2 == 0;
      const auto u = first + below(last - first);
      const auto v = same ? u : first + below(last - first);
      const auto i = u * kMembers + below(kMembers);
      const auto j = v * kMembers + below(kMembers);
      if (i == j || (!same && u == v)) continue;
      a.push_back(i);
      b.push_back(j);
      y.push_back(same ? 1.0F : 0.0F);
    }
    return Pairs{torch::tensor(a), torch::tensor(b), torch::tensor(y)};
  };

  ArchitectureConfig config;
  config.encoders = {"graph"};
  config.width = 32;
  config.dropout = 0.05;
  InputSizes sizes;
  sizes.set("genes", {kColumns});
  MuslNet net(config, sizes);
  initialise(*net, 1);
  auto* encoder = net->gene_encoders().at(0);
  encoder->prepare_genes(&genes);
  const auto logits = [&](const Pairs& pairs, ChunkRng* rng) {
    PairBatch batch;
    batch.size = pairs.a.size(0);
    batch.rng = rng;
    batch.tensors["gene_a"] = encoder->gene_vectors(genes, pairs.a, rng);
    batch.tensors["gene_b"] = encoder->gene_vectors(genes, pairs.b, rng);
    // The genes of evaluation are new altogether.
    batch.tensors["seen"] = rng != nullptr
                                ? hide_seen(torch::ones({batch.size, 2}), rng)
                                : torch::zeros({batch.size, 2});
    batch.tensors["mask:graph"] = torch::ones({batch.size});
    return net->forward(batch).logit;
  };
  // Families 0 .. 99 train, genes of the others are new altogether.
  train(*net, 2e-3, 150, [&](int step) {
    ChunkRng rng(static_cast<std::uint64_t>(step));
    const auto pairs = draw(0, 100, 256, 10 + static_cast<unsigned>(step));
    return logistic_loss(logits(pairs, &rng), pairs.y);
  });
  const torch::NoGradGuard no_grad;
  const auto unseen = draw(100, kFamilies, 500, 5);
  EXPECT_GT(area(logits(unseen, nullptr), unseen.y), 0.9);
}

}  // namespace
}  // namespace musl::nn

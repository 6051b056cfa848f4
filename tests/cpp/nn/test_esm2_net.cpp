#include <gtest/gtest.h>

#include <optional>
#include <string>
#include <vector>

#include "base/error.h"
#include "fake_device.h"
#include "model/backend.h"
#include "nn/embed/esm2_net.h"
#include "nn/embed/packed_windows.h"

namespace musl::nn {
namespace {

Esm2Config small_esm2() {
  Esm2Config config;
  config.width = 16;
  config.inner_width = 24;
  config.layers = 2;
  config.heads = 2;
  config.vocabulary = 33;
  config.max_residues = 100;
  return config;
}

Esm2Weights random_weights(const Esm2Config& config, at::Device device) {
  torch::manual_seed(1);
  const auto draw = [&](at::IntArrayRef shape) {
    return (at::randn(shape) * 0.3).to(device);
  };
  const std::int64_t d = config.width;
  const std::int64_t inner = config.inner_width;
  Esm2Weights weights;
  weights.tokens = draw({config.vocabulary, d});
  for (std::int64_t i = 0; i < config.layers; ++i) {
    Esm2Layer layer;
    layer.attention_norm.weight = draw({d}) + 1;
    layer.attention_norm.bias = draw({d});
    layer.qkv.weight = draw({3 * d, d});
    layer.qkv.bias = draw({3 * d});
    layer.out.weight = draw({d, d});
    layer.out.bias = draw({d});
    layer.norm.weight = draw({d}) + 1;
    layer.norm.bias = draw({d});
    layer.up.weight = draw({inner, d});
    layer.up.bias = draw({inner});
    layer.down.weight = draw({d, inner});
    layer.down.bias = draw({d});
    weights.layers.push_back(layer);
  }
  weights.after.weight = draw({d}) + 1;
  weights.after.bias = draw({d});
  return weights;
}

Esm2Alphabet alphabet() {
  std::vector<std::string> tokens = {"<cls>", "<pad>", "<eos>", "<unk>"};
  for (const char letter : std::string("LAGVSERTIDPKQNFYMHWCXBUZO.-")) {
    tokens.emplace_back(1, letter);
  }
  tokens.emplace_back("<null_1>");
  tokens.emplace_back("<mask>");
  return Esm2Alphabet(tokens);
}

/// (sequences, D)
Tensor embed(const std::vector<std::string>& sequences,
             const std::string& device) {
  const torch::NoGradGuard no_grad;
  std::vector<std::int64_t> lengths;
  for (const auto& sequence : sequences) {
    lengths.push_back(static_cast<std::int64_t>(sequence.size()));
  }
  const auto windows = plan_windows(lengths, 100, 0);
  const auto weights = residue_weights(windows, lengths);
  std::vector<const std::vector<float>*> views;
  for (const auto& weight : weights) views.push_back(&weight);
  const auto packed =
      pack_windows(windows, views, sequences, alphabet(), device);
  const Esm2Net net(small_esm2(),
                    random_weights(small_esm2(), device_of(device)));
  return pool_windows(net.forward(packed.tokens, [] {}), packed);
}

TEST(Esm2Net, APackedBatchEqualsSequencesOnTheirOwn) {
  const std::vector<std::string> sequences = {"MKVLA", "MKVLC", "AAAAA", "W",
                                              "ACDEFGHIKLMNPQRSTVWY"};
  const auto together = embed(sequences, "cpu");
  for (std::size_t i = 0; i < sequences.size(); ++i) {
    EXPECT_TRUE(at::allclose(together[static_cast<std::int64_t>(i)],
                             embed({sequences[i]}, "cpu")[0], 1e-5, 1e-5));
  }
}

TEST(Esm2Net, StopsWhenItIsToldTo) {
  EXPECT_THROW(
      {
        const torch::NoGradGuard no_grad;
        const std::vector<float> weight = {1.0F};
        const auto packed =
            pack_windows({{0, 0, 1}}, {&weight}, {"M"}, alphabet(), "cpu");
        (void)Esm2Net(small_esm2(), random_weights(small_esm2(), at::kCPU))
            .forward(packed.tokens, [] { throw CancelledError("stop"); });
      },
      CancelledError);
}

TEST(Esm2Net, AGpuGivesWhatTheCpuGives) {
  std::optional<musl::test::FakeDevice> fake;
  if (backend().device_info().cuda_devices == 0) fake.emplace();
  const std::vector<std::string> sequences = {"MKVLA", "AAAAA", "W"};
  EXPECT_TRUE(at::allclose(embed(sequences, "cuda"), embed(sequences, "cpu"),
                           1e-4, 1e-4));
}

}  // namespace
}  // namespace musl::nn

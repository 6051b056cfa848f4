// Speed of ESM2 of 650M random weights on every device: esm2 [--smoke]. Prints
// a markdown table.

#include <cstdio>
#include <cstring>
#include <string>
#include <vector>

#include "model/backend.h"
#include "nn/base/device.h"
#include "nn/embed/esm2_net.h"
#include "world.h"

namespace musl::bench {
namespace {

Esm2Config shape_of(bool smoke) {
  return smoke ? Esm2Config{64, 256, 2, 4, 33, 1022}
               : Esm2Config{1280, 5120, 33, 20, 33, 1022};
}

nn::Esm2Weights random_weights(const Esm2Config& config,
                               const at::TensorOptions& options) {
  const auto draw = [&](std::vector<std::int64_t> shape) {
    return torch::empty(shape).uniform_(-0.03, 0.03).to(options);
  };
  const std::int64_t d = config.width, inner = config.inner_width;
  nn::Esm2Weights weights;
  weights.tokens = draw({config.vocabulary, d});
  for (std::int64_t i = 0; i < config.layers; ++i) {
    weights.layers.push_back({draw({d}), draw({d}), draw({3 * d, d}),
                              draw({3 * d}), draw({d, d}), draw({d}), draw({d}),
                              draw({d}), draw({inner, d}), draw({inner}),
                              draw({d, inner}), draw({d})});
  }
  weights.after = {draw({d}), draw({d})};
  return weights;
}

/// n sequences of this many residues.
nn::PackedTokens tokens_of(std::int64_t n, std::int64_t residues,
                           const at::Device& device) {
  const std::int64_t length = residues + 2;
  nn::PackedTokens batch;
  batch.runs.push_back({0, n, length});
  batch.tokens = torch::randint(4, 24, {n * length}, torch::kLong).to(device);
  batch.positions = torch::arange(length).repeat({n}).to(device);
  return batch;
}

void time_device(const std::string& name, at::ScalarType type, bool smoke) {
  const torch::NoGradGuard no_grad;
  const at::Device device = nn::device_of(name);
  const Esm2Config config = shape_of(smoke);
  const nn::Esm2Net net(
      config, random_weights(config, at::TensorOptions(type).device(device)));
  const std::int64_t n = smoke ? 2 : device.is_cpu() ? 2 : 64;
  const auto batch = tokens_of(n, /*residues=*/smoke ? 20 : 400, device);
  double seconds = 0;
  // The first time warms the device up.
  for (int i = 0; i < 2; ++i) {
    const double start = elapsed_seconds();
    (void)net.forward(batch, [] {}).sum().to(at::kFloat).item<float>();
    seconds = elapsed_seconds() - start;
  }
  std::printf("| %s | %s | %.0f | %.1f |\n", name.c_str(),
              type == at::kFloat ? "float32" : "bfloat16",
              static_cast<double>(batch.tokens.size(0)) / seconds,
              static_cast<double>(n) / seconds);
  std::fflush(stdout);
}

void run(bool smoke) {
  std::printf(
      "ESM2, %s.\n\n| device | precision | tokens/s | proteins/s |\n"
      "|---|---|---|---|\n",
      smoke ? "tiny" : "650M, proteins of 400 residues");
  time_device("cpu", at::kFloat, smoke);
  if (backend().device_info().cuda_devices == 0) return;
  for (const auto type : {at::kFloat, at::kBFloat16}) {
    time_device("cuda", type, smoke);
  }
}

}  // namespace
}  // namespace musl::bench

int main(int count, char** words) {
  musl::bench::run(count == 2 && std::strcmp(words[1], "--smoke") == 0);
  return 0;
}

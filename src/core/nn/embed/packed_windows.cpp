
#include "nn/embed/packed_windows.h"

#include "base/numbers.h"
#include "nn/base/device.h"
#include "nn/embed/esm2_net.h"

namespace musl::nn {

namespace {

Tensor on_device(const std::vector<std::int64_t>& values,
                 const std::string& device) {
  return at::tensor(values, at::kLong).to(device_of(device));
}

}  // namespace

PackedBatch pack_windows(const std::vector<ProteinWindow>& windows,
                         const std::vector<const std::vector<float>*>& weights,
                         const std::vector<std::string>& sequences,
                         const Esm2Alphabet& alphabet,
                         const std::string& device) {
  std::vector<std::int64_t> tokens;
  std::vector<std::int64_t> positions;
  std::vector<float> weight;
  PackedBatch batch;
  auto& runs = batch.tokens.runs;
  for (std::size_t w = 0; w < windows.size(); ++w) {
    const ProteinWindow& window = windows[w];
    const auto first = size_of(tokens);
    if (runs.empty() || runs.back().length != window.length + 2) {
      runs.push_back({first, 0, window.length + 2});
    }
    ++runs.back().n;
    const std::string& sequence = sequences[at(window.protein)];
    tokens.push_back(alphabet.start());
    for (std::int64_t i = 0; i < window.length; ++i) {
      tokens.push_back(alphabet.residue(sequence[at(window.begin + i)]));
    }
    tokens.push_back(alphabet.end());
    for (std::int64_t i = 0; i < window.length + 2; ++i) positions.push_back(i);
    weight.push_back(0.0F);
    weight.insert(weight.end(), weights[w]->begin(), weights[w]->end());
    weight.push_back(0.0F);
  }
  batch.tokens.tokens = on_device(tokens, device);
  batch.tokens.positions = on_device(positions, device);
  batch.weight = at::tensor(weight, at::kFloat).to(device_of(device));
  return batch;
}

Tensor pool_windows(const Tensor& hidden, const PackedBatch& batch) {
  const auto weighted =
      hidden.to(at::kFloat) * batch.weight.unsqueeze(1);  // (T, D)
  std::vector<Tensor> sums;
  for (const PackedRun& run : batch.tokens.runs) {
    sums.push_back(weighted.narrow(0, run.first, run.n * run.length)
                       .view({run.n, run.length, hidden.size(1)})
                       .sum(/*dim=*/1));  // (n, D)
  }
  return at::cat(sums).to(at::kCPU).contiguous();
}

}  // namespace musl::nn

#include "nn/train/gradient_exchange.h"

#include <string>

#include "musl/content_hash.h"
#include "musl/error.h"
#include "nn/train/process_group.h"

namespace musl::nn {

std::vector<std::string> group_backends() {
  std::vector<std::string> backends;
  if (has_gloo()) backends.emplace_back("gloo");
  if (has_nccl()) backends.emplace_back("nccl");
  return backends;
}

std::unique_ptr<GradientExchange> join_group(
    const GroupConfig& config, torch::Device device,
    const std::function<bool()>& tick) {
  validate(config);
  if (config.size == 1) return nullptr;
  const bool over_gloo = config.backend == "gloo";
  auto exchange =
      over_gloo ? join_gloo(config, tick) : join_nccl(config, device, tick);
  if (exchange != nullptr) return exchange;
  throw DeviceError(
      "This build of MuSL can't train in several processes over " +
      config.backend +
      ": when it was configured, a program with LibTorch's process group did "
      "not compile and link. Install " +
      (over_gloo ? "Gloo's headers (Debian, Ubuntu: libgloo-dev)"
                 : "the headers of CUDA and NCCL") +
      " and then MuSL again, or use one device.");
}

bool is_follower(const GradientExchange* exchange) {
  return exchange != nullptr && exchange->rank() > 0;
}

Share share_of(std::int64_t n, const GradientExchange* exchange) {
  if (exchange == nullptr) return {0, n};
  const std::int64_t rank = exchange->rank(), size = exchange->size();
  return {rank * n / size, (rank + 1) * n / size};
}

bool all_go_on(bool go_on, GradientExchange* exchange) {
  if (exchange == nullptr) return go_on;
  Tensor stopping = torch::full({1}, go_on ? 0.0f : 1.0f);
  exchange->sum(&stopping);
  return stopping.item<float>() == 0.0f;
}

void check_same_work(const std::string& identity, GradientExchange* exchange) {
  if (exchange == nullptr) return;
  ContentHash hash;
  hash.update(identity);
  // As many bits as double precision sums without rounding.
  const auto own =
      static_cast<double>(std::stoull(hash.hex().substr(0, 10), nullptr, 16));
  Tensor sum = torch::full({1}, own, torch::kFloat64);
  exchange->sum(&sum);
  const double mean = sum.item<double>() / exchange->size();
  if (mean != own) {
    throw InternalError(
        "The processes that train together hold different data, settings or "
        "weights. Please report this.");
  }
}

}  // namespace musl::nn

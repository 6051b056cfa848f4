#include "nn/train/process_group.h"

#ifdef MUSL_GLOO

// LibTorch's header is empty without it.
#ifndef USE_C10D_GLOO
#define USE_C10D_GLOO
#endif

#include <torch/csrc/distributed/c10d/ProcessGroupGloo.hpp>

#include "nn/train/c10d_exchange.h"

namespace musl::nn {

bool has_gloo() { return true; }

std::unique_ptr<GradientExchange> join_gloo(const GroupConfig& config,
                                            const std::function<bool()>& tick) {
  using Group = c10d::ProcessGroupGloo;
  return with_group_errors(config, "did not meet the others", [&] {
    auto options = Group::Options::create(timeout_of(config));
    options->devices.push_back(Group::createDeviceForHostname("127.0.0.1"));
    auto group = c10::make_intrusive<Group>(meet(config, tick), config.rank,
                                            config.size, options);
    return std::make_unique<C10dExchange<Group>>(group, torch::kCPU, config);
  });
}

}  // namespace musl::nn

#else

namespace musl::nn {

bool has_gloo() { return false; }

std::unique_ptr<GradientExchange> join_gloo(const GroupConfig&,
                                            const std::function<bool()>&) {
  return nullptr;
}

}  // namespace musl::nn

#endif

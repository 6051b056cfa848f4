// Does LibTorch's process group over Gloo compile and link here? configure and
// CMakeLists.txt ask; core/nn/train/gloo_group.cpp makes the same calls.
#ifndef USE_C10D_GLOO
#define USE_C10D_GLOO
#endif
#include <torch/csrc/distributed/c10d/FileStore.hpp>
#include <torch/csrc/distributed/c10d/ProcessGroupGloo.hpp>

int main(int count, char** words) {
  using Group = c10d::ProcessGroupGloo;
  auto options = Group::Options::create(std::chrono::milliseconds(1000));
  options->devices.push_back(Group::createDeviceForHostname("127.0.0.1"));
  auto store = c10::make_intrusive<c10d::FileStore>(words[0], count);
  auto group = c10::make_intrusive<Group>(store, 0, count, options);
  std::vector<at::Tensor> tensors = {at::empty({1})};
  return group->allreduce(tensors)->wait() ? 0 : 1;
}

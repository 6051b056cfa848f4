// Does LibTorch's process group over NCCL compile and link here? configure and
// CMakeLists.txt ask; core/nn/train/nccl_group.cpp makes the same calls.
#ifndef USE_C10D_NCCL
#define USE_C10D_NCCL
#endif
#include <torch/csrc/distributed/c10d/FileStore.hpp>
#include <torch/csrc/distributed/c10d/ProcessGroupNCCL.hpp>

int main(int count, char** words) {
  using Group = c10d::ProcessGroupNCCL;
  auto options = Group::Options::create();
  options->timeout = std::chrono::milliseconds(1000);
  auto store = c10::make_intrusive<c10d::FileStore>(words[0], count);
  auto group = c10::make_intrusive<Group>(store, 0, count, options);
  std::vector<at::Tensor> tensors = {at::empty({1})};
  return group->allreduce(tensors)->wait() ? 0 : 1;
}

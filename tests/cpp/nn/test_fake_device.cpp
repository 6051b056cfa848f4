// What the fake device promises to the tests that run on it.
#include <gtest/gtest.h>

#include <string>

#include "fake_device.h"
#include "nn/base/boundary.h"
#include "nn/base/device.h"
#include "nn/base/tensor.h"

namespace musl::test {
namespace {

using nn::Tensor;

class OnFakeDevice : public ::testing::Test {
 protected:
  FakeDevice fake_;
  torch::Device device_ = nn::device_of("cuda");
};

TEST_F(OnFakeDevice, AHostThatReadsItsNumbersDies) {
  ::testing::FLAGS_gtest_death_test_style = "threadsafe";
  EXPECT_DEATH(
      {
        FakeDevice fake;
        const Tensor x = torch::ones({4}, nn::device_of("cuda"));
        std::printf("%f", x.data_ptr<float>()[0]);
      },
      "");
}

TEST_F(OnFakeDevice, TensorsOfTwoDevicesDoNotMix) {
  const Tensor here = torch::ones({4}, device_);
  const Tensor there = torch::ones({4});
  EXPECT_THROW((void)(here + there), c10::Error);
  EXPECT_THROW((void)torch::cat({here, there}), c10::Error);
  EXPECT_THROW((void)here.index_select(0, torch::tensor({1})), c10::Error);
  EXPECT_EQ((here + torch::tensor(2.0F)).sum().item<float>(), 12);
}

TEST_F(OnFakeDevice, NewMemoryIsNotANumber) {
  EXPECT_TRUE(torch::empty({100}, device_).isnan().all().item<bool>());
}

TEST_F(OnFakeDevice, ViewsShareNumbers) {
  Tensor x = torch::zeros({4, 6}, device_);
  x.t().narrow(0, 1, 2).view({2, 4}).add_(1);
  x.unfold(1, 2, 2).select(1, 0).mul_(3);
  const Tensor host = x.to(torch::kCPU);
  EXPECT_EQ(host[0][1].item<float>(), 3);
  EXPECT_EQ(host[0][2].item<float>(), 1);
  EXPECT_EQ(host.sum().item<float>(), 16);
}

TEST_F(OnFakeDevice, CountsWhatCostsTime) {
  const Tensor x = torch::ones({8}, device_);
  clear_device_counts();
  const Tensor up = torch::ones({8}).to(device_);
  const Tensor more = torch::ones({8}).to(device_, /*non_blocking=*/true);
  const Tensor sum = (x + up).view({2, 4}) * 2;
  (void)sum.to(torch::kCPU);
  (void)more.sum().item<float>();
  const DeviceCounts counts = device_counts();
  EXPECT_EQ(counts.kernels, 3);
  EXPECT_EQ(counts.copies_up, 2);
  EXPECT_EQ(counts.copies_down, 2);
  EXPECT_EQ(counts.waits, 3);
  EXPECT_EQ(counts.allocations, 5);
}

TEST_F(OnFakeDevice, RefusesMemoryInTheWordsGiven) {
  {
    const ShortDevice limit(4096);
    (void)torch::ones({1000}, device_);
    EXPECT_THROW((void)torch::ones({2000}, device_), c10::OutOfMemoryError);
    EXPECT_EQ(ShortDevice::refusals(), 1);
  }
  const ShortDevice limit(4096, "GET was unable to find an engine");
  try {
    (void)torch::ones({2000}, device_);
    FAIL() << "the memory was not short";
  } catch (const c10::Error& error) {
    EXPECT_NE(std::string(error.what()).find("GET was"), std::string::npos);
  }
}

TEST(AtTheBoundary, AGpuAfterAForkIsNoDefect) {
  const auto work = [] {
    TORCH_CHECK(false, "CUDA error: initialization error");
  };
  EXPECT_THROW(nn::at_boundary("Work", work), DeviceError);
}

}  // namespace
}  // namespace musl::test

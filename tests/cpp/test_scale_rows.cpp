#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <vector>

#include "base/scale_rows.h"

namespace musl {
namespace {

TEST(ScaleRows, CentresDividesAndClips) {
  constexpr float kClip = 2;
  constexpr std::int64_t kRows = 3;
  for (const std::int64_t columns : {1, 15, 16, 37}) {
    std::vector<float> mean, scale, x, expected;
    for (std::int64_t c = 0; c < columns; ++c) {
      mean.push_back(0.25f * static_cast<float>(c));
      scale.push_back(0.5f + 0.125f * static_cast<float>(c % 5));
    }
    for (std::int64_t i = 0; i < kRows * columns; ++i) {
      const auto c = static_cast<std::size_t>(i % columns);
      x.push_back(static_cast<float>(i * 7 % 23) - 11);
      const double z = (x.back() - mean[c]) / double{scale[c]};
      expected.push_back(static_cast<float>(std::max(-2.0, std::min(2.0, z))));
    }
    scale_rows(mean.data(), scale.data(), columns, kClip, kRows, x.data());
    for (std::size_t i = 0; i < x.size(); ++i) {
      EXPECT_FLOAT_EQ(x[i], expected[i]) << i << " of " << columns;
    }
  }
}

TEST(ScaleRows, AMissingValueStaysMissing) {
  const float mean = 1, scale = 2;
  std::vector<float> x{std::numeric_limits<float>::quiet_NaN(), 3};
  scale_rows(&mean, &scale, 1, 6, 2, x.data());
  EXPECT_TRUE(std::isnan(x[0]));
  EXPECT_EQ(x[1], 1.0f);
}

}  // namespace
}  // namespace musl

#include <gtest/gtest.h>

#include <cmath>
#include <string>
#include <vector>

#include "musl/measured_model.h"

namespace musl {
namespace {

TEST(PartnerRates, CountGenesThatAreNotTheQuery) {
  // Query 0 with 1 to 3 in study s0; 1-2 and 2-3 without a query in s1.
  MeasuredPairs pairs;
  pairs.studies = {"s0", "s1"};
  pairs.study = {0, 0, 0, 1, 1};
  pairs.query = {0, 0, 0, -1, -1};
  pairs.pairs.label = {1, 0, 0, 1, 1};
  pairs.weight.assign(5, 1);
  pairs.effect.assign(5, std::nanf(""));
  pairs.pairs.a = {0, 0, 0, 1, 2};
  pairs.pairs.b = {1, 2, 3, 2, 3};
  pairs.lines = {"line", "s1"};
  pairs.line = {0, 0, -1, 1, -1};
  const auto rates = partner_rates(pairs, 5);
  const auto ratio = [](double hits, double n, double rate) {
    return std::log((hits + 10 * rate) / (n + 10) / rate);
  };
  ASSERT_EQ(rates.size(), 3u);  // a name stands for the study of that name
  const std::vector<std::vector<double>> expected{
      {0, ratio(1, 1, 1.0 / 3), ratio(0, 1, 1.0 / 3), ratio(0, 1, 1.0 / 3), 0},
      {0, ratio(1, 1, 1), ratio(2, 2, 1), ratio(1, 1, 1), 0},
      {0, ratio(1, 1, .5), ratio(0, 1, .5), 0, 0}};
  for (std::size_t k = 0; k < 3; ++k) {
    EXPECT_EQ(rates[k].name, (std::vector<std::string>{"s0", "s1", "line"})[k]);
    for (std::size_t g = 0; g < 5; ++g) {
      EXPECT_NEAR(rates[k].log_ratio[g], expected[k][g], 1e-6) << k << " " << g;
    }
  }
  // Without a hit there is no rate to compare with.
  pairs.pairs.label.assign(5, 0);
  EXPECT_EQ(partner_rates(pairs, 5)[0].log_ratio, std::vector<float>(5, 0));
}

}  // namespace
}  // namespace musl

// The encoder that the vignette on extensions prints, inst/extending, is found
// by its name and learns.
#include <gtest/gtest.h>

#include <algorithm>
#include <set>
#include <vector>

#include "model/model.h"
#include "nn/encoders/encoder.h"
#include "small_world.h"

namespace musl::nn {
namespace {

using test::small_architecture;
using test::small_control;
using test::small_world;
using test::SmallWorld;

/// Whether the two genes share a neighbour, by sets.
bool share_neighbour(const CsrGraph& graph, std::int32_t a, std::int32_t b) {
  const auto of = [&graph](std::int32_t gene) {
    const auto* first = graph.neighbour.data();
    const auto i = static_cast<std::size_t>(gene);
    return std::set<std::int32_t>(first + graph.offset[i],
                                  first + graph.offset[i + 1]);
  };
  const auto of_a = of(a), of_b = of(b);
  return std::any_of(of_a.begin(), of_a.end(), [&of_b](std::int32_t gene) {
    return of_b.count(gene) > 0;
  });
}

/// Share of pairs of a positive and a negative in the right order.
double area(const std::vector<double>& score, const std::vector<float>& label) {
  double right = 0, all = 0;
  for (std::size_t i = 0; i < score.size(); ++i) {
    for (std::size_t j = 0; j < score.size(); ++j) {
      if (label[i] <= label[j]) continue;
      all += 1;
      right += score[i] > score[j] ? 1.0 : score[i] == score[j] ? 0.5 : 0.0;
    }
  }
  return right / all;
}

TEST(Extension, IsRegisteredAndReadsWhatItSays) {
  const auto names = encoder_names();
  EXPECT_EQ(std::count(names.begin(), names.end(), "proximity"), 1);
  EXPECT_EQ(encoder_info("proximity").reads,
            std::vector<std::string>{"topology"});
}

TEST(Extension, LearnsWhichPairsShareANeighbour) {
  SmallWorld world = small_world(small_architecture());
  for (PairSet* pairs : {&world.training, &world.validation}) {
    for (std::size_t i = 0; i < pairs->a.size(); ++i) {
      pairs->label[i] =
          share_neighbour(world.data.network, pairs->a[i], pairs->b[i]) ? 1.0F
                                                                        : 0.0F;
    }
  }
  auto architecture = small_architecture();
  architecture.encoders = {"proximity"};
  auto control = small_control();
  control.epochs = 20;
  const FitResult result =
      fit(architecture, control, world.data, world.training, world.validation);
  const auto score =
      result.model.predict(world.data, world.validation, {}).score;
  EXPECT_GT(area(score, world.validation.label), 0.95);
}

}  // namespace
}  // namespace musl::nn

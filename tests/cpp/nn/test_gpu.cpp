// The same work on the CPU and on a GPU or, without one, the fake device.
#include <gtest/gtest.h>

#include <cmath>
#include <optional>
#include <string>
#include <vector>

#include "../random_chain.h"
#include "base/error.h"
#include "fake_device.h"
#include "judge/metrics.h"
#include "model/backend.h"
#include "model/model.h"
#include "muse/interactions.h"
#include "muse/node_set.h"
#include "small_world.h"

namespace musl {
namespace {

using test::all_pairs;
using test::small_architecture;
using test::small_control;
using test::small_world;
using test::SmallWorld;

constexpr double kAlike = 1e-4;

class OnGpu : public ::testing::Test {
 protected:
  void SetUp() override {
    if (backend().device_info().cuda_devices == 0) fake_.emplace();
  }

 private:
  std::optional<test::FakeDevice> fake_;
};

PredictOptions on(const std::string& device, int threads = 1) {
  PredictOptions options;
  options.device = device;
  options.threads = threads;
  options.parts = options.embedding = true;
  return options;
}

FitResult fit_on(const std::string& device, const SmallWorld& world,
                 const ArchitectureConfig& architecture,
                 ControlConfig control = small_control(), int members = 1) {
  control.device = device;
  const std::vector<TrainingPart> parts(
      static_cast<std::size_t>(members),
      TrainingPart{world.training, world.validation});
  return fit(architecture, control, world.data, parts);
}

void expect_alike(const std::vector<double>& x, const std::vector<double>& y,
                  double within = kAlike) {
  ASSERT_EQ(x.size(), y.size());
  for (std::size_t i = 0; i < x.size(); ++i) {
    EXPECT_EQ(std::isnan(x[i]), std::isnan(y[i])) << i;
    if (!std::isnan(x[i])) {
      EXPECT_NEAR(x[i], y[i], within) << i;
    }
  }
}

void expect_alike(const Matrix& x, const Matrix& y, double within = kAlike) {
  ASSERT_EQ(x.rows(), y.rows());
  ASSERT_EQ(x.cols(), y.cols());
  EXPECT_LE((x - y).cwiseAbs().maxCoeff(), within);
}

double auroc_of(const Model& model, const PairSet& pairs) {
  return auroc(model.predict(model.kept(), pairs, on("cpu")).score,
               pairs.label);
}

/// What changes the kernels that a network is made of.
std::vector<ArchitectureConfig> architectures() {
  std::vector<ArchitectureConfig> all(4, small_architecture());
  all[1].graph_net = "sage";
  all[2].fusion = "attention";
  all[2].alignment = 0.1;
  all[2].encoders.insert(all[2].encoders.begin() + 2, "genes");
  all[3].descriptors = "paper";
  all[3].transforms = {"z", "log", "z_log"};
  return all;
}

TEST_F(OnGpu, ScoresAreThoseOfTheCpu) {
  for (const auto& architecture : architectures()) {
    const SmallWorld world = small_world(architecture);
    const Model model =
        fit_on("cpu", world, architecture, small_control(), 2).model;
    const PairSet pairs = all_pairs();
    const Prediction expected = model.predict(model.kept(), pairs, on("cpu"));
    for (const int threads : {1, 4}) {
      const Prediction found =
          model.predict(model.kept(), pairs, on("cuda", threads));
      expect_alike(found.score, expected.score);
      expect_alike(found.gates, expected.gates);
      expect_alike(found.branch_scores, expected.branch_scores);
      expect_alike(found.embedding, expected.embedding, 1e-3);
    }
    const auto made =
        make_pair_scorer(model, model.kept(), pairs, on("cuda", 2));
    made->prepare_all_genes();
    expect_alike(made->score(pairs).score, expected.score);
  }
}

ControlConfig thorough() {
  ControlConfig control = small_control();
  control.epochs = control.patience = 12;
  control.learning_rate = 3e-3;
  return control;
}

// A GPU draws masks of its own. One seed gives .77 to .96 on the CPU.
TEST_F(OnGpu, LearnsWhatTheCpuLearns) {
  const SmallWorld world = small_world(small_architecture());
  ControlConfig control = thorough();
  constexpr int kSeeds = 4;
  double cpu = 0, gpu = 0;
  for (int seed = 1; seed <= kSeeds; ++seed) {
    control.seed = seed;
    for (auto* mean : {&cpu, &gpu}) {
      const std::string device = mean == &cpu ? "cpu" : "cuda";
      *mean +=
          auroc_of(fit_on(device, world, small_architecture(), control).model,
                   world.training) /
          kSeeds;
    }
  }
  EXPECT_NEAR(gpu, cpu, 0.08);
}

TEST_F(OnGpu, TrainsEachScheduleAndNetwork) {
  const auto check = [&](const ArchitectureConfig& architecture,
                         const ControlConfig& how) {
    const SmallWorld world = small_world(architecture);
    const FitResult found = fit_on("cuda", world, architecture, how);
    EXPECT_FALSE(found.cancelled);
    for (const auto& record : found.history) {
      EXPECT_TRUE(record.epoch == 0 || std::isfinite(record.loss));
    }
    EXPECT_GT(auroc_of(found.model, world.training), 0.5)
        << how.schedule << " " << architecture.graph_net;
  };
  ControlConfig control = thorough();
  check(small_architecture(), control);
  control.schedule = "plateau";
  check(small_architecture(), control);
  for (const auto& architecture : architectures()) check(architecture, control);
}

TEST_F(OnGpu, ExplanationsAreThoseOfTheCpu) {
  const SmallWorld world = small_world(small_architecture());
  const Model model =
      fit_on("cpu", world, small_architecture(), small_control(), 2).model;
  const PairSet asked{{0}, {3}, {}};
  const auto explain = [&](const std::string& device) {
    return make_pair_scorer(model, model.kept(), asked, on(device))
        ->attribute(0, 3);
  };
  const Attribution cpu = explain("cpu"), gpu = explain("cuda");
  EXPECT_NEAR(gpu.score, cpu.score, kAlike);
  ASSERT_EQ(gpu.inputs.size(), cpu.inputs.size());
  for (std::size_t i = 0; i < cpu.inputs.size(); ++i) {
    double of_cpu = 0, of_gpu = 0;
    for (const double x : cpu.inputs[i].contribution) of_cpu += x;
    for (const double x : gpu.inputs[i].contribution) of_gpu += x;
    EXPECT_NEAR(of_gpu, of_cpu, 1e-3) << cpu.inputs[i].name;
  }
}

std::string smiles_of(Rng* rng) {
  const char* units[] = {"C", "c1ccccc1", "N", "O", "C(=O)", "S"};
  std::string text = "C";
  for (int i = 0; i < 5; ++i) text += units[rng->below(6)];
  return text;
}

NodeSet nodes_of(NodeKind kind, std::int64_t n, Rng* rng) {
  NodeSet nodes;
  nodes.kind = kind;
  if (kind == NodeKind::features) {
    nodes.features = Matrix::NullaryExpr(
        n, 12, [rng] { return static_cast<float>(rng->normal()); });
    return nodes;
  }
  for (std::int64_t i = 0; i < n; ++i) {
    const Eigen::Index length = 30 + i % 5;
    if (kind == NodeKind::smiles) {
      nodes.text.push_back(smiles_of(rng));
      continue;
    }
    nodes.text.push_back(random_letters(length, rng));
    if (kind == NodeKind::residues) {
      nodes.coordinates.push_back(random_chain(length, rng));
    }
  }
  return nodes;
}

/// During its lifetime no device is found.
class CpuOnly {
 public:
  CpuOnly() = default;
  ~CpuOnly() { nn::set_accelerator(before_); }
  CpuOnly(const CpuOnly&) = delete;
  CpuOnly& operator=(const CpuOnly&) = delete;

 private:
  nn::Accelerator before_ =
      nn::set_accelerator({c10::kCUDA, [] { return 0; }, nullptr});
};

void expect_scores_of_cpu(const InteractionFit& fitted,
                          const LabelledPairs& pairs) {
  const auto found =
      backend().read_interactions(fitted.archive)->score(pairs, 1, {});
  const CpuOnly cpu;
  const auto expected =
      backend().read_interactions(fitted.archive)->score(pairs, 1, {});
  EXPECT_TRUE(found.fused.allFinite());
  expect_alike(found.fused, expected.fused, 1e-5);
  expect_alike(found.structure, expected.structure, 1e-5);
  expect_alike(found.network, expected.network, 1e-5);
}

/// Pairs of two types whose labels follow the ends.
InteractionData interactions(NodeKind kind, const std::string& task) {
  Rng rng(3);
  InteractionData data;
  data.nodes = {nodes_of(kind, 16, &rng),
                nodes_of(NodeKind::features, 12, &rng)};
  const int labels = task == "multilabel" ? 3 : 1;
  const auto fill = [&](int remainder, LabelledPairs* to) {
    std::vector<float> value;
    for (std::int32_t a = 0; a < 16; ++a) {
      for (std::int32_t b = 0; b < 12; ++b) {
        if ((a + b) % 4 != remainder && remainder == 0) continue;
        if ((a + b) % 4 == 0 && remainder != 0) continue;
        to->a.push_back(a);
        to->b.push_back(16 + b);
        for (int k = 0; k < labels; ++k) {
          const float x = static_cast<float>((a * (k + 1) + b) % 5);
          value.push_back(task == "affinity" ? x : x > 2 ? 1.0F : 0.0F);
        }
      }
    }
    to->label = Eigen::Map<const Matrix>(
        value.data(), static_cast<Eigen::Index>(to->a.size()), labels);
  };
  fill(1, &data.training);
  fill(0, &data.validation);
  return data;
}

TEST_F(OnGpu, InteractionsOfEachKindAndTaskAreLearned) {
  // Each kind by each task and each strategy, not by all of their pairs.
  const char* tasks[] = {"binary", "multilabel", "affinity"};
  const char* strategies[] = {"joint", "branches", "em"};
  std::size_t turn = 0;
  for (const auto kind : {NodeKind::features, NodeKind::sequence,
                          NodeKind::smiles, NodeKind::residues}) {
    for (std::size_t i = 0; i < 3; ++i) {
      InteractionConfig config;
      config.task = tasks[i];
      config.width = 16;
      config.strategy = strategies[(i + turn) % 3];
      config.em.iterations = 1;
      ControlConfig control;
      control.device = "cuda";
      control.epochs = 3;
      control.batch_size = 64;
      control.threads = 2;
      const InteractionData data = interactions(kind, config.task);
      const auto fitted =
          backend().fit_interactions(config, control, 1, data, {});
      SCOPED_TRACE(std::string(node_kind_name(kind)) + " " + config.task + " " +
                   config.strategy);
      expect_scores_of_cpu(fitted, data.validation);
      ASSERT_FALSE(fitted.history.empty());
      EXPECT_TRUE(std::isfinite(fitted.history.back().valid_loss));
    }
    ++turn;
  }
}

TEST_F(OnGpu, SitesAreLearned) {
  Rng rng(5);
  SiteData data;
  data.nodes = nodes_of(NodeKind::residues, 24, &rng);
  for (std::size_t i = 0; i < data.nodes.text.size(); ++i) {
    std::vector<float> label;
    for (const char letter : data.nodes.text[i]) {
      label.push_back(letter == 'W' || letter == 'K' ? 1.0F : 0.0F);
    }
    data.label.push_back(label);
    data.validation.push_back(i % 4 == 0 ? 1 : 0);
  }
  ControlConfig control;
  control.device = "cuda";
  control.epochs = control.patience = 15;
  control.batch_size = 200;
  control.learning_rate = 3e-3;
  control.threads = 2;
  const auto fitted = backend().fit_sites({16, 0.1}, control, 1, data, {});
  const auto found =
      backend().read_sites(fitted.archive)->score(data.nodes, 1, {});
  EXPECT_GT(site_metrics(found.score, data.label).auroc, 0.9);
  const CpuOnly cpu;
  const auto expected =
      backend().read_sites(fitted.archive)->score(data.nodes, 1, {});
  for (std::size_t i = 0; i < expected.score.size(); ++i) {
    for (std::size_t r = 0; r < expected.score[i].size(); ++r) {
      EXPECT_NEAR(found.score[i][r], expected.score[i][r], 1e-5);
    }
  }
}

}  // namespace
}  // namespace musl

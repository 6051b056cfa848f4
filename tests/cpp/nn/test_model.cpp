#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <numeric>

#include "base/error.h"
#include "io/archive_file.h"
#include "io/archive_pack.h"
#include "model/backend.h"
#include "model/model.h"
#include "nn/base/boundary.h"
#include "nn/base/device.h"
#include "small_world.h"

namespace musl {
namespace {

using test::kGenes;
using test::kGraphOnlyGene;
using test::kUnknownGene;
using test::same_numbers;
using test::small_architecture;
using test::small_control;
using test::small_world;
using test::SmallWorld;

/// One model for all tests that only read it.
class Trained : public ::testing::Test {
 protected:
  static void SetUpTestSuite() {
    world_ = std::make_unique<SmallWorld>(small_world(small_architecture()));
    result_ = std::make_unique<FitResult>(
        fit(small_architecture(), small_control(), world_->data,
            world_->training, world_->validation));
  }
  static void TearDownTestSuite() {
    result_.reset();
    world_.reset();
  }
  static const Model& model() { return result_->model; }

  static std::unique_ptr<SmallWorld> world_;
  static std::unique_ptr<FitResult> result_;
};
std::unique_ptr<SmallWorld> Trained::world_;
std::unique_ptr<FitResult> Trained::result_;

PredictOptions with_parts() {
  PredictOptions options;
  options.device = test::test_device();
  options.parts = options.embedding = true;
  return options;
}

bool same_bits(const Prediction& x, const Prediction& y) {
  return same_numbers(x.score, y.score) && same_numbers(x.gates, y.gates) &&
         same_numbers(x.branch_scores, y.branch_scores) &&
         same_numbers(x.embedding, y.embedding);
}

PairSet all_kinds_of_pairs(const SmallWorld& world) {
  PairSet pairs = world.validation;
  pairs.label.clear();
  for (const std::int32_t gene : {kGraphOnlyGene, kUnknownGene, 50}) {
    pairs.a.push_back(3);
    pairs.b.push_back(gene);
  }
  return pairs;
}

TEST_F(Trained, PredictsTheSameBitsAfterAFile) {
  const PairSet pairs = all_kinds_of_pairs(*world_);
  const Prediction before =
      model().predict(model().kept(), pairs, with_parts());
  const auto bytes = write_archive(model().to_archive(true));
  const Model loaded =
      Model::from_archive(read_archive(bytes.data(), bytes.size()));
  EXPECT_TRUE(
      same_bits(before, loaded.predict(loaded.kept(), pairs, with_parts())));
  EXPECT_EQ(loaded.kept().n_genes, kGenes);
  EXPECT_EQ(loaded.n_parameters(), model().n_parameters());
  EXPECT_EQ(write_archive(loaded.to_archive(true)), bytes);
}

TEST_F(Trained, KeepsNodeFeaturesOnceAndInSteps) {
  const Archive plain = unpacked(model().to_archive(true));
  for (const auto& [name, tensor] : plain.tensors) {
    EXPECT_EQ(name.find("gene_vectors"), std::string::npos);
    EXPECT_EQ(name.find("space/"), std::string::npos);
    if (name.find("/codes") != std::string::npos) EXPECT_EQ(tensor.dtype, "U8");
  }
  const auto& state = model().state();
  const Matrix features = node_features(model().kept(), state.preprocess);
  const std::set<float> values(features.data(),
                               features.data() + features.size());
  EXPECT_LE(values.size(), 255u);
  EXPECT_EQ(model().reference().gene_vectors.rows(), kGenes);
}

TEST_F(Trained, WithoutInputsNeedsDataAndThenGivesTheSameBits) {
  const Archive small = model().to_archive(false);
  for (const auto& item : small.tensors) {
    // How it is stored stands behind the first bar.
    const auto name = item.first.substr(0, item.first.find('|'));
    for (const char* part : {"cohort/0/codes", "step", "standardised", "ranked",
                             "biweight", "flags", "network", "gene_vectors"}) {
      EXPECT_EQ(name.find(part), std::string::npos) << name;
    }
  }
  const Model loaded = Model::from_archive(small);
  EXPECT_EQ(loaded.kept().n_genes, 0);
  const auto& row = loaded.reference().cohorts[1].row_of_gene;
  EXPECT_EQ(row, model().kept().cohorts[1].row_of_gene);
  EXPECT_THROW((void)loaded.predict(loaded.reference(), world_->validation, {}),
               ShapeError);
  const PairSet pairs = all_kinds_of_pairs(*world_);
  const Model on = loaded.on(model().kept());
  EXPECT_TRUE(same_bits(on.predict(on.kept(), pairs, with_parts()),
                        model().predict(model().kept(), pairs, with_parts())));
  EXPECT_EQ(write_archive(loaded.to_archive(true)), write_archive(small));
}

TEST_F(Trained, GivesTheSameBitsInEitherOrderOfThePair) {
  const PairSet pairs = all_kinds_of_pairs(*world_);
  PairSet swapped{pairs.b, pairs.a, {}};
  const Prediction forward =
      model().predict(model().kept(), pairs, with_parts());
  EXPECT_TRUE(same_bits(
      forward, model().predict(model().kept(), swapped, with_parts())));
  // Both orders in one table, at different places.
  PairSet both = pairs;
  both.a.insert(both.a.end(), swapped.a.begin(), swapped.a.end());
  both.b.insert(both.b.end(), swapped.b.begin(), swapped.b.end());
  const auto score = model().predict(model().kept(), both, {}).score;
  const auto half = score.begin() + pairs.size();
  EXPECT_TRUE(same_numbers<double>({score.begin(), half}, {half, score.end()}));
}

TEST_F(Trained, DoesNotDependOnMicroBatchOrThreads) {
  const PairSet pairs = all_kinds_of_pairs(*world_);
  PredictOptions options = with_parts();
  const Prediction usual = model().predict(model().kept(), pairs, options);
  options.threads = 1;
  EXPECT_TRUE(
      same_bits(usual, model().predict(model().kept(), pairs, options)));
  // The score sums logits, each good to 1e-6; a network this small has weights
  // well above one.
  double weights = 1;
  for (const auto& row : model().stack().weight) {
    weights = std::max(weights, std::accumulate(row.begin(), row.end(), 0.0));
  }
  for (const int size : {1, 7, 1000}) {
    options.micro_batch = size;
    const Prediction other = model().predict(model().kept(), pairs, options);
    for (std::size_t i = 0; i < usual.score.size(); ++i) {
      if (std::isnan(usual.score[i])) {
        EXPECT_TRUE(std::isnan(other.score[i]));
      } else {
        EXPECT_NEAR(usual.score[i], other.score[i], 1e-6 * weights);
      }
    }
    EXPECT_LT((usual.gates - other.gates).cwiseAbs().maxCoeff(), 1e-6f);
  }
}

TEST_F(Trained, MasksWhatAPairLacks) {
  PairSet pairs;
  // Gene 0 is in a training pair, 50 and those beyond are in none.
  pairs.a = {0, 0, 50, 0, 50};
  pairs.b = {1, kGraphOnlyGene, kGraphOnlyGene, kUnknownGene, kUnknownGene};
  const Prediction found = model().predict(model().kept(), pairs, with_parts());
  EXPECT_EQ(found.encoders, small_architecture().encoders);
  const std::vector<bool> expression = {true, false, false, false, false};
  const std::vector<bool> partners = {true, true, false, true, false};
  const std::vector<bool> graph = {true, true, true, false, false};
  for (std::size_t i = 0; i < 5; ++i) {
    const auto row = found.gates.row(static_cast<Eigen::Index>(i));
    for (std::size_t m = 0; m < found.encoders.size(); ++m) {
      const std::string& name = found.encoders[m];
      const bool reads_expression =
          name == "histogram" || name == "descriptors";
      const auto& has = name == "partners" ? partners
                        : reads_expression ? expression
                                           : graph;
      EXPECT_EQ(row[static_cast<Eigen::Index>(m)] > 0, has[i])
          << i << " " << name;
    }
    EXPECT_NEAR(row.sum(), i == 4 ? 0 : 1, 1e-6);
    EXPECT_EQ(std::isnan(found.score[i]), i == 4);
  }
}

TEST_F(Trained, AnswersNoPairsWithAnEmptyTable) {
  const Prediction none = model().predict(model().kept(), {}, with_parts());
  EXPECT_TRUE(none.score.empty());
  EXPECT_EQ(none.gates.rows(), 0);
  EXPECT_EQ(static_cast<std::size_t>(none.gates.cols()),
            small_architecture().encoders.size());
  EXPECT_EQ(none.embedding.cols(), small_architecture().fusion_width());
}

TEST_F(Trained, MasksModalitiesThatTheDataLacksAltogether) {
  Dataset no_expression = model().kept();
  no_expression.cohorts.clear();
  Prediction found =
      model().predict(no_expression, world_->validation, with_parts());
  EXPECT_EQ(found.gates.leftCols(2).cwiseAbs().sum(), 0);
  EXPECT_TRUE(std::isfinite(found.score[0]));

  Dataset no_graph = model().kept();
  no_graph.blocks.clear();
  no_graph.gene_vectors.resize(0, 0);
  no_graph.network = {};
  no_graph.in_graph.assign(kGenes, 0);
  found = model().predict(no_graph, world_->validation, with_parts());
  EXPECT_EQ(found.gates.col(2).cwiseAbs().sum(), 0);
  EXPECT_TRUE(std::isfinite(found.score[0]));
}

TEST_F(Trained, RefusesDataOfOtherSizes) {
  Dataset data = model().kept();
  std::swap(data.cohorts[0], data.cohorts[1]);
  EXPECT_THROW((void)model().predict(data, world_->validation, {}), ShapeError);
  data = model().kept();
  data.cohorts.pop_back();
  EXPECT_THROW((void)model().predict(data, world_->validation, {}), ShapeError);
  data = model().kept();
  data.gene_vectors.conservativeResize(kGenes, 3);
  EXPECT_THROW((void)model().predict(data, world_->validation, {}), ShapeError);
  data = model().kept();
  data.known.label.pop_back();
  EXPECT_THROW((void)model().predict(data, world_->validation, {}), ShapeError);
  data = model().kept();
  data.known.a[0] = static_cast<std::int32_t>(kGenes);
  EXPECT_THROW((void)model().predict(data, world_->validation, {}), GeneError);
  data = model().kept();
  ASSERT_FALSE(data.spaces.empty());
  std::vector<NodeBlock> spaces(data.spaces.begin(), data.spaces.end());
  spaces.pop_back();
  data.spaces = spaces;
  EXPECT_THROW((void)model().predict(data, world_->validation, {}), ShapeError);
  data = world_->data;
  data.blocks[0].values.conservativeResize(kGenes, 5);
  EXPECT_THROW((void)model().predict(data, world_->validation, {}), ShapeError);
  PairSet outside;
  outside.a = {0};
  outside.b = {static_cast<std::int32_t>(kGenes)};
  EXPECT_THROW((void)model().predict(model().kept(), outside, {}), GeneError);
}

TEST_F(Trained, TakesEveryGeneForUnseenWithoutKnownPairs) {
  Dataset silent = model().kept();
  silent.known = {};
  const auto found = model().predict(silent, world_->validation, with_parts());
  EXPECT_FALSE(same_numbers(found.score, result_->valid_score));
  EXPECT_EQ(found.encoders.back(), "partners");
  EXPECT_EQ(found.gates.rightCols(1).cwiseAbs().sum(), 0);
}

TEST_F(Trained, HearsOnlyTheEncodersAskedFor) {
  PredictOptions options = with_parts();
  options.encoders = {"descriptors", "graph"};
  const auto some =
      model().predict(model().kept(), world_->validation, options);
  for (std::size_t m = 0; m < some.encoders.size(); ++m) {
    const bool heard = std::count(options.encoders.begin(),
                                  options.encoders.end(), some.encoders[m]) > 0;
    const auto column = some.gates.col(static_cast<Eigen::Index>(m));
    EXPECT_EQ(column.cwiseAbs().sum() > 0, heard) << some.encoders[m];
  }
  for (Eigen::Index i = 0; i < some.gates.rows(); ++i) {
    EXPECT_NEAR(some.gates.row(i).sum(), 1, 1e-5);
  }
  for (const char* name : {"no such", "graph"}) {
    options.encoders = {"graph", name};
    EXPECT_THROW(
        (void)model().predict(model().kept(), world_->validation, options),
        InputError);
  }
}

TEST_F(Trained, ScoresValidationPairsAsPredictDoes) {
  PredictOptions options;
  options.device = test::test_device();
  // The same but for rounding, from what is kept and from the data as given.
  Dataset given = world_->data;
  given.known = model().kept().known;
  for (const Dataset* data : {&model().kept(), &std::as_const(given)}) {
    const auto score =
        model().predict(*data, world_->validation, options).score;
    ASSERT_EQ(score.size(), result_->valid_score.size());
    for (std::size_t i = 0; i < score.size(); ++i) {
      EXPECT_NEAR(score[i], result_->valid_score[i], 1e-5);
    }
  }
}

TEST_F(Trained, RefusesEveryTamperedTensor) {
  const Archive whole = model().to_archive(true);
  for (const auto& item : whole.tensors) {
    Archive lacking = whole;
    lacking.tensors.erase(item.first);
    if (item.first != "in_graph") {
      EXPECT_THROW((void)Model::from_archive(lacking), FormatError)
          << item.first;
    }
    if (item.second.bytes.empty()) continue;
    Archive shorter = whole;
    auto& tensor = shorter.tensors[item.first];
    const auto row =
        tensor.bytes.size() / static_cast<std::size_t>(tensor.shape[0]);
    tensor.bytes.resize(tensor.bytes.size() - row);
    --tensor.shape[0];
    EXPECT_THROW((void)Model::from_archive(shorter), FormatError) << item.first;
  }
}

TEST_F(Trained, RefusesValuesThatWouldBeReadOutOfBounds) {
  const Archive whole = unpacked(model().to_archive(true));
  const auto refuses = [&](const std::string& name, std::uint8_t value) {
    Archive archive = whole;
    archive.tensors.at(name).bytes[0] = value;
    EXPECT_THROW((void)Model::from_archive(archive), FormatError) << name;
  };
  refuses("cohort/0/steps", 255);
  refuses("cohort/0/row_of_gene", 250);
  refuses("network/half/neighbour", 250);
  refuses("network/half/offset", 9);
}

TEST_F(Trained, RefusesTamperedDescriptions) {
  const Archive whole = model().to_archive(true);
  for (const char* text :
       {"", "{", "[]", "{\"n_genes\": -1}",
        "{\"n_genes\": 60, \"inputs\": true, \"cohorts\": [], \"blocks\": []}",
        "{\"n_genes\": 1e18, \"inputs\": false, \"cohorts\": 3, "
        "\"blocks\": 7}"}) {
    Archive archive = whole;
    archive.metadata["dataset"] = text;
    EXPECT_THROW((void)Model::from_archive(archive), FormatError) << text;
    archive = whole;
    archive.metadata["architecture"] = text;
    EXPECT_THROW((void)Model::from_archive(archive), FormatError) << text;
  }
  EXPECT_THROW((void)Model::from_archive({}), FormatError);
}

TEST_F(Trained, WorksInAForkedChild) {
  const auto expected =
      model().predict(model().kept(), world_->validation, {}).score;
  const pid_t child = fork();
  ASSERT_GE(child, 0);
  if (child == 0) {
    alarm(60);  // a child that waits for lost threads dies by the signal
    const auto score =
        model().predict(model().kept(), world_->validation, {}).score;
    _exit(same_numbers(score, expected) ? 0 : 1);
  }
  int status = 0;
  ASSERT_EQ(waitpid(child, &status, 0), child);
  EXPECT_TRUE(WIFEXITED(status));
  EXPECT_EQ(WEXITSTATUS(status), 0);
}

TEST_F(Trained, StopsPredictingWhenTheSinkSaysSo) {
  PairSet many;
  for (std::int32_t a = 0; a < kGenes; ++a) {
    for (std::int32_t b = a + 1; b < kGenes; ++b) {
      many.a.push_back(a);
      many.b.push_back(b);
    }
  }
  PredictOptions options;
  options.threads = 1;
  options.micro_batch = 1;  // slow enough for a first look
  EXPECT_THROW((void)model().predict(model().kept(), many, options,
                                     [](const TrainEvent& event) {
                                       EXPECT_EQ(event.kind,
                                                 TrainEvent::Kind::predict);
                                       return false;
                                     }),
               CancelledError);
}

TEST(SharedModel, ScoresTheSameDataGivenAnewAsTheModelThatKeptIt) {
  const ArchitectureConfig arch = small_architecture();
  const SmallWorld world = small_world(arch);
  Rng rng(7);
  const auto random = [&rng](std::int64_t rows, std::int64_t cols) {
    return Eigen::MatrixXd(Eigen::MatrixXd::NullaryExpr(
        rows, cols, [&rng] { return rng.normal(); }));
  };
  const Eigen::MatrixXd values = random(50, 30), vectors = random(kGenes, 8);
  const RMatrixView embeddings(vectors.data(), vectors.rows(), vectors.cols());
  DatasetInput input;
  input.n_genes = kGenes;
  input.cohorts.resize(1);
  input.cohorts[0].name = "one";
  input.cohorts[0].assays.emplace_back(values.data(), 50, 30);
  input.embeddings = &embeddings;
  std::vector<std::int32_t> same_gene;
  for (std::int32_t gene = 0; gene < kGenes; ++gene) {
    same_gene.push_back(gene);
    if (gene < 50) input.cohorts[0].gene_of_row.push_back(gene);
    input.edge_from.push_back(gene);
    input.edge_to.push_back((gene * 7 + 1) % kGenes);
    input.edge_weight.push_back(1.0f);
  }
  input.embedding_gene = same_gene;
  const Model model =
      fit(arch, small_control(), make_dataset(input, arch, nullptr, {}, 1, 1),
          world.training, world.validation)
          .model;
  const Model shared = Model::from_archive(model.to_archive(false));
  const Dataset anew = make_dataset(input, shared.architecture(),
                                    &shared.reference(), same_gene, 1, 1);
  const auto expected = model.predict(model.kept(), world.validation, {}).score;
  const auto found = shared.predict(anew, world.validation, {}).score;
  for (std::size_t i = 0; i < found.size(); ++i) {
    EXPECT_NEAR(found[i], expected[i], 1e-5);
  }
  // Without samples of its own, expression is masked and the graph decides.
  input.cohorts.clear();
  const Dataset graph_only = make_dataset(input, shared.architecture(),
                                          &shared.reference(), same_gene, 1, 1);
  const Prediction masked =
      shared.predict(graph_only, world.validation, with_parts());
  EXPECT_EQ(masked.gates.leftCols(2).cwiseAbs().sum(), 0);
  EXPECT_TRUE(std::isfinite(masked.score[0]));
}

TEST(FitInput, MustHoldBothClassesAndLabelsOfZeroAndOne) {
  const ArchitectureConfig arch = small_architecture();
  const SmallWorld world = small_world(arch);
  const auto refuses = [&](const PairSet& training, const PairSet& validation) {
    EXPECT_THROW(
        (void)fit(arch, small_control(), world.data, training, validation),
        InputError);
  };
  refuses({}, {});
  PairSet one_class = world.training;
  one_class.label.assign(one_class.label.size(), 1.0f);
  refuses(one_class, {});
  refuses(world.training, one_class);
  PairSet odd = world.training;
  odd.label[0] = 0.5f;
  refuses(odd, {});
  PairSet unlabelled = world.training;
  unlabelled.label.clear();
  refuses(unlabelled, {});
}

TEST(FitInput, LeavesOutEncodersThatTheDataCannotFeed) {
  const ArchitectureConfig arch = small_architecture();
  SmallWorld world = small_world(arch);
  ControlConfig control = small_control();
  control.epochs = 1;
  Dataset expression_only = world.data;
  expression_only.blocks.clear();
  expression_only.network = {};
  expression_only.in_graph.assign(kGenes, 0);
  const Model first =
      fit(arch, control, expression_only, world.training, world.validation)
          .model;
  EXPECT_EQ(first.architecture().encoders,
            (std::vector<std::string>{"histogram", "descriptors", "partners"}));
  EXPECT_EQ(Model::from_archive(first.to_archive(true)).architecture().encoders,
            first.architecture().encoders);

  Dataset nothing;
  nothing.n_genes = kGenes;
  EXPECT_EQ(fit(arch, control, nothing, world.training, {})
                .model.architecture()
                .encoders,
            (std::vector<std::string>{"partners"}));
  ArchitectureConfig without_partners = arch;
  without_partners.encoders.pop_back();
  EXPECT_THROW(
      (void)fit(without_partners, control, nothing, world.training, {}),
      InputError);
}

TEST(FitInput, MustFeedOneTrainingPair) {
  const ArchitectureConfig arch = small_architecture();
  const SmallWorld world = small_world(arch);
  PairSet blind;
  blind.a = {0, 1};
  blind.b = {kUnknownGene, kUnknownGene};
  blind.label = {0, 1};
  EXPECT_THROW((void)fit(arch, small_control(), world.data, blind, {}),
               InputError);
}

TEST(Boundary, RewordsWhatOthersThrowAndPassesOurOwn) {
  const auto run = [](const std::function<void()>& body) {
    nn::at_boundary("Testing", body);
  };
  EXPECT_THROW(run([] { throw std::bad_alloc(); }), DeviceError);
  EXPECT_THROW(run([] { throw GeneError("x"); }), GeneError);
  EXPECT_THROW(run([] { throw std::logic_error("x"); }), InternalError);
  try {
    run([] { TORCH_CHECK(false, "sizes differ"); });
    FAIL();
  } catch (const InternalError& error) {
    const std::string text = error.what();
    EXPECT_NE(text.find("sizes differ"), std::string::npos);
    EXPECT_EQ(text.find("frame #"), std::string::npos) << text;
  }
  try {
    run([] {
      TORCH_CHECK_WITH(OutOfMemoryError, false, "CUDA out of memory.");
    });
    FAIL();
  } catch (const DeviceError& error) {
    EXPECT_NE(std::string(error.what()).find("batch_size"), std::string::npos);
  }
}

TEST(Device, IsResolvedByName) {
  EXPECT_EQ(backend().resolve_device("cpu"), "cpu");
  const DeviceInfo info = backend().device_info();
  EXPECT_EQ(backend().resolve_device("auto"),
            info.cuda_devices > 0 ? "cuda:0" : "cpu");
  EXPECT_FALSE(info.libtorch_version.empty());
  EXPECT_THROW((void)backend().resolve_device("cuda:99"), DeviceError);
  for (const char* name : {"tpu", "", "cuda:", "cuda:x", "cuda:-1"}) {
    EXPECT_THROW((void)backend().resolve_device(name), InputError) << name;
  }
}

}  // namespace
}  // namespace musl

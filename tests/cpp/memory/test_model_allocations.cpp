// Configurations, interactions and sites, as far as they do without LibTorch.
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <string>
#include <tuple>
#include <vector>

#include "../random_chain.h"
#include "interactions/interaction_state.h"
#include "interactions/kernel_scale.h"
#include "interactions/node_kernel.h"
#include "interactions/scale_fusion.h"
#include "interactions/site_state.h"
#include "interactions/unlabelled.h"
#include "musl/archive.h"
#include "musl/backend.h"
#include "musl/config.h"
#include "musl/error.h"
#include "musl/file.h"
#include "musl/old_checkpoint.h"
#include "musl/rng.h"
#include "musl/similarity.h"
#include "survived.h"

namespace musl {
namespace {

using test::expect_survived;

std::vector<float> numbers_of(const Matrix& x) {
  return {x.data(), x.data() + x.size()};
}

// Configurations ------------------------------------------------------------

/// What a call that must fail says.
template <class Failure, class Call>
std::string words_of(const Call& call) {
  try {
    (void)call();
  } catch (const Failure& error) {
    return error.what();
  }
  return "";
}

TEST(ModelAllocations, OfConfigurations) {
  ArchitectureConfig architecture;
  architecture.encoders = {"graph", "histogram", "a_new_modality"};
  ControlConfig control;
  control.checkpoint = "a path/\xc3\xa9 that is longer than a short string";
  ArchitectureConfig wrong = architecture;
  wrong.encoders.push_back("graph");
  expect_survived([&] {
    const std::string text = to_json(architecture);
    const auto back = architecture_from_json(text);
    validate(back);
    return std::make_tuple(
        text, to_json(back), to_json(control), words_of<InputError>([&] {
          validate(wrong);
          return 0;
        }),
        words_of<FormatError>([] {
          return architecture_from_json("{\"from_the_future\": [1, [2]]}");
        }));
  });
}

// Interactions --------------------------------------------------------------

/// Chains, chains with coordinates, or molecules; twelve of them.
NodeSet nodes_of(NodeKind kind) {
  const std::vector<std::string> molecules = {"CCO",      "c1ccccc1",
                                              "CC(=O)O",  "CCN(CC)CC",
                                              "C1CCCCC1", "CC(=O)Nc1ccccc1O"};
  Rng rng(7);
  NodeSet nodes;
  nodes.kind = kind;
  for (std::size_t i = 0; i < 12; ++i) {
    const auto length = static_cast<Eigen::Index>(12 + i);
    if (kind == NodeKind::smiles) {
      nodes.text.push_back(molecules[i % molecules.size()]);
      continue;
    }
    nodes.text.push_back(random_letters(length, &rng));
    if (kind != NodeKind::residues) continue;
    nodes.coordinates.push_back(random_chain(length, &rng));
    nodes.columns.push_back(nodes.coordinates.back().leftCols(2));
  }
  return nodes;
}

NodeSet numbered_nodes(Eigen::Index n) {
  Rng rng(static_cast<std::uint64_t>(n));
  NodeSet nodes;
  nodes.features = Matrix::NullaryExpr(
      n, 3, [&rng] { return static_cast<float>(rng.normal()); });
  return nodes;
}

/// Affinities of twelve nodes of either type.
InteractionData affinities(NodeSet first, NodeSet second) {
  InteractionData data;
  data.nodes = {std::move(first), std::move(second)};
  Rng rng(3);
  std::vector<float> label[2];
  for (std::int32_t a = 0; a < 12; ++a) {
    for (std::int32_t b = 12; b < 24; ++b) {
      const auto draw = rng.below(8);
      if (draw > 4) continue;
      auto& part = draw == 0 ? data.validation : data.training;
      part.a.push_back(a);
      part.b.push_back(b);
      label[draw == 0 ? 1 : 0].push_back(
          static_cast<float>(a * b % 7 + rng.normal()));
    }
  }
  for (int i = 0; i < 2; ++i) {
    auto& part = i == 0 ? data.training : data.validation;
    part.label = Eigen::Map<const Matrix>(label[i].data(), part.size(), 1);
  }
  return data;
}

InteractionConfig of_affinities() {
  InteractionConfig config;
  config.task = "affinity";
  return config;
}

TEST(ModelAllocations, OfNodesAndTheirKernels) {
  const auto proteins = nodes_of(NodeKind::residues);
  const auto molecules = nodes_of(NodeKind::smiles);
  expect_survived([&] {
    const auto data = affinities(proteins, molecules);
    check_interactions(of_affinities(), data);
    const auto fit = fit_kernels(data.nodes, data.training, data.validation,
                                 /*is_binary=*/false, /*threads=*/1, {});
    return std::make_tuple(numbers_of(fit.score), fit.ridge, fit.rounds);
  });
}

TEST(ModelAllocations, OfTheGraphOfInteractions) {
  auto data = affinities(numbered_nodes(12), numbered_nodes(12));
  data.has_network = true;
  for (std::int32_t i = 0; i < 23; ++i) {
    data.edge_from.push_back(i);
    data.edge_to.push_back(i + 1);
  }
  expect_survived([&] {
    const auto graph = make_label_graph(of_affinities(), data);
    const auto mask = mask_pairs(graph, data.training.a, data.training.b);
    const auto messages = graph_messages(graph, mask);
    const auto common = common_neighbours(graph, mask, data.validation.a,
                                          data.validation.b, /*wanted=*/true);
    const auto drawn = draw_unlabelled_pairs(data, 20, /*seed=*/1);
    return std::make_tuple(numbers_of(messages.weight), common.node, drawn.a,
                           numbers_of(node_means(graph, data.validation,
                                                 /*is_sum=*/true)),
                           count_unseen(graph.seen(), drawn));
  });
}

/// All of a model of affinities but its networks.
InteractionState affinity_state() {
  InteractionState state;
  state.config = of_affinities();
  const auto data = standardise_labels(
      state.config, affinities(numbered_nodes(12), numbered_nodes(12)), &state);
  standardise_nodes(data, &state);
  state.graph = make_label_graph(state.config, data);
  state.kernels = Matrix::Ones(12, 12);
  const Matrix none = Matrix::Zero(data.validation.size(), 1);
  const ScaleScores scores{none, data.validation.label, none, none};
  state.fusion =
      fit_fusion("affinity", /*is_joint=*/true, scores, data.validation.label,
                 count_unseen(state.graph.seen(), data.validation), {});
  return state;
}

TEST(ModelAllocations, OfSavingAndLoadingInteractions) {
  expect_survived([] {
    Archive archive;
    put_interactions(affinity_state(), &archive);
    const auto bytes = write_archive(packed(archive));
    const auto back =
        take_interactions(unpacked(read_archive(bytes.data(), bytes.size())));
    Archive again;
    put_interactions(back, &again);
    return std::make_pair(bytes, write_archive(packed(again)));
  });
}

TEST(ModelAllocations, OfSites) {
  SiteData data;
  data.nodes = nodes_of(NodeKind::residues);
  for (const auto& text : data.nodes.text) {
    data.label.emplace_back();
    for (const char residue : text) {
      data.label.back().push_back(residue < 'L' ? 1.0F : 0.0F);
    }
    data.validation.push_back(data.label.size() % 3 == 0 ? 1 : 0);
  }
  expect_survived([&] {
    check_sites({}, data);
    const auto state = make_site_state({}, data);
    Archive archive;
    put_sites(state, &archive);
    const auto back = take_sites(archive);
    const auto graphs = site_graphs(back, data.nodes);
    const auto means = residue_means(back, data.nodes);
    return std::make_tuple(numbers_of(graphs.back().user), means,
                           site_metrics(means, data.label).auroc);
  });
}

// Genes ---------------------------------------------------------------------

TEST(ModelAllocations, OfAlikeGenesOfMoreThanOneBlock) {
  Rng rng(9);
  const Eigen::MatrixXd embeddings =
      Eigen::MatrixXd::NullaryExpr(520, 2, [&rng] { return rng.normal(); });
  const RMatrixView view(embeddings.data(), 520, 2);
  expect_survived([&] { return similarity_groups(view, 0.999); });
}

// Models --------------------------------------------------------------------

class AllocationsOfOldFiles : public ::testing::Test {
 protected:
  void TearDown() override { std::filesystem::remove(path_); }

  std::string path_ =
      (std::filesystem::temp_directory_path() /
       ("musl-old-checkpoint-" + std::to_string(::getpid()) + ".musl"))
          .string();
};

TEST_F(AllocationsOfOldFiles, TellACheckpointThatGoesOnExactly) {
  Archive archive;
  archive.metadata["identity"] = "{\"architecture\": {\"bins\": [8, 16]}}";
  write_file(path_, write_archive(archive));
  ControlConfig control;
  control.checkpoint = path_;
  expect_survived([&] { return goes_on_exactly(control, /*n_members=*/2); });
  EXPECT_TRUE(goes_on_exactly(control, 2));
}

TEST_F(AllocationsOfOldFiles, RefuseALibraryThatIsNoBackend) {
  write_file(path_, std::vector<std::uint8_t>(1000, 1));
  expect_survived([&] {
    return words_of<BackendError>([&] {
      open_backend(path_);
      return 0;
    });
  });
}

}  // namespace
}  // namespace musl

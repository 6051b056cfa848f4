#include <ATen/Parallel.h>
#include <torch/csrc/autograd/autograd.h>

#include <algorithm>
#include <numeric>

#include "../shuffled_molecule.h"
#include "base/error.h"
#include "gradient_check.h"
#include "muse/residue_codes.h"
#include "muse/smiles.h"
#include "nn/base/parameters.h"
#include "nn/muse/molecule_stage.h"
#include "nn/muse/residue_stage.h"
#include "nn/muse/sequence_stage.h"

namespace musl::nn {
namespace {

using fixture::expect_gradients;
using fixture::named_parameters;
using fixture::normal;
using fixture::perturb;
using fixture::same_bits;

constexpr int kStageWidth = 10;

template <typename Item>
std::vector<const Item*> pointers(const std::vector<Item>& items) {
  std::vector<const Item*> result;
  for (const auto& item : items) result.push_back(&item);
  return result;
}

bool close(const Tensor& a, const Tensor& b) {
  return torch::allclose(a, b, 1e-5, 1e-5);
}

/// Output and all gradients, one behind the other.
template <typename Forward>
Tensor bits_of(const torch::nn::Module& module, const Forward& forward) {
  const auto out = forward();
  const auto gradients =
      torch::autograd::grad({out.square().sum()}, module.parameters(), {},
                            false, false, /*allow_unused=*/true);
  std::vector<Tensor> parts{out.detach().flatten()};
  for (const auto& each : gradients) {
    if (each.defined()) parts.push_back(each.flatten());
  }
  return torch::cat(parts);
}

/// The network holds this guard while it computes.
template <typename Forward>
void expect_same_bits_of_threads(const torch::nn::Module& module,
                                 const Forward& forward) {
  const int before = at::get_num_threads();
  const auto with = [&](int threads) {
    at::set_num_threads(threads);
    const SingleThreadGuard guard;
    return bits_of(module, forward);
  };
  EXPECT_TRUE(same_bits(with(1), with(2)));
  at::set_num_threads(before);
}

// Molecules -------------------------------------------------------------------

std::vector<Molecule> some_molecules() {
  std::vector<Molecule> molecules;
  for (const char* smiles :
       {"Cn1c(=O)c2c(ncn2C)n(C)c1=O", "C", "CC(=O)Oc1ccccc1C(=O)O",
        "[Na+].CC([O-])=O", "C#CC1CC1", "*[U](F)(F)(F)(F)(F)(F)F"}) {
    molecules.push_back(read_smiles(smiles));
  }
  return molecules;
}

TEST(MoleculeStage, DoesNotDependOnTheOrderOfAtomsOrOnOtherMolecules) {
  MoleculeStage stage(kStageWidth);
  initialise(stage, 1);
  const auto molecules = some_molecules();
  const auto all = stage.forward(pointers(molecules), nullptr);
  ASSERT_EQ(all.sizes(), (std::vector<std::int64_t>{6, kStageWidth}));
  EXPECT_TRUE(torch::isfinite(all).all().item<bool>());
  for (std::size_t i = 0; i < molecules.size(); ++i) {
    const auto row = all.narrow(0, static_cast<std::int64_t>(i), 1);
    const auto other = shuffled(molecules[i], 7 + i);
    EXPECT_TRUE(close(stage.forward({&molecules[i]}, nullptr), row));
    EXPECT_TRUE(close(stage.forward({&other}, nullptr), row));
  }
  EXPECT_EQ(stage.forward({}, nullptr).size(0), 0);
}

TEST(MoleculeStage, IsTheNetworkOnDenseMatrices) {
  MoleculeStage stage(kStageWidth);
  initialise(stage, 2);
  perturb(stage, 3);
  const auto p = stage.named_parameters();
  const auto norm = [&](const std::string& name, const Tensor& x) {
    return torch::layer_norm(x, {128}, p[name + ".weight"], p[name + ".bias"]);
  };
  const auto linear = [&](const std::string& name, const Tensor& x) {
    return torch::linear(x, p[name + ".weight"], p[name + ".bias"]);
  };
  // Propene's charged relative CC=[NH2+]: elements 6, 6, 7.
  const auto molecule = read_smiles("CC=[NH2+]");
  const std::vector<std::vector<std::int64_t>> rows = {
      {6, 119 + 1, 126 + 3, 131 + 3, 138, 140},
      {6, 119 + 2, 126 + 1, 131 + 3, 138, 140},
      {7, 119 + 1, 126 + 2, 131 + 4, 138, 140}};
  std::vector<Tensor> atoms;
  for (const auto& each : rows) {
    atoms.push_back(
        p["atoms"].index_select(0, torch::tensor(each, torch::kLong)).sum(0));
  }
  auto h = norm("start", torch::stack(atoms));
  for (std::int64_t i = 0; i < 4; ++i) {
    const auto layer = std::to_string(i);
    const auto single = p["bonds"][i * 10], twofold = p["bonds"][i * 10 + 1];
    const auto sum =
        torch::stack({torch::relu(h[1] + single),
                      torch::relu(h[0] + single) + torch::relu(h[2] + twofold),
                      torch::relu(h[1] + twofold)});
    auto x = norm("norm" + layer, (1 + p["epsilon" + layer]) * h + sum);
    x = norm("update" + layer + ".norm0",
             linear("update" + layer + ".linear0", x));
    h = h + linear("update" + layer + ".linear1", torch::relu(x));
  }
  const auto expected = linear("project", norm("end", h).mean(0));
  EXPECT_TRUE(torch::allclose(stage.forward({&molecule}, nullptr)[0], expected,
                              1e-9, 1e-9));
  ChunkRng rng(4);
  EXPECT_TRUE(torch::allclose(stage.forward({&molecule}, &rng)[0], expected,
                              1e-9, 1e-9));
}

TEST(MoleculeStage, ComputesAlikeAtomsOnceAsIfItDidEachByItself) {
  MoleculeStage stage(kStageWidth);
  initialise(stage, 2);
  perturb(stage, 3);
  auto molecules = some_molecules();
  for (const char* smiles : {"c1ccccc1", "CC(C)(C)C", "CC(=O)Oc1ccccc1C(=O)O",
                             "c1ccc(cc1)-c1ccccc1", "CCO.OCC"}) {
    molecules.push_back(read_smiles(smiles));
  }
  ChunkRng rng(4);
  EXPECT_TRUE(torch::allclose(stage.forward(pointers(molecules), nullptr),
                              stage.forward(pointers(molecules), &rng), 1e-9,
                              1e-9));
}

TEST(MoleculeStage, HasTheGradientsOfFiniteDifferences) {
  MoleculeStage stage(kStageWidth);
  initialise(stage, 2);
  perturb(stage, 3);
  const auto molecules = some_molecules();
  const auto read = normal({6, kStageWidth}, 4);
  expect_gradients(
      [&] {
        return (stage.forward(pointers(molecules), nullptr) * read).sum();
      },
      fixture::named_parameters(stage));
}

TEST(MoleculeStage, HasTheSameBitsForAnyNumberOfThreads) {
  MoleculeStage stage(kStageWidth, 0.2);
  initialise(stage, 1);
  std::vector<Molecule> molecules;
  for (int i = 0; i < 40; ++i) {
    for (const auto& each : some_molecules()) molecules.push_back(each);
  }
  expect_same_bits_of_threads(stage, [&] {
    ChunkRng rng(3);
    return stage.forward(pointers(molecules), &rng);
  });
}

// Residues --------------------------------------------------------------------

ResidueGraph random_graph(std::int64_t length, std::uint64_t seed,
                          Matrix* coordinates = nullptr) {
  Rng rng(seed);
  const std::string letters = "ACDEFGHIKLMNPQRSTVWYX";
  std::string sequence;
  Matrix place(length, 3);
  Eigen::RowVector3f at = Eigen::RowVector3f::Zero();
  for (Eigen::Index i = 0; i < length; ++i) {
    sequence += letters[rng.below(letters.size())];
    Eigen::RowVector3f step;
    for (int k = 0; k < 3; ++k) step[k] = static_cast<float>(rng.normal());
    at += 3.8F * (step - 0.05F * at).normalized();
    place.row(i) = at;
  }
  if (coordinates != nullptr) {
    place = coordinates->rows() > 0 ? *coordinates : place;
    *coordinates = place;
  }
  const Matrix user = Matrix::Constant(length, 2, 0.5F);
  return make_residue_graph(sequence, place, user);
}

TEST(ResidueStage, AChainDoesNotDependOnTheOthersOfItsBatch) {
  ResidueStage stage(kStageWidth, 2);
  initialise(stage, 1);
  const std::vector<ResidueGraph> graphs = {
      random_graph(40, 1), random_graph(1, 2), random_graph(75, 3)};
  const auto all = stage.forward(pointers(graphs), nullptr);
  EXPECT_EQ(all.offset, (std::vector<std::int64_t>{0, 40, 41, 116}));
  EXPECT_EQ(all.first, (std::vector<std::int64_t>{0, 0, 0}));
  ASSERT_EQ(all.residues.sizes(),
            (std::vector<std::int64_t>{116, kStageWidth}));
  for (std::size_t i = 0; i < graphs.size(); ++i) {
    const auto alone = stage.forward({&graphs[i]}, nullptr);
    const auto first = all.offset[i], size = all.offset[i + 1] - first;
    EXPECT_TRUE(close(alone.residues, all.residues.narrow(0, first, size)));
    EXPECT_TRUE(
        close(alone.pooled[0], all.pooled[static_cast<std::int64_t>(i)]));
    EXPECT_TRUE(close(alone.pooled[0], alone.residues.mean(0)));
  }
}

TEST(ResidueStage, DoesNotDependOnTheOrderOfNeighboursOrOnTheOrientation) {
  ResidueStage stage(kStageWidth, 2);
  initialise(stage, 1);
  Matrix place;
  const auto graph = random_graph(60, 5, &place);
  const auto plain = stage.forward({&graph}, nullptr).residues;

  auto reversed = graph;
  for (std::size_t i = 0; i < 60; ++i) {
    const auto first = graph.offset[i], last = graph.offset[i + 1];
    std::reverse(reversed.neighbour.begin() + first,
                 reversed.neighbour.begin() + last);
    std::reverse(reversed.distance.begin() + first,
                 reversed.distance.begin() + last);
  }
  EXPECT_TRUE(close(stage.forward({&reversed}, nullptr).residues, plain));

  Matrix turned(60, 3);
  turned << place.col(1), place.col(2), place.col(0);
  const auto other = random_graph(60, 5, &turned);
  EXPECT_TRUE(close(stage.forward({&other}, nullptr).residues, plain));

  // A mirror image is told apart by the dihedrals that a node reads.
  Matrix mirror = place;
  mirror.col(0) *= -1.0F;
  const auto image = random_graph(60, 5, &mirror);
  EXPECT_FALSE(close(stage.forward({&image}, nullptr).residues, plain));
}

TEST(ResidueStage, HasTheGradientsOfFiniteDifferences) {
  ResidueStage stage(kStageWidth, 2);
  initialise(stage, 2);
  perturb(stage, 3);
  const std::vector<ResidueGraph> graphs = {random_graph(14, 1),
                                            random_graph(1, 2)};
  const auto read = normal({15, kStageWidth}, 4),
             pooled = normal({2, kStageWidth}, 5);
  expect_gradients(
      [&] {
        const auto out = stage.forward(pointers(graphs), nullptr);
        return (out.residues * read).sum() + (out.pooled * pooled).sum();
      },
      fixture::named_parameters(stage));
}

TEST(ResidueStage, HasTheSameBitsForAnyNumberOfThreads) {
  ResidueStage stage(kStageWidth, 2, 0.2);
  initialise(stage, 1);
  const std::vector<ResidueGraph> graphs = {random_graph(300, 1),
                                            random_graph(500, 2)};
  expect_same_bits_of_threads(stage, [&] {
    ChunkRng rng(3);
    return stage.forward(pointers(graphs), &rng).pooled;
  });
}

// Sequences -------------------------------------------------------------------

std::string random_sequence(std::int64_t length, std::uint64_t seed) {
  Rng rng(seed);
  std::string sequence;
  for (std::int64_t i = 0; i < length; ++i) {
    sequence += "ACDEFGHIKLMNPQRSTVWYX"[rng.below(21)];
  }
  return sequence;
}

TEST(SequenceStage, IsLibTorchsConvolutionOfEachChain) {
  SequenceStage stage(kStageWidth);
  initialise(stage, 2);
  perturb(stage, 3);
  const auto p = stage.named_parameters();
  const std::vector<std::string> sequences = {random_sequence(30, 1), "M",
                                              random_sequence(9, 2)};
  const auto out = stage.forward(pointers(sequences), nullptr);
  EXPECT_EQ(out.offset, (std::vector<std::int64_t>{0, 30, 31, 40}));
  for (std::size_t i = 0; i < sequences.size(); ++i) {
    std::vector<std::int64_t> codes;
    for (const char letter : sequences[i])
      codes.push_back(residue_code(letter));
    auto x = p["letters"].index_select(0, torch::tensor(codes, torch::kLong));
    for (std::int64_t layer = 0; layer < 3; ++layer) {
      const auto number = std::to_string(layer);
      auto h = torch::conv1d(x.t().unsqueeze(0),
                             p["taps" + number].permute({0, 2, 1}),
                             p["taps_bias" + number], 1, 3)[0]
                   .t();  // (L, 256)
      h = h.narrow(1, 0, 128) * torch::sigmoid(h.narrow(1, 128, 128));
      h = torch::layer_norm(h, {128}, p["norm" + number + ".weight"],
                            p["norm" + number + ".bias"]);
      x = layer == 0 ? h : x + h;
    }
    const auto weight =
        torch::softmax(torch::linear(x, p["score.weight"], p["score.bias"]), 0);
    const auto project = [&](const Tensor& y) {
      return torch::linear(y, p["project.weight"], p["project.bias"]);
    };
    const auto size = static_cast<std::int64_t>(codes.size());
    EXPECT_TRUE(torch::allclose(out.residues.narrow(0, out.offset[i], size),
                                project(x), 1e-9, 1e-9));
    EXPECT_TRUE(torch::allclose(out.pooled[static_cast<std::int64_t>(i)],
                                project((weight * x).sum(0)), 1e-9, 1e-9));
  }
}

TEST(SequenceStage, ReadsAWindowOfALongChain) {
  SequenceStage stage(kStageWidth, 0.0, /*crop=*/20);
  initialise(stage, 1);
  const auto sequence = random_sequence(51, 1);
  const auto out = stage.forward({&sequence}, nullptr);
  EXPECT_EQ(out.first, std::vector<std::int64_t>{15});  // the middle
  EXPECT_EQ(out.residues.size(0), 20);
  const auto window = sequence.substr(15, 20);
  EXPECT_TRUE(same_bits(stage.forward({&window}, nullptr).pooled, out.pooled));

  std::vector<std::int64_t> starts;
  for (std::uint64_t seed = 0; seed < 60; ++seed) {
    ChunkRng rng(1);
    starts.push_back(stage.forward({&sequence}, &rng, seed).first[0]);
  }
  ChunkRng rng(1);
  EXPECT_EQ(stage.forward({&sequence}, &rng, 59).first[0], starts.back());
  // Of 32 starts, all 60 draws miss the first or the last 8 once in 1.6e7
  // times each.
  const auto ends = std::minmax_element(starts.begin(), starts.end());
  EXPECT_GE(*ends.first, 0);
  EXPECT_LT(*ends.first, 8);
  EXPECT_GT(*ends.second, 23);
  EXPECT_LE(*ends.second, 31);

  SequenceStage whole(kStageWidth, 0.0, /*crop=*/0);
  EXPECT_EQ(whole.forward({&sequence}, nullptr).residues.size(0), 51);
}

TEST(SequenceStage, HasTheGradientsOfFiniteDifferences) {
  SequenceStage stage(kStageWidth);
  initialise(stage, 2);
  perturb(stage, 3);
  const std::vector<std::string> sequences = {random_sequence(12, 1), "MK"};
  const auto read = normal({14, kStageWidth}, 4),
             pooled = normal({2, kStageWidth}, 5);
  expect_gradients(
      [&] {
        const auto out = stage.forward(pointers(sequences), nullptr);
        return (out.residues * read).sum() + (out.pooled * pooled).sum();
      },
      fixture::named_parameters(stage));
}

TEST(SequenceStage, HasTheSameBitsForAnyNumberOfThreads) {
  SequenceStage stage(kStageWidth, 0.2, 100);
  initialise(stage, 1);
  const std::vector<std::string> sequences = {
      random_sequence(300, 1), random_sequence(40, 2), random_sequence(90, 3)};
  expect_same_bits_of_threads(stage, [&] {
    ChunkRng rng(3);
    return stage.forward(pointers(sequences), &rng, 5).pooled;
  });
}

TEST(SequenceStage, RefusesWhatIsNoSequenceAndTakesNone) {
  SequenceStage stage(kStageWidth);
  initialise(stage, 1);
  const std::string bad = "MK*";
  EXPECT_THROW((void)stage.forward({&bad}, nullptr), InputError);
  EXPECT_EQ(stage.forward({}, nullptr).pooled.size(0), 0);
}

}  // namespace
}  // namespace musl::nn

#include "nn/muse/sequence_stage.h"

#include <algorithm>
#include <string>

#include "base/numbers.h"
#include "base/rng.h"
#include "muse/residue_codes.h"
#include "nn/base/layers.h"
#include "nn/base/row_lists.h"
#include "nn/muse/residue_vectors.h"

namespace musl::nn {

namespace {

constexpr std::int64_t kLetterColumns = 32;
constexpr std::int64_t kSequenceHidden = 128;
constexpr std::int64_t kSequenceTaps = 7;
constexpr std::int64_t kReach = kSequenceTaps / 2;  // residues to each side
constexpr int kConvolutions = 3;
constexpr double kNeverRead = -1e30;  // a score that softmax makes zero

/// The first residue of a window of `crop` that is read.
std::int64_t first_residue(std::int64_t length, std::int64_t crop, bool random,
                           std::uint64_t seed) {
  if (crop <= 0 || length <= crop) return 0;
  if (!random) return (length - crop) / 2;
  return static_cast<std::int64_t>(
      Rng(seed).below(static_cast<std::uint64_t>(length - crop + 1)));
}

}  // namespace

/// Concatenated windows, and the same with kReach empty rows before, between
/// and after them, which convolutions do not cross.
struct SequenceStage::Packed {
  RowLists letters;  // (R) of the embedding
  RowLists apart;    // (T) of residues; empty rows between chains
  RowLists joined;   // (R) of the T - 2 kReach results of a convolution
  RowLists chains;   // (n) residues
  RowLists places;   // (n * longest) of residues, for softmax
  RowLists placed;   // (R) of these
  Tensor empty;      // (n * longest, 1) kNeverRead where there is no residue
  std::int64_t longest = 1;
  std::vector<std::int64_t> offset{0}, first;
};

SequenceStage::SequenceStage(int width, double dropout, std::int64_t crop)
    : dropout_(dropout), crop_(crop) {
  embedding_ = register_parameter(
      "letters", torch::zeros({kResidueCodes, kLetterColumns}));
  for (int i = 0; i < kConvolutions; ++i) {
    add_convolution(i, i == 0 ? kLetterColumns : kSequenceHidden);
  }
  score_ = register_module("score", Linear(kSequenceHidden, 1));
  project_ = register_module("project", Linear(kSequenceHidden, width));
}

void SequenceStage::add_convolution(int number, std::int64_t columns) {
  const auto suffix = std::to_string(number);
  Convolution layer;
  layer.weight = register_parameter(
      "taps" + suffix,
      torch::zeros({2 * kSequenceHidden, kSequenceTaps, columns}));
  layer.bias = register_parameter("taps_bias" + suffix,
                                  torch::zeros({2 * kSequenceHidden}));
  layer.norm = register_module("norm" + suffix, LayerNorm(kSequenceHidden));
  convolutions_.push_back(layer);
}

SequenceStage::Packed SequenceStage::pack(
    const std::vector<const std::string*>& sequences, bool random,
    std::uint64_t crop_seed) const {
  Packed batch;
  std::vector<std::int64_t> letters, apart_offset(1 + 2 * kReach, 0), joined;
  for (std::size_t i = 0; i < sequences.size(); ++i) {
    const auto codes = residue_codes(*sequences[i]);
    const auto length = size_of(codes);
    const auto size = crop_ > 0 ? std::min(length, crop_) : length;
    const auto first =
        first_residue(length, crop_, random, derive_seed(crop_seed, i));
    letters.insert(letters.end(), codes.begin() + first,
                   codes.begin() + first + size);
    for (auto r = batch.offset.back(); r < batch.offset.back() + size; ++r) {
      joined.push_back(size_of(apart_offset) - 1 - kReach);
      apart_offset.push_back(r + 1);
    }
    batch.offset.push_back(batch.offset.back() + size);
    apart_offset.insert(apart_offset.end(), kReach, batch.offset.back());
    batch.first.push_back(first);
    batch.longest = std::max(batch.longest, size);
  }
  std::vector<std::int64_t> place_offset{0}, placed;
  std::vector<float> empty;
  for (std::size_t i = 0; i < sequences.size(); ++i) {
    for (std::int64_t p = 0; p < batch.longest; ++p) {
      const bool real = p < batch.offset[i + 1] - batch.offset[i];
      if (real) placed.push_back(size_of(empty));
      place_offset.push_back(place_offset.back() + (real ? 1 : 0));
      empty.push_back(real ? 0.0F : static_cast<float>(kNeverRead));
    }
  }
  const auto device = embedding_.device();
  batch.letters = picked_rows(letters, device);
  batch.apart = segments(apart_offset, device);
  batch.joined = picked_rows(joined, device);
  batch.chains = segments(batch.offset, device);
  batch.places = segments(place_offset, device);
  batch.placed = picked_rows(placed, device);
  batch.empty = torch::tensor(empty).unsqueeze(1).to(embedding_.options());
  return batch;
}

/// One product over shifted rows for each tap: LibTorch's convolution requires
/// channels before residues, and padding to equal length.
Tensor SequenceStage::convolve(const Convolution& layer, const Packed& batch,
                               const Tensor& x) {
  const auto rows = sum_rows(batch.apart, x);  // (T, columns)
  const auto size = rows.size(0) - 2 * kReach;
  auto out = layer.bias.unsqueeze(0).expand({size, layer.bias.size(0)});
  for (std::int64_t tap = 0; tap < kSequenceTaps; ++tap) {
    out = torch::addmm(out, rows.narrow(0, tap, size),
                       layer.weight.select(1, tap).t());
  }
  return torch::glu(sum_rows(batch.joined, out), 1);  // (R, hidden)
}

ResidueVectors SequenceStage::forward(
    const std::vector<const std::string*>& sequences, ChunkRng* rng,
    std::uint64_t crop_seed) {
  const Packed batch = pack(sequences, rng != nullptr, crop_seed);
  auto x = sum_rows(batch.letters, embedding_);  // (R, 32)
  for (auto& layer : convolutions_) {
    const auto h =
        layer.norm->forward(convolve(layer, batch, dropout(x, dropout_, rng)));
    x = x.size(1) == h.size(1) ? x + h : h;  // (R, hidden)
  }
  const auto score = sum_rows(batch.places, score_->forward(x)) + batch.empty;
  const auto n = size_of(sequences);
  const auto share = torch::softmax(score.view({n, batch.longest}), 1);
  const auto weight = sum_rows(batch.placed, share.reshape({-1, 1}));  // (R, 1)
  ResidueVectors out;
  out.residues = project_->forward(x);                         // (R, width)
  out.pooled = sum_rows(batch.chains, out.residues * weight);  // (n, width)
  out.offset = batch.offset;
  out.first = batch.first;
  return out;
}

}  // namespace musl::nn

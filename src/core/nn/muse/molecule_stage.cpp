#include "nn/muse/molecule_stage.h"

#include <algorithm>
#include <string>

#include "base/numbers.h"
#include "muse/atom_classes.h"
#include "muse/molecule.h"
#include "nn/base/layers.h"
#include "nn/base/row_lists.h"
#include "nn/base/row_steps.h"

namespace musl::nn {

namespace {

constexpr std::int64_t kMoleculeHidden = 128;
constexpr std::int64_t kMoleculeLayers = 4;

/// Rows of the table of atoms: one of each part for each atom. Values beyond a
/// part count as its last.
constexpr std::int64_t kElements = 119;  // with 0: any
constexpr std::int64_t kDegrees = 7;
constexpr std::int64_t kHydrogens = 5;
constexpr std::int64_t kCharges = 7;  // -3 to 3
constexpr std::int64_t kAtomRows =
    kElements + kDegrees + kHydrogens + kCharges + 2 + 2;

/// For the start of each class, its rows of the table of atoms.
RowLists atom_rows(const std::vector<Atom>& atoms,
                   const torch::Device& device) {
  std::vector<std::int64_t> offset{0}, row;
  for (const Atom& atom : atoms) {
    std::int64_t first = 0;  // row of a part
    const auto add = [&](std::int64_t value, std::int64_t size) {
      row.push_back(first + std::clamp<std::int64_t>(value, 0, size - 1));
      first += size;
    };
    add(atom.element, kElements);
    add(atom.degree, kDegrees);
    add(atom.hydrogens, kHydrogens);
    add(atom.charge + kCharges / 2, kCharges);
    add(atom.in_ring ? 1 : 0, 2);
    add(atom.aromatic ? 1 : 0, 2);
    offset.push_back(size_of(row));
  }
  return row_lists(offset, row, device);
}

/// For each message, in a table of the classes before followed by one of
/// bonds, the rows of its sender and of its bond.
RowLists message_rows(const AtomStep& step, std::int64_t n_classes,
                      const torch::Device& device) {
  std::vector<std::int64_t> offset{0}, row;
  row.reserve(2 * step.sender.size());
  for (std::size_t i = 0; i < step.sender.size(); ++i) {
    row.push_back(step.sender[i]);
    row.push_back(n_classes + step.bond[i]);
    offset.push_back(size_of(row));
  }
  return row_lists(offset, row, device);
}

/// What an update starts from: h of the class before, and that times `scale`
/// plus what the class receives, each (K, hidden).
struct Received {
  Tensor before, x;
};

/// bonds  (kBondKinds, hidden) of this layer
Received receive(const AtomStep& step, const Tensor& h, const Tensor& bonds,
                 const Tensor& scale, bool merged) {
  const auto device = h.device();
  const auto message = torch::relu(
      sum_rows(message_rows(step, h.size(0), device), torch::cat({h, bonds})));
  const auto before =
      merged ? sum_rows(picked_rows(step.before, device), h) : h;
  const auto sums =
      sum_rows(row_lists(step.offset, step.message, device), message);
  return {before, scale * before + sums};
}

/// receive() in one pass over memory, where has_row_steps(h).
Received receive_rows(const AtomStep& step, const Tensor& h,
                      const Tensor& bonds, float scale) {
  const auto width = h.size(1);
  const auto rows = size_of(step.before);
  Received result{torch::empty({rows, width}, h.options()),
                  torch::empty({rows, width}, h.options())};
  const auto* from = h.data_ptr<float>();
  const auto* bond = bonds.data_ptr<float>();
  auto* before = result.before.data_ptr<float>();
  auto* x = result.x.data_ptr<float>();
  for (std::int64_t r = 0; r < rows; ++r, before += width, x += width) {
    const auto c = at(r);
    const auto* own = from + step.before[c] * width;
    for (std::int64_t f = 0; f < width; ++f) {
      before[f] = own[f];
      x[f] = scale * own[f];
    }
    for (auto m = step.offset[c]; m < step.offset[c + 1]; ++m) {
      const auto message = at(step.message[at(m)]);
      const auto* sent = from + step.sender[message] * width;
      const auto* kind = bond + step.bond[message] * width;
      for (std::int64_t f = 0; f < width; ++f) {
        x[f] += std::max(sent[f] + kind[f], 0.0F);
      }
    }
  }
  return result;
}

}  // namespace

MoleculeStage::MoleculeStage(int width, double dropout) {
  atom_ =
      register_parameter("atoms", torch::zeros({kAtomRows, kMoleculeHidden}));
  bond_ = register_parameter(
      "bonds", torch::zeros({kMoleculeLayers * kBondKinds, kMoleculeHidden}));
  start_ = register_module("start", LayerNorm(kMoleculeHidden));
  for (std::int64_t i = 0; i < kMoleculeLayers; ++i) {
    const auto suffix = std::to_string(i);
    epsilon_.push_back(
        register_parameter("epsilon" + suffix, torch::zeros({1})));
    norm_.push_back(
        register_module("norm" + suffix, LayerNorm(kMoleculeHidden)));
    update_.push_back(register_module(
        "update" + suffix, Mlp(std::vector<std::int64_t>(3, kMoleculeHidden),
                               /*norm=*/true, dropout)));
  }
  end_ = register_module("end", LayerNorm(kMoleculeHidden));
  project_ = register_module("project", Linear(kMoleculeHidden, width));
}

Tensor MoleculeStage::forward(const std::vector<const Molecule*>& molecules,
                              ChunkRng* rng) {
  // Dropout tells atoms apart that are otherwise alike.
  const bool merge = rng == nullptr;
  const auto classes =
      atom_classes(molecules, static_cast<int>(update_.size()), merge);
  const auto device = atom_.device();
  auto h = start_->forward(
      sum_rows(atom_rows(classes.start, device), atom_));  // (K, hidden)
  for (std::size_t i = 0; i < update_.size(); ++i) {
    const auto& step = classes.steps[i];
    const auto bonds =
        bond_.narrow(0, static_cast<std::int64_t>(i) * kBondKinds, kBondKinds);
    if (has_row_steps(h)) {
      const auto scale = 1.0F + epsilon_[i].item<float>();
      const auto [before, x] = receive_rows(step, h.contiguous(), bonds, scale);
      normalise_rows({}, norm_[i], /*relu=*/false, x);
      h = update_[i]->forward(x, rng).add_(before);
    } else {
      const auto [before, x] =
          receive(step, h, bonds, 1.0 + epsilon_[i], merge);
      h = before + update_[i]->forward(norm_[i]->forward(x), rng);
    }
  }
  const auto pooled =
      mean_rows(row_lists(classes.molecule_offset, classes.atom_class, device),
                end_->forward(h));
  return project_->forward(pooled);  // (n, width)
}

}  // namespace musl::nn

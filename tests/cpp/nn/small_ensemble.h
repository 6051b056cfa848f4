#pragma once

// Ensembles of two over the small world.

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "io/archive_file.h"
#include "model/model.h"
#include "nn/model/networks.h"
#include "small_world.h"

namespace musl::test {

using Scores = std::vector<double>;

/// Of every five distinct pairs of `all` those at first .. first + n - 1.
inline PairSet some_of(const PairSet& all, std::int64_t first, std::int64_t n) {
  std::map<std::int64_t, float> labels;
  for (std::size_t i = 0; i < all.a.size(); ++i) {
    labels.emplace(pair_key(all.a[i], all.b[i], kGenes), all.label[i]);
  }
  PairSet some;
  std::int64_t number = 0;
  for (const auto& [key, label] : labels) {
    const auto place = number++ % 5;
    if (place < first || place >= first + n) continue;
    some.a.push_back(static_cast<std::int32_t>(key / kGenes));
    some.b.push_back(static_cast<std::int32_t>(key % kGenes));
    some.label.push_back(label);
  }
  return some;
}

/// Two members that hold out different fifths of the pairs; the pairs between
/// are in the training of both.
inline std::vector<TrainingPart> two_parts(const SmallWorld& world) {
  return {{some_of(world.training, 0, 4), some_of(world.training, 4, 1)},
          {some_of(world.training, 1, 4), some_of(world.training, 0, 1)}};
}

inline FitResult fit_parts(const SmallWorld& world,
                           const std::vector<TrainingPart>& parts,
                           const ControlConfig& control,
                           const EventSink& sink = {}) {
  return fit(small_architecture(), control, world.data, parts, sink);
}

inline PredictOptions on_the_cpu() {
  PredictOptions options;
  options.device = test_device();
  options.parts = options.embedding = true;
  return options;
}

inline std::vector<std::uint8_t> bytes_of(const Model& model) {
  return write_archive(model.to_archive(true));
}

/// Weights of one member, one after the other.
inline std::vector<std::uint8_t> weights_of(const Model& model, int member) {
  const std::string prefix = "weights/" + std::to_string(member) + "/";
  std::vector<std::uint8_t> bytes;
  for (const auto& [name, tensor] : model.to_archive(false).tensors) {
    if (name.rfind(prefix, 0) != 0) continue;
    bytes.insert(bytes.end(), tensor.bytes.begin(), tensor.bytes.end());
  }
  return bytes;
}

/// The model with this member alone.
inline Model only_member(const Model& model, int member) {
  const ModelState& whole = model.state();
  auto alone = std::make_shared<ModelState>();
  alone->architecture = whole.architecture;
  alone->preprocess = whole.preprocess;
  alone->stack = whole.stack;
  alone->data = whole.data;
  alone->has_inputs = whole.has_inputs;
  auto networks = std::make_shared<nn::TorchNetworks>();
  networks->nets = {
      nn::networks_of(whole).nets[static_cast<std::size_t>(member)]};
  alone->networks = networks;
  Matrix& vectors = alone->data.gene_vectors;
  const auto width = vectors.cols() / model.n_members();
  vectors = Matrix(vectors.middleCols(member * width, width));
  return Model(alone);
}

}  // namespace musl::test

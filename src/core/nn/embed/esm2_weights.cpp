#include "nn/embed/esm2_weights.h"

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "io/safetensors.h"
#include "musl/error.h"

namespace musl::nn {

namespace {

std::string shape_text(const std::vector<std::int64_t>& shape) {
  std::string text = "(";
  for (const std::int64_t size : shape) {
    if (text.size() > 1) text += ", ";
    text += std::to_string(size);
  }
  return text + ")";
}

/// The tensors of one folder, in any of its files.
class WeightReader {
 public:
  WeightReader(const Esm2Folder& folder, at::TensorOptions target,
               const std::function<void()>& step)
      : folder_(folder), target_(target), step_(step) {
    files_.reserve(folder.weight_files.size());
    for (const auto& path : folder.weight_files) files_.emplace_back(path);
    for (const auto& file : files_) {
      for (const auto& item : file.tensors()) home_[item.first] = &file;
    }
    // A bare EsmModel is saved without the prefix of its parent.
    if (home_.count("embeddings.word_embeddings.weight") > 0) prefix_ = "";
  }

  /// The tensor as it is stored, on the target device.
  [[nodiscard]] Tensor read(const std::string& name,
                            const std::vector<std::int64_t>& shape) const {
    return read_stacked({name}, shape);
  }

  /// Tensors of the same shape, stacked by rows.
  [[nodiscard]] Tensor read_stacked(
      const std::vector<std::string>& names,
      const std::vector<std::int64_t>& shape) const {
    std::vector<std::int64_t> whole = shape;
    whole[0] *= static_cast<std::int64_t>(names.size());
    auto tensor = at::empty(whole, at::TensorOptions(at::kFloat));
    for (std::size_t i = 0; i < names.size(); ++i) {
      const auto part =
          tensor.narrow(0, static_cast<std::int64_t>(i) * shape[0], shape[0]);
      find(prefix_ + names[i], shape)
          .read_floats(prefix_ + names[i], part.data_ptr<float>());
      step_();
    }
    if (!at::isfinite(tensor).all().item<bool>()) {
      throw FormatError("Tensor `" + prefix_ + names[0] + "` of \"" +
                        folder_.path + "\" must hold finite values.");
    }
    return tensor.to(target_);
  }

 private:
  [[nodiscard]] const SafetensorsFile& find(
      const std::string& name, const std::vector<std::int64_t>& shape) const {
    const auto found = home_.find(name);
    if (found == home_.end()) {
      throw FormatError("The weights of \"" + folder_.path +
                        "\" must hold the tensor `" + name +
                        "`; they do not.\nDo config.json and weights belong to "
                        "one ESM2 model?");
    }
    const auto& stored = found->second->tensors().at(name).shape;
    if (stored != shape) {
      throw FormatError("Tensor `" + name + "` of \"" + folder_.path +
                        "\" must have the shape " + shape_text(shape) +
                        " that config.json says, not " + shape_text(stored) +
                        ".");
    }
    return *found->second;
  }

  const Esm2Folder& folder_;
  at::TensorOptions target_;
  const std::function<void()>& step_;
  std::vector<SafetensorsFile> files_;
  std::map<std::string, const SafetensorsFile*> home_;
  std::string prefix_ = "esm.";
};

Esm2Layer read_layer(const WeightReader& reader, std::int64_t index,
                     const Esm2Config& config) {
  const std::string at = "encoder.layer." + std::to_string(index) + ".";
  const std::string self = at + "attention.self.";
  const std::int64_t d = config.width;
  const std::int64_t inner = config.inner_width;
  Esm2Layer layer;
  layer.attention_norm_weight =
      reader.read(at + "attention.LayerNorm.weight", {d});
  layer.attention_norm_bias = reader.read(at + "attention.LayerNorm.bias", {d});
  layer.qkv_weight = reader.read_stacked(
      {self + "query.weight", self + "key.weight", self + "value.weight"},
      {d, d});
  layer.qkv_bias = reader.read_stacked(
      {self + "query.bias", self + "key.bias", self + "value.bias"}, {d});
  layer.out_weight = reader.read(at + "attention.output.dense.weight", {d, d});
  layer.out_bias = reader.read(at + "attention.output.dense.bias", {d});
  layer.norm_weight = reader.read(at + "LayerNorm.weight", {d});
  layer.norm_bias = reader.read(at + "LayerNorm.bias", {d});
  layer.up_weight = reader.read(at + "intermediate.dense.weight", {inner, d});
  layer.up_bias = reader.read(at + "intermediate.dense.bias", {inner});
  layer.down_weight = reader.read(at + "output.dense.weight", {d, inner});
  layer.down_bias = reader.read(at + "output.dense.bias", {d});
  return layer;
}

}  // namespace

Esm2Weights load_esm2_weights(const Esm2Folder& folder,
                              const std::string& device,
                              const std::string& precision,
                              const std::function<void()>& step) {
  const Esm2Config& config = folder.config;
  const auto type = precision == "bfloat16" ? at::kBFloat16 : at::kFloat;
  const WeightReader reader(
      folder, at::TensorOptions(type).device(at::Device(device)), step);
  Esm2Weights weights;
  weights.tokens = reader.read("embeddings.word_embeddings.weight",
                               {config.vocabulary, config.width});
  if (config.norm_before) {
    weights.before_weight =
        reader.read("embeddings.layer_norm.weight", {config.width});
    weights.before_bias =
        reader.read("embeddings.layer_norm.bias", {config.width});
  }
  for (std::int64_t i = 0; i < config.layers; ++i) {
    weights.layers.push_back(read_layer(reader, i, config));
  }
  weights.after_weight =
      reader.read("encoder.emb_layer_norm_after.weight", {config.width});
  weights.after_bias =
      reader.read("encoder.emb_layer_norm_after.bias", {config.width});
  return weights;
}

}  // namespace musl::nn

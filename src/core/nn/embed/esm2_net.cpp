#include "nn/embed/esm2_net.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "io/safetensors.h"
#include "musl/error.h"
#include "nn/base/device.h"
#include "nn/base/products.h"
#include "nn/base/weights.h"

namespace musl::nn {

namespace {

// In training 15 % of the tokens were chosen, and 80 % of these became <mask>,
// whose embedding is zero. At inference none is masked, so embeddings are
// scaled down to compensate.
constexpr double kMaskedInTraining = 0.15 * 0.8;
constexpr double kRotaryBase = 10000.0;

// Attention scores in memory at once: a core's cache on the CPU, one gigabyte
// on a GPU.
constexpr std::int64_t kScoresInCache = 1 << 18;
constexpr std::int64_t kScoresOnGpu = 1 << 28;

/// Softmax(q k^T) v; each argument (N, L, hd), N sequences x heads.
Tensor attention(const Tensor& query, const Tensor& key, const Tensor& value) {
  const auto scores = at::bmm(query, key.transpose(1, 2));  // (N, L, L)
  return at::bmm(at::softmax(scores, /*dim=*/2), value);    // (N, L, hd)
}

/// Rotates each pair (x_i, x_(i + hd/2)) by its position's angle.
/// x (T, 2H, hd) -> (T, 2H, hd)
Tensor rotate(const Tensor& x, const Tensor& cosine, const Tensor& sine) {
  const auto halves = x.chunk(2, /*dim=*/2);
  auto first = halves[0] * cosine;  // (T, 2H, hd/2)
  first.addcmul_(halves[1], sine, /*value=*/-1);
  auto second = halves[1] * cosine;
  second.addcmul_(halves[0], sine);
  return at::cat({first, second}, /*dim=*/2);
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

Esm2Net::Esm2Net(const Esm2Config& config, Esm2Weights weights)
    : config_(config), weights_(std::move(weights)) {
  const std::int64_t head_width = config_.width / config_.heads;
  scale_queries(1.0 / std::sqrt(static_cast<double>(head_width)));
  const auto device = weights_.tokens.device();
  const auto exponents =
      at::arange(0, head_width, 2, at::TensorOptions(at::kFloat)) /
      static_cast<double>(head_width);
  frequencies_ = at::pow(kRotaryBase, exponents).reciprocal().to(device);
  most_scores_ = device.is_cpu() ? kScoresInCache : kScoresOnGpu;
}

void Esm2Net::scale_queries(double scale) {
  for (Esm2Layer& layer : weights_.layers) {
    layer.qkv_weight.narrow(0, 0, config_.width).mul_(scale);
    layer.qkv_bias.narrow(0, 0, config_.width).mul_(scale);
  }
}

Esm2Net::Rotary Esm2Net::rotary(const Tensor& positions) const {
  const auto angles =
      positions.to(at::kFloat).unsqueeze(1) * frequencies_;  // (T, hd/2)
  const auto type = weights_.tokens.scalar_type();
  return {angles.cos().to(type).unsqueeze(1),
          angles.sin().to(type).unsqueeze(1)};
}

Tensor Esm2Net::norm(const Tensor& x, const Tensor& weight,
                     const Tensor& bias) const {
  return at::layer_norm(x, {config_.width}, weight, bias, config_.norm_epsilon);
}

Tensor Esm2Net::attend(const Tensor& qkv, const Rotary& rotary,
                       const PackedTokens& batch) const {
  const std::int64_t heads = config_.heads;
  const std::int64_t head_width = config_.width / heads;
  const auto all = qkv.view({-1, 3 * heads, head_width});  // (T, 3H, hd)
  const auto turned = rotate(all.narrow(1, 0, 2 * heads), rotary.cosine,
                             rotary.sine);              // (T, 2H, hd)
  const auto values = all.narrow(1, 2 * heads, heads);  // (T, H, hd)
  auto context = at::empty({all.size(0), heads, head_width}, qkv.options());
  for (const PackedRun& run : batch.runs) {
    const std::int64_t at_once = std::clamp<std::int64_t>(
        most_scores_ / (run.length * run.length), 1, run.n * heads);
    const auto heads_first = [&](const Tensor& x) {
      return x.narrow(0, run.first, run.n * run.length)
          .view({run.n, run.length, heads, head_width})
          .transpose(1, 2)
          .reshape({run.n * heads, run.length, head_width});  // (nH, L, hd)
    };
    const auto query = heads_first(turned.narrow(1, 0, heads));
    const auto key = heads_first(turned.narrow(1, heads, heads));
    const auto value = heads_first(values);
    auto out = at::empty_like(query);  // (nH, L, hd)
    for (std::int64_t i = 0; i < run.n * heads; i += at_once) {
      const std::int64_t n = std::min(at_once, run.n * heads - i);
      out.narrow(0, i, n).copy_(attention(
          query.narrow(0, i, n), key.narrow(0, i, n), value.narrow(0, i, n)));
    }
    context.narrow(0, run.first, run.n * run.length)
        .view({run.n, run.length, heads, head_width})
        .copy_(
            out.view({run.n, heads, run.length, head_width}).transpose(1, 2));
  }
  return context.view({-1, config_.width});  // (T, D)
}

Tensor Esm2Net::forward(const PackedTokens& batch,
                        const std::function<void()>& after_half) const {
  auto x = weights_.tokens.index_select(0, batch.tokens);  // (T, D)
  if (config_.token_dropout) x.mul_(1.0 - kMaskedInTraining);
  if (config_.norm_before) {
    x = norm(x, weights_.before_weight, weights_.before_bias);
  }
  const Rotary turn = rotary(batch.positions);
  for (const Esm2Layer& layer : weights_.layers) {
    auto h = norm(x, layer.attention_norm_weight, layer.attention_norm_bias);
    h = affine(h, layer.qkv_weight, layer.qkv_bias);  // (T, 3D)
    h = attend(h, turn, batch);
    x.add_(affine(h, layer.out_weight, layer.out_bias));
    after_half();
    h = norm(x, layer.norm_weight, layer.norm_bias);
    h = affine(h, layer.up_weight, layer.up_bias);  // (T, I)
    at::gelu_(h);
    x.add_(affine(h, layer.down_weight, layer.down_bias));  // (T, D)
    after_half();
  }
  return norm(x, weights_.after_weight, weights_.after_bias);
}

Esm2Weights load_esm2_weights(const Esm2Folder& folder,
                              const std::string& device,
                              const std::string& precision,
                              const std::function<void()>& step) {
  const Esm2Config& config = folder.config;
  const auto type = precision == "bfloat16" ? at::kBFloat16 : at::kFloat;
  const WeightReader reader(
      folder, at::TensorOptions(type).device(device_of(device)), step);
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

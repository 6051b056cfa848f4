#include "nn/nets/musl_net.h"

#include <algorithm>
#include <utility>

#include "base/numbers.h"
#include "nn/base/layers.h"
#include "nn/base/parameters.h"
#include "nn/nets/fusion.h"

namespace musl::nn {

namespace {

constexpr std::int64_t kProjection = 64;  // P, width of the contrastive heads
constexpr std::int64_t kHeadHidden[] = {128, 64};

using Group = std::shared_ptr<torch::nn::Module>;

/// Drops modalities with probability p, but never all that a pair has.
Tensor drop_modalities(const Tensor& present, double p, ChunkRng* rng) {
  if (rng == nullptr || p <= 0.0 || present.size(1) < 2) return present;
  const auto kept = present * rng->bernoulli(present, 1.0 - p);  // (B, M)
  const auto any = kept.sum(1, /*keepdim=*/true) > 0;            // (B, 1)
  return torch::where(any, kept, present);
}

void add_once(const std::string& name, std::vector<std::string>* names) {
  if (std::find(names->begin(), names->end(), name) == names->end()) {
    names->push_back(name);
  }
}

}  // namespace

MuslNetImpl::MuslNetImpl(const ArchitectureConfig& config,
                         const InputSizes& sizes)
    : config_(config), sizes_(sizes) {
  add_modalities();
  fused_mask_ = register_buffer("fused_mask", torch::tensor(fused_));
  if (config.fusion == "attention") {
    attention_ = register_module(
        "attention",
        CrossAttention(config.fusion_width(), kFusionHeads, config.dropout));
  }
  gate_ = register_module("gate", GatedFusion(config.fusion_width()));
  head_ = register_module(
      "head", Mlp(std::vector<std::int64_t>{config.fusion_width(),
                                            kHeadHidden[0], kHeadHidden[1], 1},
                  /*norm=*/false, config.dropout));
}

void MuslNetImpl::add_modalities() {
  const auto group = [this](const char* name) {
    return register_module(name, std::make_shared<torch::nn::Module>());
  };
  const Group encoders = group("encoder"), adapters = group("adapter"),
              branches = group("branch");
  const Group projectors = config_.alignment > 0 ? group("project") : nullptr;
  for (const auto& name : config_.encoders) {
    const auto encoder = make_encoder(name, config_, sizes_);
    encoder->place_genes(gene_width());
    encoders_.push_back(encoders->register_module(name, encoder));
    const bool is_late = encoder_info(name).is_late;
    fused_.push_back(is_late && config_.encoders.size() > 1 ? 0.0F : 1.0F);
    const int width = encoder->width();
    adapters_.push_back(adapters->register_module(
        name, Adapter(width, config_.fusion_width())));
    branches_.push_back(
        branches->register_module(name, BranchHead(width, config_.dropout)));
    if (projectors != nullptr) {
      projectors_.push_back(projectors->register_module(
          name, Mlp(std::vector<std::int64_t>{width, kProjection, kProjection},
                    /*norm=*/false, /*dropout=*/0.0)));
    }
  }
}

NetOutput MuslNetImpl::forward(const PairBatch& batch) {
  adopt_thread_limit();
  NetOutput out;
  Parts parts;
  for (std::size_t m = 0; m < encoders_.size(); ++m) {
    if (fused_[m] < 0.5F && batch.rng != nullptr) {
      skip_late(m, batch, &out, &parts);
      continue;
    }
    const auto z = encoders_[m]->forward(batch);                      // (B, D)
    const auto mask = encoders_[m]->mask(batch).to(z.scalar_type());  // (B)
    // No late branch enters the fused vector, so none needs its adapter.
    parts.vectors.push_back(
        fused_[m] < 0.5F
            ? torch::zeros({z.size(0), config_.fusion_width()}, z.options())
            : adapters_[m]->forward(z));
    parts.logits.push_back(branches_[m]->forward(z, batch.rng));
    if (mask.is_cpu()) {  // each, so that its gradient is in one piece
      parts.vectors.back() = only_present(parts.vectors.back(), mask);
      parts.logits.back() = only_present(parts.logits.back(), mask);
    }
    parts.masks.push_back(mask);
    if (projectors_.empty()) continue;
    out.projected.push_back(
        only_present(projectors_[m]->forward(z, batch.rng), mask));
  }
  fuse(parts, batch.rng, &out);
  return out;
}

/// Training of the fused output does not use late branches.
void MuslNetImpl::skip_late(std::size_t m, const PairBatch& batch,
                            NetOutput* out, Parts* parts) const {
  const auto mask = encoders_[m]->mask(batch).to(
      head_->parameters().front().scalar_type());  // (B)
  const auto zero =
      torch::zeros({batch.size, config_.fusion_width()}, mask.options());
  parts->vectors.push_back(zero);
  parts->logits.push_back(torch::zeros_like(mask));
  parts->masks.push_back(mask);
  if (!projectors_.empty()) {
    out->projected.push_back(
        torch::zeros({batch.size, kProjection}, mask.options()));
  }
}

void MuslNetImpl::fuse(const Parts& parts, ChunkRng* rng, NetOutput* out) {
  out->available = torch::stack(parts.masks, 1);                     // (B, M)
  const auto fused_here = fused_mask_.to(out->available.options());  // (M)
  out->present = drop_modalities(out->available * fused_here,
                                 config_.modality_dropout(), rng);
  auto h = torch::stack(parts.vectors, 1);             // (B, M, fusion width)
  out->branch_logits = torch::stack(parts.logits, 1);  // (B, M)
  if (!h.is_cpu()) {
    h = only_present(h, out->available);
    out->branch_logits = only_present(out->branch_logits, out->available);
  }
  if (!attention_.is_empty()) {
    h = attention_->forward(h, out->present, rng);
  }
  auto fused = gate_->forward(h, out->present);
  out->logit = head_->forward(fused.vector, rng).squeeze(1);  // (B)
  out->gates = std::move(fused.gates);
  out->fused = std::move(fused.vector);
}

Tensor MuslNetImpl::branch_forward(int index, const PairBatch& batch) {
  adopt_thread_limit();
  const auto m = at(index);
  const auto z = encoders_.at(m)->forward(batch);
  return only_present(branches_[m]->forward(z, batch.rng),
                      encoders_[m]->mask(batch));  // (B)
}

std::vector<Encoder*> MuslNetImpl::gene_encoders() const {
  std::vector<Encoder*> found;
  for (const auto& encoder : encoders_) {
    if (encoder->gene_width() > 0) found.push_back(encoder.get());
  }
  return found;
}

std::int64_t MuslNetImpl::gene_width() const {
  std::int64_t width = 0;
  for (const auto* encoder : gene_encoders()) width += encoder->gene_width();
  return width;
}

WantedInputs MuslNetImpl::wanted(int branch) const {
  WantedInputs all;
  for (std::size_t m = 0; m < encoders_.size(); ++m) {
    if (branch >= 0 && m != at(branch)) continue;
    const auto inputs = encoders_[m]->inputs();
    for (const auto& name : inputs) add_once(name, &all.inputs);
    all.masks.push_back({encoders_[m]->encoder_name(), inputs});
  }
  if (branch < 0) add_once("seen", &all.inputs);  // stacking weighs branches
  return all;
}

bool MuslNetImpl::reads_maps() const {
  const auto read = wanted().inputs;
  return std::find(read.begin(), read.end(), "histogram") != read.end();
}

bool MuslNetImpl::reads_genes(int branch) const {
  return branch < 0 ? gene_width() > 0
                    : encoders_[at(branch)]->gene_width() > 0;
}

int MuslNetImpl::branch_of(const std::string& encoder) const {
  const auto& names = config_.encoders;
  return static_cast<int>(std::find(names.begin(), names.end(), encoder) -
                          names.begin());
}

MuslNet copy_net(const MuslNet& net, torch::Device device) {
  MuslNet result(net->config(), net->sizes());
  restore(snapshot(parameters_of(*net)), parameters_of(*result));
  result->to(device);
  result->train(net->is_training());
  return result;
}

}  // namespace musl::nn

#include "nn/encoders/encoder.h"

#include <map>
#include <utility>

#include "base/error.h"

namespace musl::nn {

namespace {

// A function's static, because encoders register before main().
std::map<std::string, EncoderInfo>& registry() {
  static std::map<std::string, EncoderInfo> encoders;
  return encoders;
}

}  // namespace

std::vector<std::string> Encoder::inputs() const {
  return encoder_info(encoder_name()).reads;
}

Tensor Encoder::mask(const PairBatch& batch) const {
  return batch.at("mask:" + encoder_name());
}

Tensor Encoder::gene_vectors(const GeneInputs& /*inputs*/,
                             const Tensor& /*rows*/, ChunkRng* /*rng*/) {
  throw InternalError("The encoder \"" + encoder_name() +
                      "\" has no per-gene stage. This is a defect of MuSL; "
                      "please report it.");
}

Tensor Encoder::own_columns(const Tensor& genes) const {
  // A part has a gradient of zeros around it.
  return genes.size(1) == gene_width()
             ? genes
             : genes.narrow(1, gene_offset_, gene_width());
}

bool register_encoder(EncoderInfo info) {
  const std::string name = info.name;
  registry()[name] = std::move(info);
  return true;
}

const EncoderInfo& encoder_info(const std::string& name) {
  const auto found = registry().find(name);
  if (found == registry().end()) {
    std::string known;
    for (const auto& item : registry()) {
      known += (known.empty() ? "" : ", ") + item.first;
    }
    throw InputError("encoders must be registered ones; found \"" + name +
                     "\", known are: " + known + ".");
  }
  return found->second;
}

std::vector<std::string> encoder_names() {
  std::vector<std::string> names;
  for (const auto& item : registry()) names.push_back(item.first);
  return names;
}

std::shared_ptr<Encoder> make_encoder(const std::string& name,
                                      const ArchitectureConfig& config,
                                      const InputSizes& sizes) {
  return encoder_info(name).make(config, sizes);
}

}  // namespace musl::nn

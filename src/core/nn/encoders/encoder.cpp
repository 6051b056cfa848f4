#include "nn/encoders/encoder.h"

#include <map>
#include <utility>

#include "musl/error.h"

namespace musl::nn {
namespace {

// A function's static, because encoders register before main().
std::map<std::string, EncoderFactory>& registry() {
  static std::map<std::string, EncoderFactory> factories;
  return factories;
}

std::string registered_names() {
  std::string names;
  for (const auto& [name, factory] : registry()) {
    names += (names.empty() ? "" : ", ") + name;
  }
  return names;
}

}  // namespace

const Tensor& PairBatch::at(const std::string& name) const {
  const auto found = tensors.find(name);
  if (found == tensors.end()) {
    throw InternalError("A chunk of pairs lacks the tensor \"" + name +
                        "\". This is a defect of MuSL; please report it.");
  }
  return found->second;
}

Tensor Encoder::mask(const PairBatch& batch) const {
  return batch.at("mask:" + encoder_name());
}

Tensor Encoder::gene_vectors(const GeneInputs& inputs, const Tensor& rows,
                             ChunkRng* rng) {
  throw InternalError("The encoder \"" + encoder_name() +
                      "\" has no per-gene stage. This is a defect of MuSL; "
                      "please report it.");
}

Tensor Encoder::gene_a(const PairBatch& batch) const {
  return batch.at("gene_a").narrow(1, gene_offset_, gene_width());
}

Tensor Encoder::gene_b(const PairBatch& batch) const {
  return batch.at("gene_b").narrow(1, gene_offset_, gene_width());
}

bool register_encoder(const std::string& name, EncoderFactory factory) {
  registry()[name] = std::move(factory);
  return true;
}

std::shared_ptr<Encoder> make_encoder(const std::string& name,
                                      const ArchitectureConfig& config,
                                      const InputSizes& sizes) {
  const auto found = registry().find(name);
  if (found == registry().end()) {
    throw InputError("encoders must be registered ones; found \"" + name +
                     "\", known are: " + registered_names() + ".");
  }
  return found->second(config, sizes);
}

}  // namespace musl::nn

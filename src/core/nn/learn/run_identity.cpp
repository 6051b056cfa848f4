#include "nn/learn/run_identity.h"

#include <nlohmann/json.hpp>
#include <string>
#include <utility>
#include <vector>

#include "musl/content_hash.h"

namespace musl::nn {

namespace {

using Json = nlohmann::json;

Json pairs_identity(const PairSet& pairs) {
  ContentHash hash;
  hash.update(pairs.a.data(), pairs.a.size() * sizeof(pairs.a[0]));
  hash.update(pairs.b.data(), pairs.b.size() * sizeof(pairs.b[0]));
  hash.update(pairs.label.data(), pairs.label.size() * sizeof(float));
  Json identity = Json::object();
  identity["n"] = pairs.size();
  identity["hash"] = hash.hex();
  return identity;
}

std::string weights_hash(const NamedParameters& parameters) {
  ContentHash hash;
  for (const auto& tensor : parameters.tensors) {
    const Tensor host = tensor.detach().to(torch::kCPU).contiguous();
    hash.update(host.data_ptr<float>(),
                static_cast<std::size_t>(host.numel()) * sizeof(float));
  }
  return hash.hex();
}

}  // namespace

std::string run_identity(const ArchitectureConfig& architecture,
                         const ControlConfig& control, const PairSet& training,
                         const PairSet& validation,
                         const NamedParameters& start) {
  Json controls = Json::parse(to_json(control));
  for (const char* free : {"threads", "device", "checkpoint"}) {
    controls.erase(free);
  }
  if (control.schedule != "plateau") controls.erase("plateau");
  Json identity = Json::object();
  identity["architecture"] = Json::parse(to_json(architecture));
  identity["control"] = std::move(controls);
  identity["training"] = pairs_identity(training);
  identity["validation"] = pairs_identity(validation);
  identity["start"] = weights_hash(start);
  return identity.dump();
}

}  // namespace musl::nn

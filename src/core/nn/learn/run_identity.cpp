#include "nn/learn/run_identity.h"

#include <nlohmann/json.hpp>
#include <string>
#include <utility>
#include <vector>

namespace musl::nn {

namespace {

using Json = nlohmann::json;

/// 64-bit FNV-1a.
class Hash {
 public:
  template <typename T>
  Hash& add(const T* values, std::size_t n) {
    const auto* bytes = reinterpret_cast<const unsigned char*>(values);
    for (std::size_t i = 0; i < n * sizeof(T); ++i) {
      value_ = (value_ ^ bytes[i]) * 0x100000001b3ULL;
    }
    return *this;
  }
  [[nodiscard]] std::string text() const { return std::to_string(value_); }

 private:
  std::uint64_t value_ = 0xcbf29ce484222325ULL;
};

Json pairs_identity(const PairSet& pairs) {
  Hash hash;
  hash.add(pairs.a.data(), pairs.a.size())
      .add(pairs.b.data(), pairs.b.size())
      .add(pairs.label.data(), pairs.label.size());
  Json identity = Json::object();
  identity["n"] = pairs.size();
  identity["hash"] = hash.text();
  return identity;
}

std::string weights_hash(const NamedParameters& parameters) {
  Hash hash;
  for (const auto& tensor : parameters.tensors) {
    const Tensor host = tensor.detach().to(torch::kCPU).contiguous();
    hash.add(host.data_ptr<float>(), static_cast<std::size_t>(host.numel()));
  }
  return hash.text();
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

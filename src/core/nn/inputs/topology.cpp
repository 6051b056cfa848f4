
#include "graph/topology.h"

#include "nn/inputs/pair_input.h"

namespace musl::nn {

namespace {

constexpr char kTopologyInput[] = "topology";

class Topology : public PairInput {
 public:
  [[nodiscard]] std::string name() const override { return kTopologyInput; }
  // Its encoder also relates the genes by their embeddings.
  [[nodiscard]] std::vector<std::string> reads() const override {
    return {"network", "embeddings"};
  }

  [[nodiscard]] Shape shape(const Dataset&,
                            const Preprocess& preprocess) const override {
    const auto& mean = preprocess.pair_scaler(kTopologyInput).mean;
    if (mean.empty()) return {};
    return {static_cast<std::int64_t>(mean.size())};
  }
  void learn(const LearnContext& context, Preprocess* out) const override {
    out->pair_scalers[kTopologyInput] =
        fit_topology_scaler(context.data, context.training, context.threads);
  }

  [[nodiscard]] bool available(const Dataset&) const override { return true; }
  [[nodiscard]] bool present(const InputContext&, std::int32_t,
                             std::int32_t) const override {
    return true;
  }
  [[nodiscard]] std::vector<std::string> terms(
      const InputContext&) const override {
    return topology_names();
  }
  void make(const InputContext& context, const PairSet& pairs, std::int64_t,
            float* out) const override {
    topology_rows(context.data.network, pairs, 0, pairs.size(), kTopology, out);
    context.preprocess.pair_scaler(kTopologyInput).apply(out, pairs.size());
  }
};

[[maybe_unused]] const bool kTopologyRegistered =
    register_input(std::make_unique<Topology>());

}  // namespace

}  // namespace musl::nn

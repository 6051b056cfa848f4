#pragma once

#include <memory>
#include <vector>

#include "musl/backend.h"
#include "musl/model_state.h"
#include "nn/nets/musl_net.h"

namespace musl::nn {

/// The networks of a model: its members, on the CPU, in evaluation mode.
struct TorchNetworks final : Networks {
  [[nodiscard]] int n_members() const override {
    return static_cast<int>(nets.size());
  }
  [[nodiscard]] std::int64_t n_parameters() const override;
  void put_weights(Archive* archive) const override;
  [[nodiscard]] std::unique_ptr<Scorer> make_scorer(
      const Model& model, const Dataset& data, const PairSet& asked,
      const PredictOptions& options) const override;

  std::vector<MuslNet> nets;
};

/// Of a model that came through this backend's fit() or read_networks().
[[nodiscard]] const TorchNetworks& networks_of(const ModelState& model);
[[nodiscard]] const std::vector<MuslNet>& nets_of(const ModelState& model);
/// The first member's.
[[nodiscard]] const MuslNetImpl& net_of(const ModelState& model);

/// Puts the columns of `more` behind those of `to`.
void append_columns(const Matrix& more, Matrix* to);

/// As Backend::read_networks().
[[nodiscard]] std::shared_ptr<const Networks> read_networks(
    const Archive& archive, int n_members, const ModelState& state);

}  // namespace musl::nn

#pragma once

#include <memory>
#include <mutex>
#include <vector>

#include "musl/backend.h"
#include "musl/model_state.h"
#include "nn/nets/gene_stage.h"
#include "nn/nets/musl_net.h"

namespace musl::nn {

/// The networks of a model: its members, on the CPU, in evaluation mode.
struct TorchNetworks final : Networks {
  [[nodiscard]] int n_members() const override {
    return static_cast<int>(nets.size());
  }
  [[nodiscard]] std::int64_t n_parameters() const override;
  void put_weights(Archive* archive) const override;
  void prepare(int threads, ModelState* model) const override;
  void prepare_vectors(int threads, ModelState* model) const override;
  /// The gene stage of a member over the model's own node blocks, on the CPU,
  /// which remembers; null where the model has no such blocks.
  [[nodiscard]] std::shared_ptr<const GeneStage> own_stage(
      const ModelState& model, int member, int threads) const;
  /// Once the node blocks are gone that they were made of.
  void forget_stages() { stages_.clear(); }
  [[nodiscard]] std::unique_ptr<Scorer> make_scorer(
      const Model& model, const Dataset& data, const PairSet& asked,
      const PredictOptions& options) const override;

  std::vector<MuslNet> nets;

 private:
  mutable std::mutex making_stages_;
  mutable std::vector<std::shared_ptr<const GeneStage>> stages_;  // by member
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

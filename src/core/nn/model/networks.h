#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <vector>

#include "data/partners.h"
#include "io/archive.h"
#include "model/backend.h"
#include "model/model.h"
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
  [[nodiscard]] std::shared_ptr<const Networks> afresh() const override;
  /// Whether the networks compute vectors of the model's own genes from its
  /// node blocks, also beside vectors that prepare_vectors() made of these.
  [[nodiscard]] bool reads_own_blocks(const ModelState& model) const;
  /// The gene stage of a member over the model's node blocks, on the CPU, which
  /// remembers its vectors; null unless reads_own_blocks().
  [[nodiscard]] std::shared_ptr<const GeneStage> own_stage(
      const ModelState& model, int member, int threads) const;
  /// The known partners of the model's own data, made once.
  [[nodiscard]] KnownPartners own_partners(const ModelState& model,
                                           int threads) const;
  [[nodiscard]] std::unique_ptr<PairScorer> make_scorer(
      const Model& model, const Dataset& data, const PairSet& asked,
      const PredictOptions& options) const override;

  std::vector<MuslNet> nets;

 private:
  mutable std::mutex making_partners_;
  mutable std::optional<KnownPartners> partners_;
  mutable std::mutex making_stages_;
  mutable std::vector<std::shared_ptr<const GeneStage>> stages_;  // by member
};

/// The networks of a model from this backend's fit() or read_networks().
[[nodiscard]] const TorchNetworks& networks_of(const ModelState& model);
/// The network of the first member.
[[nodiscard]] const MuslNetImpl& net_of(const ModelState& model);

/// Whether an encoder reads known partners.
[[nodiscard]] bool reads_partners(const ArchitectureConfig& architecture);

/// Checks sizes, names and columns of `data` against the model; ShapeError that
/// names the difference. A dataset that passes is never read out of bounds.
void check_dataset(const ModelState& model, const TorchNetworks& networks,
                   const Dataset& data);

/// The spaces of `data` in which the model's networks compare partners; none if
/// they read no partners.
[[nodiscard]] GeneSpaces spaces_read(const ModelState& model,
                                     const Dataset& data, int threads);

}  // namespace musl::nn

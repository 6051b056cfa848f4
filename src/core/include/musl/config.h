#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace musl {

/// The architecture of the network, saved with the model. The R function
/// musl_architecture() has the same names and defaults; a test compares them.
/// New fields must also be added to config_fields.h.
struct ArchitectureConfig {
  std::string preset = "default";
  std::vector<std::string> encoders = {"histogram", "descriptors", "genes",
                                       "graph", "partners"};
  int width = 128;  // D of every modality vector
  // Expression histogram
  int bins = 32;                  // K
  std::string binning = "value";  // value, rank
  double smooth = 0.0;            // in bins
  // Values that histograms count, one map each: none (logged values over the
  // gene's range), or some of z, log, z_log.
  std::vector<std::string> transforms = {"none"};
  std::string descriptors = "default";  // default, paper
  // Graph
  std::string graph_net = "sign";  // sign (pre-propagated), sage
  int spectral = 128;              // columns of the spectral embedding; 0: none
  // Columns of each cohort's co-expression embedding, used together with the
  // cohort's marginals; 0: neither.
  int coexpression = 24;
  // Fusion
  std::string fusion = "gate";  // gate, attention (cross-attention, then gate)
  double alignment = 0.0;       // weight of the contrastive term
  double auxiliary = 0.5;       // weight of the mean branch loss
  double dropout = 0.2;

  // What follows from these.
  /// Hidden units per gene.
  [[nodiscard]] int graph_hidden() const { return 2 * width; }
  [[nodiscard]] int graph_layers() const { return graph_net == "sage" ? 2 : 1; }
  [[nodiscard]] int fusion_width() const { return width < 64 ? width : 64; }
  /// Probability that a training pair lacks a branch.
  [[nodiscard]] double modality_dropout() const {
    return dropout > 0 ? 0.15 : 0;
  }
  /// Weight of the summed branch logits, added to the fused logit in the score
  /// of a pair with an unseen gene; 0: the fused logit alone.
  [[nodiscard]] double branch_weight() const { return auxiliary > 0 ? 1 : 0; }
};

/// Attention heads of the fusion.
inline constexpr int kFusionHeads = 4;

/// How to train. R: musl_control(). config_fields.h lists the ranges.
struct ControlConfig {
  std::string device = "auto";  // auto, cpu, cuda, cuda:<i>
  int threads = 0;              // 0: all available
  std::int64_t seed = 1;
  int epochs = 10;
  int patience = 4;
  int batch_size = 512;
  double learning_rate = 1e-3;
  double weight_decay = 1e-2;
  std::string schedule = "one_cycle";  // one_cycle, plateau
  double clip = 1.0;                   // gradient norm
  std::string checkpoint;              // file, "": none
};

/// Throws an InputError that names the field, its value and its range.
void validate(const ArchitectureConfig& config);
void validate(const ControlConfig& config);

[[nodiscard]] std::string to_json(const ArchitectureConfig& config);
[[nodiscard]] std::string to_json(const ControlConfig& config);
/// FormatError for unknown fields: they belong to a newer version.
[[nodiscard]] ArchitectureConfig architecture_from_json(
    const std::string& text);

/// An encoder and its inputs: for each of these the kinds of data of which any
/// suffices ("expression", "network", "embeddings", "pairs").
struct EncoderReads {
  std::string name;
  std::vector<std::vector<std::string>> inputs;
};

}  // namespace musl

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
  std::string zeros = "keep";     // keep, drop_double, own_bin, test_wise
  double smooth = 0.0;            // in bins
  // Values that histograms count, one map each: none (logged values over the
  // gene's range), or some of z, log, z_log.
  std::vector<std::string> transforms = {"none"};
  std::string histogram_net = "small";  // small (16-32-64), cnnc
  std::string descriptors = "default";  // default, paper
  // Graph
  std::string graph_net = "sign";  // sign (pre-propagated), gcn, sage
  int graph_layers = 1;
  int graph_hidden = 256;
  int spectral = 128;  // columns of the spectral embedding; 0: none
  // Columns of each cohort's co-expression embedding, used together with the
  // cohort's marginals; 0: neither.
  int coexpression = 24;
  double edge_dropout = 0.0;  // gcn and sage only
  // Vectors of genes without a training pair: masked (a pair of such genes is
  // then scored by what relates the two), shown.
  std::string unseen_genes = "masked";
  // Fusion
  std::string fusion = "gate";  // gate, attention (cross-attention, then gate)
  int fusion_width = 64;
  int heads = 4;
  double alignment = 0.0;  // weight of the contrastive term
  // info_nce (a pair's own branches), supervised (pairs of the same label)
  std::string alignment_kind = "info_nce";
  double temperature = 0.1;
  double auxiliary = 0.5;  // weight of the mean branch loss
  // Weight of the summed branch logits, added to the fused logit in the score
  // of a pair with an unseen gene; 0: the fused logit alone.
  double branch_weight = 1.0;
  // Regularisation
  double dropout = 0.2;
  double modality_dropout = 0.15;
};

/// How to train. R: musl_control(). config_fields.h lists the ranges.
struct ControlConfig {
  std::string strategy = "joint";  // joint, branches
  std::string device = "auto";     // auto, cpu, cuda, cuda:<i>
  int threads = 0;                 // 0: all available
  std::int64_t seed = 1;
  int epochs = 10;
  int patience = 4;
  int batch_size = 512;
  double learning_rate = 1e-3;
  double weight_decay = 1e-2;
  std::string schedule = "one_cycle";  // one_cycle, plateau
  double warmup = 0.15;  // share of the steps before the peak; one_cycle only
  int plateau = 2;       // epochs without improvement until the rate halves
  double clip = 1.0;     // gradient norm
  std::string monitor = "auprc";  // auprc, auroc
  std::string checkpoint;         // file, "": none
  // How separately trained branches are combined: gate (trains the fusion), sum
  // (of their logits, weighted on the validation part).
  std::string joined_by = "gate";
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

/// All registered encoders, ordered by name. BackendError without the backend.
[[nodiscard]] std::vector<EncoderReads> encoder_list();

}  // namespace musl

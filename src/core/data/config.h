#pragma once

#include <cstdint>
#include <limits>
#include <string>
#include <type_traits>
#include <vector>

namespace musl {

/// The architecture of the network, saved with the model. The R function
/// musl_architecture() has the same names and defaults; a test compares them.
/// A new field must also be added to visit_fields().
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

/// How to train. R: musl_control(). visit_fields() lists the ranges.
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

/// An interval of allowed numbers; either end may be open.
struct Range {
  double low = 0;
  double high = std::numeric_limits<double>::infinity();
  bool open_low = false;
  bool open_high = false;
};

/// One of these strings.
struct Choice {
  std::vector<std::string> values;
};

/// Some of these strings, each once, or `none` alone.
struct Subset {
  std::vector<std::string> values;
  std::string none;
};

/// Distinct names in a registry of core/nn (encoders); checked by the registry
/// when a name is used.
struct Registered {};

/// "auto", "cpu", "cuda" or "cuda:<i>".
struct DeviceName {};

/// Any string.
struct AnyText {};

template <class Config, class Expected>
using IfConfig =
    std::enable_if_t<std::is_same_v<std::remove_const_t<Config>, Expected>,
                     int>;

/// Calls visit(name, field, rule) for every field, in the order of R's
/// arguments; rule is one of the types above.
template <class Config, class Visit, IfConfig<Config, ArchitectureConfig> = 0>
void visit_fields(Config& c, Visit&& visit) {
  const Range rate{0, 1, false, true};  // a share that is left out
  const Range weight{0, 100};
  visit("preset", c.preset, Choice{{"default", "paper"}});
  visit("encoders", c.encoders, Registered{});
  visit("width", c.width, Range{2, 4096});
  visit("bins", c.bins, Range{8, 64});
  visit("binning", c.binning, Choice{{"value", "rank"}});
  visit("smooth", c.smooth, Range{0, 8});
  visit("transforms", c.transforms, Subset{{"z", "log", "z_log"}, "none"});
  visit("descriptors", c.descriptors, Choice{{"default", "paper"}});
  visit("graph_net", c.graph_net, Choice{{"sign", "sage"}});
  visit("spectral", c.spectral, Range{0, 1024});
  visit("coexpression", c.coexpression, Range{0, 1024});
  visit("fusion", c.fusion, Choice{{"gate", "attention"}});
  visit("alignment", c.alignment, weight);
  visit("auxiliary", c.auxiliary, weight);
  visit("dropout", c.dropout, rate);
}

template <class Config, class Visit, IfConfig<Config, ControlConfig> = 0>
void visit_fields(Config& c, Visit&& visit) {
  visit("device", c.device, DeviceName{});
  visit("threads", c.threads, Range{0, 1024});
  visit("seed", c.seed, Range{});
  visit("epochs", c.epochs, Range{1, 100000});
  visit("patience", c.patience, Range{1, 100000});
  visit("batch_size", c.batch_size, Range{1, 1 << 20});
  visit("learning_rate", c.learning_rate, Range{0, 10, true, false});
  visit("weight_decay", c.weight_decay, Range{0, 10});
  visit("schedule", c.schedule, Choice{{"one_cycle", "plateau"}});
  visit("clip", c.clip,
        Range{0, std::numeric_limits<double>::infinity(), true, false});
  visit("checkpoint", c.checkpoint, AnyText{});
}

}  // namespace musl

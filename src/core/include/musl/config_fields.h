#pragma once

// The single list of configuration fields. JSON, validation and the conversion
// from R iterate over it; R's arguments, checks and documentation are tested
// against it.

#include <limits>
#include <string>
#include <type_traits>
#include <vector>

#include "musl/config.h"

namespace musl {

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

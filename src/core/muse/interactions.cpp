#include "musl/interactions.h"

#include <string>

#include "musl/error.h"

namespace musl {

namespace {

void check_field(bool holds, const std::string& field, const std::string& range,
                 const std::string& value) {
  if (holds) return;
  throw InputError("`" + field + "` must be " + range + ", not " + value + ".");
}

}  // namespace

void validate(const InteractionConfig& config) {
  const auto& task = config.task;
  check_field(task == "binary" || task == "multilabel" || task == "affinity",
              "task", "\"binary\", \"multilabel\" or \"affinity\"",
              "\"" + task + "\"");
  check_field(config.width >= 2 && config.width <= 4096, "width",
              "at least 2 and at most 4096", std::to_string(config.width));
  check_field(config.dropout >= 0 && config.dropout < 1, "dropout",
              "at least 0 and below 1", std::to_string(config.dropout));
  check_field(config.crop >= 0, "crop", "at least 0",
              std::to_string(config.crop));
  check_field(!config.known_edges || config.task != "binary", "known_edges",
              "false where the label is the edge itself", "true");
}

std::int64_t InteractionData::n_nodes() const {
  std::int64_t n = 0;
  for (const auto& block : nodes) n += block.size();
  return n;
}

}  // namespace musl

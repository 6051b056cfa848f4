#include "nn/train/checkpoint.h"

#include <filesystem>
#include <nlohmann/json.hpp>

#include "base/error.h"
#include "io/archive_file.h"
#include "io/file.h"
#include "nn/base/parameters.h"

namespace musl::nn {

namespace {

using Json = nlohmann::json;

constexpr std::size_t kHistoryColumns = 8;
constexpr double kMostEpochs = 1e9;

/// "field" of the first difference of two objects, with both values.
std::string difference(const Json& file, const Json& run) {
  for (const auto& [key, value] : run.items()) {
    if (!file.contains(key)) return key + " (not in the file)";
    if (file[key] == value) continue;
    if (value.is_object() && file[key].is_object()) {
      return key + "." + difference(file[key], value);
    }
    return key + " (" + file[key].dump() + " there, " + value.dump() + " here)";
  }
  return "another field";
}

std::string checkpoint_field(const Archive& archive, const std::string& name) {
  const auto found = archive.metadata.find(name);
  if (found == archive.metadata.end()) {
    throw FormatError("The checkpoint lacks \"" + name +
                      "\"; it is not a checkpoint of MuSL.");
  }
  return found->second;
}

}  // namespace

void put_history(const std::vector<EpochRecord>& history, Archive* archive) {
  std::vector<double> values;
  Json phases = Json::array();
  for (const auto& record : history) {
    phases.push_back(record.phase);
    values.insert(values.end(), {static_cast<double>(record.epoch), record.loss,
                                 record.valid_loss, record.valid_auroc,
                                 record.valid_auprc, record.learning_rate,
                                 record.seconds, record.best ? 1.0 : 0.0});
  }
  archive->metadata["phases"] = phases.dump();
  archive->put("history",
               {static_cast<std::int64_t>(history.size()),
                static_cast<std::int64_t>(kHistoryColumns)},
               values.data());
}

std::vector<EpochRecord> get_history(const Archive& archive) {
  const auto values = archive.doubles("history");
  const auto phases = Json::parse(checkpoint_field(archive, "phases"))
                          .get<std::vector<std::string>>();
  if (values.size() != phases.size() * kHistoryColumns) {
    throw FormatError("The history has " + std::to_string(values.size()) +
                      " numbers for " + std::to_string(phases.size()) +
                      " epochs.");
  }
  std::vector<EpochRecord> history;
  for (std::size_t i = 0; i < phases.size(); ++i) {
    const double* row = values.data() + i * kHistoryColumns;
    if (!(row[0] >= 0 && row[0] <= kMostEpochs)) {
      throw FormatError("The history has an epoch out of range.");
    }
    history.push_back({1, phases[i], static_cast<int>(row[0]), row[1], row[2],
                       row[3], row[4], row[5], row[6], row[7] != 0});
  }
  return history;
}

Archive checkpoint_archive(const std::string& identity, const TrainState& state,
                           const NamedParameters& parameters,
                           const AdamW& optimiser) {
  Archive archive;
  archive.metadata["identity"] = identity;
  const std::int64_t position[] = {state.phase, state.epoch, state.best_epoch,
                                   state.converged ? 1 : 0};
  archive.put("position", {4}, position);
  archive.put("best_metric", {1}, &state.best_metric);
  put_history(state.history, &archive);
  put_parameters("weights/", parameters, &archive);
  put_parameters("best/", {parameters.names, state.best}, &archive);
  optimiser.save("optimiser/", &archive);
  return archive;
}

std::optional<Archive> find_checkpoint(const std::string& path,
                                       const std::string& identity) {
  if (path.empty() || !std::filesystem::exists(path)) return std::nullopt;
  const auto bytes = read_file(path);
  Archive archive = read_archive(bytes.data(), bytes.size());
  const std::string stored = checkpoint_field(archive, "identity");
  if (stored != identity) {
    throw FormatError("The checkpoint \"" + path +
                      "\" belongs to another run; they differ " + "in " +
                      difference(Json::parse(stored), Json::parse(identity)) +
                      ". Repeat that run, or remove the file to start anew.");
  }
  return archive;
}

TrainState state_from_archive(const Archive& archive,
                              const NamedParameters& parameters, int n_phases) {
  const auto position = archive.longs("position");
  const auto metric = archive.doubles("best_metric");
  if (position.size() != 4 || metric.size() != 1 || position[0] < 0 ||
      position[0] >= n_phases || position[1] < 1) {
    throw FormatError("The checkpoint's position is not whole.");
  }
  TrainState state;
  state.phase = static_cast<int>(position[0]);
  state.epoch = static_cast<int>(position[1]);
  state.best_epoch = static_cast<int>(position[2]);
  state.converged = position[3] != 0;
  state.best_metric = metric[0];
  state.history = get_history(archive);
  copy_parameters(archive, "weights/", parameters);
  state.best = snapshot(parameters);
  copy_parameters(archive, "best/", {parameters.names, state.best});
  return state;
}

}  // namespace musl::nn

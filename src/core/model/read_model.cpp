// Reads the model files of write_model.cpp, with checks against forgery.

#include "model/read_model.h"

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>
#include <utility>

#include "base/error.h"
#include "base/numbers.h"
#include "expression/levels.h"
#include "io/archive_fields.h"
#include "io/archive_pack.h"
#include "model/backend.h"
#include "model/model.h"
#include "store/graph_archive.h"

namespace musl {

namespace {

using Json = nlohmann::json;
using Shape = std::vector<std::int64_t>;
using Names = std::vector<std::string>;

constexpr int kMaxAssays = 64;
constexpr int kMaxMembers = 1000;
constexpr std::int64_t kMaxGenes = 1LL << 31;

void require_model(bool holds, const std::string& what) {
  if (!holds) throw FormatError("The model file is damaged: " + what + ".");
}

std::string metadata(const Archive& archive, const std::string& key) {
  const auto found = archive.metadata.find(key);
  require_model(found != archive.metadata.end(), "it lacks \"" + key + "\"");
  return found->second;
}

void require_shape(const Archive& archive, const std::string& name,
                   const Shape& shape) {
  require_model(archive.shape(name) == shape,
                "tensor \"" + name + "\" has another size than the rest needs");
}

/// A byte matrix whose entries are below `limit`.
ByteMatrix read_bytes(const Archive& archive, const std::string& name,
                      std::int64_t rows, std::int64_t cols, int limit) {
  require_shape(archive, name, {rows, cols});
  const auto values = archive.bytes(name);
  require_model(
      std::all_of(values.begin(), values.end(),
                  [limit](std::uint8_t x) { return x < limit; }),
      "an entry of \"" + name + "\" is " + std::to_string(limit) + " or more");
  return Eigen::Map<const ByteMatrix>(values.data(), rows, cols);
}

Scaler read_scaler(const Archive& archive, const std::string& prefix) {
  Scaler scaler{archive.floats(prefix + "mean"),
                archive.floats(prefix + "scale")};
  require_model(scaler.mean.size() == scaler.scale.size(),
                "\"" + prefix + "\" has not as many means as scales");
  return scaler;
}

/// The rows computed from them are made when needed.
void read_levels(const Archive& archive, const std::string& prefix,
                 std::int64_t rows, ExpressionCohort* cohort) {
  cohort->steps = read_bytes(archive, prefix + "steps", rows, cohort->n_samples,
                             cohort->n_levels + kThresholds);
  cohort->step_begin =
      read_bytes(archive, prefix + "step_begin", rows, kThresholds,
                 /*limit=*/256);
  cohort->level_edges = cohort->assays[0].edges;
  if (archive.has(prefix + "level_lower")) {
    cohort->level_edges = {archive.floats(prefix + "level_lower"),
                           archive.floats(prefix + "level_upper")};
  }
  require_model(size_of(cohort->level_edges.lower) == rows &&
                    size_of(cohort->level_edges.upper) == rows,
                "cohort \"" + cohort->name + "\" has not a range for each row");
}

ExpressionCohort read_cohort(const Archive& archive, const std::string& prefix,
                             const Json& description,
                             const ArchitectureConfig& architecture,
                             std::int64_t n_genes, bool with_rows) {
  ExpressionCohort cohort;
  cohort.name = description.at("name").get<std::string>();
  cohort.config = expression_config(architecture);
  cohort.n_samples = description.at("n_samples").get<std::int64_t>();
  const auto rows = description.at("n_rows").get<std::int64_t>();
  const auto n_assays = description.at("n_assays").get<int>();
  require_model(cohort.n_samples >= 0 && rows >= 0 && n_assays >= 1 &&
                    n_assays <= kMaxAssays,
                "a size of cohort \"" + cohort.name + "\" is out of range");
  require_shape(archive, prefix + "row_of_gene", {n_genes});
  cohort.row_of_gene = archive.ints(prefix + "row_of_gene");
  require_model(
      std::all_of(cohort.row_of_gene.begin(), cohort.row_of_gene.end(),
                  [rows](std::int32_t r) { return r >= -1 && r < rows; }),
      "a gene's row of cohort \"" + cohort.name + "\" does not exist");
  cohort.n_levels = level_count(architecture.bins);
  cohort.linear = description.at("linear").get<bool>();
  cohort.assays.resize(static_cast<std::size_t>(n_assays));
  cohort.transformed.resize(cohort.config.transforms.size() *
                            cohort.assays.size());
  const int n_views = n_assays + static_cast<int>(cohort.transformed.size());
  for (int j = 0; j < n_views; ++j) {
    const auto at = static_cast<std::size_t>(j);
    auto& assay = j < n_assays ? cohort.assays[at]
                               : cohort.transformed[at - cohort.assays.size()];
    const std::string end = "/" + std::to_string(j);
    assay.edges = {archive.floats(prefix + "lower" + end),
                   archive.floats(prefix + "upper" + end)};
    const std::int64_t n_edges =
        cohort.config.binning == BinMethod::value ? rows : 0;
    require_model(
        size_of(assay.edges.lower) == n_edges &&
            size_of(assay.edges.upper) == n_edges,
        "cohort \"" + cohort.name + "\" has not as many edges as rows");
    if (with_rows && j > 0) {
      assay.codes = read_bytes(archive, prefix + "codes" + end, rows,
                               cohort.n_samples, architecture.bins);
    }
  }
  cohort.marginals.resize(0, kMarginals);
  if (!with_rows) return cohort;
  require_shape(archive, prefix + "marginals", {rows, kMarginals});
  TensorReader(prefix, archive)("marginals", cohort.marginals);
  read_levels(archive, prefix, rows, &cohort);
  return cohort;
}

CsrGraph read_network(const Archive& archive, std::int64_t n_genes) {
  CsrGraph graph = read_graph("network/", archive);
  require_model(graph.offset.empty() || graph.n_nodes() == n_genes,
                "the network's rows are not as many as the genes");
  return graph;
}

/// Node blocks stored as bytes; their scalers are known.
std::vector<NodeBlock> read_codes(const Archive& archive, const Names& names,
                                  const Preprocess& preprocess,
                                  std::int64_t n_genes) {
  std::vector<NodeBlock> blocks;
  for (std::size_t i = 0; i < names.size(); ++i) {
    const std::string start = "block/" + std::to_string(i) + "/";
    const Scaler& scaler = preprocess.block_scaler(names[i]);
    const auto codes = read_bytes(archive, start + "codes", n_genes,
                                  size_of(scaler.mean), /*limit=*/256);
    require_shape(archive, start + "present", {n_genes});
    blocks.push_back(block_of_codes(names[i], codes,
                                    archive.bytes(start + "present"), scaler));
  }
  return blocks;
}

PairSet read_known(const Archive& archive, std::int64_t n_genes) {
  PairSet known{archive.ints("known/a"), archive.ints("known/b"),
                archive.floats("known/label")};
  check_pairs(known, n_genes);
  require_model(known.has_labels(), "its known pairs lack labels");
  return known;
}

Dataset read_dataset(const Archive& archive, const Json& description,
                     const ArchitectureConfig& architecture,
                     const Preprocess& preprocess, bool with_inputs) {
  Dataset data;
  data.n_genes = description.at("n_genes").get<std::int64_t>();
  require_model(data.n_genes >= 0 && data.n_genes < kMaxGenes,
                "the number of genes is out of range");
  const Json& cohorts = description.at("cohorts");
  for (std::size_t i = 0; i < cohorts.size(); ++i) {
    data.cohorts.push_back(
        read_cohort(archive, "cohort/" + std::to_string(i) + "/", cohorts[i],
                    architecture, data.n_genes, with_inputs));
  }
  data.known = read_known(archive, data.n_genes);
  data.blocks = read_codes(archive, description.at("kept_blocks").get<Names>(),
                           preprocess, data.n_genes);
  if (!with_inputs) return data;
  data.network = read_network(archive, data.n_genes);
  data.in_graph = archive.bytes("in_graph");
  return data;
}

/// All tensors named "scaler/<name>/mean" and "scale", of any input.
std::map<std::string, Scaler> read_pair_scalers(const Archive& archive) {
  const std::string start = "scaler/";
  std::map<std::string, Scaler> scalers;
  for (const auto& item : archive.tensors) {
    const std::string& tensor = item.first;
    const auto slash = tensor.find('/', start.size());
    if (tensor.rfind(start, 0) != 0 || slash == std::string::npos) continue;
    const std::string end = tensor.substr(slash);
    if (end != "/mean" && end != "/scale") continue;
    const auto name = tensor.substr(start.size(), slash - start.size());
    scalers[name] = read_scaler(archive, start + name + "/");
  }
  return scalers;
}

/// The scaler of the propagated node features; its size follows from theirs.
void read_propagated(const Archive& archive, const Json& description,
                     Preprocess* preprocess) {
  const auto copies = description.at("n_propagated").get<int>();
  require_model(copies == 0 || copies == 1,
                "the number of propagated copies is neither 0 nor 1");
  if (copies == 0) return;
  std::size_t columns = 0;
  for (const auto& scaler : preprocess->blocks) columns += scaler.mean.size();
  preprocess->propagated.push_back(
      read_scaler(archive, "scaler/propagated/0/"));
  require_model(preprocess->propagated.back().mean.size() == columns,
                "a propagated copy's scaler does not fit the node features");
}

void read_preprocess(const Archive& archive, const Json& description,
                     ModelState* model) {
  model->preprocess.pair_scalers = read_pair_scalers(archive);
  model->preprocess.block_names =
      description.at("blocks").get<std::vector<std::string>>();
  for (std::size_t i = 0; i < model->preprocess.block_names.size(); ++i) {
    model->preprocess.blocks.push_back(
        read_scaler(archive, "scaler/block/" + std::to_string(i) + "/"));
  }
  read_propagated(archive, description, &model->preprocess);
}

std::shared_ptr<ModelState> read_state(const Archive& archive) {
  auto model = std::make_shared<ModelState>();
  model->architecture =
      architecture_from_json(metadata(archive, "architecture"));
  validate(model->architecture);
  const Json description = Json::parse(metadata(archive, "dataset"));
  model->has_inputs = description.at("inputs").get<bool>();
  read_preprocess(archive, description, model.get());
  model->data = read_dataset(archive, description, model->architecture,
                             model->preprocess, model->has_inputs);
  for (std::size_t i = 0; i < model->stack.weight.size(); ++i) {
    const std::string name = "stack/" + std::to_string(i);
    require_shape(archive, name, {size_of(model->architecture.encoders) + 1});
    model->stack.weight[i] = archive.doubles(name);
  }
  auto& constant = model->stack.constant;
  require_shape(archive, "stack/constant", {size_of(constant)});
  const auto values = archive.doubles("stack/constant");
  std::copy(values.begin(), values.end(), constant.begin());
  const int n_members = description.at("n_members").get<int>();
  require_model(n_members >= 1 && n_members <= kMaxMembers,
                "the number of members is out of range");
  model->networks = backend().read_networks(archive, n_members, *model);
  return model;
}

[[noreturn]] void rethrow_as_damage(const std::exception& error) {
  throw FormatError(std::string("The model file is damaged: ") + error.what());
}

}  // namespace

std::shared_ptr<ModelState> read_model(const Archive& archive) {
  // Sizes and names that contradict each other.
  try {
    return read_state(unpacked(archive));
  } catch (const InputError& error) {
    rethrow_as_damage(error);
  } catch (const ShapeError& error) {
    rethrow_as_damage(error);
  } catch (const GeneError& error) {
    rethrow_as_damage(error);
  } catch (const Json::exception& error) {
    rethrow_as_damage(error);
  }
}

}  // namespace musl

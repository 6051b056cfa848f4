// Writes model files, which read_model.cpp reads.

#include "model/write_model.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <utility>

#include "base/numbers.h"
#include "data/coexpression.h"
#include "io/archive_fields.h"
#include "io/archive_pack.h"
#include "model/backend.h"
#include "model/model.h"
#include "store/graph_archive.h"

namespace musl {

namespace {

using Json = nlohmann::json;
using Names = std::vector<std::string>;

void put_scaler(const std::string& prefix, const Scaler& scaler,
                Archive* archive) {
  const TensorWriter write(prefix, archive);
  write("mean", scaler.mean);
  write("scale", scaler.scale);
}

void put_bytes(const std::string& name, const ByteMatrix& values,
               Archive* archive) {
  archive->put(name, {values.rows(), values.cols()}, values.data());
}

/// Their range is left out if it is that of the bins.
void put_levels(const std::string& prefix, const ExpressionCohort& cohort,
                Archive* archive) {
  put_bytes(prefix + "steps", cohort.steps, archive);
  put_bytes(prefix + "step_begin", cohort.step_begin, archive);
  const BinEdges& own = cohort.level_edges;
  const BinEdges& bins = cohort.assays[0].edges;
  if (own.lower == bins.lower && own.upper == bins.upper) return;
  const TensorWriter write(prefix, archive);
  write("level_lower", own.lower);
  write("level_upper", own.upper);
}

void put_cohort(const std::string& prefix, const ExpressionCohort& cohort,
                bool with_rows, Archive* archive) {
  const TensorWriter write(prefix, archive);
  write("row_of_gene", cohort.row_of_gene);
  const std::size_t n_assays = cohort.assays.size();
  for (std::size_t j = 0; j < n_assays + cohort.transformed.size(); ++j) {
    const auto& assay =
        j < n_assays ? cohort.assays[j] : cohort.transformed[j - n_assays];
    const std::string end = "/" + std::to_string(j);
    write("lower" + end, assay.edges.lower);
    write("upper" + end, assay.edges.upper);
    // Those of the first assay follow from its levels.
    if (with_rows && j > 0) {
      put_bytes(prefix + "codes" + end, assay.codes, archive);
    }
  }
  if (!with_rows) return;
  write("marginals", cohort.marginals);
  put_levels(prefix, cohort, archive);
}

/// Number of rows of a cohort, also if a reference stores none of them.
std::int64_t count_rows(const ExpressionCohort& cohort) {
  std::int64_t rows = 0;
  for (const std::int32_t row : cohort.row_of_gene) {
    rows = std::max<std::int64_t>(rows, row + 1);
  }
  return rows;
}

Names block_names(const std::vector<NodeBlock>& blocks) {
  Names names;
  for (const auto& block : blocks) names.push_back(block.name);
  return names;
}

void put_known(const PairSet& known, Archive* archive) {
  const TensorWriter write("known/", archive);
  write("a", known.a);
  write("b", known.b);
  write("label", known.label);
}

/// Without inputs, only the blocks that place new genes.
std::vector<NodeBlock> kept_blocks(const ModelState& model, bool with_inputs) {
  std::vector<NodeBlock> blocks;
  for (const auto& block : model.data.blocks) {
    if (with_inputs || is_reference_block(block.name)) blocks.push_back(block);
  }
  return blocks;
}

void put_codes(const ModelState& model, bool with_inputs, Archive* archive) {
  const auto blocks = kept_blocks(model, with_inputs);
  for (std::size_t i = 0; i < blocks.size(); ++i) {
    const std::string start = "block/" + std::to_string(i) + "/";
    const Scaler& scaler = model.preprocess.block_scaler(blocks[i].name);
    put_bytes(start + "codes", block_codes(blocks[i], scaler), archive);
    TensorWriter(start, archive)("present", blocks[i].present);
  }
}

/// Sizes that the tensors alone do not give.
Json describe(const ModelState& model, bool with_inputs) {
  Json cohorts = Json::array();
  for (const auto& cohort : model.data.cohorts) {
    Json entry = Json::object();
    entry["name"] = cohort.name;
    entry["n_samples"] = cohort.n_samples;
    entry["n_rows"] = count_rows(cohort);
    entry["n_assays"] = cohort.assays.size();
    entry["linear"] = cohort.linear;
    cohorts.push_back(std::move(entry));
  }
  Json description = Json::object();
  description["n_genes"] = model.data.n_genes;
  description["inputs"] = with_inputs;
  description["cohorts"] = std::move(cohorts);
  description["blocks"] = model.preprocess.block_names;
  description["kept_blocks"] = block_names(kept_blocks(model, with_inputs));
  description["n_members"] = model.networks->n_members();
  description["n_propagated"] = model.preprocess.propagated.size();
  return description;
}

}  // namespace

Archive write_model(const ModelState& model, bool keep_inputs) {
  const bool with_inputs = keep_inputs && model.has_inputs;
  Archive archive;
  const TensorWriter write("", &archive);
  archive.metadata["architecture"] = to_json(model.architecture);
  archive.metadata["dataset"] = describe(model, with_inputs).dump();
  model.networks->put_weights(&archive);
  for (const auto& [name, scaler] : model.preprocess.pair_scalers) {
    put_scaler("scaler/" + name + "/", scaler, &archive);
  }
  for (std::size_t i = 0; i < model.preprocess.blocks.size(); ++i) {
    put_scaler("scaler/block/" + std::to_string(i) + "/",
               model.preprocess.blocks[i], &archive);
  }
  for (std::size_t i = 0; i < model.preprocess.propagated.size(); ++i) {
    put_scaler("scaler/propagated/" + std::to_string(i) + "/",
               model.preprocess.propagated[i], &archive);
  }
  for (std::size_t i = 0; i < model.data.cohorts.size(); ++i) {
    put_cohort("cohort/" + std::to_string(i) + "/", model.data.cohorts[i],
               with_inputs, &archive);
  }
  for (std::size_t i = 0; i < model.stack.weight.size(); ++i) {
    write("stack/" + std::to_string(i), model.stack.weight[i]);
  }
  archive.put("stack/constant", {size_of(model.stack.constant)},
              model.stack.constant.data());
  put_codes(model, with_inputs, &archive);
  put_known(model.data.known, &archive);
  if (!with_inputs) return archive;
  put_graph("network/", model.data.network, &archive);
  write("in_graph", model.data.in_graph);
  return archive;
}

}  // namespace musl

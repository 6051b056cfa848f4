#include "nn/model/check.h"

#include <algorithm>

#include "musl/descriptors.h"
#include "musl/error.h"
#include "musl/histogram.h"
#include "nn/inputs/batcher.h"
#include "nn/nets/gene_stage.h"

namespace musl::nn {

namespace {

void require_equal(std::int64_t found, std::int64_t expected,
                   const std::string& what) {
  if (found == expected) return;
  throw ShapeError("The data must have " + std::to_string(expected) + " " +
                   what + "; found " + std::to_string(found) +
                   ". Prepare it with this model's make_dataset().");
}

bool reads_expression(const ArchitectureConfig& architecture) {
  return std::any_of(architecture.encoders.begin(), architecture.encoders.end(),
                     [](const auto& name) {
                       return name == "histogram" || name == "descriptors";
                     });
}

/// Rows and samples of one source among themselves.
void check_source(const ExpressionSource& source, std::int64_t n_genes,
                  int bins) {
  const std::string of = " of source \"" + source.name + "\"";
  const std::int64_t rows = source.n_rows();
  const std::int64_t samples = source.n_samples;
  require_equal(static_cast<std::int64_t>(source.row_of_gene.size()), n_genes,
                "genes" + of);
  for (const std::int32_t row : source.row_of_gene) {
    if (row >= -1 && row < rows) continue;
    throw ShapeError("A gene's row must be -1 to " + std::to_string(rows - 1) +
                     of + "; found " + std::to_string(row) + ".");
  }
  require_equal(source.config.bins, bins, "histogram bins" + of);
  if (source.assays.empty()) throw ShapeError("There is no assay" + of + ".");
  if (rows == 0) return;  // carried over from a model without inputs
  for (const auto& assay : source.assays) {
    require_equal(assay.codes.rows(), rows, "rows of codes" + of);
    require_equal(assay.codes.cols(), samples, "samples of codes" + of);
  }
  for (const Matrix* matrix :
       {&source.standardised, &source.ranked, &source.biweight}) {
    require_equal(matrix->rows(), rows, "standardised rows" + of);
    require_equal(matrix->cols(), samples, "standardised samples" + of);
  }
  require_equal(source.flags.rows(), rows, "rows of flags" + of);
  require_equal(source.flags.cols(), samples, "samples of flags" + of);
  require_equal(source.marginals.cols(), kMarginals, "marginals" + of);
}

void check_sources(const ModelState& model, const InputSizes& sizes,
                   const Dataset& data) {
  if (data.sources.empty()) return;  // the modality is masked
  require_equal(static_cast<std::int64_t>(data.sources.size()), sizes.n_sources,
                "expression sources");
  int channels = 0;
  for (std::size_t i = 0; i < data.sources.size(); ++i) {
    const auto& source = data.sources[i];
    check_source(source, data.n_genes, model.architecture.bins);
    channels += symmetric_channels(source);
    const auto& known = model.data.sources;
    if (i < known.size() && known[i].name != source.name) {
      throw ShapeError("Expression source " + std::to_string(i + 1) +
                       " must be \"" + known[i].name + "\", not \"" +
                       source.name + "\".");
    }
  }
  require_equal(channels, sizes.histogram_channels,
                "histogram channels (assays squared)");
}

void check_blocks(const ModelState& model, const Dataset& data) {
  const auto& names = model.preprocess.block_names;
  for (const NodeBlock& block : data.blocks) {
    const auto found = std::find(names.begin(), names.end(), block.name);
    if (found == names.end()) {
      throw ShapeError("The data's node features \"" + block.name +
                       "\" are none that the model was trained with. Give no "
                       "network or embeddings that training did not have.");
    }
    const auto i = static_cast<std::size_t>(found - names.begin());
    const std::string of = " of node features \"" + block.name + "\"";
    require_equal(
        block.values.cols(),
        static_cast<std::int64_t>(model.preprocess.blocks[i].mean.size()),
        "columns" + of);
    require_equal(block.values.rows(), data.n_genes, "genes" + of);
    require_equal(static_cast<std::int64_t>(block.present.size()), data.n_genes,
                  "presence flags" + of);
  }
}

void check_graph(const ModelState& model, const TorchNetworks& networks,
                 const Dataset& data) {
  if (!data.network.offset.empty()) {
    require_equal(data.network.n_nodes(), data.n_genes, "network nodes");
  }
  if (!data.in_graph.empty()) {
    require_equal(static_cast<std::int64_t>(data.in_graph.size()), data.n_genes,
                  "flags of genes in the graph");
  }
  if (data.gene_vectors.size() == 0) {
    check_blocks(model, data);
    return;
  }
  require_equal(data.gene_vectors.rows(), data.n_genes, "gene vectors");
  require_equal(data.gene_vectors.cols(),
                networks.n_members() * networks.nets.front()->gene_width(),
                "columns of gene vectors");
}

}  // namespace

bool reads_partners(const ArchitectureConfig& architecture) {
  const auto& names = architecture.encoders;
  return std::find(names.begin(), names.end(), "partners") != names.end();
}

void check_dataset(const ModelState& model, const Dataset& data) {
  check_dataset(model, networks_of(model), data);
}

void check_dataset(const ModelState& model, const TorchNetworks& networks,
                   const Dataset& data) {
  const MuslNetImpl& net = *networks.nets.front();
  check_pairs(data.known, data.n_genes);
  if (reads_expression(model.architecture)) {
    check_sources(model, net.sizes(), data);
  }
  if (net.gene_width() > 0) check_graph(model, networks, data);
}

void check_partners(const ModelState& model, const KnownPartners& partners) {
  if (!reads_partners(model.architecture)) return;
  const auto& scalers = model.preprocess;
  require_equal(partners.columns(),
                static_cast<std::int64_t>(scalers.partners.mean.size()),
                "features of known partners");
  require_equal(partners.width() - 2 * partners.columns(),
                static_cast<std::int64_t>(scalers.paths.mean.size()),
                "path scores of known partners");
}

}  // namespace musl::nn

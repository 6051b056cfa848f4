#include <algorithm>

#include "base/error.h"
#include "base/numbers.h"
#include "nn/inputs/pair_input.h"

namespace musl::nn {

namespace {

void check_blocks(const KnownSizes& known, const Dataset& data) {
  const auto& names = known.preprocess.block_names;
  for (const NodeBlock& block : data.blocks) {
    const auto found = std::find(names.begin(), names.end(), block.name);
    if (found == names.end()) {
      throw ShapeError("The data's node features \"" + block.name +
                       "\" are none that the model was trained with. Give no "
                       "network or embeddings that training did not have.");
    }
    const auto i = at(found - names.begin());
    const std::string of = " of node features \"" + block.name + "\"";
    require_equal(block.values.cols(), size_of(known.preprocess.blocks[i].mean),
                  "columns" + of);
    require_equal(block.values.rows(), data.n_genes, "genes" + of);
    require_equal(size_of(block.present), data.n_genes, "presence flags" + of);
  }
}

/// Output of the per-gene stages for either gene.
class Genes : public PairInput {
 public:
  [[nodiscard]] std::string name() const override { return "genes"; }
  [[nodiscard]] std::vector<std::string> reads() const override {
    return {"network", "embeddings", "expression"};
  }

  /// The columns of each node block.
  [[nodiscard]] Shape shape(const Dataset&,
                            const Preprocess& preprocess) const override {
    Shape columns;
    for (const auto& scaler : preprocess.blocks) {
      columns.push_back(size_of(scaler.mean));
    }
    return columns;
  }
  [[nodiscard]] bool available(const Dataset& data) const override {
    return !data.blocks.empty() &&
           std::any_of(data.in_graph.begin(), data.in_graph.end(),
                       [](std::uint8_t in) { return in != 0; });
  }
  [[nodiscard]] bool present(const InputContext& context, std::int32_t a,
                             std::int32_t b) const override {
    const Dataset& data = context.data;
    const bool has_genes = !data.blocks.empty() || data.gene_vectors.size() > 0;
    return has_genes && !data.in_graph.empty() && data.in_graph[at(a)] != 0 &&
           data.in_graph[at(b)] != 0;
  }
  void make(const InputContext&, const PairSet&, std::int64_t,
            float*) const override {
    throw InternalError("Gene vectors are made by the per-gene stage.");
  }
  [[nodiscard]] bool is_per_gene() const override { return true; }
  void check(const KnownSizes& known, const Dataset& data) const override {
    if (!data.network.offset.empty()) {
      require_equal(data.network.n_nodes(), data.n_genes, "network nodes");
    }
    if (!data.in_graph.empty()) {
      require_equal(size_of(data.in_graph), data.n_genes,
                    "flags of genes in the graph");
    }
    if (data.gene_vectors.size() == 0) {
      check_blocks(known, data);
      return;
    }
    require_equal(data.gene_vectors.rows(), data.n_genes, "gene vectors");
    require_equal(data.gene_vectors.cols(), known.gene_columns,
                  "columns of gene vectors");
  }
};

[[maybe_unused]] const bool kGenesRegistered =
    register_input(std::make_unique<Genes>());

}  // namespace

}  // namespace musl::nn

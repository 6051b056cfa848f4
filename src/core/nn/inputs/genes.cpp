#include <algorithm>
#include <utility>

#include "base/numbers.h"
#include "musl/csr_graph.h"
#include "musl/error.h"
#include "musl/partners.h"
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

namespace {

constexpr char kPartnersInput[] = "partners";
constexpr char kPaths[] = "paths";
constexpr float kClip = 5.0f;

class Partners : public PairInput {
 public:
  [[nodiscard]] std::string name() const override { return kPartnersInput; }
  [[nodiscard]] std::vector<std::string> reads() const override {
    return {"pairs"};
  }

  [[nodiscard]] Shape shape(const Dataset&,
                            const Preprocess& preprocess) const override {
    const auto columns = preprocess.pair_scaler(kPartnersInput).mean.size();
    if (columns == 0) return {};
    return {static_cast<std::int64_t>(2 * columns) + kPartnerPaths};
  }
  void learn(const LearnContext& context, Preprocess* out) const override {
    PartnerScalers scalers;
    if (context.spaces != nullptr) {
      scalers = fit_partner_scalers(*context.spaces, context.training,
                                    context.data.n_genes, context.threads);
    }
    out->pair_scalers[kPartnersInput] = std::move(scalers.partners);
    out->pair_scalers[kPaths] = std::move(scalers.paths);
  }

  [[nodiscard]] bool available(const Dataset&) const override { return true; }
  [[nodiscard]] bool present(const InputContext& context, std::int32_t a,
                             std::int32_t b) const override {
    const KnownPartners& known = context.partners.known;
    return known.seen(a) || known.seen(b);
  }
  /// Features of a gene without partners remain zero, the mean.
  void make(const InputContext& context, const PairSet& pairs,
            std::int64_t /*width*/, float* out) const override {
    const auto& [known, table] = context.partners;
    const Scaler& partners = context.preprocess.pair_scaler(kPartnersInput);
    const Scaler& paths = context.preprocess.pair_scaler(kPaths);
    known.features(pairs, out);
    for (std::size_t i = 0; i < pairs.a.size(); ++i, out += known.width()) {
      const float* own = table.find(pairs.a[i], pairs.b[i]);
      if (own != nullptr) std::copy_n(own, known.width(), out);
      partners.apply(out, 2, kClip);
      paths.apply(out + std::ptrdiff_t{2} * known.columns(), 1, kClip);
    }
  }
  [[nodiscard]] std::vector<std::string> terms(
      const InputContext& context) const override {
    return context.partners.known.feature_names();
  }
  [[nodiscard]] bool reads_partners() const override { return true; }
  void check_partners(const InputContext& context) const override {
    const KnownPartners& known = context.partners.known;
    const Preprocess& preprocess = context.preprocess;
    require_equal(known.columns(),
                  static_cast<std::int64_t>(
                      preprocess.pair_scaler(kPartnersInput).mean.size()),
                  "features of known partners");
    require_equal(
        known.width() - 2 * known.columns(),
        static_cast<std::int64_t>(preprocess.pair_scaler(kPaths).mean.size()),
        "path scores of known partners");
  }
};

[[maybe_unused]] const bool kPartnersRegistered =
    register_input(std::make_unique<Partners>());

/// Whether a known pair has either gene. Training hides it at random, see
/// hide_seen().
class Seen : public PairInput {
 public:
  [[nodiscard]] std::string name() const override { return "seen"; }
  [[nodiscard]] std::vector<std::string> reads() const override {
    return {"pairs"};
  }
  [[nodiscard]] Shape shape(const Dataset&, const Preprocess&) const override {
    return {2};
  }
  [[nodiscard]] bool available(const Dataset&) const override { return true; }
  [[nodiscard]] bool present(const InputContext&, std::int32_t,
                             std::int32_t) const override {
    return true;
  }
  void make(const InputContext& context, const PairSet& pairs, std::int64_t,
            float* out) const override {
    const KnownPartners& known = context.partners.known;
    for (std::size_t i = 0; i < pairs.a.size(); ++i) {
      *out++ = known.seen(pairs.a[i]) ? 1 : 0;
      *out++ = known.seen(pairs.b[i]) ? 1 : 0;
    }
  }
};

[[maybe_unused]] const bool kSeenRegistered =
    register_input(std::make_unique<Seen>());

}  // namespace

namespace {

constexpr char kTopologyInput[] = "topology";

class Topology : public PairInput {
 public:
  [[nodiscard]] std::string name() const override { return kTopologyInput; }
  // Its encoder also relates the genes by their embeddings.
  [[nodiscard]] std::vector<std::string> reads() const override {
    return {"network", "embeddings"};
  }

  [[nodiscard]] Shape shape(const Dataset&,
                            const Preprocess& preprocess) const override {
    const auto& mean = preprocess.pair_scaler(kTopologyInput).mean;
    if (mean.empty()) return {};
    return {static_cast<std::int64_t>(mean.size())};
  }
  void learn(const LearnContext& context, Preprocess* out) const override {
    out->pair_scalers[kTopologyInput] =
        fit_topology_scaler(context.data, context.training, context.threads);
  }

  [[nodiscard]] bool available(const Dataset&) const override { return true; }
  [[nodiscard]] bool present(const InputContext&, std::int32_t,
                             std::int32_t) const override {
    return true;
  }
  [[nodiscard]] std::vector<std::string> terms(
      const InputContext&) const override {
    return topology_names();
  }
  void make(const InputContext& context, const PairSet& pairs, std::int64_t,
            float* out) const override {
    topology_rows(context.data.network, pairs, 0, pairs.size(), kTopology, out);
    context.preprocess.pair_scaler(kTopologyInput).apply(out, pairs.size());
  }
};

[[maybe_unused]] const bool kTopologyRegistered =
    register_input(std::make_unique<Topology>());

}  // namespace

}  // namespace musl::nn

#include "nn/inputs/batcher.h"

#include <algorithm>
#include <numeric>
#include <utility>

#include "musl/descriptors.h"
#include "musl/error.h"
#include "musl/histogram.h"
#include "musl/parallel.h"
#include "nn/base/boundary.h"

namespace musl::nn {

namespace {

const char kMaskPrefix[] = "mask:";
constexpr std::int64_t kPairsPerItem = 256;

/// "gene_a" and "gene_b" are made by GeneStage.
bool is_of_genes(const std::string& name) {
  return name == "gene_a" || name == "gene_b";
}

}  // namespace

PartnerInputs make_partner_inputs(const std::vector<NodeBlock>& spaces,
                                  const PairSet& known, const PairSet& asked,
                                  std::int64_t n_genes, int threads) {
  return {KnownPartners(spaces, known, n_genes),
          OutOfFold(spaces, known, asked, n_genes, threads)};
}

Batcher::Batcher(const Dataset& data, const Preprocess& preprocess,
                 const PartnerInputs& partners, std::vector<std::string> inputs,
                 const InputSizes& sizes, torch::Device device,
                 std::vector<std::string> silent)
    : data_(data),
      preprocess_(preprocess),
      partners_(partners),
      inputs_(std::move(inputs)),
      sizes_(sizes),
      device_(device),
      silent_(std::move(silent)) {}

PairBatch Batcher::make(const PairSet& pairs) const {
  PairBatch batch;
  batch.size = pairs.size();
  Tensor rows = kept_ ? kept_->rows(pairs) : Tensor();  // (B)
  if (rows.defined()) rows = rows.to(device_);
  for (const auto& name : inputs_) {
    if (is_of_genes(name)) continue;
    const Tensor* kept = rows.defined() ? kept_->find(name) : nullptr;
    batch.tensors[name] =
        kept != nullptr
            ? kept->index_select(0, rows)
            : make_tensor(name, pairs).to(device_, /*non_blocking=*/true);
  }
  return batch;
}

void Batcher::keep(const PairSet& pairs, int threads,
                   const std::function<bool()>& tick) {
  PairTable table(pairs, data_.n_genes);
  const PairSet& all = table.pairs();
  std::vector<std::int64_t> order(all.a.size());
  std::iota(order.begin(), order.end(), std::int64_t{0});
  const std::int64_t n = all.size(), first_item = std::min(n, kPairsPerItem);
  std::vector<std::pair<std::string, Tensor>> made;
  std::int64_t bytes = 0;
  for (const auto& name : inputs_) {
    if (is_of_genes(name) || name == "histogram") continue;
    const Tensor first =
        make_tensor(name, take_pairs(all, order, 0, first_item));
    auto shape = first.sizes().vec();
    shape[0] = n;
    made.emplace_back(name, torch::empty(shape, torch::kFloat32));
    bytes += made.back().second.numel() * 4;
    if (bytes > kMostKept) return;
  }
  parallel_for((n + kPairsPerItem - 1) / kPairsPerItem, threads,
               [&](std::int64_t item) {
                 const std::int64_t first = item * kPairsPerItem;
                 const auto size = std::min(kPairsPerItem, n - first);
                 const PairSet part = take_pairs(all, order, first, size);
                 for (auto& [name, tensor] : made) {
                   tensor.narrow(0, first, size).copy_(make_tensor(name, part));
                 }
               },
               tick);
  try {
    for (auto& [name, tensor] : made) table.put(name, tensor.to(device_));
  } catch (const std::exception& error) {
    if (!is_out_of_memory(error)) throw;
    return;  // made for each chunk, then
  }
  kept_ = std::move(table);
}

bool Batcher::forget() {
  const bool had = kept_.has_value();
  kept_.reset();
  return had;
}

Tensor Batcher::host_tensor(std::vector<std::int64_t> shape) const {
  return torch::empty(
      shape,
      torch::TensorOptions(torch::kFloat32).pinned_memory(device_.is_cuda()));
}

Tensor Batcher::make_tensor(const std::string& name,
                            const PairSet& pairs) const {
  if (name.rfind(kMaskPrefix, 0) == 0) {
    return mask(name.substr(sizeof(kMaskPrefix) - 1), pairs);
  }
  if (name == "histogram") return histograms(pairs);
  if (name == "descriptors") return descriptors(pairs);
  if (name == "topology") return topology(pairs);
  if (name == "seen") return seen(pairs);
  if (name == "partners") return partners(pairs);
  throw InternalError("No one makes the network's input \"" + name +
                      "\". Please report this.");
}

Tensor Batcher::histograms(const PairSet& pairs) const {
  Tensor out = host_tensor({pairs.size(), sizes_.histogram_channels,
                            sizes_.bins, sizes_.bins});  // (B, C, K, K)
  if (data_.sources.empty()) return out.zero_();
  histogram_batch(data_.sources, pairs, 0, pairs.size(), out.data_ptr<float>());
  return out;
}

Tensor Batcher::descriptors(const PairSet& pairs) const {
  Tensor out =
      host_tensor({pairs.size(), sizes_.descriptor_columns});  // (B, n * F)
  if (data_.sources.empty()) return out.zero_();
  float* values = out.data_ptr<float>();
  descriptor_batch(data_.sources, pairs, 0, pairs.size(), values);
  preprocess_.descriptors.apply(values, pairs.size());
  // A source that lacks the pair says nothing: its columns are at the mean.
  for (std::size_t i = 0; i < pairs.a.size(); ++i) {
    for (const auto& source : data_.sources) {
      if (!source.has_pair(pairs.a[i], pairs.b[i])) {
        std::fill_n(values, kDescriptors, 0.0f);
      }
      values += kDescriptors;
    }
  }
  return out;
}

Tensor Batcher::topology(const PairSet& pairs) const {
  Tensor out = host_tensor({pairs.size(), sizes_.topology_columns});
  topology_batch(data_, pairs, 0, pairs.size(), out.data_ptr<float>());
  preprocess_.topology.apply(out.data_ptr<float>(), pairs.size());
  return out;
}

Tensor Batcher::seen(const PairSet& pairs) const {
  Tensor out = host_tensor({pairs.size(), 2});
  float* values = out.data_ptr<float>();
  for (std::size_t i = 0; i < pairs.a.size(); ++i) {
    *values++ = partners_.known.seen(pairs.a[i]) ? 1 : 0;
    *values++ = partners_.known.seen(pairs.b[i]) ? 1 : 0;
  }
  return out;
}

/// Features of a gene without partners stay zero, at the mean.
Tensor Batcher::partners(const PairSet& pairs) const {
  constexpr float kClip = 5.0f;
  const int width = partners_.known.width();
  const int columns = partners_.known.columns();
  Tensor out = host_tensor({pairs.size(), width});
  float* values = out.data_ptr<float>();
  partners_.known.features(pairs, values);
  for (std::size_t i = 0; i < pairs.a.size(); ++i, values += width) {
    const float* own = partners_.table.find(pairs.a[i], pairs.b[i]);
    if (own != nullptr) std::copy_n(own, width, values);
    preprocess_.partners.apply(values, 2, kClip);
    preprocess_.paths.apply(values + 2 * columns, 1, kClip);
  }
  return out;
}

Tensor Batcher::mask(const std::string& encoder, const PairSet& pairs) const {
  Tensor out = host_tensor({pairs.size()});
  if (std::find(silent_.begin(), silent_.end(), encoder) != silent_.end()) {
    return out.zero_();
  }
  float* values = out.data_ptr<float>();
  for (std::size_t i = 0; i < pairs.a.size(); ++i) {
    const bool has =
        has_modality(data_, partners_.known, encoder, pairs.a[i], pairs.b[i]);
    values[i] = has ? 1 : 0;
  }
  return out;
}

PairSet take_pairs(const PairSet& pairs, const std::vector<std::int64_t>& index,
                   std::int64_t first, std::int64_t n) {
  PairSet result;
  for (std::int64_t k = first; k < first + n; ++k) {
    const auto i = static_cast<std::size_t>(index[static_cast<std::size_t>(k)]);
    result.a.push_back(std::min(pairs.a[i], pairs.b[i]));
    result.b.push_back(std::max(pairs.a[i], pairs.b[i]));
    if (pairs.has_labels()) result.label.push_back(pairs.label[i]);
  }
  return result;
}

bool has_modality(const Dataset& data, const KnownPartners& known,
                  const std::string& encoder, std::int32_t a, std::int32_t b) {
  if (encoder == "partners") return known.seen(a) || known.seen(b);
  if (encoder == "graph" || encoder == "genes") {
    const auto& in_graph = data.in_graph;
    const bool has_genes = !data.blocks.empty() || data.gene_vectors.size() > 0;
    return has_genes && !in_graph.empty() &&
           in_graph[static_cast<std::size_t>(a)] != 0 &&
           in_graph[static_cast<std::size_t>(b)] != 0;
  }
  return std::any_of(
      data.sources.begin(), data.sources.end(),
      [a, b](const ExpressionSource& source) { return source.has_pair(a, b); });
}

std::vector<std::uint8_t> pairs_with_data(
    const Dataset& data, const KnownPartners& known,
    const std::vector<std::string>& encoders, int encoder,
    const PairSet& pairs) {
  std::vector<std::string> names = encoders;
  if (encoder >= 0) names = {encoders[static_cast<std::size_t>(encoder)]};
  std::vector<std::uint8_t> result;
  result.reserve(pairs.a.size());
  for (std::size_t i = 0; i < pairs.a.size(); ++i) {
    result.push_back(
        std::any_of(names.begin(), names.end(), [&](const auto& name) {
          return has_modality(data, known, name, pairs.a[i], pairs.b[i]);
        }));
  }
  return result;
}

std::vector<std::string> inputs_of(const MuslNetImpl& net, int branch) {
  if (branch < 0) return net.input_names();
  const auto& encoder = net.encoders()[static_cast<std::size_t>(branch)];
  auto names = encoder->inputs();
  names.push_back(kMaskPrefix + encoder->encoder_name());
  return names;
}

bool reads_genes(const MuslNetImpl& net, int branch) {
  const auto& encoders = net.encoders();
  return branch < 0
             ? net.gene_width() > 0
             : encoders[static_cast<std::size_t>(branch)]->gene_width() > 0;
}

InputSizes input_sizes(const Dataset& data, const Preprocess& preprocess) {
  InputSizes sizes;
  sizes.n_sources = static_cast<int>(data.sources.size());
  for (const auto& source : data.sources) {
    sizes.histogram_channels += symmetric_channels(source);
    sizes.bins = source.config.bins;
  }
  sizes.descriptor_columns =
      static_cast<int>(preprocess.descriptors.mean.size());
  sizes.topology_columns = static_cast<int>(preprocess.topology.mean.size());
  for (const auto& scaler : preprocess.blocks) {
    sizes.node_blocks.push_back(static_cast<int>(scaler.mean.size()));
    sizes.node_columns += sizes.node_blocks.back();
  }
  sizes.partner_columns = static_cast<int>(preprocess.partners.mean.size());
  return sizes;
}

}  // namespace musl::nn

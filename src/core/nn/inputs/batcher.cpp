#include "nn/inputs/batcher.h"

#include <algorithm>
#include <numeric>
#include <utility>

#include "musl/error.h"
#include "musl/parallel.h"
#include "nn/base/boundary.h"

namespace musl::nn {

namespace {

constexpr std::int64_t kPairsPerItem = 256;
constexpr std::int64_t kPairsOfThread = 32;

bool has_all(const InputContext& context,
             const std::vector<const PairInput*>& inputs, std::int32_t a,
             std::int32_t b) {
  return std::all_of(inputs.begin(), inputs.end(), [&](const auto* input) {
    return input->present(context, a, b);
  });
}

std::vector<std::int64_t> numbers_to(std::int64_t n) {
  std::vector<std::int64_t> numbers(static_cast<std::size_t>(n));
  std::iota(numbers.begin(), numbers.end(), std::int64_t{0});
  return numbers;
}

std::int64_t count_numbers(const InputSizes::Shape& shape) {
  return std::accumulate(shape.begin(), shape.end(), std::int64_t{1},
                         std::multiplies<>());
}

/// 1 if a pair has all of the inputs.
void fill_mask(const InputContext& context,
               const std::vector<const PairInput*>& inputs,
               const PairSet& pairs, float* out) {
  for (std::size_t i = 0; i < pairs.a.size(); ++i) {
    out[i] = has_all(context, inputs, pairs.a[i], pairs.b[i]) ? 1 : 0;
  }
}

}  // namespace

PairTable::PairTable(const PairSet& pairs, std::int64_t n_genes)
    : n_genes_(n_genes), keys_(pair_keys(pairs, n_genes)) {
  keys_.erase(std::unique(keys_.begin(), keys_.end()), keys_.end());
  for (const std::int64_t key : keys_) {
    pairs_.a.push_back(static_cast<std::int32_t>(key / n_genes));
    pairs_.b.push_back(static_cast<std::int32_t>(key % n_genes));
  }
}

void PairTable::put(const std::string& name, Tensor tensor) {
  tensors_[name] = std::move(tensor);
}

const Tensor* PairTable::find(const std::string& name) const {
  const auto found = tensors_.find(name);
  return found == tensors_.end() ? nullptr : &found->second;
}

Tensor PairTable::rows(const PairSet& pairs) const {
  Tensor out = torch::empty({pairs.size()}, torch::kInt64);
  auto* row = out.data_ptr<std::int64_t>();
  for (std::size_t i = 0; i < pairs.a.size(); ++i) {
    const auto key = pair_key(pairs.a[i], pairs.b[i], n_genes_);
    const auto found = std::lower_bound(keys_.begin(), keys_.end(), key);
    if (found == keys_.end() || *found != key) return {};
    *row++ = found - keys_.begin();
  }
  return out;
}

Batcher::Batcher(const InputContext& context, const WantedInputs& wanted,
                 const InputSizes& sizes, torch::Device device,
                 std::vector<std::string> silent)
    : context_(context), device_(device) {
  for (const auto& name : wanted.inputs) {
    const PairInput& input = pair_input(name);
    if (input.is_per_gene()) continue;
    if (sizes.of(name).empty()) {
      throw ShapeError("The network was made without the input \"" + name +
                       "\", which it is to read.");
    }
    input.check(context_);
    wanted_.push_back(
        {name, sizes.of(name), &input, {}, false, input.is_kept()});
  }
  for (const auto& [encoder, inputs] : wanted.masks) {
    const bool is_silent =
        std::find(silent.begin(), silent.end(), encoder) != silent.end();
    wanted_.push_back(
        {"mask:" + encoder, {}, nullptr, pair_inputs(inputs), is_silent, true});
  }
}

PairBatch Batcher::make(const PairSet& pairs, int threads) const {
  PairBatch batch;
  batch.size = pairs.size();
  Tensor rows = kept_ ? kept_->rows(pairs) : Tensor();  // (B)
  if (rows.defined()) rows = rows.to(device_);
  for (const auto& wanted : wanted_) {
    const Tensor* kept = rows.defined() ? kept_->find(wanted.name) : nullptr;
    batch.tensors[wanted.name] = kept != nullptr
                                     ? kept->index_select(0, rows)
                                     : make_tensor(wanted, pairs, threads)
                                           .to(device_, /*non_blocking=*/true);
  }
  return batch;
}

void Batcher::keep(const PairSet& pairs, int threads,
                   const std::function<bool()>& tick) {
  PairTable table(pairs, context_.data.n_genes);
  const PairSet& all = table.pairs();
  const std::int64_t n = all.size();
  const auto order = numbers_to(n);
  std::int64_t width = 0;  // numbers of a pair
  for (const auto& wanted : wanted_) {
    if (wanted.kept) width += count_numbers(wanted.shape);
  }
  constexpr std::int64_t kBytes = sizeof(float);
  if (width * kBytes > kMostKept / std::max<std::int64_t>(n, 1)) return;
  std::vector<std::pair<const Wanted*, Tensor>> made;
  for (const auto& wanted : wanted_) {
    if (!wanted.kept) continue;
    auto shape = wanted.shape;
    shape.insert(shape.begin(), n);
    made.emplace_back(&wanted, torch::empty(shape, torch::kFloat32));
  }
  parallel_blocks(
      n, kPairsPerItem, threads,
      [&](std::int64_t first, std::int64_t last) {
        const auto size = last - first;
        const PairSet part = take_pairs(all, order, first, size);
        for (auto& [wanted, tensor] : made) {
          tensor.narrow(0, first, size).copy_(make_tensor(*wanted, part));
        }
      },
      tick);
  try {
    for (auto& [wanted, tensor] : made) {
      table.put(wanted->name, tensor.to(device_));
    }
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

/// For a GPU, in pinned memory, which is copied asynchronously.
Tensor Batcher::make_tensor(const Wanted& wanted, const PairSet& pairs,
                            int threads) const {
  auto shape = wanted.shape;
  shape.insert(shape.begin(), pairs.size());
  Tensor out = torch::empty(
      shape,
      torch::TensorOptions(torch::kFloat32).pinned_memory(device_.is_cuda()));
  if (wanted.silent) return out.zero_();
  float* values = out.data_ptr<float>();
  if (wanted.input == nullptr) {
    fill_mask(context_, wanted.needed, pairs, values);
    return out;
  }
  const std::int64_t width = count_numbers(wanted.shape);
  if (threads == 1) {
    wanted.input->make(context_, pairs, width, values);
    return out;
  }
  const std::int64_t n = pairs.size();
  const auto order = numbers_to(n);
  parallel_blocks(
      n, kPairsOfThread, threads, [&](std::int64_t first, std::int64_t last) {
        const PairSet part = take_pairs(pairs, order, first, last - first);
        wanted.input->make(context_, part, width, values + first * width);
      });
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

std::vector<std::uint8_t> pairs_with_data(
    const InputContext& context, const std::vector<Modality>& modalities,
    const PairSet& pairs) {
  std::vector<std::vector<const PairInput*>> wanted;
  wanted.reserve(modalities.size());
  for (const auto& modality : modalities) {
    wanted.push_back(pair_inputs(modality.inputs));
  }
  std::vector<std::uint8_t> result;
  result.reserve(pairs.a.size());
  for (std::size_t i = 0; i < pairs.a.size(); ++i) {
    result.push_back(
        std::any_of(wanted.begin(), wanted.end(), [&](const auto& inputs) {
          return has_all(context, inputs, pairs.a[i], pairs.b[i]);
        }));
  }
  return result;
}

InputSizes input_sizes(const Dataset& data, const Preprocess& preprocess) {
  InputSizes sizes;
  for (const auto* input : all_inputs()) {
    sizes.set(input->name(), input->shape(data, preprocess));
  }
  return sizes;
}

void learn_inputs(const LearnContext& context, Preprocess* out) {
  for (const auto* input : all_inputs()) input->learn(context, out);
}

}  // namespace musl::nn

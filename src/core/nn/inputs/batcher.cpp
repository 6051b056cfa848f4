#include "nn/inputs/batcher.h"

#include <algorithm>
#include <numeric>
#include <utility>

#include "base/error.h"
#include "base/numbers.h"
#include "base/parallel.h"
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
    : n_genes_(n_genes),
      keys_(once(pair_keys(pairs, n_genes))),
      pairs_(pairs_of(keys_, n_genes)) {}

Numbers PairTable::rows(const PairSet& pairs) const {
  Numbers out;
  out.reserve(pairs.a.size());
  for (std::size_t i = 0; i < pairs.a.size(); ++i) {
    const auto key = pair_key(pairs.a[i], pairs.b[i], n_genes_);
    auto found = keys_.begin() + static_cast<std::ptrdiff_t>(i);
    // Pairs of an atlas's tile are in order.
    if (i >= keys_.size() || *found != key) {
      found = std::lower_bound(keys_.begin(), keys_.end(), key);
    }
    if (found == keys_.end() || *found != key) return {};
    out.push_back(found - keys_.begin());
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
    input.check_partners(context_);
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

Numbers Batcher::kept_rows(const PairSet& pairs) const {
  return kept_ ? kept_->rows(pairs) : Numbers();
}

PairBatch Batcher::make(const PairSet& pairs, int threads, Tensor rows) const {
  PairBatch batch;
  batch.size = pairs.size();
  if (!rows.defined() && batch.size > 0) {
    const Numbers found = kept_rows(pairs);
    if (!found.empty()) rows = numbers_on({found}, device_)[0];
  }
  const Tensor kept =
      rows.defined() ? kept_->values.index_select(0, rows) : Tensor();
  std::vector<const Wanted*> made;
  for (const auto& wanted : wanted_) {
    if (kept.defined() && wanted.kept) {
      batch.tensors[wanted.name] = part_of(kept, wanted);
    } else {
      made.push_back(&wanted);
    }
  }
  send(made, pairs, threads, &batch);
  return batch;
}

/// Of rows of kept numbers; on the CPU, whose loops want it, in one piece.
Tensor Batcher::part_of(const Tensor& kept, const Wanted& wanted) const {
  auto shape = wanted.shape;
  shape.insert(shape.begin(), kept.size(0));
  const Tensor part =
      kept.narrow(1, wanted.column, count_numbers(wanted.shape)).view(shape);
  return device_.is_cpu() ? part.contiguous() : part;
}

/// Makes tensors and copies them to the device together. On the CPU each has
/// memory of its own.
void Batcher::send(const std::vector<const Wanted*>& made, const PairSet& pairs,
                   int threads, PairBatch* batch) const {
  std::vector<std::vector<std::int64_t>> shapes;
  std::vector<std::int64_t> starts{0};
  for (const Wanted* wanted : made) {
    shapes.push_back(wanted->shape);
    shapes.back().insert(shapes.back().begin(), pairs.size());
    starts.push_back(starts.back() + aligned(count_numbers(shapes.back())));
  }
  Tensor all;
  if (!device_.is_cpu() && !made.empty()) {
    all = host_buffer({starts.back()}, torch::kFloat32, device_);
  }
  for (std::size_t i = 0; i < made.size(); ++i) {
    Tensor own = all.defined()
                     ? all.narrow(0, starts[i], count_numbers(shapes[i]))
                     : torch::empty(shapes[i], torch::kFloat32);
    fill(*made[i], pairs, threads, own.data_ptr<float>());
    batch->tensors[made[i]->name] = own;
  }
  if (!all.defined()) return;
  all = all.to(device_, /*non_blocking=*/true);
  for (std::size_t i = 0; i < made.size(); ++i) {
    batch->tensors[made[i]->name] =
        all.narrow(0, starts[i], count_numbers(shapes[i])).view(shapes[i]);
  }
}

std::int64_t Batcher::place_kept(bool with_maps) {
  std::int64_t width = 0;
  for (auto& wanted : wanted_) {
    wanted.column = width;
    wanted.kept =
        with_maps || wanted.input == nullptr || wanted.input->is_kept();
    if (wanted.kept) width += count_numbers(wanted.shape);
  }
  return width;
}

/// (n, width) of all pairs on the device.
Tensor Batcher::make_kept(const PairSet& pairs, std::int64_t width, int threads,
                          const std::function<bool()>& tick) const {
  const std::int64_t n = pairs.size();
  const auto order = count_from(0, n);
  Tensor values = torch::empty(
      {n, width}, torch::TensorOptions(torch::kFloat32).device(device_));
  parallel_blocks(
      n, kPairsPerItem, threads,
      [&](std::int64_t first, std::int64_t last) {
        const auto size = last - first;
        const PairSet part = take_pairs(pairs, order, first, size);
        Tensor block = torch::empty({size, width}, torch::kFloat32);
        for (const auto& wanted : wanted_) {
          if (!wanted.kept) continue;
          const auto columns = count_numbers(wanted.shape);
          Tensor own = torch::empty({size, columns}, torch::kFloat32);
          fill(wanted, part, /*threads=*/1, own.data_ptr<float>());
          block.narrow(1, wanted.column, columns).copy_(own);
        }
        values.narrow(0, first, size).copy_(block);
      },
      tick);
  return values;
}

void Batcher::keep(const PairSet& pairs, int threads,
                   const std::function<bool()>& tick) {
  const std::int64_t most = device_.is_cpu() ? kMostKept : kMostOnDevice;
  PairTable table(pairs, context_.data.n_genes);
  const PairSet& all = table.pairs();
  for (const bool with_maps : {!device_.is_cpu(), false}) {
    const std::int64_t width = place_kept(with_maps);
    if (width > most / std::max<std::int64_t>(all.size(), 1)) continue;
    try {
      table.values = make_kept(all, width, threads, tick);
      kept_ = std::move(table);
      return;
    } catch (const std::exception& error) {
      if (!is_out_of_memory(error)) throw;  // made for each chunk, then
    }
  }
}

bool Batcher::forget() {
  const bool had = kept_.has_value();
  kept_.reset();
  return had;
}

void Batcher::fill(const Wanted& wanted, const PairSet& pairs, int threads,
                   float* out) const {
  const std::int64_t n = pairs.size();
  const std::int64_t width = count_numbers(wanted.shape);
  if (wanted.silent) {
    std::fill_n(out, n * width, 0.0F);
    return;
  }
  if (wanted.input == nullptr) {
    fill_mask(context_, wanted.needed, pairs, out);
    return;
  }
  if (threads == 1) {
    wanted.input->make(context_, pairs, width, out);
    return;
  }
  const auto order = count_from(0, n);
  parallel_blocks(
      n, kPairsOfThread, threads, [&](std::int64_t first, std::int64_t last) {
        const PairSet part = take_pairs(pairs, order, first, last - first);
        wanted.input->make(context_, part, width, out + first * width);
      });
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

#include "nn/embed/protein_embedder.h"

#include <future>
#include <utility>

#include "musl/content_hash.h"
#include "musl/parallel.h"
#include "nn/base/boundary.h"
#include "nn/embed/esm2_weights.h"
#include "nn/embed/pack.h"

namespace musl::nn {

namespace {

using Clock = std::chrono::steady_clock;

constexpr std::chrono::seconds kFlushEvery(60);
constexpr std::chrono::milliseconds kPollEvery(50);

}  // namespace

std::string cache_key(const std::string& sequence) {
  ContentHash hash;
  hash.update_field(sequence);
  return hash.hex();
}

ProteinEmbedder::ProteinEmbedder(const Esm2Folder& folder,
                                 const std::vector<std::string>& sequences,
                                 const EmbedOptions& options,
                                 EmbeddingCache* cache, EmbedWatch* watch)
    : folder_(folder),
      sequences_(sequences),
      options_(options),
      cache_(cache),
      watch_(watch),
      missing_(sequences.size(), 0),
      last_flush_(Clock::now()) {
  std::vector<std::int64_t> lengths;
  lengths.reserve(sequences.size());
  for (const auto& sequence : sequences) {
    lengths.push_back(static_cast<std::int64_t>(sequence.size()));
  }
  windows_ = plan_windows(lengths, options.window, options.overlap);
  weights_ = residue_weights(windows_, lengths);
  means_ = Matrix::Zero(static_cast<Eigen::Index>(sequences.size()),
                        folder.config.width);
  sums_ = Matrix::Zero(static_cast<Eigen::Index>(windows_.size()),
                       folder.config.width);
  for (const auto& window : windows_) {
    ++missing_[static_cast<std::size_t>(window.protein)];
  }
}

Matrix ProteinEmbedder::run() {
  const SingleThreadGuard one_thread;
  const Esm2Net net(
      folder_.config,
      load_esm2_weights(folder_, options_.device, options_.precision,
                        [this] { watch_->step(); }));
  std::int64_t tokens = 0;
  for (const auto& window : windows_) tokens += window.length + 2;
  watch_->expect(2 * tokens * folder_.config.layers);
  try {
    compute_all(net, plan_batches(windows_, options_.batch_tokens));
  } catch (...) {
    flush();
    throw;
  }
  flush();
  return std::move(means_);
}

// This thread only watches; otherwise it could not react to interrupts while
// waiting for a large model's last batches on other threads.
void ProteinEmbedder::compute_all(const Esm2Net& net,
                                  const std::vector<Batch>& batches) {
  auto work = std::async(std::launch::async, [&] {
    parallel_for(static_cast<std::int64_t>(batches.size()), options_.threads,
                 [&](std::int64_t i) {
                   adopt_thread_limit();
                   compute(net, batches[static_cast<std::size_t>(i)]);
                 });
  });
  while (work.wait_for(kPollEvery) != std::future_status::ready) {
    watch_->poll();
  }
  work.get();
}

/// A batch that does not fit in memory is halved, down to one window.
void ProteinEmbedder::compute(const Esm2Net& net, const Batch& batch) {
  Tensor sums;
  try {
    sums = forward(net, batch);
  } catch (const std::exception& error) {
    if (!is_out_of_memory(error) || batch.size() < 2) throw;
  }
  if (sums.defined()) {
    finish(batch, sums);
    return;
  }
  const auto middle =
      batch.begin() + static_cast<std::ptrdiff_t>(batch.size() / 2);
  compute(net, {batch.begin(), middle});
  compute(net, {middle, batch.end()});
}

/// (windows of the batch, D)
Tensor ProteinEmbedder::forward(const Esm2Net& net, const Batch& batch) const {
  const torch::NoGradGuard no_grad;
  std::vector<ProteinWindow> windows;
  std::vector<const std::vector<float>*> weights;
  for (const std::int64_t i : batch) {
    windows.push_back(windows_[static_cast<std::size_t>(i)]);
    weights.push_back(&weights_[static_cast<std::size_t>(i)]);
  }
  const PackedBatch packed = pack_windows(windows, weights, sequences_,
                                          folder_.alphabet, options_.device);
  const std::int64_t tokens = packed.weight.size(0);
  const auto hidden =
      net.forward(packed.tokens, [this, tokens] { watch_->advance(tokens); });
  return pool_windows(hidden, packed);
}

void ProteinEmbedder::finish(const Batch& batch, const Tensor& sums) {
  const Matrix rows = to_matrix(sums);
  const std::lock_guard<std::mutex> lock(mutex_);
  for (std::size_t i = 0; i < batch.size(); ++i) {
    sums_.row(batch[i]) = rows.row(static_cast<Eigen::Index>(i));
    const auto& window = windows_[static_cast<std::size_t>(batch[i])];
    finish_window(static_cast<std::size_t>(window.protein), batch[i]);
  }
  if (Clock::now() - last_flush_ > kFlushEvery) {
    flush();
    last_flush_ = Clock::now();
  }
}

/// Sums a protein's windows in order once all are done, so that the order in
/// which batches end does not matter.
void ProteinEmbedder::finish_window(std::size_t protein, std::int64_t window) {
  if (--missing_[protein] > 0) return;
  const auto same = [&](std::int64_t i) {
    return i >= 0 && i < static_cast<std::int64_t>(windows_.size()) &&
           windows_[static_cast<std::size_t>(i)].protein ==
               static_cast<std::int64_t>(protein);
  };
  std::int64_t first = window;
  while (same(first - 1)) --first;
  auto mean = means_.row(static_cast<Eigen::Index>(protein));
  for (std::int64_t i = first; same(i); ++i) mean += sums_.row(i);
  if (cache_ != nullptr) {
    cache_->add(cache_key(sequences_[protein]), mean.data());
  }
}

void ProteinEmbedder::flush() {
  if (cache_ != nullptr) cache_->flush();
}

}  // namespace musl::nn

#include "nn/embed/protein_embedder.h"

#include <future>
#include <mutex>
#include <utility>

#include "base/error.h"
#include "base/numbers.h"
#include "base/parallel.h"
#include "io/file.h"
#include "nn/base/boundary.h"
#include "nn/embed/esm2_net.h"
#include "nn/embed/packed_windows.h"

namespace musl::nn {

namespace {

using Clock = std::chrono::steady_clock;
using Batch = std::vector<std::int64_t>;  // indices of windows

constexpr std::chrono::seconds kFlushEvery(60);
constexpr std::chrono::milliseconds kPollEvery(50);

/// compute_embeddings(), batch by batch.
class ProteinEmbedder {
 public:
  ProteinEmbedder(const Esm2Folder& folder,
                  const std::vector<std::string>& sequences,
                  const EmbedOptions& options, EmbeddingCache* cache,
                  EmbedWatch* watch)
      : folder_(folder),
        sequences_(sequences),
        options_(options),
        cache_(cache),
        watch_(watch),
        missing_(sequences.size(), 0) {
    std::vector<std::int64_t> lengths;
    for (const auto& sequence : sequences) lengths.push_back(size_of(sequence));
    const std::int64_t longest = folder.config.max_residues;
    windows_ = plan_windows(lengths, longest, longest / 4);
    weights_ = residue_weights(windows_, lengths);
    means_ = Matrix::Zero(size_of(sequences), folder.config.width);
    sums_ = Matrix::Zero(size_of(windows_), folder.config.width);
    for (const auto& window : windows_) ++missing_[at(window.protein)];
  }

  Matrix run() {
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

 private:
  // This thread only watches; otherwise it could not react to interrupts while
  // waiting for a large model's last batches on other threads.
  void compute_all(const Esm2Net& net, const std::vector<Batch>& batches) {
    auto work = std::async(std::launch::async, [&] {
      parallel_for(size_of(batches), options_.threads, [&](std::int64_t i) {
        adopt_thread_limit();
        compute(net, batches[at(i)]);
      });
    });
    while (work.wait_for(kPollEvery) != std::future_status::ready) {
      watch_->poll();
    }
    work.get();
  }

  /// A batch that does not fit in memory is halved, down to one window.
  void compute(const Esm2Net& net, const Batch& batch) {
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
  [[nodiscard]] Tensor forward(const Esm2Net& net, const Batch& batch) const {
    const torch::NoGradGuard no_grad;
    std::vector<ProteinWindow> windows;
    std::vector<const std::vector<float>*> weights;
    for (const std::int64_t i : batch) {
      windows.push_back(windows_[at(i)]);
      weights.push_back(&weights_[at(i)]);
    }
    const PackedBatch packed = pack_windows(windows, weights, sequences_,
                                            folder_.alphabet, options_.device);
    const std::int64_t tokens = packed.weight.size(0);
    const auto hidden =
        net.forward(packed.tokens, [this, tokens] { watch_->advance(tokens); });
    return pool_windows(hidden, packed);
  }

  void finish(const Batch& batch, const Tensor& sums) {
    const Matrix rows = to_matrix(sums);
    const std::lock_guard<std::mutex> lock(mutex_);
    for (std::size_t i = 0; i < batch.size(); ++i) {
      sums_.row(batch[i]) = rows.row(static_cast<Eigen::Index>(i));
      finish_window(windows_[at(batch[i])].protein, batch[i]);
    }
    if (Clock::now() - last_flush_ > kFlushEvery) {
      flush();
      last_flush_ = Clock::now();
    }
  }

  /// Sums a protein's windows in order once all are done, so that the order in
  /// which batches end does not matter.
  void finish_window(std::int64_t protein, std::int64_t window) {
    if (--missing_[at(protein)] > 0) return;
    const auto same = [&](std::int64_t i) {
      return i >= 0 && i < size_of(windows_) &&
             windows_[at(i)].protein == protein;
    };
    std::int64_t first = window;
    while (same(first - 1)) --first;
    auto mean = means_.row(protein);
    for (std::int64_t i = first; same(i); ++i) mean += sums_.row(i);
    if (cache_ != nullptr) {
      cache_->add(cache_key(sequences_[at(protein)]), mean.data());
    }
  }

  void flush() {
    if (cache_ != nullptr) cache_->flush();
  }

  const Esm2Folder& folder_;
  const std::vector<std::string>& sequences_;
  const EmbedOptions& options_;
  EmbeddingCache* cache_;
  EmbedWatch* watch_;
  std::vector<ProteinWindow> windows_;
  std::vector<std::vector<float>> weights_;  // of each window's residues
  std::mutex mutex_;                         // of all below, and of the cache
  Matrix sums_;                              // (windows, D)
  Matrix means_;                             // (sequences, D)
  std::vector<int> missing_;  // windows of each sequence still to come
  Clock::time_point last_flush_ = Clock::now();
};

}  // namespace

EmbedWatch::EmbedWatch(const EventSink& sink) : sink_(sink) {}

void EmbedWatch::advance(std::int64_t steps) {
  done_ += steps;
  if (stop_) throw CancelledError("Interrupted.");
}

void EmbedWatch::poll() {
  const auto now = Clock::now();
  if (!sink_ || now - last_ < std::chrono::milliseconds(100)) return;
  last_ = now;
  TrainEvent event = progress_event(done_, all_, "embed");
  event.seconds = std::chrono::duration<double>(now - start_).count();
  if (!sink_(event)) stop_ = true;
}

std::string cache_key(const std::string& sequence) {
  ContentHash hash;
  hash.update_field(sequence);
  return hash.hex();
}

Matrix compute_embeddings(const Esm2Folder& folder,
                          const std::vector<std::string>& sequences,
                          const EmbedOptions& options, EmbeddingCache* cache,
                          EmbedWatch* watch) {
  return ProteinEmbedder(folder, sequences, options, cache, watch).run();
}

}  // namespace musl::nn

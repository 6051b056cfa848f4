#include <algorithm>
#include <chrono>
#include <cmath>
#include <mutex>
#include <optional>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "io/embedding_cache.h"
#include "io/safetensors.h"
#include "musl/content_hash.h"
#include "musl/error.h"
#include "musl/esm2.h"
#include "musl/parallel.h"
#include "nn/boundary.h"
#include "nn/embed/embed_watch.h"
#include "nn/embed/esm2_net.h"
#include "nn/embed/esm2_weights.h"
#include "nn/embed/pack.h"
#include "protein_windows.h"

namespace musl {

namespace nn {

namespace {

using Clock = std::chrono::steady_clock;

constexpr std::int64_t kTokensOnCpu = 2048;
constexpr std::int64_t kTokensOnGpu = 16384;
constexpr std::chrono::seconds kFlushEvery(60);

/// Raised when numbers of the same model and sequence change.
constexpr char kCacheVersion[] = "esm2-1";

/// Options with every default filled in.
EmbedOptions complete(EmbedOptions options, const Esm2Config& config) {
  const bool on_cpu = options.device == "cpu";
  if (options.precision != "float32" && options.precision != "bfloat16") {
    throw InputError("`precision` must be \"float32\" or \"bfloat16\", not \"" +
                     options.precision + "\".");
  }
  if (options.window > config.max_residues) {
    throw InputError("`window` must be at most " +
                     std::to_string(config.max_residues) +
                     ", the longest the model was trained on, not " +
                     std::to_string(options.window) + ".");
  }
  if (options.window <= 0) options.window = config.max_residues;
  if (options.overlap < 0) options.overlap = options.window / 4;
  if (options.batch_tokens <= 0) {
    options.batch_tokens = on_cpu ? kTokensOnCpu : kTokensOnGpu;
  }
  if (!on_cpu) options.threads = 1;
  return options;
}

/// Tells apart all that moves the numbers of a sequence: the whole weights,
/// their reading, the windows and the precision.
std::string fingerprint_of(const Esm2Folder& folder,
                           const EmbedOptions& options, EmbedWatch* watch) {
  ContentHash hash;
  for (const auto& path : folder.weight_files) {
    SafetensorsFile(path).add_to(&hash);
    watch->advance(0);
  }
  const Esm2Config& config = folder.config;
  std::string letters;
  for (int letter = 0; letter < 128; ++letter) {
    letters +=
        std::to_string(folder.alphabet.residue(static_cast<char>(letter))) +
        ",";
  }
  for (const std::string& field :
       {std::string(kCacheVersion), letters, options.precision,
        std::to_string(folder.alphabet.start()),
        std::to_string(folder.alphabet.end()), std::to_string(config.heads),
        std::to_string(config.layers),
        std::to_string(config.norm_epsilon * 1e9),
        std::to_string(static_cast<int>(config.token_dropout)),
        std::to_string(static_cast<int>(config.norm_before)),
        std::to_string(options.window), std::to_string(options.overlap)}) {
    hash.update_field(field);
  }
  return hash.hex();
}

/// Each sequence once, and where each of the given ones is among them.
struct DistinctSequences {
  std::vector<std::string> sequences;
  std::vector<std::size_t> at;
};

DistinctSequences distinct(const std::vector<std::string>& sequences) {
  DistinctSequences out;
  std::unordered_map<std::string, std::size_t> place;
  for (const auto& sequence : sequences) {
    const auto [found, is_new] = place.emplace(sequence, place.size());
    if (is_new) out.sequences.push_back(sequence);
    out.at.push_back(found->second);
  }
  return out;
}

std::string key_of(const std::string& sequence) {
  ContentHash hash;
  hash.update_field(sequence);
  return hash.hex();
}

}  // namespace

/// Computes sequences that are not in the cache, and puts them there.
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
        watch_(watch) {
    std::vector<std::int64_t> lengths;
    for (const auto& sequence : sequences) {
      lengths.push_back(static_cast<std::int64_t>(sequence.size()));
    }
    windows_ = plan_windows(lengths, options.window, options.overlap);
    weights_ = residue_weights(windows_, lengths);
    means_ = Matrix::Zero(static_cast<Eigen::Index>(sequences.size()),
                          folder.config.width);
    sums_ = Matrix::Zero(static_cast<Eigen::Index>(windows_.size()),
                         folder.config.width);
    missing_.assign(sequences.size(), 0);
    for (const auto& window : windows_) {
      ++missing_[static_cast<std::size_t>(window.protein)];
    }
  }

  /// One row a sequence.
  Matrix run() {
    const auto batches = plan_batches(windows_, options_.batch_tokens);
    std::int64_t tokens = 0;
    for (const auto& window : windows_) tokens += window.length + 2;
    const SingleThreadGuard one_thread;
    const Esm2Net net(
        folder_.config,
        load_esm2_weights(folder_, options_.device, options_.precision,
                          [this] { watch_->advance(0); }));
    watch_->expect(tokens * folder_.config.layers);
    try {
      parallel_for(static_cast<std::int64_t>(batches.size()), options_.threads,
                   [&](std::int64_t i) {
                     adopt_thread_limit();
                     compute(net, batches[static_cast<std::size_t>(i)]);
                   });
    } catch (...) {
      flush();
      throw;
    }
    flush();
    return std::move(means_);
  }

 private:
  using Batch = std::vector<std::int64_t>;

  /// A batch that does not fit the memory is halved, down to one window.
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

  void finish(const Batch& batch, const Tensor& sums) {
    const Matrix rows = to_matrix(sums);
    const std::lock_guard<std::mutex> lock(mutex_);
    for (std::size_t i = 0; i < batch.size(); ++i) {
      sums_.row(batch[i]) = rows.row(static_cast<Eigen::Index>(i));
      const auto& window = windows_[static_cast<std::size_t>(batch[i])];
      finish_window(static_cast<std::size_t>(window.protein), batch[i]);
    }
    if (cache_ != nullptr && Clock::now() - last_flush_ > kFlushEvery) {
      cache_->flush();
      last_flush_ = Clock::now();
    }
  }

  /// Sums a protein's windows in their order once all are there, so that the
  /// order in which batches end does not matter.
  void finish_window(std::size_t protein, std::int64_t window) {
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
      cache_->add(key_of(sequences_[protein]), mean.data());
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
  std::vector<std::vector<float>> weights_;
  std::mutex mutex_;
  Matrix sums_;               // (windows, D)
  Matrix means_;              // (sequences, D)
  std::vector<int> missing_;  // windows of each sequence still to come
  Clock::time_point last_flush_ = Clock::now();
};

namespace {

ProteinEmbeddings embed_all(const Esm2Folder& folder,
                            const std::vector<std::string>& sequences,
                            const EmbedOptions& options,
                            const EventSink& sink) {
  EmbedWatch watch(sink);
  std::optional<EmbeddingCache> cache;
  if (!options.cache.empty()) {
    cache.emplace(options.cache, fingerprint_of(folder, options, &watch),
                  folder.config.width);
  }
  const DistinctSequences all = distinct(sequences);
  Matrix rows(static_cast<Eigen::Index>(all.sequences.size()),
              folder.config.width);
  std::vector<std::string> missing;
  std::vector<Eigen::Index> missing_at;
  for (std::size_t i = 0; i < all.sequences.size(); ++i) {
    const float* found =
        cache ? cache->find(key_of(all.sequences[i])) : nullptr;
    if (found != nullptr) {
      std::copy(found, found + rows.cols(),
                rows.row(static_cast<Eigen::Index>(i)).data());
    } else {
      missing.push_back(all.sequences[i]);
      missing_at.push_back(static_cast<Eigen::Index>(i));
    }
  }
  if (!missing.empty()) {
    const Matrix computed = ProteinEmbedder(folder, missing, options,
                                            cache ? &*cache : nullptr, &watch)
                                .run();
    for (std::size_t i = 0; i < missing.size(); ++i) {
      rows.row(missing_at[i]) = computed.row(static_cast<Eigen::Index>(i));
    }
  }
  ProteinEmbeddings result;
  result.values.resize(static_cast<Eigen::Index>(sequences.size()),
                       rows.cols());
  for (std::size_t i = 0; i < sequences.size(); ++i) {
    result.values.row(static_cast<Eigen::Index>(i)) =
        rows.row(static_cast<Eigen::Index>(all.at[i]));
  }
  result.n_computed = static_cast<std::int64_t>(missing.size());
  result.n_cached =
      static_cast<std::int64_t>(all.sequences.size()) - result.n_computed;
  if (cache) result.damaged = cache->damaged();
  return result;
}

}  // namespace

}  // namespace nn

ProteinEmbeddings embed_proteins(const Esm2Folder& folder,
                                 const std::vector<std::string>& sequences,
                                 const EmbedOptions& options,
                                 const EventSink& sink) {
  return nn::at_boundary("Embedding proteins", [&] {
    return nn::embed_all(folder, sequences,
                         nn::complete(options, folder.config), sink);
  });
}

}  // namespace musl

#include "nn/embed/embed_proteins.h"

#include <algorithm>
#include <optional>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "base/numbers.h"
#include "io/embedding_file.h"
#include "io/file.h"
#include "io/safetensors.h"
#include "nn/base/boundary.h"
#include "nn/embed/protein_embedder.h"

namespace musl::nn {

namespace {

constexpr std::int64_t kTokensOnGpu = 16384;

/// To be raised if results for the same model and sequence change.
constexpr char kCacheVersion[] = "esm2-1";

/// Small enough for a core's cache and for interrupts, which are checked after
/// each half layer, to respond within half a second.
std::int64_t tokens_on_cpu(const Esm2Config& config) {
  constexpr std::int64_t kMultiplyAdds = 10'000'000'000;
  const std::int64_t each =
      config.width * (4 * config.width + 2 * config.inner_width);
  return std::clamp<std::int64_t>(kMultiplyAdds / each, 256, 2048);
}

/// Options with every default filled in.
EmbedOptions complete(EmbedOptions options, const Esm2Config& config) {
  const bool on_cpu = options.device == "cpu";
  if (options.batch_tokens <= 0) {
    options.batch_tokens = on_cpu ? tokens_on_cpu(config) : kTokensOnGpu;
  }
  if (!on_cpu) options.threads = 1;
  return options;
}

/// Identifies everything that affects a sequence's embedding: all weights, how
/// they are read, the windows and the precision.
std::string fingerprint_of(const Esm2Folder& folder,
                           const EmbedOptions& options, EmbedWatch* watch) {
  ContentHash hash;
  for (const auto& path : folder.weight_files) {
    SafetensorsFile(path).add_to(&hash, [watch] { watch->step(); });
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
        std::to_string(config.max_residues)}) {
    hash.update_field(field);
  }
  return hash.hex();
}

/// The distinct sequences, and the index of each given sequence among them.
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

/// Rows of distinct sequences, from the cache if it has them.
Matrix distinct_rows(const Esm2Folder& folder,
                     const std::vector<std::string>& sequences,
                     const EmbedOptions& options, EmbeddingCache* cache,
                     EmbedWatch* watch, std::int64_t* n_computed) {
  Matrix rows(static_cast<Eigen::Index>(sequences.size()), folder.config.width);
  std::vector<std::string> missing;
  std::vector<Eigen::Index> missing_at;
  for (std::size_t i = 0; i < sequences.size(); ++i) {
    const auto row = static_cast<Eigen::Index>(i);
    const float* found =
        cache == nullptr ? nullptr : cache->find(cache_key(sequences[i]));
    if (found != nullptr) {
      std::copy(found, found + rows.cols(), rows.row(row).data());
    } else {
      missing.push_back(sequences[i]);
      missing_at.push_back(row);
    }
  }
  *n_computed = size_of(missing);
  if (missing.empty()) return rows;
  const Matrix computed =
      compute_embeddings(folder, missing, options, cache, watch);
  for (std::size_t i = 0; i < missing.size(); ++i) {
    rows.row(missing_at[i]) = computed.row(static_cast<Eigen::Index>(i));
  }
  return rows;
}

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
  ProteinEmbeddings result;
  const Matrix rows =
      distinct_rows(folder, all.sequences, options, cache ? &*cache : nullptr,
                    &watch, &result.n_computed);
  result.values.resize(static_cast<Eigen::Index>(sequences.size()),
                       rows.cols());
  for (std::size_t i = 0; i < sequences.size(); ++i) {
    result.values.row(static_cast<Eigen::Index>(i)) =
        rows.row(static_cast<Eigen::Index>(all.at[i]));
  }
  result.n_cached = size_of(all.sequences) - result.n_computed;
  if (cache) result.damaged = cache->damaged();
  return result;
}

}  // namespace

ProteinEmbeddings embed_proteins(const Esm2Folder& folder,
                                 const std::vector<std::string>& sequences,
                                 const EmbedOptions& options,
                                 const EventSink& sink) {
  return at_boundary("Embedding proteins", [&] {
    return embed_all(folder, sequences, complete(options, folder.config), sink);
  });
}

}  // namespace musl::nn

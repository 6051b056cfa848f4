#include "io/embedding_cache.h"

#include <algorithm>
#include <filesystem>

#include "musl/archive.h"
#include "musl/content_hash.h"
#include "musl/error.h"
#include "musl/file.h"

namespace musl {

namespace {

namespace fs = std::filesystem;

constexpr std::int64_t kKeyLength = 32;
constexpr char kKeys[] = "sequence";
constexpr char kValues[] = "embedding";

std::vector<std::string> parts_of(const std::string& directory) {
  std::vector<std::string> paths;
  for (const auto& entry : fs::directory_iterator(fs::u8path(directory))) {
    if (entry.path().extension() == ".safetensors") {
      paths.push_back(entry.path().generic_u8string());
    }
  }
  std::sort(paths.begin(), paths.end());
  return paths;
}

}  // namespace

EmbeddingCache::EmbeddingCache(const std::string& directory,
                               const std::string& fingerprint,
                               std::int64_t width)
    : directory_(directory + "/" + fingerprint), width_(width) {
  try {
    fs::create_directories(fs::u8path(directory_));
    for (const auto& path : parts_of(directory_)) read_part(path);
  } catch (const fs::filesystem_error& error) {
    throw FormatError("Can't use the cache \"" + directory +
                      "\": " + error.code().message() + ".");
  }
}

void EmbeddingCache::read_part(const std::string& path) {
  try {
    const auto bytes = read_file(path);
    const Archive part = read_archive(bytes.data(), bytes.size());
    const auto keys = part.bytes(kKeys);
    const auto values = part.floats(kValues);
    const auto n = static_cast<std::int64_t>(keys.size()) / kKeyLength;
    if (part.shape(kKeys) != std::vector<std::int64_t>{n, kKeyLength} ||
        part.shape(kValues) != std::vector<std::int64_t>{n, width_}) {
      throw FormatError("The tensors of \"" + path + "\" do not fit.");
    }
    for (std::int64_t i = 0; i < n; ++i) {
      const auto first = keys.begin() + i * kKeyLength;
      keep({first, first + kKeyLength}, values.data() + i * width_);
    }
  } catch (const FormatError&) {
    damaged_.push_back(path);
  }
}

void EmbeddingCache::keep(const std::string& key, const float* values) {
  if (!row_.emplace(key, row_.size()).second) return;
  values_.insert(values_.end(), values, values + width_);
}

const float* EmbeddingCache::find(const std::string& key) const {
  const auto found = row_.find(key);
  return found == row_.end()
             ? nullptr
             : values_.data() +
                   found->second * static_cast<std::size_t>(width_);
}

void EmbeddingCache::add(const std::string& key, const float* values) {
  keep(key, values);
  unsaved_.push_back(key);
}

void EmbeddingCache::flush() {
  if (unsaved_.empty()) return;
  std::vector<std::uint8_t> keys;
  std::vector<float> values;
  for (const auto& key : unsaved_) {
    const float* row = find(key);
    keys.insert(keys.end(), key.begin(), key.end());
    values.insert(values.end(), row, row + width_);
  }
  const auto n = static_cast<std::int64_t>(unsaved_.size());
  Archive part;
  part.put(kKeys, {n, kKeyLength}, keys.data());
  part.put(kValues, {n, width_}, values.data());
  ContentHash hash;
  hash.update(keys.data(), keys.size());
  hash.update(values.data(), values.size() * sizeof(float));
  write_file(directory_ + "/part-" + hash.hex() + ".safetensors",
             write_archive(part));
  unsaved_.clear();
}

}  // namespace musl

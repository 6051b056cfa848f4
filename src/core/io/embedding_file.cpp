#include "io/embedding_file.h"

#include <algorithm>
#include <filesystem>
#include <utility>

#include "base/error.h"
#include "base/numbers.h"
#include "io/archive.h"
#include "io/archive_file.h"
#include "io/file.h"
#include "io/safetensors.h"

namespace musl {

namespace {

[[noreturn]] void refuse_tensors(const std::string& path,
                                 const std::string& what,
                                 const std::string& remedy) {
  throw FormatError("File \"" + path + "\": " + what + ".\n" + remedy);
}

/// D of a vector (D) or (1, D); -1 for other shapes.
std::int64_t vector_length(const StoredTensor& tensor) {
  const auto& shape = tensor.shape;
  if (shape.size() == 1) return shape[0];
  if (shape.size() == 2 && shape[0] == 1) return shape[1];
  return -1;
}

void check_vector(const std::string& path, const std::string& name,
                  std::int64_t length, std::int64_t expected) {
  if (length < 0) {
    refuse_tensors(path, "tensor \"" + name + "\" is no vector",
                   "Give one vector a protein, such as the mean over its "
                   "residues, or one matrix of proteins x dimensions.");
  }
  if (length != expected) {
    refuse_tensors(path,
                   "tensor \"" + name + "\" has " + std::to_string(length) +
                       " values, others have " + std::to_string(expected),
                   "Keep the vectors of one model in a file.");
  }
}

/// The values of a file; a tensor without any may announce any shape.
Matrix empty_values(const std::string& path, std::int64_t rows,
                    std::int64_t columns) {
  constexpr std::int64_t kMaxExtent = 2147483647;
  if (std::max(rows, columns) > kMaxExtent) {
    refuse_tensors(path, "a tensor has more than 2^31 - 1 rows or columns",
                   "R's matrices have no more.");
  }
  return Matrix(rows, columns);
}

EmbeddingTable read_tensors(const std::string& path) {
  const SafetensorsFile file(path);
  const StoredTensors& tensors = file.tensors();
  if (tensors.empty()) {
    refuse_tensors(path, "it has no tensor", "Write it again.");
  }
  const auto& [first, only] = *tensors.begin();
  if (tensors.size() == 1 && only.shape.size() == 2 && only.shape[0] != 1) {
    Matrix values = empty_values(path, only.shape[0], only.shape[1]);
    file.read_floats(first, values.data());
    return {{}, std::move(values)};
  }
  const auto columns = std::max<std::int64_t>(vector_length(only), 0);
  EmbeddingTable out;
  for (const auto& [name, tensor] : tensors) {
    check_vector(path, name, vector_length(tensor), columns);
    out.ids.push_back(name);
  }
  out.values = empty_values(path, size_of(out.ids), columns);
  for (Eigen::Index row = 0; row < out.values.rows(); ++row) {
    file.read_floats(out.ids[at(row)], out.values.row(row).data());
  }
  return out;
}

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

EmbeddingTable read_embedding_tensors(const std::string& path) {
  try {
    return read_tensors(path);
  } catch (const FormatError& error) {
    const std::string what = error.what();
    if (what.find('\n') != std::string::npos) throw;
    throw FormatError(what +
                      "\nDownload the file again, or write the vectors as F32 "
                      "by safetensors.torch.save_file().");
  }
}

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
  return found == row_.end() ? nullptr
                             : values_.data() + found->second * at(width_);
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

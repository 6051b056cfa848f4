#include <algorithm>
#include <utility>

#include "io/safetensors.h"
#include "musl/embedding_file.h"
#include "musl/error.h"
#include "musl/matrix.h"

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

EmbeddingTable table_of(std::vector<std::string> ids, const Matrix& values) {
  EmbeddingTable out;
  out.ids = std::move(ids);
  out.rows = values.rows();
  out.columns = values.cols();
  out.values.resize(static_cast<std::size_t>(values.size()));
  Eigen::Map<Eigen::MatrixXd>(out.values.data(), out.rows, out.columns) =
      values.cast<double>();
  return out;
}

void check_vector(const std::string& path, const std::string& name,
                  std::int64_t length, std::int64_t expected) {
  if (length < 0) {
    refuse_tensors(path, "tensor " + show_field(name) + " is no vector",
                   "Give one vector a protein, such as the mean over its "
                   "residues, or one matrix of proteins x dimensions.");
  }
  if (length != expected) {
    refuse_tensors(path,
                   "tensor " + show_field(name) + " has " +
                       std::to_string(length) + " values, others have " +
                       std::to_string(expected),
                   "Keep the vectors of one model in a file.");
  }
}

/// A tensor without values may announce any shape.
void check_extents(const std::string& path, const StoredTensors& tensors) {
  for (const auto& [name, tensor] : tensors) {
    for (const std::int64_t extent : tensor.shape) {
      if (extent > kMaxExtent) {
        refuse_tensors(path,
                       "tensor " + show_field(name) + " has a dimension of " +
                           std::to_string(extent),
                       "R's matrices have 2^31 - 1 rows at most.");
      }
    }
  }
}

EmbeddingTable read_tensors(const std::string& path) {
  const SafetensorsFile file(path);
  const StoredTensors& tensors = file.tensors();
  check_extents(path, tensors);
  if (tensors.empty()) {
    refuse_tensors(path, "it has no tensor", "Write it again.");
  }
  const auto& [first, only] = *tensors.begin();
  if (tensors.size() == 1 && only.shape.size() == 2 && only.shape[0] != 1) {
    Matrix values(only.shape[0], only.shape[1]);
    file.read_floats(first, values.data());
    return table_of({}, values);
  }
  const auto columns = std::max<std::int64_t>(vector_length(only), 0);
  std::vector<std::string> ids;
  for (const auto& [name, tensor] : tensors) {
    check_vector(path, name, vector_length(tensor), columns);
    ids.push_back(name);
  }
  Matrix values(static_cast<Eigen::Index>(tensors.size()), columns);
  Eigen::Index row = 0;
  for (const auto& item : tensors) {
    file.read_floats(item.first, values.row(row++).data());
  }
  return table_of(std::move(ids), values);
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

}  // namespace musl

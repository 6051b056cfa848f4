#include "muse/node_file.h"

#include <algorithm>
#include <cstdint>
#include <utility>
#include <vector>

#include "musl/error.h"

namespace musl {

namespace {

constexpr std::uint8_t kEnd = '\n';  // of a text; none holds it

[[noreturn]] void refuse(const std::string& what) {
  throw FormatError("The model of interactions is damaged: " + what);
}

std::vector<std::string> take_texts(const std::string& name,
                                    const Archive& archive) {
  std::vector<std::string> out(1);
  for (const auto byte : archive.bytes(name)) {
    if (byte == kEnd) {
      out.emplace_back();
    } else {
      out.back().push_back(static_cast<char>(byte));
    }
  }
  if (!out.back().empty()) refuse("a text of a node has no end.");
  out.pop_back();
  return out;
}

/// The rows of all chains, concatenated.
Matrix joined(const std::vector<Matrix>& blocks) {
  Eigen::Index n = 0;
  for (const auto& block : blocks) n += block.rows();
  Matrix out(n, blocks.empty() ? 0 : blocks.front().cols());
  Eigen::Index at = 0;
  for (const auto& block : blocks) {
    out.middleRows(at, block.rows()) = block;
    at += block.rows();
  }
  return out;
}

std::vector<Matrix> parted(const Matrix& all,
                           const std::vector<std::string>& sequences) {
  std::vector<Matrix> out;
  Eigen::Index at = 0;
  for (const auto& sequence : sequences) {
    const auto length = static_cast<Eigen::Index>(sequence.size());
    if (at + length > all.rows()) {
      refuse("rows of residues do not fit the sequences.");
    }
    out.emplace_back(all.middleRows(at, length));
    at += length;
  }
  if (at != all.rows()) refuse("rows of residues do not fit the sequences.");
  return out;
}

}  // namespace

void put_matrix(const std::string& name, const Matrix& x, Archive* archive) {
  archive->put(name, {x.rows(), x.cols()}, x.data());
}

Matrix take_matrix(const std::string& name, const Archive& archive) {
  const auto& shape = archive.shape(name);
  if (shape.size() != 2) refuse("\"" + name + "\" is no matrix.");
  Matrix out(shape[0], shape[1]);
  archive.copy_floats(name, out.data());
  return out;
}

void put_nodes(const std::string& name, const NodeSet& nodes,
               Archive* archive) {
  if (nodes.kind == NodeKind::features) {
    put_matrix(name, nodes.features, archive);
    return;
  }
  std::vector<std::uint8_t> bytes;
  for (const auto& text : nodes.text) {
    bytes.insert(bytes.end(), text.begin(), text.end());
    bytes.push_back(kEnd);
  }
  archive->put(name, {static_cast<std::int64_t>(bytes.size())}, bytes.data());
  if (nodes.kind == NodeKind::residues) {
    put_matrix(name + "/coordinates", joined(nodes.coordinates), archive);
    if (!nodes.columns.empty()) {
      put_matrix(name + "/columns", joined(nodes.columns), archive);
    }
  }
}

NodeSet take_nodes(const std::string& name, NodeKind kind,
                   const Archive& archive) {
  NodeSet nodes;
  nodes.kind = kind;
  if (kind == NodeKind::features) {
    nodes.features = take_matrix(name, archive);
  } else {
    nodes.text = take_texts(name, archive);
  }
  if (kind == NodeKind::residues) {
    nodes.coordinates =
        parted(take_matrix(name + "/coordinates", archive), nodes.text);
    if (archive.has(name + "/columns")) {
      nodes.columns =
          parted(take_matrix(name + "/columns", archive), nodes.text);
    }
  }
  for (const auto& fault : node_faults(nodes)) {
    if (!fault.empty()) refuse("a node cannot be read: " + fault);
  }
  return nodes;
}

}  // namespace musl

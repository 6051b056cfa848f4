#include "muse/node_fields.h"

#include <cstdint>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "base/error.h"
#include "base/pair_set.h"
#include "io/archive_fields.h"

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
    if (at + length <= all.rows()) {
      out.emplace_back(all.middleRows(at, length));
    }
    at += length;
  }
  if (at != all.rows()) refuse("rows of residues do not fit the sequences.");
  return out;
}

}  // namespace

void put_nodes(const std::string& name, const NodeSet& nodes,
               Archive* archive) {
  const TensorWriter put(name, archive);
  if (nodes.kind == NodeKind::features) {
    put("", nodes.features);
    return;
  }
  std::vector<std::uint8_t> bytes;
  for (const auto& text : nodes.text) {
    bytes.insert(bytes.end(), text.begin(), text.end());
    bytes.push_back(kEnd);
  }
  put("", bytes);
  if (nodes.kind == NodeKind::residues) {
    put("/coordinates", joined(nodes.coordinates));
    if (!nodes.columns.empty()) put("/columns", joined(nodes.columns));
  }
}

NodeSet take_nodes(const std::string& name, NodeKind kind,
                   const Archive& archive) {
  const TensorReader take(name, archive);
  NodeSet nodes;
  nodes.kind = kind;
  if (kind == NodeKind::features) {
    take("", nodes.features);
  } else {
    nodes.text = take_texts(name, archive);
  }
  if (kind == NodeKind::residues) {
    Matrix all;
    take("/coordinates", all);
    nodes.coordinates = parted(all, nodes.text);
    if (archive.has(name + "/columns")) {
      take("/columns", all);
      nodes.columns = parted(all, nodes.text);
    }
  }
  for (const auto& fault : node_faults(nodes)) {
    if (!fault.empty()) refuse("a node cannot be read: " + fault);
  }
  return nodes;
}

}  // namespace musl

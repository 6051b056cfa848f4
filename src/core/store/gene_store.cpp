#include "store/gene_store.h"

#include <algorithm>
#include <cstddef>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "base/error.h"
#include "store/part.h"
#include "store/part_archive.h"

namespace musl {

namespace {

using Labels = nlohmann::json;

constexpr char kLater[] = "parts";  // names of those that format 1 lacks

/// Whether an archive holds it.
bool is_written(const PartKind& kind, const GeneStore& store) {
  return kind.if_empty || !kind.empty(store);
}

const PartKind* find_kind(const std::string& name) {
  return find_named(part_kinds(), name);
}

GeneStore read_parts(const std::string& prefix, const Labels& labels,
                     const Archive& archive) {
  GeneStore out;
  out.n_genes = labels.at("n_genes").get<std::int64_t>();
  const PartReader reader(prefix, archive, labels);
  for (const auto& kind : part_kinds()) {
    if (kind.if_empty) kind.read(reader, &out);
  }
  for (const auto& name : labels.value(kLater, Labels::array())) {
    const PartKind* kind = find_kind(name.get<std::string>());
    require_evidence(kind != nullptr, "it has parts of a later version.");
    kind->read(reader, &out);
  }
  return out;
}

}  // namespace

void EvidenceInput::take(const Field& parts) {
  for (const auto& name : parts.names) {
    const PartKind* kind = find_kind(name);
    if (kind == nullptr || kind->take == nullptr) {
      throw InputError("Evidence has no part \"" + name + "\".");
    }
    kind->take(parts[name], this);
  }
}

GeneStore make_store(const EvidenceInput& input, std::uint64_t seed,
                     int threads) {
  if (input.bits < 3 || input.bits > 8) {
    throw InputError("Unit rows have 3 to 8 bits an entry, not " +
                     std::to_string(input.bits) + ".");
  }
  GeneStore out;
  out.n_genes = input.n_genes;
  for (const auto& kind : part_kinds()) {
    if (kind.make != nullptr) kind.make(input, seed, threads, &out);
  }
  return out;
}

void replace_parts(const EvidenceInput& input,
                   const std::vector<std::string>& names, GeneStore* store) {
  for (const auto& name : names) {
    if (const PartKind* kind = find_kind(name)) {
      kind->make(input, /*seed=*/1, /*threads=*/1, store);
    }
  }
}

GeneStore remap_evidence(const GeneStore& store,
                         const std::vector<std::int32_t>& gene_of) {
  GeneStore out;
  out.n_genes = static_cast<std::int64_t>(gene_of.size());
  for (const auto& kind : part_kinds()) kind.remap(store, gene_of, &out);
  return out;
}

GeneStore complete_evidence(GeneStore fresh, const GeneStore& known) {
  for (const auto& kind : part_kinds()) kind.complete(known, &fresh);
  return fresh;
}

void put_evidence(const std::string& prefix, const GeneStore& store,
                  Archive* archive) {
  Labels labels = Labels::object();
  labels["n_genes"] = store.n_genes;
  const PartWriter writer(prefix, archive, &labels);
  for (const auto& kind : part_kinds()) {
    if (!is_written(kind, store)) continue;
    kind.write(store, writer);
    if (!kind.if_empty) labels[kLater].push_back(kind.name);
  }
  archive->metadata[prefix + "evidence"] = labels.dump();
}

GeneStore read_evidence(const std::string& prefix, const Archive& archive) {
  const auto found = archive.metadata.find(prefix + "evidence");
  require_evidence(found != archive.metadata.end(), "it is not described.");
  try {
    return read_parts(prefix, Labels::parse(found->second), archive);
  } catch (const Labels::exception& error) {
    require_evidence(false, error.what());
  }
  return {};
}

}  // namespace musl

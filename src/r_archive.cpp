#include <Rcpp.h>

#include <string>
#include <utility>
#include <vector>

#include "musl/archive.h"
#include "musl/archive_file.h"
#include "musl/error.h"
#include "musl/file.h"
#include "r_convert.h"

namespace {

musl::Archive archive_of(const Rcpp::RawVector& bytes) {
  return musl::read_archive(bytes.begin(),
                            static_cast<std::size_t>(bytes.size()));
}

std::vector<std::string> names_of(const Rcpp::List& list) {
  if (list.size() == 0) return {};
  return Rcpp::as<std::vector<std::string>>(list.names());
}

void put_vector(const std::string& name, SEXP vector, musl::Archive* archive) {
  const std::vector<std::int64_t> n = {Rf_xlength(vector)};
  switch (TYPEOF(vector)) {
    case REALSXP:
      return archive->put(name, n, REAL(vector));
    case INTSXP:
      return archive->put(name, n, INTEGER(vector));
    case RAWSXP:
      return archive->put(name, n, RAW(vector));
    default:
      throw musl::InternalError("No tensor holds such a vector.");
  }
}

SEXP vector_of(const musl::Archive& archive, const std::string& name) {
  const std::string& dtype = archive.tensors.at(name).dtype;
  if (dtype == "F64") return Rcpp::wrap(archive.doubles(name));
  if (dtype == "I32") return Rcpp::wrap(archive.ints(name));
  return musl_r::as_raw(archive.bytes(name));
}

}  // namespace

// Sets the named strings; NA removes one.
// [[Rcpp::export(rng = false)]]
Rcpp::RawVector cpp_archive_with_metadata(Rcpp::RawVector bytes,
                                          Rcpp::CharacterVector metadata) {
  auto archive = archive_of(bytes);
  const Rcpp::CharacterVector names = metadata.names();
  for (R_xlen_t i = 0; i < metadata.size(); ++i) {
    const auto name = Rcpp::as<std::string>(names[i]);
    if (Rcpp::CharacterVector::is_na(metadata[i])) {
      archive.metadata.erase(name);
    } else {
      archive.metadata[name] = Rcpp::as<std::string>(metadata[i]);
    }
  }
  return musl_r::as_raw(musl::write_archive(archive));
}

// [[Rcpp::export(rng = false)]]
void cpp_write_file(std::string path, Rcpp::RawVector bytes) {
  musl::write_file(path, {bytes.begin(), bytes.end()});
}

// The archive of a model file: all parts, strings, and R's vectors as tensors,
// packed.
// [[Rcpp::export(rng = false)]]
Rcpp::RawVector cpp_model_file(Rcpp::List parts, Rcpp::List metadata,
                               Rcpp::List values) {
  musl::Archive all;
  for (R_xlen_t i = 0; i < parts.size(); ++i) {
    musl::Archive part = archive_of(parts[i]);
    all.tensors.merge(part.tensors);
    all.metadata.merge(part.metadata);
  }
  for (const auto& key : names_of(metadata)) {
    all.metadata[key] = Rcpp::as<std::string>(metadata[key]);
  }
  for (const auto& name : names_of(values)) {
    put_vector(name, values[name], &all);
  }
  return musl_r::as_raw(musl::write_archive(musl::packed(std::move(all))));
}

// Reads an archive on disk directly into R's memory: list(parts, metadata).
// Tensors and strings whose names begin with prefix i of `prefixes` are part i
// + 1, the others part 1, each the bytes of an archive; empty if it has no
// tensors. The metadata are all strings, including those of `without`, which
// the bytes lack.
// [[Rcpp::export(rng = false)]]
Rcpp::List cpp_read_archive(std::string path, std::vector<std::string> without,
                            std::vector<std::string> prefixes) {
  const musl::ArchiveFile file(path, without, prefixes);
  Rcpp::List parts;
  std::vector<std::uint8_t*> places;
  for (std::size_t i = 0; i <= prefixes.size(); ++i) {
    Rcpp::RawVector bytes(Rcpp::no_init(static_cast<R_xlen_t>(file.size(i))));
    places.push_back(bytes.begin());
    parts.push_back(bytes);
  }
  file.read(places);
  return Rcpp::List::create(
      Rcpp::Named("parts") = parts,
      Rcpp::Named("metadata") = Rcpp::wrap(file.metadata()));
}

// The tensors of an archive as R vectors, by name.
// [[Rcpp::export(rng = false)]]
Rcpp::List cpp_archive_vectors(Rcpp::RawVector bytes) {
  const musl::Archive archive = musl::unpacked(archive_of(bytes));
  Rcpp::List out;
  for (const auto& item : archive.tensors) {
    out.push_back(vector_of(archive, item.first), item.first);
  }
  return out;
}

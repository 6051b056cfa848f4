#include <Rcpp.h>

#include <string>
#include <utility>
#include <vector>

#include "io/archive.h"
#include "io/archive_file.h"
#include "io/archive_pack.h"
#include "io/file.h"
#include "r_convert.h"

namespace {

musl::Archive archive_of(const Rcpp::RawVector& bytes) {
  return musl::read_archive(bytes.begin(),
                            static_cast<std::size_t>(bytes.size()));
}

/// The values of R that a model file holds, as text.
constexpr char kRecord[] = "r/model";

}  // namespace

// [[Rcpp::export(rng = false)]]
void cpp_write_file(std::string path, Rcpp::RawVector bytes) {
  musl::write_file(path, {bytes.begin(), bytes.end()});
}

// The archive of a model file: all parts and the text of R's record, packed.
// [[Rcpp::export(rng = false)]]
Rcpp::RawVector cpp_model_file(Rcpp::List parts, Rcpp::RawVector record) {
  musl::Archive all;
  for (R_xlen_t i = 0; i < parts.size(); ++i) {
    musl::Archive part = archive_of(parts[i]);
    all.tensors.merge(part.tensors);
    all.metadata.merge(part.metadata);
  }
  all.put(kRecord, {record.size()}, record.begin());
  return musl_r::as_raw(musl::write_archive(musl::packed(std::move(all))));
}

// The text of R's record in the part of a model file that holds it.
// [[Rcpp::export(rng = false)]]
Rcpp::RawVector cpp_model_record(Rcpp::RawVector bytes) {
  return musl_r::as_raw(musl::unpacked(archive_of(bytes)).bytes(kRecord));
}

// Reads an archive on disk. Tensors and strings whose names begin with prefix i
// of `prefixes` are element i + 1, the others element 1, each the bytes of an
// archive; empty if it has no tensors.
// [[Rcpp::export(rng = false)]]
Rcpp::List cpp_read_archive(std::string path,
                            std::vector<std::string> prefixes) {
  const auto bytes = musl::read_file(path);
  Rcpp::List parts;
  for (const musl::Archive& part : musl::split_archive(
           musl::read_archive(bytes.data(), bytes.size()), prefixes)) {
    const bool is_empty = part.tensors.empty();
    parts.push_back(is_empty ? Rcpp::RawVector(0)
                             : musl_r::as_raw(musl::write_archive(part)));
  }
  return parts;
}

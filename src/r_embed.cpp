#include <Rcpp.h>

#include <string>
#include <vector>

#include "model/backend.h"
#include "protein/alignment_candidates.h"
#include "protein/esm2.h"
#include "protein/esm2_folder.h"
#include "protein/kmers.h"
#include "protein/protein.h"
#include "r_callback.h"
#include "r_convert.h"

namespace {

musl::EmbedOptions as_embed_options(const Rcpp::List& options) {
  musl::EmbedOptions out;
  out.device = Rcpp::as<std::string>(options["device"]);
  out.precision = Rcpp::as<std::string>(options["precision"]);
  out.threads = Rcpp::as<int>(options["threads"]);
  out.batch_tokens = Rcpp::as<std::int64_t>(options["batch_tokens"]);
  out.cache = Rcpp::as<std::string>(options["cache"]);
  return out;
}

}  // namespace

// [[Rcpp::export(rng = false)]]
std::vector<std::string> cpp_clean_sequences(
    std::vector<std::string> name, std::vector<std::string> sequence) {
  std::vector<std::string> out;
  for (std::size_t i = 0; i < name.size(); ++i) {
    out.push_back(musl::clean_sequence({name[i], sequence[i]}));
  }
  return out;
}

// [[Rcpp::export(rng = false)]]
Rcpp::List cpp_embed_proteins(std::string folder,
                              std::vector<std::string> sequences,
                              Rcpp::List options, SEXP callback) {
  musl_r::RSink sink(callback);
  const auto result =
      musl::backend().embed_proteins(musl::open_esm2(folder), sequences,
                                     as_embed_options(options), sink.events());
  return Rcpp::List::create(
      Rcpp::Named("values") = musl_r::as_matrix(result.values),
      Rcpp::Named("n_cached") = static_cast<double>(result.n_cached),
      Rcpp::Named("n_computed") = static_cast<double>(result.n_computed),
      Rcpp::Named("damaged") = result.damaged);
}

// [[Rcpp::export(rng = false)]]
Rcpp::NumericMatrix cpp_embed_kmers(std::vector<std::string> sequences, int k,
                                    bool conjoint, int threads) {
  const auto alphabet = conjoint ? musl::ResidueAlphabet::conjoint
                                 : musl::ResidueAlphabet::amino_acids;
  auto out =
      musl_r::as_matrix(musl::kmer_shares(sequences, k, alphabet, threads));
  const auto names = musl::kmer_names(k, alphabet);
  Rcpp::colnames(out) = Rcpp::wrap(names);
  return out;
}

// list(a, b) of 0-based indices of the proteins to align
// [[Rcpp::export(rng = false)]]
Rcpp::List cpp_alignment_candidates(std::vector<std::string> sequences,
                                    int most, int threads) {
  musl::CandidateOptions options;
  options.most = most;
  const auto out = musl::alignment_candidates(sequences, options, threads);
  return Rcpp::List::create(Rcpp::Named("a") = out.a, Rcpp::Named("b") = out.b);
}

#include <Rcpp.h>

#include <algorithm>
#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "features/direction.h"
#include "features/gene_status.h"
#include "features/place_candidates.h"
#include "r_convert.h"

namespace {

/// Genes as numbers from 1.
std::vector<int> from_one(std::vector<std::int32_t> genes) {
  for (auto& gene : genes) ++gene;
  return genes;
}

/// A list of columns of one value a difference; `get(difference)`.
template <class Get>
auto column(const std::vector<musl::PairDifference>& from, const Get& get) {
  std::vector<decltype(get(from[0]))> out;
  out.reserve(from.size());
  for (const auto& one : from) out.push_back(get(one));
  return out;
}

Rcpp::List as_list(const std::vector<musl::PairDifference>& found) {
  using Difference = musl::PairDifference;
  return Rcpp::List::create(
      Rcpp::Named("row") =
          column(found, [](const Difference& x) { return double(x.row) + 1; }),
      Rcpp::Named("alteration") =
          column(found, [](const Difference& x) { return x.alteration + 1; }),
      Rcpp::Named("turned") =
          column(found, [](const Difference& x) { return x.turned; }),
      Rcpp::Named("n_lines") =
          column(found, [](const Difference& x) { return x.n_lines; }),
      Rcpp::Named("z") = column(found, [](const Difference& x) { return x.z; }),
      Rcpp::Named("effect_size") =
          column(found, [](const Difference& x) { return x.effect_size; }),
      Rcpp::Named("altered") =
          column(found, [](const Difference& x) { return x.altered; }),
      Rcpp::Named("other") =
          column(found, [](const Difference& x) { return x.other; }),
      Rcpp::Named("share_altered") =
          column(found, [](const Difference& x) { return x.share_altered; }),
      Rcpp::Named("share_other") =
          column(found, [](const Difference& x) { return x.share_other; }),
      Rcpp::Named("explained_by") =
          column(found, [](const Difference& x) { return x.explained_by + 1; }),
      Rcpp::Named("asks_relation") = column(
          found, [](const Difference& x) { return musl::asks_relation(x); }));
}

std::vector<musl::PairDifference> as_differences(const Rcpp::List& from) {
  const auto row = Rcpp::as<std::vector<double>>(from["row"]);
  const auto n_lines = Rcpp::as<std::vector<int>>(from["n_lines"]);
  const auto z = Rcpp::as<std::vector<float>>(from["z"]);
  const auto size = Rcpp::as<std::vector<float>>(from["effect_size"]);
  const auto altered = Rcpp::as<std::vector<float>>(from["altered"]);
  const auto other = Rcpp::as<std::vector<float>>(from["other"]);
  const auto share = Rcpp::as<std::vector<float>>(from["share_altered"]);
  std::vector<musl::PairDifference> out(row.size());
  for (std::size_t i = 0; i < out.size(); ++i) {
    out[i].row = static_cast<std::int64_t>(row[i]) - 1;
    out[i].n_lines = n_lines[i];
    out[i].z = z[i];
    out[i].effect_size = size[i];
    out[i].altered = altered[i];
    out[i].other = other[i];
    out[i].share_altered = share[i];
  }
  return out;
}

/// list(status: 0 for unknown; tier, handicap) of each gene.
Rcpp::List places_of(const musl::GeneFacts& facts) {
  const std::vector<int> status = musl::gene_status(facts);
  std::vector<int> tier;
  std::vector<double> handicap;
  for (const int code : status) {
    const musl::StatusKind kind = musl::status_kind(code);
    tier.push_back(kind.tier);
    handicap.push_back(kind.handicap);
  }
  return Rcpp::List::create(Rcpp::Named("status") = status,
                            Rcpp::Named("tier") = tier,
                            Rcpp::Named("handicap") = handicap);
}

musl::GeneFacts as_facts(const Rcpp::List& from) {
  musl::GeneFacts out;
  if (from.size() == 0) return out;
  out.dependent = Rcpp::as<std::vector<float>>(from["dependent"]);
  out.expressed = Rcpp::as<std::vector<float>>(from["expressed"]);
  const auto judged = Rcpp::as<std::vector<bool>>(from["judged"]);
  out.judged.assign(judged.begin(), judged.end());
  // An atlas of an earlier version lacks them.
  const auto has = [&](const char* name) {
    return from.containsElementNamed(name) && !Rf_isNull(from[name]);
  };
  out.in_line = has("in_line") && Rcpp::as<bool>(from["in_line"]);
  if (has("few_lines")) out.few_lines = Rcpp::as<int>(from["few_lines"]);
  if (has("sampled")) {
    out.sampled = Rcpp::as<std::vector<float>>(from["sampled"]);
  }
  return out;
}

/// The differences of pairs by state, with their calls far from the anchor and
/// what they add to a combined order.
Rcpp::List differences_by_state(const musl::GeneStore& store,
                                const musl::PairSet& pairs) {
  const auto of_state = [&](musl::AlterationState state) {
    const auto found = musl::differences_of(store.part<musl::Alterations>(),
                                            pairs, store.n_genes, state);
    Rcpp::List out = as_list(found);
    out["call"] = column(found, [](const musl::PairDifference& x) {
      return static_cast<int>(musl::call_direction(x, /*near=*/false));
    });
    out["bonus"] = column(found, &musl::direction_bonus);
    return out;
  };
  return Rcpp::List::create(
      Rcpp::Named("lost") = of_state(musl::AlterationState::lost),
      Rcpp::Named("activated") = of_state(musl::AlterationState::activated));
}

/// A list of list(name, event, n_lines, lost, activated: numbers of genes from
/// 1) of each; with `whole` also the columns of their differences.
Rcpp::List as_list(const musl::Alterations& alterations, bool whole) {
  Rcpp::List out;
  for (const auto& one : alterations) {
    Rcpp::List x = Rcpp::List::create(
        Rcpp::Named("name") = one.name, Rcpp::Named("event") = one.event,
        Rcpp::Named("n_lines") = one.n_lines,
        Rcpp::Named("lost") = from_one(one.lost),
        Rcpp::Named("activated") = from_one(one.activated));
    if (whole) {
      x["together"] = one.together;
      x["gene"] = from_one(one.gene);
      x["z"] = one.z;
      x["effect_size"] = one.effect_size;
      x["altered"] = one.altered;
      x["other"] = one.other;
      x["share_altered"] = one.share_altered;
      x["share_other"] = one.share_other;
    }
    out.push_back(x);
  }
  return out;
}

/// Calls as R knows them: see cpp_call_directions().
std::vector<int> codes_of(const std::vector<musl::Direction>& calls) {
  std::vector<int> out;
  for (const auto call : calls) out.push_back(static_cast<int>(call));
  return out;
}

}  // namespace

// The alterations of a store, or if that is NULL of a model: see as_list().
// [[Rcpp::export(rng = false)]]
Rcpp::List cpp_alterations(SEXP store, SEXP model, bool whole) {
  return as_list(musl_r::store_of(store, model).part<musl::Alterations>(),
                 whole);
}

// The differences of pairs of an anchor (gene_a) and a candidate: list(lost,
// activated), of lines in which either is, each columns of
// musl::PairDifference, rows and alterations from 1, call: see
// cpp_call_directions(), far from the anchor, and bonus: see
// musl::direction_bonus().
// [[Rcpp::export(rng = false)]]
Rcpp::List cpp_differences(SEXP store, SEXP model, Rcpp::List pairs) {
  return differences_by_state(musl_r::store_of(store, model),
                              musl_r::as_pairs(pairs));
}

// Of each difference 0 unclear, 1 needed more, 2 needed less, 3 not needed.
// differences  columns of cpp_differences()
// near         is a row near its anchor?
// significant  one a difference, or NULL: by z
// [[Rcpp::export(rng = false)]]
std::vector<int> cpp_call_directions(
    Rcpp::List differences, bool near,
    Rcpp::Nullable<Rcpp::LogicalVector> significant) {
  const auto found = as_differences(differences);
  std::vector<musl::Direction> calls;
  if (significant.isNull()) {
    for (const auto& one : found) {
      calls.push_back(musl::call_direction(one, near));
    }
  } else {
    const Rcpp::LogicalVector tested(significant.get());
    calls = musl::call_tested(
        found, std::vector<std::uint8_t>(tested.begin(), tested.end()));
  }
  return codes_of(calls);
}

// Statuses of genes in the order of their numbers: list(name, cut).
// [[Rcpp::export(rng = false)]]
Rcpp::List cpp_status_kinds() {
  std::vector<std::string> name;
  std::vector<double> cut;
  for (const auto& kind : musl::status_kinds()) {
    name.push_back(kind.name);
    cut.push_back(kind.cut);
  }
  return Rcpp::List::create(Rcpp::Named("name") = name,
                            Rcpp::Named("cut") = cut);
}

// What evidence tells of genes as candidates: list(dependent, expressed,
// judged, few_lines, sampled: of musl::GeneFacts; places: status, tier,
// handicap; alterations: of cpp_alterations());
// `store` may be NULL, for that of the model; `line` a cell line's number, or
// -1. With pairs of anchors (gene_a) and candidates, not NULL, also
// differences, of cpp_differences(), and twins, of musl::close_twins().
// [[Rcpp::export(rng = false)]]
Rcpp::List cpp_gene_facts(SEXP store, SEXP model, int line,
                          Rcpp::Nullable<Rcpp::List> pairs) {
  const musl::GeneStore& known = musl_r::store_of(store, model);
  const musl::GeneFacts facts = musl::gene_facts(known, line);
  Rcpp::List out = Rcpp::List::create(
      Rcpp::Named("dependent") = facts.dependent,
      Rcpp::Named("expressed") = facts.expressed,
      Rcpp::Named("judged") =
          std::vector<bool>(facts.judged.begin(), facts.judged.end()),
      Rcpp::Named("places") = places_of(facts),
      Rcpp::Named("few_lines") = facts.few_lines,
      Rcpp::Named("sampled") = facts.sampled,
      Rcpp::Named("alterations") =
          as_list(known.part<musl::Alterations>(), /*whole=*/false));
  if (pairs.isNotNull()) {
    const musl::PairSet asked = musl_r::as_pairs(Rcpp::List(pairs.get()));
    out["differences"] = differences_by_state(known, asked);
    out["twins"] = musl::close_twins(known, asked, facts);
  }
  return out;
}

// Of each gene of cpp_gene_facts(): list(status: 0 for unknown; tier, handicap)
// [[Rcpp::export(rng = false)]]
Rcpp::List cpp_gene_status(Rcpp::List facts) {
  return places_of(as_facts(facts));
}

// Places candidates of lists; see musl::place_candidates().
// facts        of cpp_gene_facts(); no field: nothing is known
// candidates   list(list: of each its anchor's number, gene: index into the
//              facts from 0 or -1, order, relation, hit, twins)
// differences  columns of cpp_differences(), significant and fdr: NA for those
//              of the model
// rules        list(lethal: 0 last, 1 drop, 2 rank; combined)
// [[Rcpp::export(rng = false)]]
Rcpp::List cpp_place_candidates(Rcpp::List facts, Rcpp::List candidates,
                                Rcpp::List differences, Rcpp::List rules) {
  musl::Candidates asked;
  asked.list = Rcpp::as<std::vector<std::int32_t>>(candidates["list"]);
  asked.gene = Rcpp::as<std::vector<std::int32_t>>(candidates["gene"]);
  asked.order = Rcpp::as<std::vector<double>>(candidates["order"]);
  asked.relation = Rcpp::as<std::vector<double>>(candidates["relation"]);
  const auto hit = Rcpp::as<std::vector<bool>>(candidates["hit"]);
  asked.hit.assign(hit.begin(), hit.end());
  asked.twins = Rcpp::as<std::vector<double>>(candidates["twins"]);
  musl::KnownDifferences known;
  if (differences.size() > 0) {
    known.found = as_differences(differences);
    known.fdr = Rcpp::as<std::vector<double>>(differences["fdr"]);
    for (const int x : Rcpp::LogicalVector(differences["significant"])) {
      known.significant.push_back(x == NA_LOGICAL ? -1 : x);
    }
  }
  musl::PlaceConfig config;
  config.lethal =
      static_cast<musl::LethalPlace>(Rcpp::as<int>(rules["lethal"]));
  config.combined = Rcpp::as<bool>(rules["combined"]);
  const musl::Placement found =
      musl::place_candidates(asked, as_facts(facts), known, config);
  return Rcpp::List::create(
      Rcpp::Named("status") = found.status, Rcpp::Named("tier") = found.tier,
      Rcpp::Named("ratio") = found.ratio, Rcpp::Named("rank") = found.rank,
      Rcpp::Named("call") = codes_of(found.direction));
}

// Genes with every kind of evidence, and the columns of a pair.
#pragma once

#include <cmath>
#include <cstddef>
#include <map>
#include <string>

#include "features/evidence.h"
#include "store/gene_columns.h"
#include "store/gene_sets.h"
#include "store/paralogs.h"
#include "store/protein_words.h"

namespace musl::testing {

/// Four genes with every kind of input.
struct Inputs {
  // Genes 0 to 2 of the first cohort, 1 to 3 of the second.
  Eigen::MatrixXd first = (Eigen::MatrixXd(3, 4) << 1, 2, 3, 4,  //
                           4, 2, 2, 0,                           //
                           7, 7, 7, 7)
                              .finished();
  Eigen::MatrixXd second = (Eigen::MatrixXd(3, 3) << 1, 0, 2,  //
                            0, 1, 5,                           //
                            9, 9, 3)
                               .finished();
  EvidenceInput input;

  Inputs() {
    input.n_genes = 4;
    input.edge_from = {0, 0, 1};
    input.edge_to = {1, 2, 2};
    input.edge_weight = {.5F, 1, 2};
    input.cohorts.push_back(
        {"a", {AssayView(first.data(), 3, 4)}, {0, 1, 2}, false});
    input.cohorts.push_back(
        {"b", {AssayView(second.data(), 3, 3)}, {1, 2, 3}, true});
    input.part<SetInputs>().terms = {
        {0, 1, 0, 1, 2, 3}, {0, 0, 1, 1, 1, 0}, {1, 0}, {"BP", "CC"}};
    input.part<SetInputs>().families = {
        {0, 1, 1, 2, 3}, {0, 0, 1, 1, 1}, {0, 0}, {"family"}};
    input.part<SetInputs>().modules = {
        {0, 1, 1, 2, 3, 0}, {0, 0, 1, 1, 1, 2}, {0, 0, 0}, {"module"}};
    input.part<Layout>().place = Matrix::Zero(4, 2);
    input.part<Layout>().place.row(1) << 5, 12;
    input.part<Sequences>() = {"ACDEF", "ACDEFGH", "ACDEW", ""};
    input.part<ParalogsInput>() = {{0}, {1}, {.5F}, {.8F}, {1}, {1, 1, 1, 0}};
    input.part<GeneColumns>() = {
        {"share", "dependent", {.1F, .4F, .2F, std::nanf("")}},
        {"effect", "fitness", {-1, -2, std::nanf(""), 0}},
        {"core", "essential", {0, 1, 1, 0}},
        {"length", "gene", {300, 200, 100, 400}},
        {"tissue", "expression", {8, 6, 4, std::nanf("")}}};
  }
};

/// The columns of one pair by name.
inline std::map<std::string, float> row_of(const GeneStore& store,
                                           std::int32_t a, std::int32_t b) {
  const auto columns = evidence_columns(store);
  const Matrix x = pair_evidence(store, {{a}, {b}, {}}, 1);
  std::map<std::string, float> out;
  for (std::size_t j = 0; j < columns.size(); ++j) {
    out[columns[j].name] = x(0, static_cast<Eigen::Index>(j));
  }
  return out;
}

}  // namespace musl::testing

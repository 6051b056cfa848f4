#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <map>
#include <nlohmann/json.hpp>
#include <sstream>
#include <string>
#include <vector>

#include "io/archive.h"
#include "io/archive_file.h"
#include "io/archive_pack.h"
#include "io/file.h"
#include "learners/measured_archive.h"
#include "model/feature_scorer.h"

namespace musl {
namespace {

/// The fields of a comma-separated table without quotes, below its header.
std::vector<std::vector<std::string>> read_csv(const std::string& path) {
  std::ifstream in(path);
  std::vector<std::vector<std::string>> rows;
  for (std::string line; std::getline(in, line);) {
    rows.emplace_back();
    std::istringstream fields(line);
    for (std::string field; std::getline(fields, field, ',');) {
      rows.back().push_back(field);
    }
  }
  rows.erase(rows.begin());
  return rows;
}

/// Of the genes in R's record: a named list in a list.
std::map<std::string, std::int32_t> gene_numbers(const Archive& archive) {
  const auto record = archive.bytes("r/model");
  const auto json = nlohmann::json::parse(record.begin(), record.end());
  const auto& model = json.at("value").at(0);
  const auto& names = model.at("attributes").at("names");
  const auto at = std::find(names.begin(), names.end(), "genes");
  const auto place = static_cast<std::size_t>(at - names.begin());
  std::map<std::string, std::int32_t> out;
  for (const auto& gene : model.at("value").at(place).at("value")) {
    const auto number = static_cast<std::int32_t>(out.size());
    out.emplace(gene.get<std::string>(), number);
  }
  return out;
}

// As R scored them where the model was made: on every compiler the same.
TEST(HumanModel, GivesTheGoldenAnswers) {
  const std::string root = MUSL_SOURCE;
  const auto bytes = read_file(root + "/inst/extdata/human.musl");
  const Archive archive = unpacked(read_archive(bytes.data(), bytes.size()));
  const MeasuredModel model = read_measured("measured/", archive);
  // anchor, partner, rank, status, .score, .pred_SL
  const auto rows = read_csv(root + "/tests/fixtures/human-model.csv");
  const auto number = gene_numbers(archive);
  PairSet pairs;
  for (const auto& row : rows) {
    pairs.a.push_back(number.at(row[0]));
    pairs.b.push_back(number.at(row[1]));
  }
  ASSERT_EQ(rows.size(), 620u);
  const auto scored =
      feature_scorer(model, model.store, {})->score(pairs, {}, {});
  for (std::size_t i = 0; i < rows.size(); ++i) {
    EXPECT_NEAR(scored.score[i], std::stod(rows[i][4]), 1e-6) << i;
    EXPECT_NEAR(scored.probability[i], std::stod(rows[i][5]), 1e-6) << i;
  }
}

}  // namespace
}  // namespace musl

#include <gtest/gtest.h>

#include <limits>
#include <string>
#include <vector>

#include "musl/string_links.h"

namespace musl {
namespace {

TEST(StringLinks, CombinesScoresAsStringDocuments) {
  // One channel keeps its score; none leaves the prior.
  EXPECT_NEAR(combine_string_scores({0.6}, {false}, 0), 0.6, 1e-12);
  EXPECT_NEAR(combine_string_scores({0, 0.03}, {false, false}, 0), 0.041,
              1e-12);
  // By hand: s' = .359/.959 and .159/.959.
  const double none = (1 - .359 / .959) * (1 - .159 / .959);
  EXPECT_NEAR(combine_string_scores({0.4, 0.2}, {false, false}, 0),
              (1 - none) * .959 + .041, 1e-12);
  // Homology dampens the channels marked so.
  const double damped = (1 - .359 / .959) * (1 - .25 * .159 / .959);
  EXPECT_NEAR(combine_string_scores({0.4, 0.2}, {false, true}, 0.75),
              (1 - damped) * .959 + .041, 1e-12);
}

TEST(StringLinks, TheLargestScoreTellsThePoints) {
  EXPECT_EQ(string_points({}), 1);
  EXPECT_EQ(string_points({0.2, 1}), 1);
  EXPECT_EQ(string_points({0.2, 150}), 1000);
  EXPECT_EQ(string_points({1000}), 1000);
  EXPECT_EQ(string_points({1001, 3}), 1);  // nobody's scale: left as it is
}

constexpr char kLinks[] =
    "protein1 protein2 homology cooccurrence experiments combined_score\n"
    "P1 P2 0 0 400 399\n"
    "P2 P3 750 200 400 700\n"
    "P3 P1 0 200 0 150\n";

StringLinks read(const StringRequest& request, int threads = 1) {
  TextFile file("links", kLinks);
  return read_string_links(&file, request, threads);
}

TEST(StringLinks, KeepsLinksFromTheThresholdOn) {
  StringRequest request;
  request.ends = {0, 1};
  request.scores = {5};
  request.min = 0.399;
  const auto links = read(request);
  EXPECT_EQ(links.name, (std::vector<std::string>{"P1", "P2", "P3"}));
  EXPECT_EQ(links.from, (std::vector<std::int32_t>{0, 1}));
  EXPECT_EQ(links.to, (std::vector<std::int32_t>{1, 2}));
  ASSERT_EQ(links.score.size(), 2);
  EXPECT_NEAR(links.score[0], 0.399, 1e-12);
  EXPECT_NEAR(links.score[1], 0.7, 1e-12);
  EXPECT_EQ(links.n_below, 1);
}

TEST(StringLinks, HomologyDampensCooccurrenceAlone) {
  StringRequest request;
  request.ends = {0, 1};
  request.scores = {3, 4, 2};
  request.channels = {"cooccurrence", "experimental"};
  for (const int threads : {1, 3}) {
    const auto links = read(request, threads);
    ASSERT_EQ(links.score.size(), 3);
    EXPECT_NEAR(links.score[0],
                combine_string_scores({0, .4}, {true, false}, 0), 1e-12);
    EXPECT_NEAR(links.score[1],
                combine_string_scores({.2, .4}, {true, false}, .75), 1e-12);
    EXPECT_NEAR(links.score[2],
                combine_string_scores({.2, 0}, {true, false}, 0), 1e-12);
  }
}

TEST(StringLinks, ALinkWithoutEvidenceInItsChannelsIsLeftOut) {
  StringRequest request;
  request.ends = {0, 1};
  request.scores = {3};
  request.channels = {"cooccurrence"};
  request.min = 0.05;
  for (const int threads : {1, 3}) {
    const auto links = read(request, threads);
    EXPECT_EQ(links.name, (std::vector<std::string>{"P2", "P3", "P1"}));
    EXPECT_EQ(links.score.size(), 2);
    EXPECT_EQ(links.n_without, 1);
    EXPECT_EQ(links.n_below, 0);
  }
}

TEST(StringLinks, WhatIsNoScoreIsKeptToBeTold) {
  TextFile file("links", "a b s\nP1 P2 -5\nP1 P3 1900\nP2 P3 NA\n");
  StringRequest request;
  request.ends = {0, 1};
  request.scores = {2};
  request.min = 0.7;
  request.missing = std::numeric_limits<double>::quiet_NaN();
  const auto links = read_string_links(&file, request, 1);
  EXPECT_EQ(links.score.size(), 3);
  EXPECT_EQ(links.n_below, 0);
}

}  // namespace
}  // namespace musl

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "base/rng.h"
#include "protein/alignment_candidates.h"
#include "protein/kmers.h"

namespace musl {
namespace {

const std::string kAmino = "ACDEFGHIKLMNPQRSTVWY";

/// Proteins of random residues, some letters of which are none.
std::vector<std::string> random_proteins(int n, std::size_t length,
                                         std::uint64_t seed) {
  Rng rng(seed);
  std::vector<std::string> out;
  for (int i = 0; i < n; ++i) {
    std::string protein;
    while (protein.size() < length) {
      protein += rng.below(15) == 0 ? 'X' : kAmino[rng.below(20)];
    }
    out.push_back(protein);
  }
  return out;
}

/// The first letter of a residue's class.
char class_of(char residue, ResidueAlphabet alphabet) {
  if (alphabet == ResidueAlphabet::amino_acids) return residue;
  for (const char* group : {"AGV", "ILFP", "YMTS", "HNQW", "RK", "DE", "C"}) {
    if (std::string(group).find(residue) != std::string::npos) return group[0];
  }
  return '?';
}

TEST(Kmers, AreSharesOfTheWindowsOfKnownResidues) {
  auto proteins = random_proteins(4, 60, 1);
  proteins.insert(proteins.end(), {"", "A", "AC", "ACD", "AXC"});
  for (const auto alphabet :
       {ResidueAlphabet::amino_acids, ResidueAlphabet::conjoint}) {
    for (const int k : {1, 2, 3}) {
      const auto names = kmer_names(k, alphabet);
      const Matrix found = kmer_shares(proteins, k, alphabet, 2);
      const double classes = alphabet == ResidueAlphabet::conjoint ? 7 : 20;
      ASSERT_EQ(static_cast<double>(names.size()), std::pow(classes, k));
      ASSERT_EQ(found.cols(), static_cast<Eigen::Index>(names.size()));
      for (std::size_t i = 0; i < proteins.size(); ++i) {
        std::map<std::string, double> count;
        double all = 0;
        const auto window = static_cast<std::size_t>(k);
        for (std::size_t p = 0; p + window <= proteins[i].size(); ++p) {
          std::string kmer;
          for (std::size_t q = p; q < p + window; ++q) {
            kmer += class_of(proteins[i][q], alphabet);
          }
          const bool unknown =
              proteins[i].substr(p, window).find('X') != std::string::npos;
          if (unknown) continue;
          ++count[kmer];
          ++all;
        }
        for (std::size_t j = 0; j < names.size(); ++j) {
          EXPECT_NEAR(
              found(static_cast<Eigen::Index>(i), static_cast<Eigen::Index>(j)),
              all > 0 ? count[names[j]] / all : 0, 1e-6)
              << proteins[i] << " " << names[j];
        }
      }
    }
  }
}

TEST(Kmers, HaveTheLastLetterRunFastest) {
  const auto names = kmer_names(2, ResidueAlphabet::amino_acids);
  EXPECT_EQ(names[0], "AA");
  EXPECT_EQ(names[1], "AC");
  EXPECT_EQ(names[20], "CA");
  EXPECT_EQ(names[399], "YY");
  EXPECT_EQ(kmer_names(1, ResidueAlphabet::conjoint),
            (std::vector<std::string>{"A", "I", "Y", "H", "R", "D", "C"}));
}

/// The distinct windows of four residues.
std::set<std::string> windows_of(const std::string& protein) {
  std::set<std::string> out;
  for (std::size_t p = 0; p + 4 <= protein.size(); ++p) {
    const std::string word = protein.substr(p, 4);
    if (word.find('X') == std::string::npos) out.insert(word);
  }
  return out;
}

TEST(SequenceWords, AreTheDistinctWindowsOfFourResidues) {
  for (const auto& protein : random_proteins(5, 80, 2)) {
    std::set<std::int32_t> expected;
    for (const auto& word : windows_of(protein)) {
      std::int32_t number = 0;
      for (const char letter : word) {
        number = number * 20 + static_cast<std::int32_t>(kAmino.find(letter));
      }
      expected.insert(number);
    }
    EXPECT_EQ(sequence_words(protein),
              std::vector<std::int32_t>(expected.begin(), expected.end()));
  }
  EXPECT_TRUE(sequence_words("ACD").empty());
  EXPECT_EQ(sequence_words("AAAAA"), std::vector<std::int32_t>{0});
  EXPECT_EQ(sequence_words("YYYY"), std::vector<std::int32_t>{159999});
  EXPECT_TRUE(sequence_words("ACDXEFG").empty());
}

using Pairs = std::set<std::pair<std::int32_t, std::int32_t>>;

/// The pairs whose words in common exceed chance, by their definition.
Pairs slow_candidates(const std::vector<std::string>& proteins,
                      const CandidateOptions& options) {
  std::map<char, double> count;
  double all = 0;
  for (const auto& protein : proteins) {
    for (const char letter : protein) ++count[letter], ++all;
  }
  double same = 0;
  for (const auto& item : count) same += std::pow(item.second / all, 2);
  const double match = std::pow(same, 4);
  const auto n = static_cast<std::int32_t>(proteins.size());
  Pairs out;
  for (std::int32_t i = 0; i < n; ++i) {
    const auto mine = windows_of(proteins[static_cast<std::size_t>(i)]);
    std::vector<std::pair<double, std::int32_t>> others;
    for (std::int32_t j = 0; j < n; ++j) {
      if (i == j) continue;
      const auto theirs = windows_of(proteins[static_cast<std::size_t>(j)]);
      int shared = 0;
      for (const auto& word : mine) shared += theirs.count(word) > 0 ? 1 : 0;
      const double expected = static_cast<double>(mine.size()) *
                              static_cast<double>(theirs.size()) * match;
      const double above = (shared - expected) / std::sqrt(expected + 1);
      if (shared < options.least_words || above < options.least_surprise) {
        continue;
      }
      others.emplace_back(-above, j);
    }
    std::sort(others.begin(), others.end());
    for (int k = 0; k < options.most && k < static_cast<int>(others.size());
         ++k) {
      const auto j = others[static_cast<std::size_t>(k)].second;
      out.insert({std::min(i, j), std::max(i, j)});
    }
  }
  return out;
}

Pairs candidates(const std::vector<std::string>& proteins,
                 const CandidateOptions& options, int threads) {
  const PairSet found = alignment_candidates(proteins, options, threads);
  Pairs out;
  for (std::size_t i = 0; i < found.a.size(); ++i) {
    EXPECT_TRUE(out.insert({found.a[i], found.b[i]}).second);
  }
  return out;
}

/// Families of six: copies of a protein with residues exchanged and cut.
std::vector<std::string> families() {
  Rng rng(3);
  std::vector<std::string> out;
  for (const auto& first : random_proteins(5, 70, 4)) {
    for (int copy = 0; copy < 6; ++copy) {
      std::string protein = first.substr(0, 30 + rng.below(40));
      for (char& letter : protein) {
        if (rng.below(12) == 0) letter = kAmino[rng.below(20)];
      }
      out.push_back(protein);
    }
  }
  out.insert(out.end(), {"", "ACD", "AAAAAAAAAAAA"});
  return out;
}

TEST(AlignmentCandidates, AreThoseOfAllPairsOfProteins) {
  const auto proteins = families();
  for (const int most : {50, 3, 1}) {
    for (const int least_words : {1, 3, 9}) {
      for (const double least_surprise : {.5, 3.0, 8.0}) {
        const CandidateOptions options{most, least_words, least_surprise};
        const Pairs expected = slow_candidates(proteins, options);
        EXPECT_FALSE(expected.empty());
        EXPECT_EQ(candidates(proteins, options, 1), expected);
        EXPECT_EQ(candidates(proteins, options, 3), expected);
      }
    }
  }
  EXPECT_TRUE(candidates({}, {}, 1).empty());
  EXPECT_TRUE(candidates({""}, {}, 1).empty());
}

TEST(AlignmentCandidates, MayHaveJustTheFewestWords) {
  // Six residues in common are three words.
  const std::vector<std::string> proteins{"ACDEFGKLMNPQ", "WWWWACDEFGYYYY"};
  EXPECT_EQ(candidates(proteins, {50, 3, 0}, 1), (Pairs{{0, 1}}));
  EXPECT_TRUE(candidates(proteins, {50, 4, 0}, 1).empty());
}

TEST(Kmers, SharesAreThoseOfTheWindowsOfKnownLetters) {
  const auto names = kmer_names(2, ResidueAlphabet::amino_acids);
  ASSERT_EQ(names.size(), 400U);
  const Matrix shares =
      kmer_shares({"AACXAA", "A", "WYWY"}, 2, ResidueAlphabet::amino_acids, 1);
  const auto share = [&](Eigen::Index row, const std::string& name) {
    const auto at = std::find(names.begin(), names.end(), name);
    EXPECT_NE(at, names.end()) << name;
    return shares(row, at - names.begin());
  };
  EXPECT_FLOAT_EQ(share(0, "AA"), 2 / 3.0F);
  EXPECT_FLOAT_EQ(share(0, "AC"), 1 / 3.0F);
  EXPECT_FLOAT_EQ(share(2, "WY"), 2 / 3.0F);
  EXPECT_FLOAT_EQ(share(2, "YW"), 1 / 3.0F);
  EXPECT_FLOAT_EQ(shares.row(0).cwiseAbs().sum(), 1);
  EXPECT_EQ(shares.row(1).cwiseAbs().sum(), 0);  // too short for one
  const Matrix alike = kmer_shares({"AGV"}, 1, ResidueAlphabet::conjoint, 1);
  EXPECT_EQ(alike(0, 0), 1);
}

}  // namespace
}  // namespace musl

#include <gtest/gtest.h>

#include <algorithm>
#include <string>

#include "musl/error.h"
#include "musl/protein.h"
#include "musl/rng.h"

namespace musl {
namespace {

std::vector<Protein> parse(const std::string& text) {
  return parse_fasta(reinterpret_cast<const std::uint8_t*>(text.data()),
                     text.size());
}

TEST(Fasta, ReadsRecordsWithTheirWholeHeader) {
  const auto records = parse(">a first | x\nMK\nVL\n\n>b\nA");
  ASSERT_EQ(records.size(), 2U);
  EXPECT_EQ(records[0].name, "a first | x");
  EXPECT_EQ(records[0].sequence, "MKVL");
  EXPECT_EQ(records[1].sequence, "A");
}

TEST(Fasta, LinesOfCommentsAreNoSequence) {
  const auto records = parse(";of 2001\n>a;b\nMK\n; half\nV;L\n");
  ASSERT_EQ(records.size(), 1U);
  EXPECT_EQ(records[0].name, "a;b");
  EXPECT_EQ(records[0].sequence, "MKV;L");
}

TEST(Fasta, AnyBytesAreRecordsOrAnErrorOfOurs) {
  const std::string alphabet = ">>;\n\n\r \tMKV*<x\xef\xbb\xbf";
  Rng rng(7);
  for (int i = 0; i < 3000; ++i) {
    std::string text;
    for (std::uint64_t n = rng.bits() % 30; n > 0; --n) {
      text += alphabet[rng.bits() % alphabet.size()];
    }
    try {
      for (const auto& record : parse(text)) {
        EXPECT_FALSE(record.name.empty());
        EXPECT_FALSE(record.sequence.empty());
        (void)clean_sequence(record);
      }
    } catch (const FormatError&) {
    } catch (const InputError&) {
    }
  }
}

TEST(Fasta, CleansCaseAndTheStop) {
  EXPECT_EQ(clean_sequence({"a", "mkV*"}), "MKV");
  EXPECT_EQ(clean_sequence({"a", "M*K-.J"}), "M*K-.J");
  EXPECT_THROW((void)clean_sequence({"a", "MK@"}), InputError);
  EXPECT_THROW((void)clean_sequence({"a", "M\xc3\xa9"}), InputError);
  EXPECT_THROW((void)clean_sequence({"a", "*"}), InputError);
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
  EXPECT_THROW((void)kmer_names(4, ResidueAlphabet::conjoint), InputError);
}

}  // namespace
}  // namespace musl

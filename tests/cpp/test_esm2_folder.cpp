#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "base/error.h"
#include "folder_fixture.h"
#include "protein/esm2_folder.h"

namespace musl {
namespace {

std::vector<std::string> tokens() {
  std::vector<std::string> out = {"<cls>", "<pad>", "<eos>", "<unk>"};
  for (const char letter : std::string("LAGVSERTIDPKQNFYMHWCXBUZO.-")) {
    out.emplace_back(1, letter);
  }
  out.emplace_back("<mask>");
  return out;
}

TEST(Esm2Alphabet, EachLetterHasTheNumberOfItsLine) {
  const auto all = tokens();
  const Esm2Alphabet alphabet(all);
  EXPECT_EQ(alphabet.size(), static_cast<std::int64_t>(all.size()));
  EXPECT_EQ(alphabet.start(), 0);
  EXPECT_EQ(alphabet.end(), 2);
  for (std::size_t i = 0; i < all.size(); ++i) {
    if (all[i].size() > 1) continue;
    EXPECT_EQ(alphabet.residue(all[i][0]), static_cast<std::int64_t>(i))
        << all[i];
  }
  for (const char other : std::string("*aJ1<")) {
    EXPECT_EQ(alphabet.residue(other), 3) << other;
  }
  EXPECT_EQ(alphabet.residue('\0'), 3);
}

TEST(Esm2Alphabet, TokensAreThereOnce) {
  for (const std::size_t i : {std::size_t{0}, std::size_t{2}, std::size_t{4}}) {
    auto some = tokens();
    some.erase(some.begin() + static_cast<std::ptrdiff_t>(i));
    EXPECT_THROW(Esm2Alphabet{some}, FormatError) << i;
    some = tokens();
    some.push_back(some[i]);
    EXPECT_THROW(Esm2Alphabet{some}, FormatError) << i;
  }
}

/// A folder of a model with so many positions.
class Esm2Files : public test::Folder {
 protected:
  Esm2Files() {
    std::string vocabulary;
    for (const auto& token : tokens()) vocabulary += token + "\n";
    write("vocab.txt", vocabulary);
    write("model.safetensors", "not read here");
  }

  /// `more`: further fields.
  [[nodiscard]] Esm2Folder with_positions(int positions,
                                          const std::string& more = "") const {
    write("config.json",
          "{\"model_type\":\"esm\",\"hidden_size\":8,"
          "\"intermediate_size\":16,\"num_hidden_layers\":1,"
          "\"num_attention_heads\":2,\"layer_norm_eps\":1e-5,"
          "\"position_embedding_type\":\"rotary\",\"vocab_size\":" +
              std::to_string(tokens().size()) +
              ",\"max_position_embeddings\":" + std::to_string(positions) +
              more + "}");
    return open_esm2(path(""));
  }
};

TEST_F(Esm2Files, ResiduesAreThePositionsLessFour) {
  EXPECT_EQ(with_positions(5).config.max_residues, 1);
  EXPECT_EQ(with_positions(1026).config.max_residues, 1022);
  EXPECT_THROW((void)with_positions(4), FormatError);
}

TEST_F(Esm2Files, FlagsAreTrueOrFalseOrAbsent) {
  const auto with = [this](const std::string& value) {
    return with_positions(9, ",\"token_dropout\":" + value).config;
  };
  EXPECT_TRUE(with("true").token_dropout);
  EXPECT_FALSE(with("false").token_dropout);
  EXPECT_FALSE(with("null").token_dropout);
  EXPECT_FALSE(with_positions(9).config.token_dropout);
  for (const char* other : {"1", "0", "\"true\"", "[]"}) {
    EXPECT_THROW((void)with(other), FormatError) << other;
  }
}

TEST_F(Esm2Files, TheEpsilonIsAboveZeroAndBelowOne) {
  // Of a key that comes twice the last value counts.
  const auto with = [this](const std::string& value) {
    return with_positions(9, ",\"layer_norm_eps\":" + value)
        .config.norm_epsilon;
  };
  EXPECT_EQ(with("1e-12"), 1e-12);
  EXPECT_EQ(with("0.999"), 0.999);
  for (const char* wrong : {"0", "0.0", "1", "1.0", "1.5", "-0.1", "\"1e-5\"",
                            "true", "null", "[]"}) {
    EXPECT_THROW((void)with(wrong), FormatError) << wrong;
  }
}

}  // namespace
}  // namespace musl

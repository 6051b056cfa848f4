#include <gtest/gtest.h>

#include <cstddef>
#include <string>

#include "folder_fixture.h"
#include "io/regular_file.h"
#include "musl/embedding_file.h"
#include "musl/wide_table.h"

namespace musl {
namespace {

using test::refusal;

class Files : public test::Folder {};

TEST_F(Files, BytesBehindTheEndAreRefusedAsThoseOfAShorterFile) {
  const std::string name = write("f", "abcdef");
  const RegularFile file(name);
  std::string read(3, '?');
  file.read(3, 3, read.data());
  EXPECT_EQ(read, "def");
  file.read(6, 0, read.data());
  for (const std::uint64_t first : {4, 6, 99}) {
    EXPECT_NE(
        refusal([&] { file.read(first, 3, read.data()); }).find("shorter"),
        std::string::npos)
        << first;
  }
  file.check_size();
  std::filesystem::resize_file(this->file("f"), 5);
  EXPECT_NE(refusal([&] { file.check_size(); }).find("shorter"),
            std::string::npos);
}

TEST_F(Files, ATableAnnouncesNoMoreNumbersThanItHasRoomFor) {
  std::string text = "id";
  for (int i = 0; i < 1000; ++i) text += ",A" + std::to_string(i);
  text += "\nx," + std::string(999, ',') + "\ny,1\n";
  EXPECT_NE(
      refusal([&] { const WideTable table(write("f", text)); }).find("line 3"),
      std::string::npos);
}

TEST_F(Files, EmbeddingsWithoutATensorAreRefusedWithoutALine) {
  const std::string header = "{}";
  std::string bytes(1, static_cast<char>(header.size()));
  bytes += std::string(7, '\0') + header;
  const std::string what =
      refusal([&] { (void)read_embedding_tensors(write("f", bytes)); });
  EXPECT_NE(what.find("has no tensor"), std::string::npos) << what;
  EXPECT_EQ(what.find("line"), std::string::npos) << what;
}

}  // namespace
}  // namespace musl

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <cstddef>
#include <filesystem>
#include <fstream>
#include <string>

#include "io/regular_file.h"
#include "io/text_memory.h"
#include "musl/embedding_file.h"
#include "musl/error.h"
#include "musl/file.h"
#include "musl/protein.h"
#include "musl/text_file.h"
#include "musl/wide_table.h"

namespace {
/// The most bytes that a read gives; a file system may give fewer than asked.
std::size_t most_read = ~std::size_t{0};
}  // namespace

// In the place of the C library's.
extern "C" ssize_t pread(int fd, void* out, std::size_t size, off_t offset) {
  return static_cast<ssize_t>(
      ::syscall(SYS_pread64, fd, out, std::min(size, most_read), offset));
}

namespace musl {
namespace {

namespace fs = std::filesystem;

/// A folder for one test.
class Files : public ::testing::Test {
 protected:
  Files() : folder_(::testing::TempDir() + "musl-" + std::to_string(getpid())) {
    fs::create_directories(folder_);
  }
  ~Files() override { fs::remove_all(folder_); }
  [[nodiscard]] std::string path(const std::string& name) const {
    return folder_ + "/" + name;
  }
  std::string write(const std::string& text) const {
    std::ofstream(path("f"), std::ios::binary) << text;
    return path("f");
  }

 private:
  std::string folder_;
};

TEST_F(Files, AreReadWholeWhereReadsComeShort) {
  std::string text;
  for (int i = 0; i < 1000; ++i) text += std::to_string(i * i);
  const RegularFile file(write(text));
  std::string whole(text.size(), '\0'), part(100, '\0');
  most_read = 7;
  file.read(0, whole.size(), whole.data());
  file.read(123, part.size(), part.data());
  most_read = ~std::size_t{0};
  EXPECT_EQ(whole, text);
  EXPECT_EQ(part, text.substr(123, 100));
}

template <class Read>
std::string refusal(const Read& read) {
  try {
    read();
  } catch (const FormatError& error) {
    return error.what();
  }
  return "";
}

/// What each reader says of a path.
std::vector<std::string> refusals(const std::string& path) {
  return {refusal([&] { (void)read_file(path); }),
          refusal([&] { const MappedFile file(path); }),
          refusal([&] { const TextFile file(path); }),
          refusal([&] { const WideTable table(path); }),
          refusal([&] { (void)read_embedding_tensors(path); }),
          refusal([&] { (void)read_fasta(path); })};
}

TEST_F(Files, EndlessAndSpecialFilesAreRefusedByEachReader) {
  ASSERT_EQ(mkfifo(path("pipe").c_str(), 0600), 0);
  const std::vector<std::string> special = {"/dev/zero", "/dev/null",
                                            path("pipe"), path(""), "/nowhere"};
  for (const auto& one : special) {
    for (const auto& text : refusals(one)) {
      EXPECT_NE(text.find(one), std::string::npos) << one << ": " << text;
    }
  }
  EXPECT_FALSE(is_regular_file("/dev/zero"));
  EXPECT_FALSE(is_regular_file(path("pipe")));
  EXPECT_TRUE(is_regular_file(write("x")));
}

TEST_F(Files, BytesBehindTheEndAreRefusedAsThoseOfAShorterFile) {
  const std::string name = write("abcdef");
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
  fs::resize_file(name, 5);
  EXPECT_NE(refusal([&] { file.check_size(); }).find("shorter"),
            std::string::npos);
}

TEST_F(Files, ATableThatShrinksWhileItIsReadIsRefused) {
  std::string text = "id,A,B\n";
  for (int i = 0; i < 100000; ++i) text += "row,1.5,2.5\n";
  const std::string name = write(text);
  const WideTable table(name);
  WideTable::Request request;
  for (std::int64_t r = 0; r < table.n_rows(); ++r) request.rows.push_back(r);
  request.columns = {1, 2};
  std::vector<double> out(request.rows.size() * 2);
  table.numbers(request, out.data(), 2);
  EXPECT_EQ(out.back(), 2.5);
  fs::resize_file(name, 20);
  EXPECT_NE(
      refusal([&] { table.numbers(request, out.data(), 2); }).find("shorter"),
      std::string::npos);
  TextFile file(write(text));
  fs::resize_file(name, 20);
  std::string block(text.size(), '\0');
  EXPECT_NE(refusal([&] {
              (void)file.read(block.data(), block.size());
            }).find("shorter"),
            std::string::npos);
}

TEST_F(Files, ATableAnnouncesNoMoreNumbersThanItHasRoomFor) {
  std::string text = "id";
  for (int i = 0; i < 1000; ++i) text += ",A" + std::to_string(i);
  text += "\nx," + std::string(999, ',') + "\ny,1\n";
  EXPECT_NE(refusal([&] { const WideTable table(write(text)); }).find("line 3"),
            std::string::npos);
}

TEST_F(Files, EmbeddingsWithoutATensorAreRefusedWithoutALine) {
  const std::string header = "{}";
  std::string bytes(1, static_cast<char>(header.size()));
  bytes += std::string(7, '\0') + header;
  const std::string what =
      refusal([&] { (void)read_embedding_tensors(write(bytes)); });
  EXPECT_NE(what.find("has no tensor"), std::string::npos) << what;
  EXPECT_EQ(what.find("line"), std::string::npos) << what;
}

}  // namespace
}  // namespace musl

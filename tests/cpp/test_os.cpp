// What POSIX systems alone have: permissions, links, pipes, devices, processors
// of one thread.
#include <fcntl.h>
#include <gtest/gtest.h>
#include <sched.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include <algorithm>
#include <cstdint>
#include <string>
#include <thread>
#include <vector>

#include "base/os.h"
#include "base/parallel.h"
#include "folder_fixture.h"
#include "io/embedding_file.h"
#include "io/file.h"
#include "io/regular_file.h"

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
using test::refusal;

using Bytes = std::vector<std::uint8_t>;

class PosixFiles : public test::Folder {};

TEST_F(PosixFiles, WhatALinkPointsToIsNotWritten) {
  write_file(path("private"), {1, 2, 3});
  fs::create_symlink(file("private"), file("model"));
  write_file(path("model"), {4});
  EXPECT_EQ(read_file(path("model")), (Bytes{4}));
  EXPECT_EQ(read_file(path("private")), (Bytes{1, 2, 3}));
  EXPECT_FALSE(fs::is_symlink(file("model")));
}

TEST_F(PosixFiles, TheUsersFileModeMaskIsRespected) {
  const mode_t mask = ::umask(027);
  write_file(path("model"), {1});
  ::umask(mask);
  struct stat info {};
  ASSERT_EQ(::stat(path("model").c_str(), &info), 0);
  EXPECT_EQ(info.st_mode & 0777, 0640u);
}

TEST_F(PosixFiles, AReplacedFileKeepsItsPermissions) {
  write_file(path("model"), {1});
  ASSERT_EQ(::chmod(path("model").c_str(), 0600), 0);
  write_file(path("model"), {2, 3});
  struct stat info {};
  ASSERT_EQ(::stat(path("model").c_str(), &info), 0);
  EXPECT_EQ(info.st_mode & 0777, 0600u);
  EXPECT_EQ(read_file(path("model")), (Bytes{2, 3}));
}

TEST_F(PosixFiles, PipesAndDevicesAreNotReplaced) {
  const auto kind = [this](const char* name) {
    struct stat info {};
    return ::stat(path(name).c_str(), &info) == 0 ? info.st_mode & S_IFMT : 0u;
  };
  ASSERT_EQ(::mkfifo(path("pipe").c_str(), 0600), 0);
  EXPECT_THROW(write_file(path("pipe"), {1}), FormatError);
  EXPECT_EQ(kind("pipe"), unsigned{S_IFIFO});
  // Only root makes devices, and only root could replace them.
  if (::mknod(path("null").c_str(), S_IFCHR | 0600, makedev(1, 3)) == 0) {
    write_file(path("null"), {1});
    fs::create_symlink(file("null"), file("link"));
    write_file(path("link"), {1});
    EXPECT_EQ(kind("null"), unsigned{S_IFCHR});
    EXPECT_TRUE(fs::is_symlink(file("link")));
  }
}

TEST_F(PosixFiles, AreReadWholeWhereReadsComeShort) {
  std::string text;
  for (int i = 0; i < 1000; ++i) text += std::to_string(i * i);
  const RegularFile file(write("f", text));
  std::string whole(text.size(), '\0'), part(100, '\0');
  most_read = 7;
  file.read(0, whole.size(), whole.data());
  file.read(123, part.size(), part.data());
  most_read = ~std::size_t{0};
  EXPECT_EQ(whole, text);
  EXPECT_EQ(part, text.substr(123, 100));
}

/// What each reader says of a path.
std::vector<std::string> refusals(const std::string& path) {
  return {refusal([&] { (void)read_file(path); }),
          refusal([&] { (void)read_embedding_tensors(path); })};
}

TEST_F(PosixFiles, EndlessAndSpecialFilesAreRefusedByEachReader) {
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
  EXPECT_TRUE(is_regular_file(write("f", "x")));
}

TEST(AvailableThreads, AreTheProcessorsOfThisThread) {
  cpu_set_t all, one;
  ASSERT_EQ(sched_getaffinity(0, sizeof(all), &all), 0);
  EXPECT_EQ(available_threads(), CPU_COUNT(&all));
  int first = 0;
  while (!CPU_ISSET(first, &all)) ++first;
  CPU_ZERO(&one);
  CPU_SET(first, &one);
  ASSERT_EQ(sched_setaffinity(0, sizeof(one), &one), 0);
  EXPECT_EQ(available_threads(), 1);
  const auto here = std::this_thread::get_id();
  parallel_for(20, 0, [&](std::int64_t) {
    EXPECT_EQ(std::this_thread::get_id(), here);
  });
  ASSERT_EQ(sched_setaffinity(0, sizeof(all), &all), 0);
}

}  // namespace
}  // namespace musl

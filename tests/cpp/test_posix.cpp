// What POSIX systems alone have: permissions, links, pipes, devices, signals.
#include <fcntl.h>
#include <gtest/gtest.h>
#include <poll.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <termios.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <thread>
#include <vector>

#include "folder_fixture.h"
#include "io/regular_file.h"
#include "io/text_source.h"
#include "musl/embedding_file.h"
#include "musl/file.h"
#include "musl/protein.h"
#include "musl/text_file.h"
#include "musl/wide_table.h"
#include "text_fixture.h"

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

/// A terminal, a device whose other end this holds.
class Terminal {
 public:
  Terminal() : end_(::posix_openpt(O_RDWR | O_NOCTTY)) {
    if (end_ < 0 || ::grantpt(end_) != 0 || ::unlockpt(end_) != 0) return;
    path_ = ::ptsname(end_);
    // As long as it is open there, it stays as it is set.
    device_ = ::open(path_.c_str(), O_RDWR | O_NOCTTY);
    struct termios raw {};
    ::tcgetattr(device_, &raw);
    ::cfmakeraw(&raw);
    ::tcsetattr(device_, TCSANOW, &raw);
  }
  Terminal(const Terminal&) = delete;
  Terminal& operator=(const Terminal&) = delete;
  ~Terminal() {
    ::close(device_);
    ::close(end_);
  }
  [[nodiscard]] const std::string& path() const { return path_; }
  /// What is there to read, none after a tenth of a second without any.
  [[nodiscard]] Bytes read_some(std::size_t most) const {
    struct pollfd ready {
      end_, POLLIN, 0
    };
    if (::poll(&ready, 1, 100) <= 0) return {};
    Bytes out(most);
    const auto n = ::read(end_, out.data(), most);
    out.resize(n < 0 ? 0 : static_cast<std::size_t>(n));
    return out;
  }

 private:
  int end_ = -1, device_ = -1;
  std::string path_;
};

/// A process without a standard input: its next file is number 0.
class NoInput {
 public:
  NoInput() : input_(::dup(0)) { ::close(0); }
  NoInput(const NoInput&) = delete;
  NoInput& operator=(const NoInput&) = delete;
  ~NoInput() {
    if (input_ < 0) return;
    ::dup2(input_, 0);
    ::close(input_);
  }

 private:
  int input_;
};

TEST(WriteFile, ToADeviceNeedsNoStandardInput) {
  const NoInput closed;
  EXPECT_NO_THROW(write_file("/dev/null", Bytes{1, 2}));
}

// A signal ends a write() to a device after a part of the bytes.
TEST(WriteFile, GoesOnWhereASignalCutAWriteShort) {
  const Terminal terminal;
  if (terminal.path().empty()) GTEST_SKIP() << "There are no terminals here.";
  struct sigaction ignore {
  }, before{};
  ignore.sa_handler = [](int) {};
  ASSERT_EQ(::sigaction(SIGUSR1, &ignore, &before), 0);
  Bytes bytes(200000);
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    bytes[i] = static_cast<std::uint8_t>(i * i % 251);
  }
  std::thread writer([&] { write_file(terminal.path(), bytes); });
  Bytes found;
  for (int quiet = 0; quiet < (found.size() < bytes.size() ? 100 : 3);) {
    const Bytes more = terminal.read_some(500);
    found.insert(found.end(), more.begin(), more.end());
    quiet = more.empty() ? quiet + 1 : 0;
    if (found.size() < 50000) ::pthread_kill(writer.native_handle(), SIGUSR1);
  }
  writer.join();
  ::sigaction(SIGUSR1, &before, nullptr);
  EXPECT_TRUE(found == bytes) << found.size();
}

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

// Windows lets nobody make a mapped file shorter.
TEST_F(PosixFiles, ATableThatShrinksWhileItIsReadIsRefused) {
  std::string text = "id,A,B\n";
  for (int i = 0; i < 100000; ++i) text += "row,1.5,2.5\n";
  const std::string name = write("f", text);
  const WideTable table(name);
  WideTable::Request request;
  for (std::int64_t r = 0; r < table.n_rows(); ++r) request.rows.push_back(r);
  request.columns = {1, 2};
  std::vector<double> out(request.rows.size() * 2);
  table.numbers(request, out.data(), 2);
  EXPECT_EQ(out.back(), 2.5);
  fs::resize_file(this->file("f"), 20);
  EXPECT_NE(
      refusal([&] { table.numbers(request, out.data(), 2); }).find("shorter"),
      std::string::npos);
  TextFile file(write("f", text));
  fs::resize_file(this->file("f"), 20);
  std::string block(text.size(), '\0');
  EXPECT_NE(refusal([&] {
              (void)file.read(block.data(), block.size());
            }).find("shorter"),
            std::string::npos);
}

/// What each reader says of a path.
std::vector<std::string> refusals(const std::string& path) {
  return {refusal([&] { (void)read_file(path); }),
          refusal([&] { const TextFile file(path); }),
          refusal([&] { const WideTable table(path); }),
          refusal([&] { (void)read_embedding_tensors(path); }),
          refusal([&] { (void)read_fasta(path); })};
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

/// Whether each of the pages that hold a text is in memory
/// (proc_pid_pagemap(5)); empty where the system does not tell.
std::vector<bool> pages_of(std::string_view text) {
  const auto page = static_cast<std::uintptr_t>(::sysconf(_SC_PAGESIZE));
  const auto from = reinterpret_cast<std::uintptr_t>(text.data()) / page;
  const auto to = reinterpret_cast<std::uintptr_t>(&text.back()) / page;
  std::vector<std::uint64_t> entry(to - from + 1);
  const auto size = static_cast<ssize_t>(entry.size() * sizeof(entry[0]));
  const int map = ::open("/proc/self/pagemap", O_RDONLY);
  if (map < 0) return {};
  const auto got = ::pread(map, entry.data(), static_cast<std::size_t>(size),
                           static_cast<off_t>(from * sizeof(entry[0])));
  ::close(map);
  if (got != size) return {};
  std::vector<bool> out;
  for (const std::uint64_t one : entry) out.push_back((one >> 63) != 0);
  return out;
}

TEST_F(PosixFiles, PagesAreReleasedThatHoldNothingElse) {
  const auto page = static_cast<std::size_t>(::sysconf(_SC_PAGESIZE));
  std::string text;
  while (text.size() < 12 * page) text += std::to_string(text.size()) + "\n";
  text.resize(12 * page);
  TextFile file(write("f", text));
  const std::string_view whole = file.whole();
  const std::vector<bool> here(12, true);
  // From a page's start or after it, to a page's end, before it or behind it.
  const struct {
    std::size_t begin, end, first, last;
  } parts[] = {{2 * page, 5 * page, 2, 5},
               {2 * page + 1, 5 * page, 3, 5},
               {3 * page - 1, 5 * page + 1, 3, 5},
               {2 * page, 5 * page - 1, 2, 4},
               {2 * page, 3 * page - 1, 2, 2},
               {3 * page - 1, 3 * page, 3, 3},
               {0, 12 * page, 0, 12}};
  for (const auto& part : parts) {
    ASSERT_TRUE(whole == text);  // reads all pages
    const auto before = pages_of(whole);
    if (before != here) GTEST_SKIP() << "The system does not tell.";
    file.release(whole.substr(part.begin, part.end - part.begin));
    std::vector<bool> expected = here;
    for (std::size_t i = part.first; i < part.last; ++i) expected[i] = false;
    EXPECT_EQ(pages_of(whole), expected) << part.begin << " " << part.end;
  }
  EXPECT_TRUE(whole == text);
}

// zlib counts bytes in 32 bits. Only the first page is ever touched.
TEST(TextFile, InflatesWhatIsLongerThanZlibCounts) {
  const std::string packed = test::gzipped("a,b\n1,2\n");
  const std::size_t size = (std::size_t{1} << 32) + 5;
  void* const memory =
      ::mmap(nullptr, size, PROT_READ | PROT_WRITE,
             MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (memory == MAP_FAILED) GTEST_SKIP() << "There is no room for addresses.";
  std::copy(packed.begin(), packed.end(), static_cast<char*>(memory));
  const std::string_view bytes(static_cast<char*>(memory), size);
  std::string text(4, '\0');
  EXPECT_EQ(inflate_source("f", {bytes}, {})->read(text.data(), 4), 4u);
  EXPECT_EQ(text, "a,b\n");
  ::munmap(memory, size);
}

}  // namespace
}  // namespace musl

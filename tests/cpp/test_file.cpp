#include <fcntl.h>
#include <gtest/gtest.h>
#include <poll.h>
#include <termios.h>
#include <unistd.h>

#include <csignal>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <thread>
#include <vector>

#include "musl/file.h"

namespace musl {
namespace {

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

}  // namespace
}  // namespace musl

#include <gtest/gtest.h>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <thread>
#include <vector>

#include "musl/error.h"
#include "musl/process.h"

namespace musl {
namespace {

using Bytes = std::vector<std::uint8_t>;

bool ends_soon(int process) {
  for (int i = 0; i < 1000; ++i) {
    if (has_ended(process)) return true;
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
  return false;
}

TEST(Process, BytesOfAForkArriveInOrder) {
  const Pipe pipe = open_pipe();
  // More than a pipe or one call of receive_bytes() holds.
  Bytes bytes(3000000);
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    bytes[i] = static_cast<std::uint8_t>(i * i % 251);
  }
  const int child = fork_process();
  if (child == 0) {
    close_end(pipe.receive);
    send_bytes(pipe.send, bytes.data(), bytes.size());
    _exit(0);
  }
  EXPECT_GT(child, 0);
  close_end(pipe.send);
  Bytes found{7};
  while (receive_bytes(pipe.receive, 1000, &found)) {
  }
  close_end(pipe.receive);
  bytes.insert(bytes.begin(), 7);
  EXPECT_TRUE(found == bytes) << found.size();
  EXPECT_TRUE(ends_soon(child));
  EXPECT_TRUE(has_ended(child));  // whoever waited for it
}

TEST(Process, NothingArrivesWhileNothingIsSent) {
  const Pipe pipe = open_pipe();
  Bytes found;
  EXPECT_TRUE(receive_bytes(pipe.receive, 1, &found));
  EXPECT_TRUE(found.empty());
  const Bytes sent{1, 2, 3};
  send_bytes(pipe.send, sent.data(), sent.size());
  EXPECT_TRUE(receive_bytes(pipe.receive, 1000, &found));
  EXPECT_EQ(found, sent);
  close_end(pipe.send);
  EXPECT_FALSE(receive_bytes(pipe.receive, 1000, &found));
  EXPECT_EQ(found, sent);
  close_end(pipe.receive);
}

TEST(Process, SendingToNobodyIsAnError) {
  const Pipe pipe = open_pipe();
  close_end(pipe.receive);
  const auto before = std::signal(SIGPIPE, SIG_IGN);
  const Bytes sent{1};
  EXPECT_THROW(send_bytes(pipe.send, sent.data(), 1), DeviceError);
  std::signal(SIGPIPE, before);
  close_end(pipe.send);
}

TEST(Process, AForkEndsWithItsParent) {
  const Pipe pipe = open_pipe();
  const int middle = fork_process();
  if (middle == 0) {
    const int self = getpid();
    const int child = fork_process();
    if (child == 0) {
      die_with(self);
      for (;;) pause();  // holds the pipe open until it is killed
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(100));
    _exit(0);
  }
  close_end(pipe.send);
  Bytes found;
  // The pipe ends when both have.
  bool open = true;
  for (int i = 0; i < 1000 && open; ++i) {
    open = receive_bytes(pipe.receive, 10, &found);
  }
  EXPECT_FALSE(open);
  close_end(pipe.receive);
  EXPECT_TRUE(ends_soon(middle));
  // One whose parent has ended already does not live.
  const int late = fork_process();
  if (late == 0) {
    die_with(middle);
    for (;;) pause();
  }
  EXPECT_TRUE(ends_soon(late));
}

TEST(Process, AChildThatRunsHasNotEnded) {
  const Pipe pipe = open_pipe();
  const int child = fork_process();
  if (child == 0) {
    close_end(pipe.send);
    Bytes wait;
    while (receive_bytes(pipe.receive, 10000, &wait)) {
    }
    _exit(0);
  }
  EXPECT_FALSE(has_ended(child));
  close_end(pipe.send);
  EXPECT_TRUE(ends_soon(child));
  close_end(pipe.receive);
}

}  // namespace
}  // namespace musl

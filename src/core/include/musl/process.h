#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace musl {

/// Forks the process: the child's id, or 0 in the child. DeviceError if the
/// system forks none.
[[nodiscard]] int fork_process();

/// In a forked process: kills it when the process with id `parent` ends, or at
/// once if that has already ended. Does nothing except on Linux.
void die_with(int parent);

/// Whether the child process with this id has ended. It no longer is a zombie
/// then, whoever else waits for children of this process.
[[nodiscard]] bool has_ended(int process);

/// Gives freed memory that the C library keeps for itself back to the system.
/// Does nothing without glibc.
void return_memory();

/// File descriptors of the two ends of a pipe between a process and its fork.
struct Pipe {
  int receive = -1;
  int send = -1;
};

/// DeviceError if the process has too many open files.
[[nodiscard]] Pipe open_pipe();
void close_end(int end);

/// Writes n bytes; DeviceError if nobody can receive them.
void send_bytes(int end, const std::uint8_t* bytes, std::size_t n);

/// Appends the bytes that arrive within `wait` milliseconds, if any; false if
/// no more can arrive.
[[nodiscard]] bool receive_bytes(int end, int wait,
                                 std::vector<std::uint8_t>* bytes);

}  // namespace musl

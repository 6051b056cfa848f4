#pragma once

// Two ranks of a group that trains together, as two threads or two processes.

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <exception>
#include <filesystem>
#include <fstream>
#include <functional>
#include <string>
#include <thread>

#include "musl/group.h"

namespace musl::test {

inline bool has_gloo() {
  const auto backends = group_backends();
  return std::find(backends.begin(), backends.end(), "gloo") != backends.end();
}

/// A directory to meet in.
class MeetingPlace {
 public:
  MeetingPlace() {
    std::string name =
        (std::filesystem::temp_directory_path() / "musl-group-XXXXXX").string();
    directory_ = ::mkdtemp(name.data());
  }
  ~MeetingPlace() {
    std::error_code ignored;
    std::filesystem::remove_all(directory_, ignored);
  }
  /// Generous, as sanitizers are slow: no test waits for it unless asked to.
  [[nodiscard]] GroupConfig of(int rank, int size = 2,
                               double timeout = 60) const {
    return {rank, size, directory_ + "/rendezvous", "gloo", timeout};
  }

 private:
  std::string directory_;
};

/// Calls body(rank) for two ranks at the same time and waits for both. What
/// each threw, if it did.
inline std::array<std::exception_ptr, 2> as_two(
    const std::function<void(int)>& body) {
  std::array<std::exception_ptr, 2> thrown;
  const auto guarded = [&](std::size_t rank) {
    try {
      body(static_cast<int>(rank));
    } catch (...) {
      thrown[rank] = std::current_exception();
    }
  };
  std::thread other([&] { guarded(1); });
  guarded(0);
  other.join();
  return thrown;
}

/// body(group) of two ranks in two processes: the second is this program once
/// more, with the calling test alone, and ends here. No thread is inherited.
inline std::array<float, 2> as_two_processes(
    const std::function<float(const GroupConfig&)>& body) {
  if (const char* rendezvous = std::getenv("MUSL_RENDEZVOUS")) {
    const float value = body({1, 2, rendezvous, "gloo", 60});
    std::ofstream(rendezvous + std::string("-1"), std::ios::binary)
        .write(reinterpret_cast<const char*>(&value), sizeof value);
    std::exit(0);
  }
  const MeetingPlace place;
  const std::string rendezvous = place.of(0).rendezvous;
  const auto* test = ::testing::UnitTest::GetInstance()->current_test_info();
  // Of all tests, whichever half of them this process runs.
  const std::string command =
      "env GTEST_TOTAL_SHARDS=1 GTEST_SHARD_INDEX=0 MUSL_RENDEZVOUS='" +
      rendezvous + "' '" +
      std::filesystem::read_symlink("/proc/self/exe").string() +
      "' --gtest_filter=" + test->test_suite_name() + "." + test->name();
  std::array<float, 2> values{};
  int status = -1;
  std::thread other([&] { status = std::system(command.c_str()); });
  try {
    values[0] = body(place.of(0));
  } catch (const std::exception& error) {
    ADD_FAILURE() << error.what();
  }
  other.join();
  EXPECT_EQ(status, 0);
  std::ifstream(rendezvous + "-1", std::ios::binary)
      .read(reinterpret_cast<char*>(&values[1]), sizeof(float));
  return values;
}

inline void expect_none(const std::array<std::exception_ptr, 2>& thrown) {
  for (const auto& failure : thrown) {
    if (failure == nullptr) continue;
    try {
      std::rethrow_exception(failure);
    } catch (const std::exception& error) {
      ADD_FAILURE() << error.what();
    }
  }
}

template <class Expected>
void expect_thrown(const std::exception_ptr& failure) {
  ASSERT_NE(failure, nullptr);
  EXPECT_THROW(std::rethrow_exception(failure), Expected);
}

class InGroup : public ::testing::Test {
 protected:
  void SetUp() override {
    if (!has_gloo()) GTEST_SKIP() << "built without Gloo";
  }
  MeetingPlace place_;
};

}  // namespace musl::test

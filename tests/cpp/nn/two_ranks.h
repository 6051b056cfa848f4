#pragma once

// Two ranks of a group that trains together, as two threads.

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <exception>
#include <filesystem>
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

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <string>

#include "folder_fixture.h"
#include "io/file.h"

namespace musl {
namespace {

class Locked : public test::Folder {
 protected:
  /// Whether another process gets the lock.
  [[nodiscard]] bool is_free() const {
    const pid_t child = ::fork();
    if (child == 0) ::_exit(LockFile(path_).is_ours() ? 0 : 1);
    int status = 0;
    ::waitpid(child, &status, 0);
    return WIFEXITED(status) && WEXITSTATUS(status) == 0;
  }

  std::string path_ = path("lock");
};

TEST_F(Locked, OneProcessHasTheLockUntilItLetsGo) {
  {
    const LockFile lock(path_);
    EXPECT_TRUE(lock.is_ours());
    EXPECT_FALSE(is_free());
    EXPECT_FALSE(is_free()) << "the other process ended it";
  }
  EXPECT_TRUE(is_free());
}

TEST_F(Locked, AProcessThatIsKilledLetsGo) {
  const pid_t child = ::fork();
  if (child == 0) {
    const LockFile lock(path_);
    ::_exit(lock.is_ours() ? 0 : 1);  // runs no destructor
  }
  ::waitpid(child, nullptr, 0);
  EXPECT_TRUE(std::filesystem::exists(file("lock")));
  EXPECT_TRUE(LockFile(path_).is_ours());
}

TEST_F(Locked, AForkThatEndsLeavesTheLockToItsParent) {
  const LockFile lock(path_);
  const pid_t child = ::fork();
  if (child == 0) {
    lock.~LockFile();
    ::_exit(0);
  }
  ::waitpid(child, nullptr, 0);
  EXPECT_TRUE(std::filesystem::exists(file("lock")));
  EXPECT_FALSE(is_free());
}

TEST_F(Locked, WhereNoLockCanBeMadeWorkGoesOn) {
  EXPECT_TRUE(LockFile(path("absent/lock")).is_ours());
}

}  // namespace
}  // namespace musl

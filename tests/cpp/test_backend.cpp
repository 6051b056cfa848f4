#include <gtest/gtest.h>

#include <algorithm>
#include <string>

#include "base/error.h"
#include "folder_fixture.h"
#include "io/file.h"
#include "model/backend.h"

namespace musl::test {
namespace {

/// MUSL_FAKE_BACKEND, of the build, is the path of fake_backend.cpp's library.
std::string fake_path() {
  return std::filesystem::canonical(MUSL_FAKE_BACKEND).u8string();
}

std::string reason_of(const std::string& path) {
  try {
    open_backend(path);
  } catch (const BackendError& error) {
    return error.what();
  }
  return "";
}

class BackendTest : public Folder {};

// The first of this file: a process keeps the backend that it opens.
TEST_F(BackendTest, WithoutOneWhatNeedsItIsABackendError) {
  EXPECT_FALSE(has_backend());
  EXPECT_EQ(backend_path(), "");
  EXPECT_THROW((void)backend().device_info(), BackendError);
  EXPECT_THROW((void)backend().resolve_device("cpu"), BackendError);
  EXPECT_THROW((void)backend().fit({}, {}, {}, {}, {}), BackendError);
}

TEST_F(BackendTest, RefusesWhatIsNoBackendOfThisBuild) {
  EXPECT_NE(reason_of(path("absent.so")), "");
  const std::string text = write("text.so", "no library");
  EXPECT_NE(reason_of(text).find("is no backend of MuSL"), std::string::npos);

  auto bytes = read_file(fake_path());
  const std::string mark = "MuSL backend: ";
  const auto at =
      std::search(bytes.begin(), bytes.end(), mark.begin(), mark.end());
  ASSERT_NE(at, bytes.end());
  at[static_cast<std::ptrdiff_t>(mark.size())] = '?';
  const std::string other = path("other.so");
  write_file(other, bytes);
  EXPECT_NE(reason_of(other).find("another build"), std::string::npos);

  // The stamp alone makes no library.
  const std::string cut = path("cut.so");
  write_file(cut, {bytes.begin() + 16, bytes.end()});
  EXPECT_NE(reason_of(cut), "");
  EXPECT_FALSE(has_backend());
}

TEST_F(BackendTest, ErrorsKeepTheirClassOnTheWayOut) {
  open_backend(fake_path());
  EXPECT_EQ(backend_path(), fake_path());
  EXPECT_EQ(backend().device_info().libtorch_version, "none");
  const auto kind_of = [](const std::string& kind) -> std::string {
    try {
      (void)backend().resolve_device(kind);
    } catch (const Error& error) {
      EXPECT_EQ(error.what(), kind);
      return error.kind();
    }
    return "none";
  };
  for (const std::string kind :
       {"input", "gene", "shape", "leakage", "device", "backend", "diverged",
        "cancelled", "format", "internal"}) {
    EXPECT_EQ(kind_of(kind), kind);
  }
  EXPECT_THROW((void)backend().resolve_device("input"), InputError);
  EXPECT_THROW((void)backend().resolve_device("diverged"), DivergedError);
  EXPECT_THROW((void)backend().resolve_device("?"), std::out_of_range);
}

TEST_F(BackendTest, AProcessKeepsTheOneItOpened) {
  open_backend(fake_path());
  const std::string other = path("other.so");
  write_file(other, read_file(fake_path()));
  EXPECT_NE(reason_of(other).find("can't have"), std::string::npos);
  EXPECT_EQ(reason_of(fake_path()), "");
}

}  // namespace
}  // namespace musl::test

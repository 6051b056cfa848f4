#ifdef _WIN32

#define WIN32_LEAN_AND_MEAN
#ifndef NOMINMAX
#define NOMINMAX
#endif
#include <windows.h>

#include <algorithm>
#include <bitset>
#include <cstdint>
#include <utility>

#include "base/os.h"
#include "musl/parallel.h"

namespace musl {

int available_threads() {
  DWORD_PTR ours = 0, all = 0;
  ::GetProcessAffinityMask(::GetCurrentProcess(), &ours, &all);
  return std::max(1, static_cast<int>(std::bitset<64>(ours).count()));
}

void return_memory() {}

namespace os {

namespace {

namespace fs = std::filesystem;

std::wstring wide(const std::string& path) {
  return fs::u8path(path).wstring();
}

/// The words of the last error, without a stop.
std::string last_reason() {
  const DWORD error = ::GetLastError();
  wchar_t words[512];
  const DWORD n = ::FormatMessageW(
      FORMAT_MESSAGE_FROM_SYSTEM | FORMAT_MESSAGE_IGNORE_INSERTS, nullptr,
      error, 0, words, 512, nullptr);
  std::string reason = fs::path(words, words + n).u8string();
  reason.erase(reason.find_last_not_of(" .\r\n") + 1);
  return reason.empty() ? "error " + std::to_string(error) : reason;
}

[[noreturn]] void fail(const File& file) { file.refuse(last_reason()); }

HANDLE windows(std::intptr_t handle) {
  return reinterpret_cast<HANDLE>(handle);
}

constexpr DWORD kShared =
    FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE;

/// Opens folders, too, which status() then tells.
std::intptr_t open(const std::string& path, DWORD access, DWORD creation) {
  return reinterpret_cast<std::intptr_t>(
      ::CreateFileW(wide(path).c_str(), access, kShared, nullptr, creation,
                    FILE_FLAG_BACKUP_SEMANTICS, nullptr));
}

/// In the order of Open.
constexpr DWORD kAccess[] = {GENERIC_READ, GENERIC_WRITE, GENERIC_WRITE,
                             GENERIC_WRITE, GENERIC_READ | GENERIC_WRITE};
constexpr DWORD kCreation[] = {OPEN_EXISTING, OPEN_EXISTING, CREATE_NEW,
                               CREATE_NEW, OPEN_ALWAYS};

/// At most this much in one call.
DWORD piece(std::size_t n) {
  return static_cast<DWORD>(std::min<std::size_t>(n, 1U << 30));
}

OVERLAPPED at(std::uint64_t offset) {
  OVERLAPPED place{};
  place.Offset = static_cast<DWORD>(offset);
  place.OffsetHigh = static_cast<DWORD>(offset >> 32);
  return place;
}

}  // namespace

File::File(const std::string& path, Open how, std::string name)
    : name_(std::move(name)),
      how_(how),
      handle_(open(path, kAccess[static_cast<int>(how)],
                   kCreation[static_cast<int>(how)])) {
  if (handle_ == -1) fail(*this);
}

File::~File() {
  if (handle_ != -1) ::CloseHandle(windows(handle_));
}

Status File::status() const {
  BY_HANDLE_FILE_INFORMATION info{};
  const DWORD kind = ::GetFileType(windows(handle_));
  if (kind == FILE_TYPE_PIPE) return {fs::file_type::fifo};
  if (kind != FILE_TYPE_DISK) return {};
  if (!::GetFileInformationByHandle(windows(handle_), &info)) fail(*this);
  const bool is_folder =
      (info.dwFileAttributes & FILE_ATTRIBUTE_DIRECTORY) != 0;
  return {is_folder ? fs::file_type::directory : fs::file_type::regular,
          std::uint64_t{info.nFileSizeHigh} << 32 | info.nFileSizeLow};
}

std::size_t File::read(std::uint64_t offset, std::size_t n, void* out) const {
  OVERLAPPED place = at(offset);
  DWORD got = 0;
  if (!::ReadFile(windows(handle_), out, piece(n), &got, &place) &&
      ::GetLastError() != ERROR_HANDLE_EOF) {
    fail(*this);
  }
  return got;
}

void File::write(const void* bytes, std::size_t n) const {
  for (std::size_t done = 0; done < n;) {
    DWORD written = 0;
    if (!::WriteFile(windows(handle_), static_cast<const char*>(bytes) + done,
                     piece(n - done), &written, nullptr)) {
      fail(*this);
    }
    done += written;
  }
}

void File::sync() const {
  if (!::FlushFileBuffers(windows(handle_))) fail(*this);
}

bool File::lock() const {
  OVERLAPPED place{};
  return ::LockFileEx(windows(handle_),
                      LOCKFILE_EXCLUSIVE_LOCK | LOCKFILE_FAIL_IMMEDIATELY, 0, 1,
                      0, &place) != 0 ||
         ::GetLastError() != ERROR_LOCK_VIOLATION;
}

void replace(const std::string& file, const std::string& path) {
  if (!::MoveFileExW(wide(file).c_str(), wide(path).c_str(),
                     MOVEFILE_REPLACE_EXISTING | MOVEFILE_WRITE_THROUGH)) {
    refuse(path, Open::make, last_reason());
  }
}

int process_id() { return static_cast<int>(::GetCurrentProcessId()); }

void* load_function(const std::string& path, const char* name,
                    std::string* reason) {
  const HMODULE library = ::LoadLibraryW(wide(path).c_str());
  void* found = library != nullptr
                    ? reinterpret_cast<void*>(::GetProcAddress(library, name))
                    : nullptr;
  if (found == nullptr) *reason = last_reason();
  return found;
}

void* find_function(const char* library, const char* name) {
  const HMODULE loaded = ::GetModuleHandleA(library);
  return loaded != nullptr
             ? reinterpret_cast<void*>(::GetProcAddress(loaded, name))
             : nullptr;
}

}  // namespace os
}  // namespace musl

#endif

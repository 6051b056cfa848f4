#include "model/backend.h"

#include <algorithm>
#include <filesystem>
#include <mutex>

#include "base/error.h"
#include "base/os.h"
#include "io/file.h"
#include "model/backend_stamp.h"

namespace musl {

namespace {

using BackendFunction = const Backend*();

/// The backend of this process; it remains open until the process ends.
struct Door {
  std::mutex mutex;
  const Backend* backend = nullptr;
  std::string path;
};

Door& door() {
  static Door the_door;
  return the_door;
}

std::string real_path(const std::string& path) {
  const auto whole = std::filesystem::absolute(std::filesystem::u8path(path));
  std::error_code error;
  const auto real = std::filesystem::canonical(whole, error);
  return (error ? whole : real).u8string();
}

/// The stamp in the shared library at `path`; empty without one. LibTorch is
/// not loaded for a library that does not match: it could not be unloaded.
std::string read_stamp(const std::string& path) {
  std::vector<std::uint8_t> bytes;
  try {
    bytes = read_file(path);
  } catch (const FormatError& error) {
    throw BackendError(error.what());
  }
  const std::string mark = MUSL_BACKEND_MARK;
  const auto found =
      std::search(bytes.begin(), bytes.end(), mark.begin(), mark.end());
  if (found == bytes.end()) return "";
  const auto end = std::find(found, bytes.end(), std::uint8_t{0});
  return {found + static_cast<std::ptrdiff_t>(mark.size()), end};
}

void check_stamp(const std::string& path) {
  const std::string own = backend_stamp();
  const std::string found = read_stamp(path);
  if (found == own) return;
  if (found.empty()) {
    throw BackendError("\"" + path + "\" is no backend of MuSL.");
  }
  throw BackendError("The backend \"" + path +
                     "\" belongs to another build of MuSL: it is of " + found +
                     "; this is " + own + ".");
}

const Backend* load(const std::string& path) {
  std::string reason = "no reason was given";
  void* open = os::load_function(path, "musl_backend", &reason);
  if (open == nullptr) {
    throw BackendError("The backend \"" + path +
                       "\" can't be loaded: " + reason + ".");
  }
  return reinterpret_cast<BackendFunction*>(open)();
}

}  // namespace

void open_backend(const std::string& path) {
  Door& the_door = door();
  const std::lock_guard<std::mutex> lock(the_door.mutex);
  const std::string wanted = real_path(path);
  if (the_door.backend != nullptr) {
    if (the_door.path == wanted) return;
    throw BackendError("The backend \"" + the_door.path +
                       "\" is open, and a process can't have \"" + wanted +
                       "\" beside it.");
  }
  check_stamp(wanted);
  the_door.backend = load(wanted);
  the_door.path = wanted;
}

void use_backend(const Backend& backend) {
  Door& the_door = door();
  const std::lock_guard<std::mutex> lock(the_door.mutex);
  the_door.backend = &backend;
  the_door.path.clear();
}

bool has_backend() { return door().backend != nullptr; }

std::string backend_path() { return door().path; }

const Backend& backend() {
  const Backend* open = door().backend;
  if (open == nullptr) {
    throw BackendError(
        "This needs LibTorch, and no backend that has it is open.");
  }
  return *open;
}

}  // namespace musl

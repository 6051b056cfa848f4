#include "musl/old_checkpoint.h"

#include <exception>
#include <filesystem>
#include <new>
#include <nlohmann/json.hpp>

#include "musl/archive.h"
#include "musl/file.h"

namespace musl {

namespace {

bool is_exact(const std::string& path) {
  try {
    const auto bytes = read_file(path);
    const Archive archive = read_archive(bytes.data(), bytes.size());
    const auto found = archive.metadata.find("identity");
    return found != archive.metadata.end() &&
           !nlohmann::json::parse(found->second).contains(kInputsField);
  } catch (const std::bad_alloc&) {
    throw;
  } catch (const std::exception&) {
    return false;
  }
}

}  // namespace

std::string checkpoint_path(const ControlConfig& control, std::size_t member) {
  if (control.checkpoint.empty() || member == 0) return control.checkpoint;
  return control.checkpoint + "." + std::to_string(member + 1);
}

bool goes_on_exactly(const ControlConfig& control, std::size_t n_members) {
  if (control.checkpoint.empty()) return false;
  for (std::size_t i = 0; i < n_members; ++i) {
    const std::string path = checkpoint_path(control, i);
    if (std::filesystem::exists(path) && is_exact(path)) return true;
  }
  return false;
}

}  // namespace musl

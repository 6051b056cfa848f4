#include "nn/learn/target_source.h"

#include <map>
#include <utility>

#include "musl/error.h"

namespace musl::nn {

namespace {

// A function's static, because sources register before main().
std::map<std::string, TargetFactory>& target_registry() {
  static std::map<std::string, TargetFactory> sources;
  return sources;
}

}  // namespace

void TargetSource::refresh(const TargetContext&) {}
void TargetSource::phase_ended(const TargetContext&) {}
void TargetSource::put_state(const std::string&, Archive*) const {}
void TargetSource::get_state(const std::string&, const Archive&) {}

bool register_target(const std::string& name, TargetFactory factory) {
  target_registry()[name] = std::move(factory);
  return true;
}

std::unique_ptr<TargetSource> make_target(const std::string& target) {
  const auto colon = target.find(':');
  const auto found = target_registry().find(target.substr(0, colon));
  if (found != target_registry().end()) {
    return found->second(colon == std::string::npos ? std::string()
                                                    : target.substr(colon + 1));
  }
  std::string known;
  for (const auto& item : target_registry()) {
    known += (known.empty() ? "" : ", ") + item.first;
  }
  throw InputError("The target of a loss must be a registered one; found \"" +
                   target + "\", known are: " + known + ".");
}

}  // namespace musl::nn

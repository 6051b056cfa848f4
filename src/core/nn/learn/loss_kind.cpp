#include "nn/learn/loss_kind.h"

#include <map>
#include <utility>

#include "musl/error.h"

namespace musl::nn {

namespace {

// A function's static, because kinds register before main().
std::map<std::string, LossKind>& loss_registry() {
  static std::map<std::string, LossKind> kinds;
  return kinds;
}

}  // namespace

bool register_loss(LossKind kind) {
  const std::string name = kind.name;
  loss_registry()[name] = std::move(kind);
  return true;
}

const LossKind& loss_kind(const std::string& name) {
  const auto found = loss_registry().find(name);
  if (found != loss_registry().end()) return found->second;
  std::string known;
  for (const auto& item : loss_registry()) {
    known += (known.empty() ? "" : ", ") + item.first;
  }
  throw InputError("A loss must be of a registered kind; found \"" + name +
                   "\", known are: " + known + ".");
}

}  // namespace musl::nn

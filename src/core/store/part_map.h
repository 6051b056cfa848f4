#pragma once

#include <algorithm>
#include <any>
#include <map>
#include <string>
#include <typeindex>
#include <vector>

namespace musl {

/// Values by type, one of each.
class PartMap {
 public:
  /// The value; an empty one if it is absent.
  template <class Part>
  [[nodiscard]] const Part& part() const {
    static const Part none{};
    const auto found = parts_.find(typeid(Part));
    const auto* known =
        found == parts_.end() ? nullptr : std::any_cast<Part>(&found->second);
    return known == nullptr ? none : *known;
  }
  /// The same, to be changed.
  template <class Part>
  [[nodiscard]] Part& part() {
    std::any& slot = parts_[typeid(Part)];
    if (!slot.has_value()) slot = Part{};
    return *std::any_cast<Part>(&slot);
  }

 private:
  std::map<std::type_index, std::any> parts_;
};

/// The one of this name, null if there is none.
template <class Named>
[[nodiscard]] const Named* find_named(const std::vector<Named>& all,
                                      const std::string& name) {
  const auto found = std::find_if(
      all.begin(), all.end(), [&](const Named& x) { return x.name == name; });
  return found == all.end() ? nullptr : &*found;
}

/// Entries with names.
template <class Named>
struct NamedList : std::vector<Named> {
  using std::vector<Named>::vector;
};

}  // namespace musl

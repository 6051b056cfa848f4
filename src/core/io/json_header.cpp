#include <nlohmann/json.hpp>
#include <set>
#include <vector>

#include "io/safetensors.h"
#include "musl/error.h"
#include "musl/text_file.h"

namespace musl {

namespace {

using Json = nlohmann::json;

constexpr std::size_t kMaxDepth = 8;

/// Checks each key as it is parsed; the parser alone keeps the last of two.
class KeyCheck {
 public:
  bool operator()(int depth, Json::parse_event_t event, const Json& parsed) {
    const auto level = static_cast<std::size_t>(depth);
    if (event == Json::parse_event_t::object_start) {
      if (level > kMaxDepth) throw FormatError("its header is nested too deep");
      keys_.resize(level + 1);
      keys_.back().clear();
    } else if (event == Json::parse_event_t::array_start) {
      if (level > kMaxDepth) throw FormatError("its header is nested too deep");
    } else if (event == Json::parse_event_t::key) {
      // A key's depth is that of its values, one below its object's.
      check(parsed.get_ref<const std::string&>(), &keys_.at(level - 1));
    }
    return true;
  }

 private:
  static void check(const std::string& key, std::set<std::string>* keys) {
    if (key.find('\0') != std::string::npos) {
      throw FormatError("its header has a zero byte in the name " +
                        show_field(key));
    }
    if (!keys->insert(key).second) {
      throw FormatError("its header has " + show_field(key) + " twice");
    }
  }

  std::vector<std::set<std::string>> keys_;  // of the open objects
};

}  // namespace

Json parse_json_header(const std::string& text) {
  KeyCheck check;
  Json header = Json::parse(
      text,
      [&check](int depth, Json::parse_event_t event, Json& parsed) {
        return check(depth, event, parsed);
      },
      /*allow_exceptions=*/false);
  if (!header.is_object()) throw FormatError("its header is no JSON object");
  return header;
}

}  // namespace musl

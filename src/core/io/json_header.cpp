#include <algorithm>
#include <nlohmann/json.hpp>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "io/safetensors.h"
#include "musl/error.h"

namespace musl {

namespace {

using Json = nlohmann::json;

constexpr std::size_t kMaxDepth = 8;

/// Checks the keys of every object; the parser alone keeps the last of two, and
/// with a callback takes time in the square of the keys.
class KeyCheck final : public nlohmann::json_sax<Json> {
 public:
  bool key(std::string& name) override {
    if (name.find('\0') != std::string::npos) {
      throw FormatError("its header has a zero byte in the name " +
                        show_field(name));
    }
    if (!keys_.back().insert(name).second) {
      throw FormatError("its header has " + show_field(name) + " twice");
    }
    return true;
  }
  bool start_object(std::size_t /*size*/) override { return open(); }
  bool start_array(std::size_t /*size*/) override { return open(); }
  bool end_object() override { return close(); }
  bool end_array() override { return close(); }
  bool null() override { return true; }
  bool boolean(bool /*value*/) override { return true; }
  bool number_integer(std::int64_t /*value*/) override { return true; }
  bool number_unsigned(std::uint64_t /*value*/) override { return true; }
  bool number_float(double /*value*/, const std::string& /*text*/) override {
    return true;
  }
  bool string(std::string& /*value*/) override { return true; }
  bool binary(Json::binary_t& /*value*/) override { return true; }
  bool parse_error(std::size_t /*position*/, const std::string& /*token*/,
                   const Json::exception& /*error*/) override {
    return false;
  }

 private:
  bool open() {
    if (keys_.size() > kMaxDepth) {
      throw FormatError("its header is nested too deep");
    }
    keys_.emplace_back();
    return true;
  }
  bool close() {
    keys_.pop_back();
    return true;
  }

  std::vector<std::set<std::string>> keys_;  // of what is open
};

}  // namespace

std::string show_field(std::string_view field) {
  constexpr std::size_t kMost = 40;
  std::size_t end = std::min(field.size(), kMost);
  // A character of several bytes is not cut in two.
  while (end > 0 && end < field.size() &&
         (static_cast<unsigned char>(field[end]) & 0xc0u) == 0x80u) {
    --end;
  }
  std::string shown = std::string(field.substr(0, end));
  for (char& c : shown) {
    if (static_cast<unsigned char>(c) < 0x20 || c == '\x7f') c = '?';
  }
  return "\"" + shown + (field.size() > end ? "..." : "") + "\"";
}

Json parse_json_header(const std::string& text) {
  KeyCheck check;
  Json header;
  if (Json::sax_parse(text, &check)) {
    header = Json::parse(text, nullptr, /*allow_exceptions=*/false);
  }
  if (!header.is_object()) throw FormatError("its header is no JSON object");
  return header;
}

}  // namespace musl

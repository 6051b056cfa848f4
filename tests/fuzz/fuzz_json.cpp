// The JSON that metadata are kept in.
#include <nlohmann/json.hpp>

#include "fuzz.h"
#include "io/safetensors.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data,
                                      std::size_t size) {
  return musl::fuzz::run(data, size, [](const std::string& text) {
    const nlohmann::json header = musl::parse_json_header(text);
    musl::fuzz::require(header.is_object());
    const std::string again =
        header.dump(-1, ' ', false, nlohmann::json::error_handler_t::strict);
    musl::fuzz::require(musl::parse_json_header(again) == header);
  });
}

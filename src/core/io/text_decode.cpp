#include <algorithm>
#include <array>
#include <utility>

#include "io/text_source.h"
#include "musl/error.h"

namespace musl {

namespace {

constexpr std::size_t kUnitBytes = 1 << 16;  // read at a time

class DecodeSource : public ByteSource {
 public:
  DecodeSource(std::string name, std::unique_ptr<ByteSource> source,
               const TextForm& form)
      : name_(std::move(name)), source_(std::move(source)), form_(form) {
    std::array<char, 4> mark{};
    (void)source_->read(mark.data(), form.mark);
  }

  [[nodiscard]] std::size_t read(char* out, std::size_t n) override {
    std::size_t done = 0;
    while (done < n && fill()) {
      const std::size_t take = std::min(n - done, ready_.size() - at_);
      std::copy_n(ready_.data() + at_, take, out + done);
      at_ += take;
      done += take;
    }
    return done;
  }

 private:
  /// Whether there are decoded bytes to hand out.
  bool fill() {
    while (at_ == ready_.size()) {
      std::string raw;
      if (read_more(source_.get(), kUnitBytes, &raw) == 0) return false;
      ready_.clear();
      at_ = 0;
      if (form_.encoding == Encoding::utf8) {
        ready_ = std::move(raw);
      } else {
        decode(raw);
      }
      if (form_.lone_returns) {
        std::replace(ready_.begin(), ready_.end(), '\r', '\n');
      }
    }
    return true;
  }

  void decode(const std::string& raw) {
    const bool little = form_.encoding == Encoding::utf16_little;
    // read() gives an odd number of bytes at the end of the text alone.
    if (raw.size() % 2 != 0) refuse("ends within a character");
    for (std::size_t i = 0; i + 1 < raw.size(); i += 2) {
      const auto first = static_cast<unsigned char>(raw[i]);
      const auto second = static_cast<unsigned char>(raw[i + 1]);
      add_unit(little ? first | second << 8 : first << 8 | second);
    }
  }

  void add_unit(int unit) {
    const auto value = static_cast<std::uint32_t>(unit);
    const bool low = value >= 0xdc00 && value < 0xe000;
    if (low != (high_ != 0)) refuse("has half a character");
    if (low) {
      append_utf8(0x10000 + ((high_ - 0xd800) << 10) + (value - 0xdc00),
                  &ready_);
      high_ = 0;
    } else if (value >= 0xd800 && value < 0xdc00) {
      high_ = value;
    } else {
      append_utf8(value, &ready_);
    }
  }

  [[noreturn]] void refuse(const std::string& what) const {
    refuse_text(name_, 0, "", "its UTF-16 text " + what,
                "Save the file as UTF-8.");
  }

  std::string name_;
  std::unique_ptr<ByteSource> source_;
  TextForm form_;
  std::string ready_;
  std::size_t at_ = 0;
  std::uint32_t high_ = 0;  // first half of a pair of UTF-16 units
};

}  // namespace

std::unique_ptr<ByteSource> decode_source(const std::string& name,
                                          std::unique_ptr<ByteSource> source,
                                          const TextForm& form) {
  return std::make_unique<DecodeSource>(name, std::move(source), form);
}

}  // namespace musl

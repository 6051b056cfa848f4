#include <zlib.h>

#include <algorithm>
#include <limits>

#include "io/text_source.h"
#include "musl/error.h"

namespace musl {

namespace {

constexpr int kWindow = 15;  // the largest of deflate
constexpr int kGzipWrapper = 16;

class InflateSource : public ByteSource {
 public:
  InflateSource(std::string name, const Deflated& deflated,
                const TextLimits& limits)
      : name_(std::move(name)), deflated_(deflated), limits_(limits) {
    const int bits = deflated.gzip ? kWindow + kGzipWrapper : -kWindow;
    if (::inflateInit2(&stream_, bits) != Z_OK) {
      throw InternalError("zlib could not be started.");
    }
    left_ = deflated.bytes;
    crc_ = static_cast<std::uint32_t>(::crc32(0, nullptr, 0));
  }
  ~InflateSource() override { ::inflateEnd(&stream_); }

  [[nodiscard]] std::size_t read(char* out, std::size_t n) override {
    std::size_t done = 0;
    while (done < n && !ended_) done += inflate_some(out + done, n - done);
    check_size();
    if (deflated_.size >= 0) check_sum(out, done);
    return done;
  }

 private:
  std::size_t inflate_some(char* out, std::size_t n) {
    constexpr std::size_t kMost = std::numeric_limits<uInt>::max() / 2;
    const std::size_t give = std::min(left_.size(), kMost);
    const std::size_t room = std::min(n, kMost);
    // zlib does not write to its input; its interface is older than const.
    stream_.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(left_.data()));
    stream_.avail_in = static_cast<uInt>(give);
    stream_.next_out = reinterpret_cast<Bytef*>(out);
    stream_.avail_out = static_cast<uInt>(room);
    const int status = ::inflate(&stream_, Z_NO_FLUSH);
    const std::size_t used = give - stream_.avail_in;
    const std::size_t made = room - stream_.avail_out;
    left_.remove_prefix(used);
    total_ += static_cast<std::int64_t>(made);
    if (status == Z_STREAM_END) {
      end_member();
    } else if (status == Z_BUF_ERROR || (used == 0 && made == 0)) {
      refuse_truncated();
    } else if (status != Z_OK) {
      refuse_text(name_, 0, "", "its compressed data are damaged",
                  "Download or copy the file again.");
    }
    return made;
  }

  /// A gzip file may have several consecutive members.
  void end_member() {
    const bool more = deflated_.gzip && left_.size() > 1 &&
                      left_[0] == '\x1f' && left_[1] == '\x8b';
    const auto is_padding = [](char c) { return c == '\0'; };
    if (more) {
      if (::inflateReset(&stream_) != Z_OK) {
        throw InternalError("zlib could not go on.");
      }
      return;
    }
    if (!std::all_of(left_.begin(), left_.end(), is_padding) ||
        (!deflated_.gzip && !left_.empty())) {
      refuse_text(name_, 0, "", "other data follow its compressed data",
                  "Download or copy the file again.");
    }
    ended_ = true;
  }

  [[noreturn]] void refuse_truncated() const {
    refuse_text(name_, 0, "",
                "it is truncated: its compressed data end within the text, "
                "after " +
                    std::to_string(total_) + " bytes or more",
                "Download or copy the file again.");
  }

  void check_size() const {
    const auto packed = static_cast<std::int64_t>(deflated_.bytes.size());
    const bool bomb =
        total_ > limits_.free_bytes && total_ / limits_.max_ratio > packed;
    if (bomb || total_ > limits_.max_bytes) {
      refuse_text(name_, 0, "",
                  "its " + std::to_string(packed) +
                      " compressed bytes unfold to more than " +
                      std::to_string(total_ - 1) + " bytes",
                  "No table of this kind does; unpack the file yourself if "
                  "you trust it.");
    }
  }

  void check_sum(const char* out, std::size_t n) {
    crc_ = static_cast<std::uint32_t>(
        ::crc32_z(crc_, reinterpret_cast<const Bytef*>(out), n));
    if (ended_ && (total_ != deflated_.size || crc_ != deflated_.crc)) {
      refuse_text(name_, 0, "",
                  "its member does not have the size or checksum announced",
                  "Download or copy the file again.");
    }
  }

  std::string name_;
  Deflated deflated_;
  TextLimits limits_;
  z_stream stream_{};
  std::string_view left_;
  std::int64_t total_ = 0;
  std::uint32_t crc_ = 0;
  bool ended_ = false;
};

}  // namespace

std::size_t MemorySource::read(char* out, std::size_t n) {
  n = std::min(n, left_.size());
  std::copy_n(left_.data(), n, out);
  left_.remove_prefix(n);
  return n;
}

std::unique_ptr<ByteSource> inflate_source(const std::string& name,
                                           const Deflated& deflated,
                                           const TextLimits& limits) {
  return std::make_unique<InflateSource>(name, deflated, limits);
}

}  // namespace musl

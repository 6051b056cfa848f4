#include "musl/text_file.h"

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <new>
#include <optional>
#include <utility>

#include "base/os.h"
#include "io/regular_file.h"
#include "io/text_source.h"
#include "musl/error.h"

namespace musl {

namespace {

constexpr std::size_t kHead = TextFile::kHeadBytes;
constexpr std::size_t kFirstRoom = std::size_t{16} << 20;

bool is_packed(std::string_view bytes) {
  return bytes.substr(0, 2) == "\x1f\x8b" || bytes.substr(0, 4) == "PK\3\4";
}

std::unique_ptr<ByteSource> unpack(const std::string& name,
                                   std::string_view bytes,
                                   const TextLimits& limits) {
  if (bytes.substr(0, 4) == "PK\3\4") return zip_source(name, bytes, limits);
  if (is_packed(bytes)) return inflate_source(name, {bytes}, limits);
  return std::make_unique<MemorySource>(bytes);
}

std::string read_head(ByteSource* source) {
  std::string head;
  (void)read_more(source, kHead, &head);
  return head;
}

}  // namespace

/// A buffer that grows as realloc() does: by moving pages instead of copying
/// bytes, where the system can.
class TextFile::Buffer {
 public:
  void reserve(std::size_t n) {
    void* grown = std::realloc(bytes_.get(), n);
    if (grown == nullptr) throw std::bad_alloc();
    static_cast<void>(bytes_.release());
    bytes_.reset(static_cast<char*>(grown));
    capacity_ = n;
  }
  [[nodiscard]] char* data() { return bytes_.get(); }
  [[nodiscard]] std::size_t capacity() const { return capacity_; }

 private:
  std::unique_ptr<char, decltype(&std::free)> bytes_{nullptr, &std::free};
  std::size_t capacity_ = 0;
};

struct TextFile::State {
  explicit State(const std::string& path) : file(path) {}
  explicit State(std::string&& content) : bytes(std::move(content)) {}

  std::optional<RegularFile> file;
  std::string bytes;
  std::unique_ptr<ByteSource> source;  // none where the text is `direct`
  std::string_view direct;
  std::string head;       // of a source, taken off it
  std::size_t taken = 0;  // of head or direct, by read()
  Buffer all;
};

TextFile::TextFile(const std::string& path, const TextLimits& limits)
    : name_(path), state_(std::make_unique<State>(path)) {
  start(state_->file->map(), limits);
}

TextFile::TextFile(std::string name, std::string bytes,
                   const TextLimits& limits)
    : name_(std::move(name)),
      state_(std::make_unique<State>(std::move(bytes))) {
  start(state_->bytes, limits);
}

TextFile::~TextFile() = default;

void TextFile::start(std::string_view bytes, const TextLimits& limits) {
  const bool packed = is_packed(bytes);
  std::string head;
  if (packed) {
    head = read_head(unpack(name_, bytes, limits).get());
  } else {
    head = bytes.substr(0, kHead);
  }
  const TextForm form = sniff_text(name_, head);
  const bool as_is = form.encoding == Encoding::utf8 && !form.lone_returns;
  if (!packed && as_is) {
    state_->direct = bytes.substr(form.mark);
    return;
  }
  state_->source = decode_source(name_, unpack(name_, bytes, limits), form);
  state_->head = read_head(state_->source.get());
}

std::string_view TextFile::head(std::size_t most) const {
  State& state = *state_;
  if (!state.source) return state.direct.substr(0, most);
  const std::size_t size = state.head.size();
  if (size < most) {
    (void)read_more(state.source.get(), most - size, &state.head);
  }
  return std::string_view(state.head).substr(0, most);
}

std::size_t TextFile::read(char* out, std::size_t n) {
  check_size();  // before missing pages are read
  State& state = *state_;
  const std::string_view ready =
      state.source ? std::string_view(state.head) : state.direct;
  const std::size_t first = std::min(n, ready.size() - state.taken);
  std::copy_n(ready.data() + state.taken, first, out);
  state.taken += first;
  std::size_t rest = 0;
  if (first < n && state.source)
    rest = state.source->read(out + first, n - first);
  check_size();
  return first + rest;
}

void TextFile::check_size() const {
  if (state_->file) state_->file->check_size();
}

std::string_view TextFile::whole() {
  State& state = *state_;
  if (!state.source) return state.direct;
  std::size_t size = 0;
  for (;;) {
    if (size > os::memory()) {
      refuse_text(name_, 0, "",
                  "it unfolds to more than the memory of this machine",
                  "Unpack it and read a part of it.");
    }
    if (size == state.all.capacity()) {
      state.all.reserve(std::max(kFirstRoom, size + size / 2));
    }
    const std::size_t room = state.all.capacity() - size;
    const std::size_t got = read(state.all.data() + size, room);
    size += got;
    if (got < room) break;
  }
  return {state.all.data(), size};
}

void TextFile::release(std::string_view part) const {
  // Only the text of a plain file can be read again.
  if (!state_->source && state_->file) os::release(part);
}

bool TextFile::is_plain() const { return !state_->source; }

void write_text(TextFile* file, const std::string& path) {
  std::string block(std::size_t{1} << 22, '\0');
  std::ofstream out(std::filesystem::u8path(path), std::ios::binary);
  for (std::size_t got = block.size(); got == block.size() && out;) {
    got = file->read(block.data(), block.size());
    out.write(block.data(), static_cast<std::streamsize>(got));
  }
  out.close();
  if (!out) {
    throw FormatError("Can't write \"" + path + "\", the text of \"" +
                      file->name() +
                      "\".\nSet TMPDIR to a directory with more "
                      "room and start R anew.");
  }
}

std::vector<std::string> read_lines(const std::string& path) {
  constexpr std::string_view kBlanks = " \t\r";
  TextFile file(path);
  std::string_view text = file.whole();
  std::vector<std::string> lines;
  for (std::int64_t number = 1; !text.empty(); ++number) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    const std::string_view line = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    const std::size_t first = line.find_first_not_of(kBlanks);
    if (first == std::string_view::npos) continue;
    const std::size_t last = line.find_last_not_of(kBlanks);
    lines.push_back(
        field_utf8(line.substr(first, last - first + 1), path, number));
  }
  file.check_size();
  return lines;
}

}  // namespace musl

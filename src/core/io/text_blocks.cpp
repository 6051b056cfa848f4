#include "musl/text_blocks.h"

#include <algorithm>
#include <atomic>
#include <exception>
#include <mutex>
#include <string>
#include <thread>
#include <utility>

#include "io/text_source.h"
#include "musl/error.h"
#include "musl/parallel.h"

namespace musl {

namespace {

constexpr std::size_t kMaxGrowth = 16;

/// Cuts a file into blocks that end with a record.
class BlockCutter {
 public:
  BlockCutter(TextFile* file, const Dialect& dialect, std::size_t block_bytes)
      : file_(file), dialect_(dialect), block_bytes_(block_bytes) {}

  /// Skips `n` lines, ignoring quotes. Call before the first block.
  void skip(std::int64_t n) {
    std::size_t at = 0;
    while (n > 0) {
      const std::size_t end = rest_.find('\n', at);
      if (end != std::string::npos) {
        at = end + 1;
        ++line_;
        --n;
        continue;
      }
      rest_.clear();
      at = 0;
      if (!append(&rest_)) return;
    }
    rest_.erase(0, at);
  }

  /// The next block, its text in `storage`; false at the end.
  bool next(std::string* storage, TextBlock* block) {
    *storage = std::move(rest_);
    rest_.clear();
    std::size_t cut = 0;
    while (cut == 0) {
      if (storage->size() > kMaxGrowth * block_bytes_) refuse_long();
      if (!append(storage)) {
        cut = storage->size();
        break;
      }
      cut = end_of_records(*storage);
    }
    rest_.assign(*storage, cut, std::string::npos);
    storage->resize(cut);
    block->text = *storage;
    block->index = index_++;
    block->first_line = line_;
    line_ += std::count(storage->begin(), storage->end(), '\n');
    return !storage->empty();
  }

  [[nodiscard]] std::int64_t n_cut() const { return index_; }

 private:
  /// False at the end of the file.
  bool append(std::string* storage) {
    if (ended_) return false;
    // After a full block, the next one is probably full.
    const std::size_t first = index_ == 0 ? kFirstRead : block_bytes_;
    const std::size_t got = read_more(file_, block_bytes_, storage, first);
    ended_ = got < block_bytes_;
    return got > 0;
  }

  /// End of the last complete record, 0 for none.
  [[nodiscard]] std::size_t end_of_records(const std::string& text) const {
    const std::size_t last = text.rfind('\n');
    if (last == std::string::npos) return 0;
    if (dialect_.quote == '\0' ||
        text.find(dialect_.quote) == std::string::npos) {
      return last + 1;
    }
    return end_of_quoted_records(std::string_view(text).substr(0, last + 1));
  }

  /// If a quote is open at the end of the text, the last record is incomplete.
  [[nodiscard]] std::size_t end_of_quoted_records(std::string_view text) const {
    Records records(text, dialect_, file_->name(), line_);
    std::string_view record;
    std::size_t end = 0;
    try {
      while (records.next(&record)) end = text.size() - records.rest().size();
    } catch (const FormatError&) {
      return ended_ ? text.size() : end;
    }
    return text.size();
  }

  [[noreturn]] void refuse_long() const {
    refuse_text(file_->name(), line_, "",
                "a record of more than " +
                    std::to_string(kMaxGrowth * block_bytes_ >> 20) +
                    " MB begins here",
                "Is it a table, and is each quote closed?");
  }

  TextFile* file_;
  Dialect dialect_;
  std::size_t block_bytes_;
  std::string rest_;
  std::int64_t index_ = 0, line_ = 1;
  bool ended_ = false;
};

/// What was thrown for the first block that failed. Blocks are cut in order and
/// end once begun, so that it is the same for any order of threads.
class FirstFailure {
 public:
  /// To be called where the exception is caught.
  void keep(std::int64_t block) {
    const std::lock_guard<std::mutex> lock(keeping_);
    if (failure_ && block_ <= block) return;
    failure_ = std::current_exception();
    block_ = block;
  }
  void rethrow() const {
    if (failure_) std::rethrow_exception(failure_);
  }

 private:
  std::mutex keeping_;
  std::exception_ptr failure_ = nullptr;
  std::int64_t block_ = 0;
};

}  // namespace

void for_each_block(TextFile* file, const Dialect& dialect, int threads,
                    const std::function<void(const TextBlock&)>& work,
                    const std::function<bool()>& tick, std::size_t block_bytes,
                    std::int64_t skip_lines) {
  BlockCutter cutter(file, dialect, block_bytes);
  cutter.skip(skip_lines);
  std::mutex cutting;
  std::atomic<bool> stop{false}, cancelled{false};
  FirstFailure failure;
  const auto caller = std::this_thread::get_id();

  // False at the end, and once it has failed: a part of the text is lost then.
  const auto cut = [&](std::string* storage, TextBlock* block) {
    const std::lock_guard<std::mutex> lock(cutting);
    if (stop) return false;
    try {
      return cutter.next(storage, block);
    } catch (...) {
      failure.keep(cutter.n_cut());
      stop = true;
      return false;
    }
  };
  // One item of parallel_for() is one thread's share of the blocks.
  const auto share = [&](std::int64_t) {
    std::string storage;
    TextBlock block;
    while (cut(&storage, &block)) {
      try {
        work(block);
        if (tick && std::this_thread::get_id() == caller && !tick()) {
          cancelled = true;
          stop = true;
        }
      } catch (...) {
        failure.keep(block.index);
        stop = true;
      }
    }
  };
  if (threads <= 0) threads = available_threads();
  parallel_for(threads, threads, share);
  failure.rethrow();
  if (cancelled) throw CancelledError("Interrupted.");
}

}  // namespace musl

#include "refusals.h"

#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <csignal>
#include <cstring>
#include <exception>
#include <new>
#include <sstream>

#include "../failing_memory.h"
#include "kept_blocks.h"
#include "musl/error.h"
#include "stack_names.h"

namespace musl::test {
namespace {

using Numbers = std::vector<double>;
using Call = std::function<Numbers()>;

constexpr std::size_t kText = std::size_t{1} << 18;
constexpr int kRepeats = 3;     // of a place that keeps memory
constexpr int kUsableEach = 8;  // places, after which a call must be as before
constexpr int kEnded = 3, kUnstable = 4;

/// What a child tells its parent, in memory that both share.
struct Board {
  std::size_t at = 0;  // the place that is being tried
  std::int64_t allocations = 0;
  std::int64_t refused = 0, answered = 0, smaller = 0;
  std::int64_t k = 0;  // the allocation that is refused
  Shortage shortage = Shortage::one;
  std::size_t used = 0;
  char text[kText] = "";  // lines: a letter for the kind, what

  void tell(char kind, const std::string& what) {
    const std::string line = kind + what + "\n";
    if (used + line.size() >= kText) return;
    std::memcpy(text + used, line.data(), line.size());
    used += line.size();
  }
};
constexpr char kEndedIn = 'e', kCrashedIn = 'c', kKeptBy = 'k', kFault = 'f';

Board* board = nullptr;
char last_text[400];  // of an exception, where no memory is taken for it

void remember(const char* text) {
  std::strncpy(last_text, text, sizeof(last_text) - 1);
  std::replace(std::begin(last_text), std::end(last_text), '\n', ' ');
}

/// "allocation 7: ", or that and all that follow.
std::string place_text() {
  return "allocation " + std::to_string(board->k) +
         (board->shortage == Shortage::one ? ": " : " and on: ");
}

void tell_of_end(const std::string& function, const std::string& what) {
  const bool others = is_of_others(function);
  board->tell(others ? kEndedIn : kCrashedIn,
              others ? what : place_text() + what);
}

[[noreturn]] void tell_of_terminate() {
  stop_counting();
  std::string function = function_that_must_not_throw();
  if (function.empty()) function = innermost_function();
  tell_of_end(function, function);
  ::_exit(kEnded);
}

[[noreturn]] void tell_of_signal(int signal) {
  stop_counting();
  const std::string function = innermost_function();
  tell_of_end(function, "signal " + std::to_string(signal) + ", " + function);
  ::_exit(kEnded);
}

/// Was memory refused to LibTorch's engine of gradients, not to a function of
/// the core that it calls? It keeps the graph then.
bool refused_in_engine() {
  const Asker& asker = first_refusal();
  for (int i = 0; i < asker.n; ++i) {
    const std::string name = name_at(
        reinterpret_cast<std::uintptr_t>(asker.frames[std::size_t(i)]) - 1);
    if (name.find("torch::autograd::Engine::") != name.npos) return true;
    if (name.find("musl::nn::") != name.npos) return false;
  }
  return false;
}

enum class End { refused, answered, smaller, wrong };

End end_of(const Call& call, const Numbers& expected) {
  try {
    const Numbers got = call();
    stop_counting();
    if (got == expected) return End::answered;
    const bool finite = std::all_of(got.begin(), got.end(),
                                    [](double x) { return std::isfinite(x); });
    if (finite && got.size() == expected.size()) return End::smaller;
    remember("another answer");
  } catch (const std::bad_alloc&) {
    stop_counting();
    return End::refused;
  } catch (const std::exception& error) {
    stop_counting();
    if (std::strstr(error.what(), "ran out of memory") != nullptr) {
      return End::refused;
    }
    remember(error.what());
  }
  return End::wrong;
}

/// A child's calls, place by place.
class Trial {
 public:
  Trial(const Call& call, const RefusalPlan& plan) : call_(call), plan_(plan) {}

  [[noreturn]] void run() {
    expected_ = call_();  // fills what LibTorch caches, too
    if (call_() != expected_) ::_exit(kUnstable);
    start_counting(0, Shortage::one);
    if (call_() != expected_) ::_exit(kUnstable);
    board->allocations = stop_counting();
    const auto places = plan_.places(board->allocations);
    for (; board->at < 2 * places.size(); ++board->at) {
      board->shortage =
          board->at < places.size() ? Shortage::one : Shortage::lasting;
      board->k = places[board->at % places.size()];
      try_place();
    }
    if (call_() != expected_) board->tell(kFault, "the last call differs");
    ::_exit(0);
  }

 private:
  void try_place() {
    switch (end_without_leak()) {
      case End::refused:
        ++board->refused;
        break;
      case End::answered:
        ++board->answered;
        break;
      case End::smaller:
        ++board->smaller;
        break;
      case End::wrong:
        board->tell(kFault, place_text() + last_text);
    }
    if (board->at % kUsableEach == 0 && call_() != expected_) {
      board->tell(kFault, place_text() + "the next call differs");
    }
  }

  /// What the same place keeps each time is a leak; once, it is a cache.
  End end_without_leak() {
    End first = End::wrong;
    for (int i = 0; i < kRepeats; ++i) {
      const bool is_last = i + 1 == kRepeats;
      const auto before = live_blocks();
      if (is_last) start_noting_blocks();
      start_counting(board->k, board->shortage);
      const End end = end_of(call_, expected_);
      if (i == 0) first = end;
      const bool keeps = live_blocks() > before;
      const std::string by = is_last ? first_kept_block() : "";
      if (!keeps) break;
      if (!is_last) continue;
      const auto end_of_first = by.find("), ");
      const bool others = refused_in_engine() ||
                          is_of_others(end_of_first == by.npos
                                           ? by
                                           : by.substr(0, end_of_first + 1));
      board->tell(others ? kKeptBy : kFault,
                  others ? by : place_text() + "memory is kept by " + by);
    }
    return first;
  }

  const Call& call_;
  RefusalPlan plan_;
  Numbers expected_;
};

[[noreturn]] void work(const Call& call, const RefusalPlan& plan) {
  std::set_terminate(tell_of_terminate);
  for (const int signal : {SIGSEGV, SIGBUS, SIGABRT, SIGFPE}) {
    std::signal(signal, tell_of_signal);
  }
  Trial(call, plan).run();
}

/// How a child ended; false where no further one is of use.
bool goes_on(int status) {
  const int code = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  if (code == 0) return false;
  if (code == kUnstable) {
    board->tell(kFault, "the call itself gives other numbers each time");
    return false;
  }
  if (code != kEnded) {
    board->tell(kCrashedIn, "status " + std::to_string(status));
  }
  ++board->at;
  return true;
}

Refusals read_board() {
  Refusals out;
  out.allocations = board->allocations;
  out.tried = static_cast<std::int64_t>(board->at);
  out.refused = board->refused;
  out.answered = board->answered;
  out.smaller = board->smaller;
  std::istringstream lines(std::string(board->text, board->used));
  for (std::string line; std::getline(lines, line);) {
    const char kind = line[0];
    const std::string what = line.substr(1);
    if (kind == kEndedIn) ++out.ended_in[what];
    if (kind == kKeptBy) ++out.kept_by[what];
    if (kind == kFault) ++out.lost;
    if (kind == kCrashedIn) ++out.crashed;
    if (kind == kFault || kind == kCrashedIn) out.faults.push_back(what);
  }
  return out;
}

}  // namespace

Refusals refuse_each(const Call& call, const RefusalPlan& plan) {
  void* shared = ::mmap(nullptr, sizeof(Board), PROT_READ | PROT_WRITE,
                        MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  if (shared == MAP_FAILED) throw std::bad_alloc();
  board = new (shared) Board;
  int status = 0;
  do {
    const pid_t child = ::fork();
    if (child == 0) work(call, plan);
    if (child < 0 || ::waitpid(child, &status, 0) != child) {
      board->tell(kFault, "no process could be started");
      break;
    }
  } while (goes_on(status));
  Refusals out = read_board();
  ::munmap(shared, sizeof(Board));
  return out;
}

}  // namespace musl::test

/* Loaded before R (LD_PRELOAD): writes below one directory are counted, and the
 * k-th, or all from the k-th on, fail as the system's calls do. The state lies
 * in a file that this process and all that it starts have in memory.
 *
 * The C library's streams write by calls of its own that nobody sees from
 * outside. So those below the directory become streams over the functions of
 * this file: they buffer, and tell what failed, as the others do. */

#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

enum { kOpen, kWrite, kSync, kClose, kName, kRemoval, kKinds };

typedef struct {
  int armed;
  int first;   /* the k-th call is the first that fails; 0: none */
  int onwards; /* and all after it */
  int error;
  int seen;
  int failed;
  int seen_of[kKinds];
  int failed_of[kKinds];
  long long bytes;
  char directory[PATH_MAX];
} State;

static State* state;

#define REAL(name)               \
  static __typeof__(&name) real; \
  if (!real) real = (__typeof__(&name))dlsym(RTLD_NEXT, #name)

/* What is counted -----------------------------------------------------------
 */

static int is_below(const char* path) {
  const size_t n = strlen(state->directory);
  return !strncmp(path, state->directory, n) &&
         (path[n] == '/' || path[n] == '\0');
}

static int path_of(int fd, char* path) {
  char link[64];
  snprintf(link, sizeof(link), "/proc/self/fd/%d", fd);
  const ssize_t n = readlink(link, path, PATH_MAX - 1);
  if (n < 0) return 0;
  path[n] = '\0';
  return 1;
}

static int watched_fd(int fd) {
  if (!state || !state->armed) return 0;
  const int before = errno;
  char path[PATH_MAX];
  const int found = path_of(fd, path) && is_below(path);
  errno = before;
  return found;
}

/* The name itself need not be there, its directory is. */
static int watched_at(int directory, const char* name) {
  if (!state || !state->armed || !name) return 0;
  const int before = errno;
  char full[2 * PATH_MAX], parent[PATH_MAX];
  full[0] = '\0';
  if (name[0] != '/') {
    if (directory == AT_FDCWD ? !getcwd(full, PATH_MAX)
                              : !path_of(directory, full)) {
      errno = before;
      return 0;
    }
    strcat(full, "/");
  }
  strncat(full, name, PATH_MAX - 1);
  int found = 0;
  char* slash = strrchr(full, '/');
  if (slash && slash != full) {
    *slash = '\0';
    found = is_below(realpath(full, parent) ? parent : full);
  }
  errno = before;
  return found;
}

/* Whether this call shall fail; errno then tells why. Files can be removed
 * where there is no room, but not where nothing can be changed. */
static int fails(int kind, int* is_first) {
  const int rigid = state->error == EROFS || state->error == EIO;
  if (kind == kRemoval && !rigid) return 0;
  const int n = __atomic_add_fetch(&state->seen, 1, __ATOMIC_SEQ_CST);
  __atomic_add_fetch(&state->seen_of[kind], 1, __ATOMIC_SEQ_CST);
  const int k = state->first;
  if (k == 0 || n < k || (n > k && !state->onwards)) return 0;
  __atomic_add_fetch(&state->failed, 1, __ATOMIC_SEQ_CST);
  __atomic_add_fetch(&state->failed_of[kind], 1, __ATOMIC_SEQ_CST);
  if (is_first) *is_first = n == k;
  errno = state->error;
  return 1;
}

static ssize_t counted(ssize_t n) {
  if (n > 0) __atomic_add_fetch(&state->bytes, n, __ATOMIC_SEQ_CST);
  return n;
}

/* Opening -------------------------------------------------------------------
 */

static int writes(int flags) {
  return (flags & O_ACCMODE) != O_RDONLY || (flags & (O_CREAT | O_TRUNC));
}

/* The mode is given where a file may be made. */
#define OPEN(name, at, give, take)                               \
  int name give {                                                \
    REAL(name);                                                  \
    va_list rest;                                                \
    va_start(rest, flags);                                       \
    const mode_t mode =                                          \
        flags & (O_CREAT | O_TMPFILE) ? va_arg(rest, mode_t) : 0; \
    va_end(rest);                                                \
    if (writes(flags) && watched_at(at, path) && fails(kOpen, 0)) \
      return -1;                                                 \
    return real take;                                            \
  }
OPEN(open, AT_FDCWD, (const char* path, int flags, ...), (path, flags, mode))
OPEN(open64, AT_FDCWD, (const char* path, int flags, ...), (path, flags, mode))
OPEN(openat, directory, (int directory, const char* path, int flags, ...),
     (directory, path, flags, mode))
OPEN(openat64, directory, (int directory, const char* path, int flags, ...),
     (directory, path, flags, mode))

int creat(const char* path, mode_t mode) {
  return open(path, O_CREAT | O_WRONLY | O_TRUNC, mode);
}
int creat64(const char* path, mode_t mode) { return creat(path, mode); }
/* What open() becomes in programs that are compiled with _FORTIFY_SOURCE. */
int __open_2(const char* path, int flags) { return open(path, flags); }
int __open64_2(const char* path, int flags) { return open64(path, flags); }

int close(int fd) {
  REAL(close);
  const int is_written = watched_fd(fd) && writes(fcntl(fd, F_GETFL));
  const int failed = is_written && fails(kClose, 0);
  const int error = errno;
  const int status = real(fd);
  if (!failed) return status;
  errno = error;
  return -1;
}

/* Writing -------------------------------------------------------------------
 */

/* A disk that fills up takes a part first. */
#define WRITE(name, give, take, size)                         \
  ssize_t name give {                                         \
    REAL(name);                                               \
    if (!watched_fd(fd)) return real take;                    \
    int is_first = 0;                                         \
    if (!fails(kWrite, &is_first)) return counted(real take); \
    if (!is_first || !state->onwards || size < 2) return -1;  \
    size /= 2;                                                \
    return counted(real take);                                \
  }
WRITE(write, (int fd, const void* bytes, size_t n), (fd, bytes, n), n)
WRITE(pwrite, (int fd, const void* bytes, size_t n, off_t at),
      (fd, bytes, n, at), n)
WRITE(pwrite64, (int fd, const void* bytes, size_t n, off64_t at),
      (fd, bytes, n, at), n)
WRITE(sendfile, (int fd, int from, off_t* at, size_t n), (fd, from, at, n), n)
WRITE(sendfile64, (int fd, int from, off64_t* at, size_t n), (fd, from, at, n),
      n)

ssize_t writev(int fd, const struct iovec* parts, int n) {
  REAL(writev);
  if (!watched_fd(fd)) return real(fd, parts, n);
  return fails(kWrite, 0) ? -1 : counted(real(fd, parts, n));
}

ssize_t copy_file_range(int from, off64_t* from_at, int fd, off64_t* at,
                        size_t n, unsigned flags) {
  REAL(copy_file_range);
  if (!watched_fd(fd)) return real(from, from_at, fd, at, n, flags);
  if (fails(kWrite, 0)) return -1;
  return counted(real(from, from_at, fd, at, n, flags));
}

/* Calls of a file descriptor or of a name that return 0 or -1. */
#define SIMPLE(name, kind, give, take, watched)          \
  int name give {                                        \
    REAL(name);                                          \
    return (watched) && fails(kind, 0) ? -1 : real take; \
  }
SIMPLE(ftruncate, kWrite, (int fd, off_t n), (fd, n), watched_fd(fd))
SIMPLE(ftruncate64, kWrite, (int fd, off64_t n), (fd, n), watched_fd(fd))
SIMPLE(fsync, kSync, (int fd), (fd), watched_fd(fd))
SIMPLE(fdatasync, kSync, (int fd), (fd), watched_fd(fd))

/* Names ---------------------------------------------------------------------
 */

SIMPLE(rename, kName, (const char* from, const char* to), (from, to),
       watched_at(AT_FDCWD, from) || watched_at(AT_FDCWD, to))
SIMPLE(renameat, kName, (int d, const char* from, int e, const char* to),
       (d, from, e, to), watched_at(d, from) || watched_at(e, to))
SIMPLE(link, kName, (const char* from, const char* to), (from, to),
       watched_at(AT_FDCWD, to))
SIMPLE(symlink, kName, (const char* from, const char* to), (from, to),
       watched_at(AT_FDCWD, to))
SIMPLE(mkdir, kName, (const char* path, mode_t mode), (path, mode),
       watched_at(AT_FDCWD, path))
SIMPLE(mkdirat, kName, (int d, const char* path, mode_t mode), (d, path, mode),
       watched_at(d, path))
SIMPLE(unlink, kRemoval, (const char* path), (path), watched_at(AT_FDCWD, path))
SIMPLE(unlinkat, kRemoval, (int d, const char* path, int flags),
       (d, path, flags), watched_at(d, path))
SIMPLE(rmdir, kRemoval, (const char* path), (path), watched_at(AT_FDCWD, path))
SIMPLE(remove, kRemoval, (const char* path), (path), watched_at(AT_FDCWD, path))

/* Streams -------------------------------------------------------------------
 */

enum { kStreams = 256 };
static FILE* streams[kStreams];
static int stream_fds[kStreams];

static ssize_t read_stream(void* cookie, char* bytes, size_t n) {
  return read(stream_fds[(FILE**)cookie - streams], bytes, n);
}

/* As the C library: until all is written or something fails. */
static ssize_t write_stream(void* cookie, const char* bytes, size_t n) {
  const int fd = stream_fds[(FILE**)cookie - streams];
  size_t done = 0;
  while (done < n) {
    const ssize_t some = write(fd, bytes + done, n - done);
    if (some < 0) break;
    done += (size_t)some;
  }
  return (ssize_t)done;
}

static int seek_stream(void* cookie, off64_t* at, int from) {
  *at = lseek64(stream_fds[(FILE**)cookie - streams], *at, from);
  return *at < 0 ? -1 : 0;
}

static int close_stream(void* cookie) {
  *(FILE**)cookie = NULL;
  return close(stream_fds[(FILE**)cookie - streams]);
}

static int mode_flags(const char* mode) {
  const int access = strchr(mode, '+') ? O_RDWR : O_WRONLY;
  const int end = mode[0] == 'a' ? O_APPEND : O_TRUNC;
  const int known =
      (strchr(mode, 'e') ? O_CLOEXEC : 0) | (strchr(mode, 'x') ? O_EXCL : 0);
  return mode[0] == 'r' ? access | known : access | O_CREAT | end | known;
}

static FILE* open_stream(const char* path, const char* mode) {
  int place = 0;
  while (place < kStreams && streams[place]) ++place;
  if (place == kStreams) abort();
  const int fd = open64(path, mode_flags(mode), 0666);
  if (fd < 0) return NULL;
  const cookie_io_functions_t functions = {read_stream, write_stream,
                                           seek_stream, close_stream};
  stream_fds[place] = fd;
  streams[place] = fopencookie(&streams[place], mode, functions);
  return streams[place];
}

#define FOPEN(name)                                                          \
  FILE* name(const char* path, const char* mode) {                           \
    REAL(name);                                                              \
    const int is_written = mode[0] != 'r' || strchr(mode, '+');              \
    if (!is_written || !watched_at(AT_FDCWD, path)) return real(path, mode); \
    return open_stream(path, mode);                                          \
  }
FOPEN(fopen)
FOPEN(fopen64)

int fileno(FILE* stream) {
  REAL(fileno);
  for (int i = 0; i < kStreams; ++i) {
    if (streams[i] && streams[i] == stream) return stream_fds[i];
  }
  return real(stream);
}

/* For R's .C() --------------------------------------------------------------
 */

void faults_arm(char** directory, int* first, int* onwards, int* error) {
  memset(state, 0, sizeof(State));
  strncpy(state->directory, *directory, PATH_MAX - 1);
  state->first = *first;
  state->onwards = *onwards;
  state->error = *error;
  state->armed = 1;
}

/* Calls seen and failed, of each kind, and bytes that were written. */
void faults_disarm(int* seen, int* failed, double* bytes) {
  state->armed = 0;
  memcpy(seen, state->seen_of, sizeof(state->seen_of));
  memcpy(failed, state->failed_of, sizeof(state->failed_of));
  *bytes = (double)state->bytes;
}

__attribute__((constructor)) static void map_state(void) {
  const char* path = getenv("MUSL_WRITE_FAULTS");
  if (!path) return;
  const int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (fd < 0 || ftruncate(fd, sizeof(State))) abort();
  state = mmap(NULL, sizeof(State), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
  if (state == MAP_FAILED) abort();
  close(fd);
}

#pragma once

// zlib, which comes with every R. Its header does not, and only root can add
// it: without it, what the core uses is declared here, as all versions 1.x have
// it.

#if __has_include(<zlib.h>) && !defined(MUSL_WITHOUT_ZLIB_H)
#include <zlib.h>
#else

using Bytef = unsigned char;
using uInt = unsigned int;
using uLong = unsigned long;

struct z_stream {
  Bytef* next_in;
  uInt avail_in;
  uLong total_in;
  Bytef* next_out;
  uInt avail_out;
  uLong total_out;
  const char* msg;
  void* state;
  void* (*zalloc)(void*, uInt, uInt);
  void (*zfree)(void*, void*);
  void* opaque;
  int data_type;
  uLong adler;
  uLong reserved;
};
using z_streamp = z_stream*;

constexpr int Z_OK = 0;
constexpr int Z_STREAM_END = 1;
constexpr int Z_MEM_ERROR = -4;
constexpr int Z_FINISH = 4;
constexpr int Z_DEFAULT_COMPRESSION = -1;
constexpr int Z_DEFLATED = 8;
constexpr int Z_DEFAULT_STRATEGY = 0;

extern "C" {
int deflateInit2_(z_streamp, int level, int method, int window, int memory,
                  int strategy, const char* version, int size);
uLong deflateBound(z_streamp, uLong size);
int deflate(z_streamp, int flush);
int deflateEnd(z_streamp);
int inflateInit2_(z_streamp, int window, const char* version, int size);
int inflate(z_streamp, int flush);
int inflateEnd(z_streamp);
}

// zlib compares the first character of a version with its own.
inline int deflateInit2(z_streamp stream, int level, int method, int window,
                        int memory, int strategy) {
  return deflateInit2_(stream, level, method, window, memory, strategy, "1.2",
                       static_cast<int>(sizeof(z_stream)));
}
inline int inflateInit2(z_streamp stream, int window) {
  return inflateInit2_(stream, window, "1.2",
                       static_cast<int>(sizeof(z_stream)));
}

#endif

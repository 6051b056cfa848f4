#define MUSL_WITHOUT_ZLIB_H
#include <gtest/gtest.h>

#include <vector>

#include "io/zlib.h"

namespace musl {
namespace {

std::vector<Bytef> some_bytes() {
  std::vector<Bytef> bytes(100000);
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    bytes[i] = static_cast<Bytef>(i / 300);
  }
  return bytes;
}

// zlib refuses a stream of another size than its own.
TEST(Zlib, WorksByTheDeclarationsThatStandForItsHeader) {
  auto bytes = some_bytes();
  const auto size = static_cast<uInt>(bytes.size());
  z_stream in{};
  ASSERT_EQ(deflateInit2(&in, Z_DEFAULT_COMPRESSION, Z_DEFLATED, -15, 9,
                         Z_DEFAULT_STRATEGY),
            Z_OK);
  std::vector<Bytef> packed(deflateBound(&in, size));
  in.next_in = bytes.data();
  in.avail_in = size;
  in.next_out = packed.data();
  in.avail_out = static_cast<uInt>(packed.size());
  EXPECT_EQ(deflate(&in, Z_FINISH), Z_STREAM_END);
  EXPECT_EQ(in.total_in, size);
  EXPECT_LT(in.total_out, size / 2);

  z_stream out{};
  ASSERT_EQ(inflateInit2(&out, -15), Z_OK);
  std::vector<Bytef> again(bytes.size());
  out.next_in = packed.data();
  out.avail_in = static_cast<uInt>(in.total_out);
  out.next_out = again.data();
  out.avail_out = size;
  EXPECT_EQ(inflate(&out, Z_FINISH), Z_STREAM_END);
  EXPECT_EQ(again, bytes);
  EXPECT_EQ(deflateEnd(&in), Z_OK);
  EXPECT_EQ(inflateEnd(&out), Z_OK);
}

}  // namespace
}  // namespace musl

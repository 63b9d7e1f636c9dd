#include "daemon/http/body.h"

#include <gtest/gtest.h>
#include <zlib.h>

#include <string>
#include <thread>
#include <vector>

namespace mqueue::http {
namespace {

std::string Gunzip(std::string_view gzip, std::size_t size) {
  std::string bytes(size + 1, '\0');
  z_stream stream{};
  EXPECT_EQ(inflateInit2(&stream, MAX_WBITS + 16), Z_OK);
  stream.next_in = const_cast<Bytef*>(reinterpret_cast<const Bytef*>(gzip.data()));
  stream.avail_in = static_cast<uInt>(gzip.size());
  stream.next_out = reinterpret_cast<Bytef*>(bytes.data());
  stream.avail_out = static_cast<uInt>(bytes.size());
  EXPECT_EQ(inflate(&stream, Z_FINISH), Z_STREAM_END);
  bytes.resize(stream.total_out);
  EXPECT_EQ(inflateEnd(&stream), Z_OK);
  return bytes;
}

TEST(BodyTest, GzipUnpacksToTheSameBytes) {
  std::string text;
  for (int i = 0; i < 10'000; ++i) text += "mqueue_messages{queue=\"/orders-" + std::to_string(i) + "\"} 7\n";
  const Body body(text);
  EXPECT_EQ(body.bytes(), text);
  EXPECT_LT(body.gzip().size(), text.size() / 5);
  EXPECT_EQ(Gunzip(body.gzip(), text.size()), text);
}

TEST(BodyTest, GzipIsMadeOnce) {
  const Body body(std::string(5000, 'x'));
  EXPECT_EQ(body.gzip().data(), body.gzip().data());
}

TEST(BodyTest, BytesThatDoNotShrinkHaveNoGzip) {
  EXPECT_TRUE(Body("").gzip().empty());
  EXPECT_TRUE(Body("abc").gzip().empty());
  std::string noise(4096, '\0');
  std::uint32_t state = 1;
  for (char& byte : noise) byte = static_cast<char>((state = state * 1664525 + 1013904223) >> 24);
  EXPECT_TRUE(Body(noise).gzip().empty());
}

TEST(BodyTest, GzipIsShorterThanTheBytes) {
  std::uint32_t state = 1;
  bool shorter = false;
  bool none = false;
  // Past the size at which a run makes up for gzip's frame.
  for (std::size_t noise = 0; noise < 40; ++noise) {
    for (std::size_t run = 0; run < 60; ++run) {
      std::string bytes(noise, '\0');
      for (char& byte : bytes) byte = static_cast<char>((state = state * 1664525 + 1013904223) >> 24);
      const Body body(bytes + std::string(run, 'x'));
      EXPECT_TRUE(body.gzip().empty() || body.gzip().size() < body.bytes().size());
      (body.gzip().empty() ? none : shorter) = true;
    }
  }
  EXPECT_TRUE(shorter);
  EXPECT_TRUE(none);
}

TEST(BodyTest, ThreadsGetTheSameGzip) {
  const Body body(std::string(100'000, 'x'));
  std::vector<const char*> seen(4);
  {
    std::vector<std::jthread> threads;
    for (auto& data : seen) threads.emplace_back([&body, &data] { data = body.gzip().data(); });
  }
  for (const char* data : seen) EXPECT_EQ(data, body.gzip().data());
}

}  // namespace
}  // namespace mqueue::http

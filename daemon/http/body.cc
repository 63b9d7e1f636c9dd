#include "daemon/http/body.h"

#include <zlib.h>

#include <limits>
#include <memory>
#include <utility>

namespace mqueue::http {
namespace {

// An exposition repeats itself so much that the fastest level already makes it a tenth.
constexpr int kLevel = Z_BEST_SPEED;
// The largest window, plus the 16 by which zlib is asked for gzip's frame.
constexpr int kGzipWindowBits = MAX_WBITS + 16;
constexpr int kMemoryLevel = 8;

bool Fits(std::string_view bytes) { return bytes.size() <= std::numeric_limits<uInt>::max(); }

// Deflates into one buffer of the input's size: what does not fit in there is not worth sending. The pages of it that
// stay unused are never touched.
std::string Deflate(z_stream& stream, std::string_view bytes) {
  const auto buffer = std::make_unique_for_overwrite<Bytef[]>(bytes.size());
  // zlib does not write to its input; it only declares it so under ZLIB_CONST.
  stream.next_in = const_cast<Bytef*>(reinterpret_cast<const Bytef*>(bytes.data()));
  stream.avail_in = static_cast<uInt>(bytes.size());
  stream.next_out = buffer.get();
  stream.avail_out = static_cast<uInt>(bytes.size());
  if (deflate(&stream, Z_FINISH) != Z_STREAM_END) return {};
  return std::string(reinterpret_cast<const char*>(buffer.get()), bytes.size() - stream.avail_out);
}

std::string Gzip(std::string_view bytes) {
  if (!Fits(bytes)) return {};
  z_stream stream{};
  if (deflateInit2(&stream, kLevel, Z_DEFLATED, kGzipWindowBits, kMemoryLevel, Z_DEFAULT_STRATEGY) != Z_OK) return {};
  std::string gzip = Deflate(stream, bytes);
  deflateEnd(&stream);
  if (gzip.size() == bytes.size()) gzip.clear();
  return gzip;
}

}  // namespace

Body::Body(std::string bytes) : bytes_(std::move(bytes)) {}

std::string_view Body::gzip() const {
  std::call_once(compressed_, [this] { gzip_ = Gzip(bytes_); });
  return gzip_;
}

}  // namespace mqueue::http

#include "daemon/reader/message_digest.h"

#include <xxhash.h>

#include <algorithm>
#include <random>

namespace mqueue::reader {

MessageDigest::MessageDigest() {
  std::random_device device;
  key_ = (std::uint64_t{device()} << 32) | device();
}

std::uint64_t MessageDigest::operator()(std::uint64_t type, std::span<const std::byte> payload) const {
  const std::uint64_t typed = XXH3_64bits_withSeed(&type, sizeof type, key_);
  return std::max<std::uint64_t>(1, XXH3_64bits_withSeed(payload.data(), payload.size(), typed));
}

}  // namespace mqueue::reader

#include "daemon/access/credentials.h"

#include <openssl/evp.h>

#include <algorithm>

#include "daemon/text/ascii.h"

namespace mqueue::access {
namespace {

std::optional<std::string> DecodeBase64(std::string_view text) {
  constexpr std::size_t kGroup = 4;
  constexpr std::size_t kBytesOfGroup = 3;
  if (text.empty() || text.size() % kGroup != 0) return std::nullopt;
  // The library would skip blanks.
  if (text.find_first_of(" \t\r\n") != std::string_view::npos) return std::nullopt;
  std::string bytes(text.size() / kGroup * kBytesOfGroup, '\0');
  const int decoded =
      ::EVP_DecodeBlock(reinterpret_cast<unsigned char*>(bytes.data()),
                        reinterpret_cast<const unsigned char*>(text.data()), static_cast<int>(text.size()));
  if (decoded < 0) return std::nullopt;
  // It counts the padding, of which there are two at most, as bytes.
  const auto padding = std::min<std::size_t>(2, text.size() - 1 - text.find_last_not_of('='));
  bytes.resize(static_cast<std::size_t>(decoded) - padding);
  return bytes;
}

}  // namespace

std::optional<Credentials> ParseBasic(std::string_view authorization) {
  constexpr std::string_view kScheme = "Basic ";
  if (!EqualsIgnoringCase(authorization.substr(0, kScheme.size()), kScheme)) return std::nullopt;
  authorization.remove_prefix(std::min(authorization.find_first_not_of(' ', kScheme.size()), authorization.size()));
  const auto decoded = DecodeBase64(authorization);
  if (!decoded || decoded->find('\0') != std::string::npos) return std::nullopt;
  const auto colon = decoded->find(':');
  if (colon == std::string::npos) return std::nullopt;
  return Credentials{.user = decoded->substr(0, colon), .password = decoded->substr(colon + 1)};
}

}  // namespace mqueue::access

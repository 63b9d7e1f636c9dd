#include "daemon/access/password_hash.h"

#include <crypt.h>
#include <openssl/crypto.h>

#include <cstddef>
#include <memory>
#include <new>
#include <string_view>

namespace mqueue::access {

std::optional<bool> IsHashOf(const std::string& hash, const std::string& password) {
  // "$2b$10$", 22 characters of salt and 31 of hash.
  constexpr std::size_t kHashBytes = 60;
  constexpr std::size_t kDigestBytes = 31;
  constexpr std::size_t kMostPasswordBytes = 72;
  if (hash.size() != kHashBytes) return false;
  // crypt(3) gives two of the letters a meaning that Go does not: x reproduces an old bug with bytes above 127, a
  // works around it. It refuses a password of 512 bytes; Go, as bcrypt itself, ignores what follows the 72nd.
  std::string setting = hash;
  setting[2] = 'b';
  std::string key = password.substr(0, kMostPasswordBytes);
  // 32 KiB, too much for a stack.
  const std::unique_ptr<crypt_data> scratch(new (std::nothrow) crypt_data{});
  if (!scratch) return std::nullopt;
  const char* result = ::crypt_r(key.c_str(), setting.c_str(), scratch.get());
  const std::string_view made = result == nullptr ? "" : result;
  // The salt is left out: crypt(3) clears spare bits in its last character, which some programs set.
  const bool same =
      made.size() == kHashBytes && ::CRYPTO_memcmp(made.data() + kHashBytes - kDigestBytes,
                                                   hash.data() + kHashBytes - kDigestBytes, kDigestBytes) == 0;
  // The library leaves traces of the password in it.
  ::OPENSSL_cleanse(scratch.get(), sizeof(crypt_data));
  ::OPENSSL_cleanse(key.data(), key.size());
  return same;
}

}  // namespace mqueue::access

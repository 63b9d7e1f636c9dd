#include "daemon/access/password_hash.h"

#include <crypt.h>
#include <openssl/crypto.h>

#include <memory>
#include <string_view>

namespace mqueue::access {

bool IsHashOf(const std::string& hash, const std::string& password) {
  // 32 KiB, too much for a stack.
  const auto scratch = std::make_unique<crypt_data>();
  const char* made = ::crypt_r(password.c_str(), hash.c_str(), scratch.get());
  const bool same = made != nullptr && std::string_view(made).size() == hash.size() &&
                    ::CRYPTO_memcmp(made, hash.data(), hash.size()) == 0;
  // The library left the password's traces in it.
  ::OPENSSL_cleanse(scratch.get(), sizeof(crypt_data));
  return same;
}

}  // namespace mqueue::access

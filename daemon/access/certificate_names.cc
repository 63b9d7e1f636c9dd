#include "daemon/access/certificate_names.h"

#include <openssl/x509v3.h>

#include <algorithm>
#include <boost/asio/ip/address.hpp>
#include <memory>
#include <string_view>

namespace mqueue::access {
namespace {

struct Free {
  void operator()(GENERAL_NAMES* names) const { ::GENERAL_NAMES_free(names); }
};

std::string_view BytesOf(const ASN1_STRING* text) {
  return {reinterpret_cast<const char*>(::ASN1_STRING_get0_data(text)),
          static_cast<std::size_t>(::ASN1_STRING_length(text))};
}

// An address as a certificate has it: its bytes in the order of the network.
std::string AddressBytes(const std::string& text) {
  boost::system::error_code none;
  const auto address = boost::asio::ip::make_address(text, none);
  if (none) return "";
  const auto copy = [](const auto& bytes) { return std::string(bytes.begin(), bytes.end()); };
  return address.is_v4() ? copy(address.to_v4().to_bytes()) : copy(address.to_v6().to_bytes());
}

bool Is(const GENERAL_NAME& name, const std::string& allowed) {
  switch (name.type) {
    case GEN_DNS:
      return BytesOf(name.d.dNSName) == allowed;
    case GEN_EMAIL:
      return BytesOf(name.d.rfc822Name) == allowed;
    case GEN_URI:
      return BytesOf(name.d.uniformResourceIdentifier) == allowed;
    case GEN_IPADD:
      return BytesOf(name.d.iPAddress) == AddressBytes(allowed);
    default:
      return false;
  }
}

}  // namespace

bool HasName(const X509& certificate, std::span<const std::string> allowed) {
  const std::unique_ptr<GENERAL_NAMES, Free> names(
      static_cast<GENERAL_NAMES*>(::X509_get_ext_d2i(&certificate, NID_subject_alt_name, nullptr, nullptr)));
  for (int i = 0; names && i < sk_GENERAL_NAME_num(names.get()); ++i) {
    const GENERAL_NAME& name = *sk_GENERAL_NAME_value(names.get(), i);
    if (std::ranges::any_of(allowed, [&name](const std::string& one) { return Is(name, one); })) return true;
  }
  return false;
}

}  // namespace mqueue::access

#include "daemon/access/weakening.h"

namespace mqueue::access {
namespace {

bool Requires(ClientAuth auth) { return auth == ClientAuth::kRequireAny || auth == ClientAuth::kRequireAndVerify; }

bool Verifies(ClientAuth auth) { return auth == ClientAuth::kVerifyIfGiven || auth == ClientAuth::kRequireAndVerify; }

void AddWeakened(const TlsConfig& in_force, const TlsConfig& next, std::vector<std::string>& keys) {
  const auto add_if = [&keys](bool weaker, const char* key) {
    if (weaker) keys.emplace_back(key);
  };
  add_if((Requires(in_force.client_auth) && !Requires(next.client_auth)) ||
             (Verifies(in_force.client_auth) && !Verifies(next.client_auth)),
         "client_auth_type");
  add_if(!in_force.client_allowed_sans.empty() && next.client_allowed_sans.empty(), "client_allowed_sans");
  add_if(next.min_version < in_force.min_version, "min_version");
  add_if(!in_force.cipher_suites.empty() && next.cipher_suites.empty(), "cipher_suites");
  add_if(!in_force.curve_preferences.empty() && next.curve_preferences.empty(), "curve_preferences");
}

}  // namespace

bool TurnsTlsOff(const WebConfig& in_force, const WebConfig& next) { return in_force.tls && !next.tls; }

std::vector<std::string> Weakened(const WebConfig& in_force, const WebConfig& next) {
  std::vector<std::string> keys;
  if (TurnsTlsOff(in_force, next)) keys.emplace_back("tls_server_config");
  if (in_force.tls && next.tls) AddWeakened(*in_force.tls, *next.tls, keys);
  if (!in_force.users.empty() && next.users.empty()) keys.emplace_back("basic_auth_users");
  if (in_force.rate_limit && !next.rate_limit) keys.emplace_back("rate_limit");
  return keys;
}

}  // namespace mqueue::access

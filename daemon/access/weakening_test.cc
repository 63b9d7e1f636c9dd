#include "daemon/access/weakening.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <utility>
#include <vector>

namespace mqueue::access {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

WebConfig WithTls(TlsConfig tls = {}) {
  WebConfig config;
  config.tls = std::move(tls);
  return config;
}

TEST(Weakened, SameConfigurationIsNotWeaker) {
  WebConfig config = WithTls({.client_auth = ClientAuth::kRequireAndVerify,
                              .client_allowed_sans = {"a"},
                              .min_version = TlsVersion::kTls13,
                              .cipher_suites = {"x"},
                              .curve_preferences = {"y"}});
  config.users = {{"a", "hash"}};
  config.rate_limit = RateLimit{};
  EXPECT_THAT(Weakened(config, config), IsEmpty());
  EXPECT_THAT(Weakened({}, config), IsEmpty());
  EXPECT_THAT(Weakened({}, {}), IsEmpty());
  EXPECT_THAT(Weakened(config, {}), ElementsAre("tls_server_config", "basic_auth_users", "rate_limit"));
  EXPECT_THAT(Weakened(config, WithTls()),
              ElementsAre("client_auth_type", "client_allowed_sans", "min_version", "cipher_suites",
                          "curve_preferences", "basic_auth_users", "rate_limit"));
}

TEST(Weakened, OnlyTlsThatIsGoneTurnsItOff) {
  EXPECT_TRUE(TurnsTlsOff(WithTls(), {}));
  EXPECT_FALSE(TurnsTlsOff(WithTls(), WithTls()));
  EXPECT_FALSE(TurnsTlsOff({}, WithTls()));
  EXPECT_FALSE(TurnsTlsOff({}, {}));
}

TEST(Weakened, OtherUsersRatesAndListsAreNotWeaker) {
  WebConfig before = WithTls({.client_allowed_sans = {"a"}, .cipher_suites = {"x"}, .curve_preferences = {"y"}});
  before.users = {{"a", "hash"}};
  before.rate_limit = RateLimit{.burst = 1};
  WebConfig after = WithTls({.client_allowed_sans = {"b"}, .cipher_suites = {"z"}, .curve_preferences = {"z"}});
  after.users = {{"b", "hash"}, {"c", "hash"}};
  after.rate_limit = RateLimit{.burst = 1000};
  EXPECT_THAT(Weakened(before, after), IsEmpty());
}

TEST(Weakened, ClientCertificatesStayRequiredAndVerified) {
  using enum ClientAuth;
  const std::vector<ClientAuth> all{kNone, kRequest, kRequireAny, kVerifyIfGiven, kRequireAndVerify};
  // For each, what may follow it.
  const std::map<ClientAuth, std::vector<ClientAuth>> allowed{{kNone, all},
                                                              {kRequest, all},
                                                              {kRequireAny, {kRequireAny, kRequireAndVerify}},
                                                              {kVerifyIfGiven, {kVerifyIfGiven, kRequireAndVerify}},
                                                              {kRequireAndVerify, {kRequireAndVerify}}};
  for (const auto& [before, after] : allowed) {
    for (const ClientAuth next : all) {
      const auto keys = Weakened(WithTls({.client_auth = before}), WithTls({.client_auth = next}));
      EXPECT_EQ(keys.empty(), std::ranges::find(after, next) != after.end())
          << static_cast<int>(before) << ' ' << static_cast<int>(next);
    }
  }
}

TEST(Weakened, OldestVersionMayOnlyRise) {
  const auto keys = [](TlsVersion before, TlsVersion after) {
    return Weakened(WithTls({.min_version = before}), WithTls({.min_version = after}));
  };
  EXPECT_THAT(keys(TlsVersion::kTls13, TlsVersion::kTls12), ElementsAre("min_version"));
  EXPECT_THAT(keys(TlsVersion::kTls12, TlsVersion::kTls13), IsEmpty());
}

}  // namespace
}  // namespace mqueue::access

#include "daemon/access/web_access.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>
#include <spdlog/sinks/ostream_sink.h>

#include <boost/asio/co_spawn.hpp>
#include <exception>
#include <filesystem>
#include <fstream>
#include <functional>
#include <optional>
#include <sstream>
#include <thread>
#include <utility>
#include <vector>

#include "daemon/http/testing/certificates.h"

namespace mqueue::access {
namespace {

namespace asio = boost::asio;
namespace fs = std::filesystem;
using http::testing::Authority;
using http::testing::KeyPair;
using std::chrono::milliseconds;
using std::chrono::seconds;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

// Of "correct horse" and "battery staple", each with its user.
const std::string kAlice = "alice: $2y$04$PjV5KJSwL1.vAang4Q6Mxe0op48VfgevKofH5Hbt5Z0Pb048G8CDS";
const std::string kBob = "bob: $2y$04$UudifxSFMlvdKCGEApJnPua8AqJlOGiC3vOLBjaKziW1iyNIg2z.2";
const std::string kAliceAlone = "basic_auth_users: {" + kAlice + "}\n";
const std::string kBobAlone = "basic_auth_users: {" + kBob + "}\n";
constexpr char kAsAlice[] = "Basic YWxpY2U6Y29ycmVjdCBob3JzZQ==";
constexpr char kAsBob[] = "Basic Ym9iOmJhdHRlcnkgc3RhcGxl";

// Time passes only where a test lets it.
class WebAccessTest : public ::testing::Test {
 protected:
  WebAccessTest() {
    fs::remove_all(directory_);
    fs::create_directories(directory_);
  }
  ~WebAccessTest() override {
    if (access_) access_->Stop();
  }

  std::string Path(const std::string& name) const { return directory_ / name; }
  void Write(const std::string& name, const std::string& text) const { std::ofstream(Path(name)) << text; }
  void WriteWeb(const std::string& text) const { Write("web.yml", text); }
  void WriteCertificate(const KeyPair& own) const {
    Write("tls.crt", own.certificate);
    Write("tls.key", own.key);
  }

  void Open(const std::string& text) {
    WriteWeb(text);
    auto opened = WebAccess::Open(Path("web.yml"), log_, [this](bool successful) { told_.push_back(successful); });
    ASSERT_TRUE(opened) << opened.error().front();
    access_ = *std::move(opened);
  }
  // Lets time pass, in polls of a second as in Watch.
  void Pass(int polls) {
    for (int i = 0; i < polls; ++i) access_->Poll(now_ += WebAccess::kSettleTime);
  }
  // Until a change has taken effect.
  void Settle() { Pass(2); }
  bool Reload(bool may_weaken) { return access_->Reload(may_weaken, now_).has_value(); }

  int Status(const std::string& authorization = "", const std::string& path = "/metrics") {
    int status = 0;
    const http::Request request{.method = "GET", .path = path, .authorization = authorization};
    asio::co_spawn(io_, access_->Refusal(request),
                   [&](const std::exception_ptr& error, std::optional<http::Response> refusal) {
                     EXPECT_FALSE(error);
                     status = refusal ? refusal->status : 200;
                   });
    io_.restart();
    io_.run();
    return status;
  }

  std::string TakeLog() {
    std::string text = lines_.str();
    lines_.str("");
    return text;
  }

  const fs::path directory_ = fs::path(testing::TempDir()) / "web_access";
  std::ostringstream lines_;
  const log::Log log_{log::Level::kInfo, log::Format::kLogfmt,
                      std::make_shared<spdlog::sinks::ostream_sink_mt>(lines_)};
  asio::io_context io_{1};
  WebAccess::TimePoint now_{seconds(1000)};
  std::vector<bool> told_;
  std::shared_ptr<WebAccess> access_;
};

TEST_F(WebAccessTest, ChangeTakesEffectWhenItHasStayedForTheSettleTime) {
  Open(kAliceAlone);
  WriteWeb(kBobAlone);
  access_->Poll(now_);
  EXPECT_EQ(Status(kAsAlice), 200);
  access_->Poll(now_ + WebAccess::kSettleTime - milliseconds(1));
  EXPECT_EQ(Status(kAsAlice), 200);
  access_->Poll(now_ + WebAccess::kSettleTime);
  EXPECT_EQ(Status(kAsAlice), 401);
  EXPECT_EQ(Status(kAsBob), 200);
  EXPECT_THAT(TakeLog(), HasSubstr("web configuration reloaded"));
  EXPECT_THAT(told_, ElementsAre(true, true));
}

TEST_F(WebAccessTest, FileThatKeepsChangingChangesNothing) {
  Open(kAliceAlone);
  for (int i = 0; i < 10; ++i) {
    WriteWeb(i % 2 == 0 ? "" : kBobAlone + "#" + std::to_string(i) + "\n");
    Pass(1);
    EXPECT_EQ(Status(kAsAlice), 200);
    EXPECT_EQ(Status(), 401);
  }
  EXPECT_THAT(TakeLog(), IsEmpty());
  Pass(1);
  EXPECT_EQ(Status(kAsBob), 200);
}

// A writer that truncates the file and writes it again may be seen twice amid the same step.
TEST_F(WebAccessTest, FileThatIsTheSameAtTwoReadingsButWasWrittenInBetweenIsNotSettled) {
  Open(kAliceAlone);
  for (int i = 0; i < 5; ++i) {
    WriteWeb(kBobAlone);
    Pass(1);
    EXPECT_EQ(Status(kAsBob), 401);
    // The time of the next change must be another.
    std::this_thread::sleep_for(milliseconds(30));
  }
  Pass(1);
  EXPECT_EQ(Status(kAsBob), 200);
}

TEST_F(WebAccessTest, ChangeThatIsTakenBackIsForgotten) {
  Open(kAliceAlone);
  fs::rename(Path("web.yml"), Path("kept.yml"));
  WriteWeb("{");
  Pass(1);
  fs::rename(Path("kept.yml"), Path("web.yml"));
  Settle();
  EXPECT_EQ(Status(kAsAlice), 200);
  EXPECT_THAT(TakeLog(), IsEmpty());
}

TEST_F(WebAccessTest, FileWithoutTheUsersThatWereInForceIsRefused) {
  Open(kAliceAlone);
  for (const std::string weaker : {"", "rate_limit: {interval: 1s, burst: 100}\n", "basic_auth_users: {}\n"}) {
    WriteWeb(weaker);
    Settle();
    EXPECT_EQ(Status(), 500);
    EXPECT_EQ(Status(kAsAlice), 500);
    EXPECT_THAT(TakeLog(), HasSubstr("basic_auth_users; put back what is missing, or confirm the change by SIGHUP"));
    EXPECT_FALSE(told_.back());
    // It stays so however long it takes.
    Pass(10);
    EXPECT_EQ(Status(), 500);
    EXPECT_THAT(TakeLog(), IsEmpty());
    WriteWeb(kAliceAlone);
    Settle();
    EXPECT_EQ(Status(), 401);
    EXPECT_EQ(Status(kAsAlice), 200);
    EXPECT_TRUE(told_.back());
    TakeLog();
  }
}

TEST_F(WebAccessTest, UsersThatCameAtRunTimeAreKeptToo) {
  Open("");
  EXPECT_EQ(Status(), 200);
  EXPECT_FALSE(access_->RequiresLogin());
  WriteWeb(kAliceAlone);
  Settle();
  EXPECT_EQ(Status(), 401);
  EXPECT_TRUE(access_->RequiresLogin());
  WriteWeb("");
  Settle();
  EXPECT_EQ(Status(), 500);
}

TEST_F(WebAccessTest, ExplicitReloadConfirmsARefusedFileAtOnce) {
  Open(kAliceAlone);
  WriteWeb("");
  Settle();
  TakeLog();
  EXPECT_FALSE(Reload(false));
  EXPECT_EQ(Status(), 500);
  EXPECT_THAT(TakeLog(), HasSubstr("level=error"));
  EXPECT_TRUE(Reload(true));
  EXPECT_EQ(Status(), 200);
  EXPECT_THAT(TakeLog(), HasSubstr("level=warn"));
  EXPECT_TRUE(told_.back());
  // What is in force now needs no confirmation.
  WriteWeb("# nothing\n");
  Settle();
  EXPECT_EQ(Status(), 200);
}

TEST_F(WebAccessTest, ExplicitReloadConfirmsWhatTheFileHoldsAndNothingThatFollows) {
  Open(kAliceAlone);
  WriteWeb("");
  EXPECT_TRUE(Reload(true));
  EXPECT_EQ(Status(), 401);
  EXPECT_THAT(TakeLog(), HasSubstr("takes effect when it has stayed unchanged"));
  WriteWeb("# the writer was not done\n");
  Pass(3);
  EXPECT_EQ(Status(), 500);
  WriteWeb("");
  EXPECT_TRUE(Reload(true));
  Pass(1);
  EXPECT_EQ(Status(), 200);
}

TEST_F(WebAccessTest, ExplicitReloadConfirmsAChangeThatWasSeenBefore) {
  Open(kAliceAlone);
  WriteWeb("");
  Pass(1);
  EXPECT_TRUE(Reload(true));
  Pass(1);
  EXPECT_EQ(Status(), 200);
}

TEST_F(WebAccessTest, ExplicitReloadOfWhatIsInForceDoesNothing) {
  Open(kAliceAlone);
  EXPECT_TRUE(Reload(true));
  EXPECT_THAT(TakeLog(), IsEmpty());
  EXPECT_THAT(told_, ElementsAre(true));
}

TEST_F(WebAccessTest, OnlyALoggedInClientGetsPastARefusedFileAndOnlyToReloadIt) {
  Open(kAliceAlone);
  WriteWeb("");
  Settle();
  EXPECT_EQ(Status(kAsAlice, "/-/reload"), 200);
  EXPECT_EQ(Status(kAsBob, "/-/reload"), 401);
  EXPECT_EQ(Status("", "/-/reload"), 401);
  EXPECT_EQ(Status(kAsAlice, "/-/ready"), 500);
  EXPECT_EQ(Status(kAsAlice, "/-/reload/"), 500);
}

TEST_F(WebAccessTest, WithoutUsersNobodyGetsPastARefusedFile) {
  Open("rate_limit: {interval: 1ms, burst: 100}\n");
  WriteWeb("");
  Settle();
  EXPECT_EQ(Status("", "/-/reload"), 500);
}

TEST_F(WebAccessTest, FileThatIsBrokenOrGoneIsRefusedUntilItIsRight) {
  Open(kAliceAlone);
  WriteWeb("basic_auth_users: {alice: secret}\n");
  Settle();
  EXPECT_EQ(Status(kAsAlice), 500);
  EXPECT_THAT(TakeLog(), HasSubstr("bcrypt"));
  fs::remove(Path("web.yml"));
  Settle();
  EXPECT_EQ(Status(kAsAlice), 500);
  EXPECT_THAT(TakeLog(), HasSubstr("cannot be read"));
  Pass(3);
  EXPECT_THAT(TakeLog(), IsEmpty());
  WriteWeb(kAliceAlone);
  Settle();
  EXPECT_EQ(Status(kAsAlice), 200);
}

TEST_F(WebAccessTest, FileThatIsTouchedIsNotReloaded) {
  Open(kAliceAlone);
  WriteWeb(kAliceAlone);
  Settle();
  EXPECT_THAT(TakeLog(), IsEmpty());
}

TEST_F(WebAccessTest, BrokenFileIsNotOpened) {
  WriteWeb("{");
  EXPECT_FALSE(WebAccess::Open(Path("web.yml"), log_, [](bool) {}));
  EXPECT_FALSE(CheckWebConfig(Path("web.yml")));
  EXPECT_FALSE(CheckWebConfig(Path("absent.yml")));
  WriteWeb("");
  EXPECT_TRUE(CheckWebConfig(Path("web.yml")));
}

TEST_F(WebAccessTest, RateLimitIsOfRequestsAndKeepsItsTokensWhenOtherThingsChange) {
  Open("rate_limit: {interval: 1h, burst: 2}\n" + kAliceAlone);
  EXPECT_EQ(Status(kAsAlice), 200);
  EXPECT_EQ(Status(), 401);
  EXPECT_EQ(Status(kAsAlice), 429);
  WriteWeb("rate_limit: {interval: 1h, burst: 2}\n" + kBobAlone);
  Settle();
  EXPECT_EQ(Status(kAsBob), 429);
  WriteWeb("rate_limit: {interval: 1h, burst: 1}\n" + kBobAlone);
  Settle();
  EXPECT_EQ(Status(kAsBob), 200);
  EXPECT_EQ(Status(kAsBob), 429);
  WriteWeb("rate_limit: {interval: 2h, burst: 1}\n" + kBobAlone);
  Settle();
  EXPECT_EQ(Status(kAsBob), 200);
  EXPECT_EQ(Status(kAsBob), 429);
  // Without the limit there is less protection: it has to be confirmed.
  WriteWeb(kBobAlone);
  Settle();
  EXPECT_TRUE(Reload(true));
  EXPECT_EQ(Status(kAsBob), 200);
  EXPECT_EQ(Status(kAsBob), 200);
  WriteWeb("rate_limit: {interval: 2h, burst: 1}\n" + kBobAlone);
  Settle();
  EXPECT_EQ(Status(kAsBob), 200);
  EXPECT_EQ(Status(kAsBob), 429);
}

TEST_F(WebAccessTest, FieldsAreThoseOfTheFile) {
  Open("http_server_config: {headers: {X-Frame-Options: deny}}\n");
  const auto fields = access_->Fields();
  ASSERT_EQ(fields.size(), 1U);
  EXPECT_EQ(fields[0].name, "X-Frame-Options");
  EXPECT_EQ(fields[0].value, "deny");
}

TEST_F(WebAccessTest, Http2IsNotedOnceAsNotSpoken) {
  Open("http_server_config: {http2: true}\n");
  EXPECT_THAT(TakeLog(), HasSubstr("HTTP/2"));
  WriteWeb("http_server_config: {http2: true}\n" + kAliceAlone);
  Settle();
  EXPECT_THAT(TakeLog(), Not(HasSubstr("HTTP/2")));
}

TEST_F(WebAccessTest, WatchesUntilItIsStopped) {
  Open(kAliceAlone);
  WriteWeb(kBobAlone);
  asio::io_context io{1};
  access_->Watch(io);
  while (told_.size() < 2) ASSERT_EQ(io.run_one(), 1U);
  EXPECT_EQ(Status(kAsBob), 200);
  access_->Stop();
  io.restart();
  // Nothing keeps the loop running.
  io.run();
}

class WebAccessTlsTest : public WebAccessTest {
 protected:
  static constexpr char kTls[] = "tls_server_config: {cert_file: tls.crt, key_file: tls.key}\n";

  WebAccessTlsTest() { WriteCertificate(old_); }

  // What a new client is shown.
  std::string Shown() const {
    std::string shown;
    const auto context = access_->Tls();
    for (const auto& [name, own] : {std::pair{"old", &old_}, {"new", &new_}}) {
      const auto same = http::testing::ServerContext(*own);
      X509* one = ::SSL_CTX_get0_certificate(same.get());
      if (::X509_cmp(one, ::SSL_CTX_get0_certificate(context->native_handle())) == 0) shown = name;
    }
    return shown;
  }

  const Authority authority_{"ca"};
  const KeyPair old_ = authority_.Issue("old");
  const KeyPair new_ = authority_.Issue("new");
};

TEST_F(WebAccessTlsTest, FilesAreTheConfigurationAndWhatItNames) {
  Write("ca.crt", authority_.certificate());
  Open(
      "tls_server_config: {cert_file: tls.crt, key_file: tls.key, client_ca_file: ca.crt, "
      "client_auth_type: RequireAndVerifyClientCert}\n");
  EXPECT_THAT(access_->Files(), ElementsAre(Path("web.yml"), Path("tls.crt"), Path("tls.key"), Path("ca.crt")));
  EXPECT_TRUE(CheckWebConfig(Path("web.yml")));
  fs::remove(Path("ca.crt"));
  EXPECT_FALSE(CheckWebConfig(Path("web.yml")));
}

TEST_F(WebAccessTlsTest, TlsIsNeverTurnedOff) {
  Open(std::string(kTls) + kAliceAlone);
  for (const std::string& plain : {std::string(), kAliceAlone}) {
    WriteWeb(plain);
    Settle();
    EXPECT_EQ(Status(kAsAlice), 500);
    EXPECT_EQ(Shown(), "old");
    EXPECT_THAT(TakeLog(), HasSubstr("restart the exporter"));
    EXPECT_FALSE(Reload(true));
    EXPECT_EQ(Status(kAsAlice), 500);
    EXPECT_EQ(Shown(), "old");
    EXPECT_THAT(TakeLog(), HasSubstr("restart the exporter"));
  }
  WriteWeb(std::string(kTls) + kAliceAlone);
  Settle();
  EXPECT_EQ(Status(kAsAlice), 200);
}

TEST_F(WebAccessTlsTest, TlsCanBeTurnedOn) {
  Open("");
  EXPECT_FALSE(access_->Tls());
  WriteWeb(kTls);
  Settle();
  EXPECT_EQ(Shown(), "old");
}

TEST_F(WebAccessTlsTest, RulesForConnectionsHaveANumberThatOtherChangesLeave) {
  const auto version = [this] { return access_->TransportVersion(); };
  const auto tls = [](const std::string& more) {
    return "tls_server_config: {cert_file: tls.crt, key_file: tls.key" + more + "}\n";
  };
  Write("ca.crt", authority_.certificate());
  Open(kAliceAlone);
  std::uint64_t last = version();
  for (const std::string more :
       {"", ", min_version: TLS13", ", min_version: TLS13, client_auth_type: RequireAnyClientCert",
        ", min_version: TLS13, client_auth_type: RequireAndVerifyClientCert, client_ca_file: ca.crt",
        ", min_version: TLS13, client_auth_type: RequireAndVerifyClientCert, client_ca_file: ca.crt, "
        "client_allowed_sans: [a]"}) {
    WriteWeb(tls(more) + kAliceAlone);
    Settle();
    EXPECT_NE(version(), std::exchange(last, version())) << more;
  }
  Write("ca.crt", Authority("other").certificate());
  Settle();
  EXPECT_NE(version(), std::exchange(last, version()));
  WriteCertificate(new_);
  Settle();
  EXPECT_EQ(Shown(), "new");
  EXPECT_EQ(version(), last);
  WriteWeb(tls(", min_version: TLS13, client_auth_type: RequireAndVerifyClientCert, client_ca_file: ca.crt, "
               "client_allowed_sans: [a]") +
           kBobAlone);
  Settle();
  EXPECT_EQ(Status(kAsBob), 200);
  EXPECT_EQ(version(), last);
}

TEST_F(WebAccessTlsTest, TlsThatCannotBeTurnedOnIsRefused) {
  Open("");
  Write("tls.crt", "none");
  WriteWeb(kTls);
  Settle();
  EXPECT_EQ(Status(), 500);
  EXPECT_THAT(TakeLog(), HasSubstr("cert_file"));
}

TEST_F(WebAccessTlsTest, NewCertificateIsUsedWhenItsFilesHaveSettled) {
  Open(kTls);
  WriteCertificate(new_);
  Pass(1);
  EXPECT_EQ(Shown(), "old");
  Pass(1);
  EXPECT_EQ(Shown(), "new");
  EXPECT_THAT(told_, ElementsAre(true, true));
}

TEST_F(WebAccessTlsTest, CertificateThatCannotBeUsedLeavesTheOldOneInUse) {
  Open(kTls);
  const std::vector<std::function<void()>> damages{
      [this] { Write("tls.key", new_.key); }, [this] { Write("tls.crt", "none"); }, [this] { Write("tls.key", ""); },
      [this] { fs::remove(Path("tls.crt")); }, [this] { fs::remove(Path("tls.key")); }};
  for (const auto& damage : damages) {
    damage();
    Settle();
    EXPECT_EQ(Status(), 200);
    EXPECT_EQ(Shown(), "old");
    EXPECT_FALSE(told_.back());
    EXPECT_THAT(TakeLog(), HasSubstr("level=error msg=\"certificate not reloaded; the previous one stays in use\""));
    EXPECT_FALSE(Reload(true));
    Pass(3);
    TakeLog();
    WriteCertificate(old_);
    Settle();
    EXPECT_TRUE(told_.back());
  }
  WriteCertificate(new_);
  Settle();
  EXPECT_EQ(Shown(), "new");
}

TEST_F(WebAccessTlsTest, OtherSettingsTakeEffectWhileTheOldCertificateIsKept) {
  Open(std::string(kTls) + kAliceAlone);
  fs::remove(Path("tls.crt"));
  WriteWeb(std::string(kTls) + kBobAlone);
  Settle();
  EXPECT_EQ(Status(kAsAlice), 401);
  EXPECT_EQ(Status(kAsBob), 200);
  EXPECT_EQ(Shown(), "old");
}

TEST_F(WebAccessTlsTest, ClientCaThatCannotBeReadIsRefused) {
  Write("ca.crt", authority_.certificate());
  Open(
      "tls_server_config: {cert_file: tls.crt, key_file: tls.key, client_ca_file: ca.crt, "
      "client_auth_type: RequireAndVerifyClientCert}\n");
  fs::rename(Path("ca.crt"), Path("kept.crt"));
  Settle();
  EXPECT_EQ(Status(), 500);
  EXPECT_THAT(TakeLog(), HasSubstr("client_ca_file"));
  fs::rename(Path("kept.crt"), Path("ca.crt"));
  Settle();
  EXPECT_EQ(Status(), 200);
}

TEST_F(WebAccessTlsTest, LinkThatMovesIsAChange) {
  for (const auto& [name, own] : {std::pair{"v1", &old_}, {"v2", &new_}}) {
    fs::create_directory(Path(name));
    Write(std::string(name) + "/tls.crt", own->certificate);
    Write(std::string(name) + "/tls.key", own->key);
  }
  fs::create_directory_symlink("v1", Path("current"));
  Open("tls_server_config: {cert_file: current/tls.crt, key_file: current/tls.key}\n");
  fs::create_directory_symlink("v2", Path("next"));
  fs::rename(Path("next"), Path("current"));
  Settle();
  EXPECT_EQ(Shown(), "new");
}

}  // namespace
}  // namespace mqueue::access

#include "daemon/http/endpoints.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <tuple>

namespace mqueue::http {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

class EndpointsTest : public ::testing::Test {
 protected:
  Response Ask(const std::string& method, const std::string& path, const std::string& accept = "") {
    return MakeEndpoints(sources_)({.method = method, .path = path, .accept = accept});
  }
  static std::string Text(const Response& response) { return std::string(response.body->bytes()); }
  static std::string Field(const Response& response, std::string_view name) {
    const auto field = std::ranges::find(response.fields, name, &HeaderField::name);
    return field == response.fields.end() ? "" : field->value;
  }

  std::string accept_;
  std::expected<void, std::string> ready_;
  std::expected<void, std::string> healthy_;
  std::expected<void, std::string> reloaded_;
  EndpointSources sources_{.telemetry_path = "/metrics",
                           .version = "1.2.3",
                           .metrics =
                               [this](std::string_view accept) {
                                 accept_ = accept;
                                 return Representation{"text/plain; version=0.0.4",
                                                       std::make_shared<const Body>("m 1\n")};
                               },
                           .ready = [this] { return ready_; },
                           .healthy = [this] { return healthy_; },
                           .reload = [this] { return reloaded_; }};
};

TEST_F(EndpointsTest, TelemetryIsWhatTheSourceGivesForTheAcceptField) {
  const Response response = Ask("GET", "/metrics", "text/plain");
  EXPECT_EQ(response.status, 200);
  EXPECT_EQ(response.content_type, "text/plain; version=0.0.4");
  EXPECT_EQ(Text(response), "m 1\n");
  EXPECT_EQ(accept_, "text/plain");
  EXPECT_EQ(response.handler, "/metrics");
  EXPECT_EQ(Field(response, "Vary"), "Accept");
}

TEST_F(EndpointsTest, TelemetryIsUnavailableBeforeTheFirstRound) {
  sources_.metrics = [](std::string_view) { return Representation{}; };
  EXPECT_EQ(Ask("GET", "/metrics").status, 503);
}

TEST_F(EndpointsTest, TelemetryPathIsTheConfiguredOne) {
  sources_.telemetry_path = "/custom/path";
  EXPECT_EQ(Ask("GET", "/custom/path").status, 200);
  EXPECT_EQ(Ask("GET", "/metrics").status, 404);
  EXPECT_THAT(Text(Ask("GET", "/")), HasSubstr("href=\"custom/path\""));
}

TEST_F(EndpointsTest, TelemetryAtTheRootReplacesTheLandingPage) {
  sources_.telemetry_path = "/";
  EXPECT_EQ(Text(Ask("GET", "/")), "m 1\n");
}

TEST_F(EndpointsTest, ReadyFollowsItsSource) {
  ready_ = std::unexpected("told by the test");
  EXPECT_EQ(Ask("GET", "/-/ready").status, 503);
  EXPECT_EQ(Text(Ask("GET", "/-/ready")), "told by the test\n");
  EXPECT_EQ(Ask("GET", "/-/healthy").status, 200);
  ready_ = {};
  EXPECT_EQ(Ask("GET", "/-/ready").status, 200);
}

TEST_F(EndpointsTest, HealthyFollowsItsSource) {
  healthy_ = std::unexpected("told by the test");
  EXPECT_EQ(Ask("GET", "/-/healthy").status, 503);
  EXPECT_EQ(Text(Ask("GET", "/-/healthy")), "told by the test\n");
  EXPECT_EQ(Ask("GET", "/-/ready").status, 200);
  healthy_ = {};
  EXPECT_EQ(Ask("GET", "/-/healthy").status, 200);
}

TEST_F(EndpointsTest, ReloadNeedsLifecycle) {
  const Response response = Ask("POST", "/-/reload");
  EXPECT_EQ(response.status, 403);
  EXPECT_THAT(Text(response), HasSubstr("--web.enable-lifecycle"));
}

TEST_F(EndpointsTest, ReloadTellsHowItWent) {
  sources_.lifecycle = true;
  EXPECT_EQ(Ask("POST", "/-/reload").status, 200);
  EXPECT_EQ(Ask("PUT", "/-/reload").status, 200);
  reloaded_ = std::unexpected("file:3:1: wrong");
  EXPECT_EQ(Ask("POST", "/-/reload").status, 500);
  EXPECT_EQ(Text(Ask("POST", "/-/reload")), "file:3:1: wrong\n");
}

TEST_F(EndpointsTest, OtherMethodIsRefusedWithTheOnesThatAreNot) {
  EXPECT_EQ(Ask("POST", "/metrics").status, 405);
  EXPECT_EQ(Field(Ask("DELETE", "/metrics"), "Allow"), "GET, HEAD, OPTIONS");
  EXPECT_EQ(Ask("GET", "/-/reload").status, 405);
  EXPECT_EQ(Field(Ask("GET", "/-/reload"), "Allow"), "POST, PUT, OPTIONS");
}

TEST_F(EndpointsTest, UnknownPathIsNotFoundAndNamesNoHandlerOfTheClientsChoice) {
  const Response response = Ask("GET", "/nowhere");
  EXPECT_EQ(response.status, 404);
  EXPECT_EQ(response.handler, "other");
}

TEST_F(EndpointsTest, OptionsNamesTheMethodsOfEveryPath) {
  for (const auto& [path, allowed, handler] :
       {std::tuple("/metrics", "GET, HEAD, OPTIONS", "/metrics"), std::tuple("/", "GET, HEAD, OPTIONS", "/"),
        std::tuple("/-/reload", "POST, PUT, OPTIONS", "/-/reload"),
        std::tuple("/nowhere", "GET, HEAD, OPTIONS", "other"), std::tuple("/metrics/", "GET, HEAD, OPTIONS", "other"),
        std::tuple("", "GET, HEAD, OPTIONS", "other")}) {
    const Response response = Ask("OPTIONS", path);
    EXPECT_EQ(response.status, 204) << path;
    EXPECT_EQ(response.body, nullptr) << path;
    EXPECT_EQ(Field(response, "Allow"), allowed) << path;
    EXPECT_EQ(response.handler, handler) << path;
  }
}

TEST_F(EndpointsTest, PathWithASlashAfterItIsRedirectedToThePath) {
  EXPECT_EQ(Ask("GET", "/metrics/").status, 308);
  EXPECT_EQ(Field(Ask("GET", "/metrics/"), "Location"), "/metrics");
  EXPECT_EQ(Field(Ask("POST", "/-/reload/"), "Location"), "/-/reload");
  EXPECT_EQ(Ask("GET", "/metrics/").handler, "other");
  const auto router = MakeEndpoints(sources_);
  EXPECT_EQ(Field(router({.method = "GET", .path = "/metrics/", .query = "a=b"}), "Location"), "/metrics?a=b");
  for (const char* path : {"//", "/metrics//", "/metrics/x", "/metric/"})
    EXPECT_EQ(Ask("GET", path).status, 404) << path;
}

TEST_F(EndpointsTest, LinksOfTheLandingPageAreRelative) {
  EXPECT_THAT(Text(Ask("GET", "/")), AllOf(HasSubstr("href=\"metrics\""), HasSubstr("href=\"-/healthy\""),
                                           HasSubstr("href=\"-/ready\""), Not(HasSubstr("href=\"/"))));
}

TEST_F(EndpointsTest, LandingPageTellsTheVersionAndEscapesIt) {
  sources_.version = "<1>";
  EXPECT_THAT(Text(Ask("GET", "/")), HasSubstr("Version &lt;1>"));
}

}  // namespace
}  // namespace mqueue::http

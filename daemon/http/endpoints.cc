#include "daemon/http/endpoints.h"

#include <utility>
#include <vector>

#include "daemon/http/access.h"

namespace mqueue::http {
namespace {

constexpr std::string_view kHealthy = "/-/healthy";
constexpr std::string_view kReady = "/-/ready";

Response Telemetry(const EndpointSources& sources, const Request& request) {
  Representation metrics = sources.metrics(request.accept);
  if (!metrics.body) return TextResponse(503, "the first round of looks is not over yet; ask again soon");
  return {
      .content_type = std::move(metrics.content_type), .fields = {{"Vary", "Accept"}}, .body = std::move(metrics.body)};
}

Response State(const std::expected<void, std::string>& state, std::string_view name) {
  return state ? TextResponse(200, std::string(name)) : TextResponse(503, state.error());
}

Response Reload(const EndpointSources& sources) {
  if (!sources.lifecycle) {
    return TextResponse(403, "reloading over HTTP is off; start with --web.enable-lifecycle or send SIGHUP");
  }
  const auto reloaded = sources.reload();
  return reloaded ? TextResponse(200, "configuration reloaded") : TextResponse(500, reloaded.error());
}

std::string EscapedHtml(std::string_view text) {
  std::string escaped;
  for (const char c : text) {
    switch (c) {
      case '&':
        escaped += "&amp;";
        break;
      case '<':
        escaped += "&lt;";
        break;
      case '"':
        escaped += "&quot;";
        break;
      default:
        escaped += c;
    }
  }
  return escaped;
}

std::shared_ptr<const Body> LandingPage(const EndpointSources& sources) {
  // Relative, so that the link is also right where a proxy serves the page below a prefix.
  const std::string path = sources.telemetry_path.substr(1);
  return std::make_shared<const Body>(
      "<!DOCTYPE html>\n<html lang=\"en\">\n<head><meta charset=\"utf-8\"><title>mqueue_exporter</title></head>\n"
      "<body>\n<h1>mqueue_exporter</h1>\n<p>What is in the message queues of this host, without taking a message "
      "out.</p>\n"
      "<p>Version " +
      EscapedHtml(sources.version) + "</p>\n<ul>\n<li><a href=\"" + path +
      "\">Metrics</a></li>\n<li><a href=\"-/healthy\">Healthy</a></li>\n<li><a href=\"-/ready\">Ready</a></li>\n"
      "</ul>\n</body>\n</html>\n");
}

Route Read(std::string_view path, Handler handler) {
  return {.path = std::string(path), .kind = Route::Kind::kRead, .handler = std::move(handler)};
}

}  // namespace

Router MakeEndpoints(EndpointSources sources) {
  const auto shared = std::make_shared<const EndpointSources>(std::move(sources));
  std::vector<Route> routes;
  routes.push_back(Read(shared->telemetry_path, [shared](const Request& r) { return Telemetry(*shared, r); }));
  routes.push_back(Read(kHealthy, [shared](const Request&) { return State(shared->healthy(), "healthy"); }));
  routes.push_back(Read(kReady, [shared](const Request&) { return State(shared->ready(), "ready"); }));
  routes.push_back({.path = std::string(kReloadPath),
                    .kind = Route::Kind::kAction,
                    .handler = [shared](const Request&) { return Reload(*shared); }});
  if (shared->telemetry_path != "/") {
    routes.push_back(Read("/", [page = LandingPage(*shared)](const Request&) {
      return Response{.content_type = "text/html; charset=utf-8", .body = page};
    }));
  }
  return Router(std::move(routes));
}

}  // namespace mqueue::http

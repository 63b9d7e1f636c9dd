#ifndef DAEMON_HTTP_ENDPOINTS_H_
#define DAEMON_HTTP_ENDPOINTS_H_

#include <expected>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "daemon/http/body.h"
#include "daemon/http/router.h"

namespace mqueue::http {

/// What the telemetry path sends: a representation of the metrics in one media type.
struct Representation {
  std::string content_type;
  /// Null when there is nothing to show yet: the answer is then 503.
  std::shared_ptr<const Body> body;
};

/// What the daemon tells its endpoints. All functions are called on the thread of the server's io_context and must not
/// block; none is empty.
struct EndpointSources {
  /// --web.telemetry-path: begins with a slash, has only letters, digits, - . _ ~ and slashes, and is none of the other
  /// paths.
  std::string telemetry_path;
  /// For the landing page.
  std::string version;
  /// The exposition in the format that the value of an Accept field asks for.
  std::function<Representation(std::string_view accept)> metrics;
  /// Nothing while the metrics are current; otherwise a line for the client that says why they are not.
  std::function<std::expected<void, std::string>()> ready;
  /// Nothing while the process works; otherwise a line that says why it should be restarted.
  std::function<std::expected<void, std::string>()> healthy;
  /// --web.enable-lifecycle: without it /-/reload refuses.
  bool lifecycle = false;
  /// Loads the configuration again. An error is shown to the client as it is.
  std::function<std::expected<void, std::string>()> reload;
};

/// The daemon's whole web interface: the telemetry path, a landing page at `/` (unless that is the telemetry path),
/// /-/healthy and /-/ready (503 with the line when they are not) and /-/reload (POST or PUT; 500 with the error when it
/// fails, 403 without lifecycle).
Router MakeEndpoints(EndpointSources sources);

}  // namespace mqueue::http

#endif  // DAEMON_HTTP_ENDPOINTS_H_

#ifndef DAEMON_PUBLICATION_H_
#define DAEMON_PUBLICATION_H_

#include <array>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>

#include "daemon/http/endpoints.h"
#include "daemon/metrics/format.h"

namespace mqueue {

/// The texts that a scrape sends: taken from the round that was rendered last, until the next. Thread-safe.
class Publication {
 public:
  /// Replaces the text of a format. When the format was asked for since its last text, the text is compressed here, so
  /// that no scrape waits for it.
  void Publish(metrics::Format format, std::string text);

  /// The text in the format that the value of an Accept field asks for; its body is null before the first round.
  http::Exposition Answer(std::string_view accept);

 private:
  struct Current {
    std::shared_ptr<const http::Body> body;
    bool asked_for = false;
  };

  bool WasAskedFor(metrics::Format format);

  std::mutex mutex_;
  std::array<Current, std::size(metrics::kFormats)> current_;
};

}  // namespace mqueue

#endif  // DAEMON_PUBLICATION_H_

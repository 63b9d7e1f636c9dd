#include "daemon/http/message.h"

#include <utility>

namespace mqueue::http {

Response TextResponse(int status, std::string text) {
  text += '\n';
  return {.status = status,
          .content_type = "text/plain; charset=utf-8",
          // Some of these texts quote what a user wrote; no browser is to guess that they are HTML.
          .fields = {{"X-Content-Type-Options", "nosniff"}},
          .body = std::make_shared<const Body>(std::move(text))};
}

}  // namespace mqueue::http

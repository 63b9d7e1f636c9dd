#ifndef DAEMON_HTTP_MESSAGE_H_
#define DAEMON_HTTP_MESSAGE_H_

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "daemon/http/body.h"

namespace mqueue::http {

/// What a handler may know of a request. Everything comes from the client as it is: nothing is decoded.
struct Request {
  /// "GET", or whatever token the client sent.
  std::string method;
  /// From the leading slash up to the question mark.
  std::string path;
  /// Behind the question mark.
  std::string query;
  /// The Accept field; several are joined by ", ". Empty when absent.
  std::string accept;
  /// The same of Accept-Encoding. The server compresses; a handler need not look at it.
  std::string accept_encoding;
  /// The same of Authorization; for Access.
  std::string authorization;
};

struct HeaderField {
  std::string name;
  std::string value;
};

/// The server adds Content-Length, Content-Encoding, Date and Connection, and leaves the body out for HEAD.
struct Response {
  int status = 200;
  /// Absent from the response when empty.
  std::string content_type;
  /// Fields to add. The values hold no line break.
  std::vector<HeaderField> fields;
  /// Null is an empty body.
  std::shared_ptr<const Body> body;
  /// Who answered, for the `handler` label of mqueue_exporter_http_requests_total: one of a few fixed names and never
  /// something that the client chose.
  std::string handler = "other";
};

/// A handler is a function from request to response. It must not block and must not throw.
using Handler = std::function<Response(const Request&)>;

/// A response of plain text that ends with a line break.
Response TextResponse(int status, std::string text);

}  // namespace mqueue::http

#endif  // DAEMON_HTTP_MESSAGE_H_
